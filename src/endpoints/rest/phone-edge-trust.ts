import type { Static } from 'typebox';
import {
  NewPhoneEdgeCertificate,
  PhoneEdgeCertificate,
  PhoneEdgeCertificatePath,
  PhoneEdgeTrust,
} from '../../contract/phone-edge-trust.ts';
import type { PhoneEdgeTrustService } from '../../domain/mra/phone-edge-trust.ts';
import type { TrustedCertificate } from '../../domain/settings/trust-store.ts';
import { created, noContent, ok, type RestModule, route } from './route.ts';
import { settingProblems } from './settings.ts';

const path = '/phone-edge-trust';

export function phoneEdgeTrustModule(trust: PhoneEdgeTrustService): RestModule {
  return {
    tag: 'Mobile & Remote Access',
    description: 'Phones outside: cloud, service domains, and whom they trust',
    problems: settingProblems,
    routes: [
      route({
        method: 'GET',
        path,
        needs: ['system.read'],
        summary: 'List: PhoneEdge-trust certificate',
        description: 'Shows every certificate, and whether the cloud has the set as it is.',
        answers: { 200: PhoneEdgeTrust },
        async handle() {
          const { items, ...versions } = await trust.list();
          return ok({ items: items.map(show), ...versions });
        },
      }),
      route({
        method: 'POST',
        path,
        needs: ['system.write'],
        summary: 'Upload: PhoneEdge-trust certificate',
        description:
          'Adds a certificate that phones outside shall trust at Expressway-E. Upload it to Expressway first. The cloud gets the whole set at once.',
        body: NewPhoneEdgeCertificate,
        answers: { 201: PhoneEdgeCertificate },
        problems: ['name_taken', 'certificate_unreadable', 'certificate_unfit', 'trust_store_full'],
        async handle({ body, caller }) {
          const added = await trust.add(caller.actor, body.certificate, body.description ?? '');
          return created(`${path}/${added.sha256}`, show(added));
        },
      }),
      route({
        method: 'GET',
        path: `${path}/{sha256}`,
        needs: ['system.read'],
        summary: 'Show: PhoneEdge-trust certificate',
        description: 'Shows one certificate.',
        params: PhoneEdgeCertificatePath,
        answers: { 200: PhoneEdgeCertificate },
        async handle({ params: { sha256 } }) {
          return ok(show(await trust.get(sha256)));
        },
      }),
      route({
        method: 'DELETE',
        path: `${path}/{sha256}`,
        needs: ['system.write'],
        summary: 'Delete: PhoneEdge-trust certificate',
        description:
          'Phones that are activated from now on do not trust it any more. Without any certificate they trust public authorities.',
        params: PhoneEdgeCertificatePath,
        answers: { 204: null },
        async handle({ params: { sha256 }, caller }) {
          await trust.remove(caller.actor, sha256);
          return noContent();
        },
      }),
    ],
  };
}

function show(certificate: TrustedCertificate): Static<typeof PhoneEdgeCertificate> {
  return {
    sha256: certificate.sha256,
    subject: certificate.subject,
    issuer: certificate.issuer,
    serialNumber: certificate.serialNumber,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    expired: certificate.notAfter.getTime() < Date.now(),
    description: certificate.description,
    pem: `-----BEGIN CERTIFICATE-----\n${Buffer.from(certificate.der)
      .toString('base64')
      .replace(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE-----\n`,
    createdAt: certificate.createdAt.toISOString(),
  };
}
