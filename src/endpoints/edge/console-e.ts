import type { Static } from 'typebox';
import {
  ControllerName,
  EdgeEStatus,
  NewServerCertificate,
  PairingText,
  ServerCertificate,
  SigningRequest,
  TrustedAuthorities,
} from '../../contract/edge-e.ts';
import type { AuditEntry } from '../../domain/ports.ts';
import { created, noContent, ok, type RestModule, route } from '../rest/route.ts';

/** What the console of Expressway-E shows and changes. */
export interface ExpresswayEAffairs {
  status(): Static<typeof EdgeEStatus>;
  newPairingText(): { readonly text: string; readonly expiresAt: Date };
  removeController(name: string): Promise<void>;
  certificate(): Static<typeof ServerCertificate>;
  signingRequest(): Promise<string>;
  /** Throws EdgeFault. */
  uploadCertificate(certificates: string): Promise<void>;
  authorities(): Static<typeof TrustedAuthorities>['items'];
  audit(entry: AuditEntry): Promise<void>;
}

export function expresswayEModule(affairs: ExpresswayEAffairs): RestModule {
  return {
    tag: 'Expressway-E',
    description: 'The half of the edge that phones see',
    problems: {},
    routes: [
      route({
        method: 'GET',
        path: '/status',
        needs: ['system.read'],
        summary: 'Show how it is doing',
        description: 'Listeners, tunnels, counters, and what is wrong.',
        answers: { 200: EdgeEStatus },
        handle: () => ok(affairs.status()),
      }),
      route({
        method: 'POST',
        path: '/pairing-texts',
        needs: ['system.write'],
        summary: 'Make a pairing text',
        description: 'Good once and for 15 minutes. Paste it on the Expressway-C that shall dial in.',
        answers: { 201: PairingText },
        async handle({ caller }) {
          const { text, expiresAt } = affairs.newPairingText();
          await affairs.audit({ actor: caller.actor, action: 'pairing-text.created', objectKind: 'pairing-text' });
          return created('/pairing-texts', { text, expiresAt: expiresAt.toISOString() });
        },
      }),
      route({
        method: 'DELETE',
        path: '/controllers/{name}',
        needs: ['system.write'],
        summary: 'Forget an Expressway-C',
        description: 'Its tunnels are cut, and it may not dial in any more.',
        params: ControllerName,
        answers: { 204: null },
        problems: ['controller_unknown'],
        async handle({ params, caller }) {
          await affairs.removeController(params.name);
          await affairs.audit({
            actor: caller.actor,
            action: 'expressway-c.removed',
            objectKind: 'expressway-c',
            objectName: params.name,
          });
          return noContent();
        },
      }),
      route({
        method: 'GET',
        path: '/server-certificate',
        needs: ['system.read'],
        summary: 'Show the server certificate',
        description: 'What phones see, and whether it fits the host name and the domains.',
        answers: { 200: ServerCertificate },
        handle: () => ok(affairs.certificate()),
      }),
      route({
        method: 'POST',
        path: '/server-certificate/signing-request',
        needs: ['system.write'],
        summary: 'Make a signing request',
        description: 'For the key that is there; it never leaves this host.',
        answers: { 200: SigningRequest },
        handle: async () => ok({ pem: await affairs.signingRequest() }),
      }),
      route({
        method: 'PUT',
        path: '/server-certificate',
        needs: ['system.write'],
        summary: 'Upload the server certificate',
        description: 'New connections see it at once.',
        body: NewServerCertificate,
        answers: { 200: ServerCertificate },
        problems: [
          'certificate_unreadable',
          'certificate_not_for_key',
          'certificate_chain_broken',
          'certificate_expired',
        ],
        async handle({ body, caller }) {
          await affairs.uploadCertificate(body.certificates);
          const now = affairs.certificate();
          await affairs.audit({
            actor: caller.actor,
            action: 'server-certificate.changed',
            objectKind: 'server-certificate',
            objectName: now.subject,
            detail: { issuer: now.issuer, notAfter: now.notAfter },
          });
          return ok(now);
        },
      }),
      route({
        method: 'GET',
        path: '/trusted-authorities',
        needs: ['system.read'],
        summary: 'Show the activate code onboarding trusted CA certificates',
        description: 'The manufacturers’ authorities, as the clusters behind Expressway-C trust them.',
        answers: { 200: TrustedAuthorities },
        handle: () => ok({ items: affairs.authorities() }),
      }),
    ],
  };
}
