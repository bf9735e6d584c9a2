import Type from 'typebox';
import { Instant, listQuery, pageOf, strict, text } from './common.ts';

const kind = Type.Enum(['serial', 'key', 'mac'], {
  description: 'serial: serial number of the certificate; key: SHA-256 of its public key; mac: MAC address it names',
});
const value = Type.String({ minLength: 1, maxLength: 128, description: 'In hex digits' });
const reason = text(256, 'Why');

export const MicDenial = strict(
  { kind, value, reason, createdAt: Instant('Since when') },
  {
    title: 'MicDenial',
    description: 'A manufacturing certificate that is never accepted',
    examples: [{ kind: 'mac', value: '001122334455', reason: 'Stolen', createdAt: '2026-11-21T18:00:00.000Z' }],
  },
);
export const NewMicDenial = strict(
  { kind, value, reason: Type.Optional(reason) },
  {
    title: 'NewMicDenial',
    description: 'What to refuse from now on',
    examples: [{ kind: 'mac', value: '001122334455', reason: 'Stolen' }],
  },
);
export const MicDenialQuery = listQuery(['value', 'kind'], { kind: Type.Optional(kind) });
export const MicDenialList = pageOf(MicDenial, 'MicDenialList');
export const MicDenialPath = strict({ kind, value });
