import { RevocationList, RevocationListPath, RevocationLists } from '../../contract/certificate-revocation-lists.ts';
import type { RevocationListService, StoredRevocationList } from '../../domain/settings/revocation-lists.ts';
import { revocationLimits } from '../../domain/trust/revocation-list.ts';
import { created, noContent, ok, type RestModule, route, stream } from './route.ts';
import { settingProblems } from './settings.ts';
import { wholeUpload } from './whole-upload.ts';

/** PEM is a third longer than DER. */
const largestUpload = revocationLimits.octets * 1.5;
const crlType = 'application/pkix-crl';

const show = (list: StoredRevocationList) => ({
  ...list,
  thisUpdate: list.thisUpdate.toISOString(),
  nextUpdate: list.nextUpdate?.toISOString() ?? null,
  createdAt: list.createdAt.toISOString(),
});

async function* one(octets: Uint8Array) {
  yield octets;
}

export function revocationListModule(lists: RevocationListService): RestModule {
  const tag = 'Trust';
  return {
    tag,
    description: 'Whose certificates count: CallManager-trust, PhoneEdge-trust, revocation lists and the deny list',
    problems: settingProblems,
    routes: [
      route({
        method: 'GET',
        path: '/certificate-revocation-lists',
        needs: ['system.read'],
        summary: 'List: certificate revocation list',
        description: 'Shows the list in force of each manufacturing authority.',
        answers: { 200: RevocationLists },
        async handle() {
          return ok({ items: (await lists.list()).map(show) });
        },
      }),
      route({
        method: 'POST',
        path: '/certificate-revocation-lists',
        needs: ['system.write'],
        summary: 'Upload: certificate revocation list',
        description: `A complete list (RFC 5280) as DER or PEM, at most ${revocationLimits.octets / 1024 / 1024} MiB in DER; all lists together may name ${revocationLimits.entries} certificates. It must be signed by an authority in CallManager-trust that vouches for manufacturing certificates, and be newer than the list of that authority that is in force, whose place it takes. What it names is refused as \`mic_revoked\` on every node within a second, and so is everything below an authority that it names. Nothing is fetched from distribution points: a manufacturer's new lists are uploaded.`,
        uploads: {
          types: [crlType, 'application/x-pem-file', 'application/octet-stream'],
          maxOctets: largestUpload,
        },
        answers: { 201: RevocationList },
        problems: [
          'crl_unreadable',
          'crl_unfit',
          'crl_issuer_unknown',
          'crl_forged',
          'crl_not_newer',
          'crl_too_large',
          'crl_reader_busy',
        ],
        async handle({ upload, caller }) {
          const octets = await wholeUpload(upload, largestUpload, 'Upload one list in DER.');
          const list = await lists.put(caller.actor, octets);
          return created(`/certificate-revocation-lists/${list.id}`, show(list));
        },
      }),
      route({
        method: 'GET',
        path: '/certificate-revocation-lists/{id}',
        needs: ['system.read'],
        summary: 'Show: certificate revocation list',
        description: 'Shows one list.',
        params: RevocationListPath,
        answers: { 200: RevocationList },
        async handle({ params: { id } }) {
          return ok(show(await lists.get(id)));
        },
      }),
      route({
        method: 'GET',
        path: '/certificate-revocation-lists/{id}/content',
        needs: ['system.read'],
        summary: 'Download: certificate revocation list',
        description: 'The list in DER.',
        params: RevocationListPath,
        answers: { 200: crlType },
        async handle({ params: { id } }) {
          return stream(crlType, one(await lists.content(id)), { fileName: `${id.slice(0, 16)}.crl` });
        },
      }),
      route({
        method: 'DELETE',
        path: '/certificate-revocation-lists/{id}',
        needs: ['system.write'],
        summary: 'Delete: certificate revocation list',
        description:
          'What only this list names is accepted again. An older list of the same issuer can be uploaded then.',
        params: RevocationListPath,
        answers: { 204: null },
        async handle({ params: { id }, caller }) {
          await lists.remove(caller.actor, id);
          return noContent();
        },
      }),
    ],
  };
}
