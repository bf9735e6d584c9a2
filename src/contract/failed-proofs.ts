import Type from 'typebox';
import { Instant, listQuery, pageOf, strict } from './common.ts';

const micSha256 = Type.String({
  pattern: '^[0-9A-Fa-f]{64}$',
  description: 'SHA-256 of the manufacturing certificate, in hex',
});

export const FailedProofs = strict(
  {
    micSha256,
    mac: Type.String({ description: 'MAC address it names' }),
    failed: Type.Integer({ minimum: 1, description: 'Proofs it failed within the last 24 hours, for whatever codes' }),
    newest: Instant('When the last of them was'),
    refusedUntil: Type.Union([Instant('When it may try again'), Type.Null()], {
      description: 'When it may try again; null: it may now',
    }),
  },
  {
    title: 'FailedProofs',
    description: 'A phone that did not know the code',
    examples: [
      {
        micSha256: '0e5f7d3c9a1b4e6f8d2c5a7b9e1f3d5c7a9b1e3f5d7c9a1b3e5f7d9c1a3b5e7f',
        mac: '001122334455',
        failed: 30,
        newest: '2026-11-21T18:00:00.000Z',
        refusedUntil: '2026-11-22T09:12:00.000Z',
      },
    ],
  },
);
export const FailedProofsList = pageOf(FailedProofs, 'FailedProofsList');
export const FailedProofsQuery = listQuery(['mac'], {
  refused: Type.Optional(Type.Boolean({ description: 'Only those that may not try now, or only the others' })),
});
export const FailedProofsPath = strict({ micSha256 });
