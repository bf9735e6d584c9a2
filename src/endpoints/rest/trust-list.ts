import { hash } from 'node:crypto';
import { TrustListShown } from '../../contract/trust-list.ts';
import { notFound } from '../../domain/settings/setting-fault.ts';
import { toHex } from '../../kernel/bytes.ts';
import { decodeTrustList } from '../../protocol/trust-list/trust-list.ts';
import { ok, type RestModule, route } from './route.ts';
import { settingProblems } from './settings.ts';

/** `newest`: the list as phones get it, undefined before it was built for the first time. */
export function trustListModule(newest: () => Promise<Uint8Array | undefined>): RestModule {
  return {
    tag: 'Trust',
    description: 'Whose certificates count: CallManager-trust, PhoneEdge-trust and the deny list',
    problems: settingProblems,
    routes: [
      route({
        method: 'GET',
        path: '/trust-list',
        needs: ['system.read'],
        summary: 'Show the trust list of phones',
        description:
          'The initial trust list (ITL) that phones fetch first: who signed it, and which certificates it holds for what.',
        answers: { 200: TrustListShown },
        problems: ['not_found'],
        async handle() {
          const file = await newest();
          if (file === undefined) throw notFound('trust list', 'ITL', 'kind');
          const list = decodeTrustList(file);
          return ok({
            kind: 'ITL',
            signer: list.signer.name,
            builtAt: new Date(list.timestamp * 1000).toISOString(),
            octets: file.length,
            sha256: hash('sha256', file, 'hex'),
            records: list.records.map((each) => ({
              role: each.role,
              subject: each.subject,
              issuer: each.issuer,
              serialNumber: toHex(each.serialNumber),
              sha256: hash('sha256', each.certificate, 'hex'),
            })),
          });
        },
      }),
    ],
  };
}
