import { FailedProofsList, FailedProofsPath, FailedProofsQuery } from '../../contract/failed-proofs.ts';
import { limits } from '../../domain/activation/handshake.ts';
import type { FailedProofsService } from '../../domain/settings/failed-proofs.ts';
import { listRequest } from './resources.ts';
import { noContent, ok, type RestModule, route } from './route.ts';
import { settingProblems } from './settings.ts';

export function failedProofsModule(proofs: FailedProofsService): RestModule {
  return {
    tag: 'Trust',
    description: 'Whose certificates count: CallManager-trust, PhoneEdge-trust, revocation lists and the deny list',
    problems: settingProblems,
    routes: [
      route({
        method: 'GET',
        path: '/failed-proofs',
        needs: ['system.read'],
        summary: 'List: failed proofs',
        description: `Shows the phones that failed to prove a code within the last 24 hours. After ${limits.perMicAndDay} of them, for whatever codes and on whatever node, a phone is refused until the first is a day old.`,
        query: FailedProofsQuery,
        answers: { 200: FailedProofsList },
        problems: ['invalid_cursor'],
        async handle({ query }) {
          const page = await proofs.list(listRequest(query));
          const items = page.items.map(({ newest, refusedUntil, ...each }) => ({
            ...each,
            newest: newest.toISOString(),
            refusedUntil: refusedUntil?.toISOString() ?? null,
          }));
          return ok({ ...page, items });
        },
      }),
      route({
        method: 'DELETE',
        path: '/failed-proofs/{micSha256}',
        needs: ['system.write'],
        summary: 'Forget: failed proofs',
        description: 'The phone may try again at once. What it used up of a single code stays used up.',
        params: FailedProofsPath,
        answers: { 204: null },
        async handle({ params: { micSha256 }, caller }) {
          await proofs.forget(caller.actor, micSha256);
          return noContent();
        },
      }),
    ],
  };
}
