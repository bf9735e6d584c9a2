import { Dependencies } from '../../contract/common.ts';
import { MicDenial, MicDenialList, MicDenialPath, MicDenialQuery, NewMicDenial } from '../../contract/mic-deny-list.ts';
import {
  NewTrustCertificate,
  TrustCertificate,
  TrustCertificateChange,
  TrustCertificatePath,
  TrustCertificateQuery,
  TrustCertificateRemoval,
  TrustCertificates,
} from '../../contract/trust-certificates.ts';
import type { MicDenial as MicDenialRecord, MicDenyService } from '../../domain/settings/mic-deny.ts';
import type { TrustedCertificate, TrustStoreService } from '../../domain/settings/trust-store.ts';
import { listRequest } from './resources.ts';
import { created, noContent, ok, type RestModule, route } from './route.ts';
import { settingProblems } from './settings.ts';

const show = ({ der, ...certificate }: TrustedCertificate & { phones: number }) => ({
  ...certificate,
  notBefore: certificate.notBefore.toISOString(),
  notAfter: certificate.notAfter.toISOString(),
  createdAt: certificate.createdAt.toISOString(),
  expired: certificate.notAfter.getTime() < Date.now(),
  pem: `-----BEGIN CERTIFICATE-----\n${Buffer.from(der)
    .toString('base64')
    .replace(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE-----\n`,
});

const showDenial = (denial: MicDenialRecord) => ({ ...denial, createdAt: denial.createdAt.toISOString() });

export function trustModule(trust: TrustStoreService, denials: MicDenyService): RestModule {
  return {
    tag: 'Trust',
    description: 'Whose certificates count: CallManager-trust, PhoneEdge-trust, revocation lists and the deny list',
    problems: settingProblems,
    routes: [
      route({
        method: 'GET',
        path: '/trust-certificates',
        needs: ['system.read'],
        summary: 'List: trusted certificate',
        description: 'Shows every trusted certificate and how many phones were let in under it.',
        query: TrustCertificateQuery,
        answers: { 200: TrustCertificates },
        async handle({ query }) {
          return ok({ items: (await trust.list(query.purpose)).map(show) });
        },
      }),
      route({
        method: 'POST',
        path: '/trust-certificates',
        needs: ['system.write'],
        summary: 'Upload: trusted certificate',
        description: 'Trusts a certificate. Phones whose manufacturing certificate chains to it can activate at once.',
        body: NewTrustCertificate,
        answers: { 201: TrustCertificate },
        problems: [
          'name_taken',
          'certificate_unreadable',
          'certificate_not_a_ca',
          'certificate_unfit',
          'trust_store_full',
        ],
        async handle({ body, caller }) {
          const { purpose = 'CallManager-trust', certificate, ...choices } = body;
          const added = await trust.add(caller.actor, purpose, certificate, {
            description: '',
            micRoot: true,
            legacySha1: false,
            expiredMicsUntil: null,
            ...choices,
          });
          return created(`/trust-certificates/${purpose}/${added.sha256}`, show({ ...added, phones: 0 }));
        },
      }),
      route({
        method: 'GET',
        path: '/trust-certificates/{purpose}/{sha256}',
        needs: ['system.read'],
        summary: 'Show: trusted certificate',
        description: 'Shows one certificate.',
        params: TrustCertificatePath,
        answers: { 200: TrustCertificate },
        async handle({ params: { purpose, sha256 } }) {
          return ok(show(await trust.get(purpose, sha256)));
        },
      }),
      route({
        method: 'PATCH',
        path: '/trust-certificates/{purpose}/{sha256}',
        needs: ['system.write'],
        summary: 'Change: trusted certificate',
        description: 'Changes what it may vouch for: SHA-1 chains, expired manufacturing certificates until a date.',
        params: TrustCertificatePath,
        body: TrustCertificateChange,
        answers: { 200: TrustCertificate },
        async handle({ params: { purpose, sha256 }, body, caller }) {
          await trust.change(caller.actor, purpose, sha256, body);
          return ok(show(await trust.get(purpose, sha256)));
        },
      }),
      route({
        method: 'DELETE',
        path: '/trust-certificates/{purpose}/{sha256}',
        needs: ['system.write'],
        summary: 'Delete: trusted certificate',
        description: 'Trusts it no longer. Refused while phones were let in under it, unless `evenIfUsed` is true.',
        params: TrustCertificatePath,
        query: TrustCertificateRemoval,
        answers: { 204: null },
        problems: ['in_use'],
        async handle({ params: { purpose, sha256 }, query, caller }) {
          await trust.remove(caller.actor, purpose, sha256, query.evenIfUsed === true);
          return noContent();
        },
      }),
      route({
        method: 'GET',
        path: '/trust-certificates/{purpose}/{sha256}/dependencies',
        needs: ['system.read'],
        summary: 'Dependency records: trusted certificate',
        description: 'Shows the phones that were let in under it.',
        params: TrustCertificatePath,
        answers: { 200: Dependencies },
        async handle({ params: { purpose, sha256 } }) {
          return ok({ items: await trust.dependencies(purpose, sha256) });
        },
      }),
      route({
        method: 'GET',
        path: '/mic-deny-list',
        needs: ['system.read'],
        summary: 'List: denied manufacturing certificate',
        description: 'Shows what is never accepted, however well it chains.',
        query: MicDenialQuery,
        answers: { 200: MicDenialList },
        problems: ['invalid_cursor'],
        async handle({ query }) {
          const page = await denials.list(listRequest(query));
          return ok({ ...page, items: page.items.map(showDenial) });
        },
      }),
      route({
        method: 'POST',
        path: '/mic-deny-list',
        needs: ['system.write'],
        summary: 'Deny a manufacturing certificate',
        description: 'Refuses it from now on, by serial number, key or MAC address.',
        body: NewMicDenial,
        answers: { 201: MicDenial },
        problems: ['name_taken'],
        async handle({ body, caller }) {
          const added = await denials.add(caller.actor, body.kind, body.value, body.reason ?? '');
          return created(`/mic-deny-list/${added.kind}/${added.value}`, showDenial(added));
        },
      }),
      route({
        method: 'DELETE',
        path: '/mic-deny-list/{kind}/{value}',
        needs: ['system.write'],
        summary: 'Allow a manufacturing certificate again',
        description: 'Takes it off the deny list.',
        params: MicDenialPath,
        answers: { 204: null },
        async handle({ params: { kind, value }, caller }) {
          await denials.remove(caller.actor, kind, value);
          return noContent();
        },
      }),
    ],
  };
}
