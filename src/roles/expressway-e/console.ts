import { createHash, X509Certificate } from 'node:crypto';
import { judgeServerCertificate } from '../../domain/edge/certificate-names.ts';
import type { Hindrance } from '../../domain/edge/hindrance.ts';
import type { ExpresswayEAffairs } from '../../endpoints/edge/console-e.ts';
import type { TunnelBoard } from '../../endpoints/edge/tunnel-board.ts';
import type { ConsoleAccess } from '../../infra/edge/console-access.ts';
import type { ToldMicJudge } from '../../infra/edge/mic-judge.ts';
import type { PairedControllers } from '../../infra/edge/paired-controllers.ts';
import type { ServerCertificates } from '../../infra/edge/server-certificate.ts';
import { derToPem } from '../../infra/pki/identity.ts';
import type { ExpresswayEEndpoints } from './options.ts';

export interface EdgeEParts {
  readonly name: string;
  readonly version: string;
  readonly hostName: string;
  readonly domains: readonly string[];
  readonly endpoints: () => ExpresswayEEndpoints;
  readonly problems: () => readonly Hindrance[];
  readonly counts: () => { connections: number; sipFlows: number; requests: number; refusals: number };
  readonly asksForCertificate: () => boolean;
  readonly board: TunnelBoard;
  readonly controllers: PairedControllers;
  readonly certificates: ServerCertificates;
  readonly mic: ToldMicJudge;
  readonly newPairingText: () => { readonly text: string; readonly expiresAt: Date };
  /** The certificate was replaced: listeners show it from now on. */
  readonly renewed: () => void;
  readonly access: ConsoleAccess;
  readonly now: () => number;
}

const sha256 = (der: Uint8Array) => createHash('sha256').update(der).digest('hex');
const oneLine = (name: string) => name.split('\n').join(', ');

/** The console's view of a running Expressway-E. */
export function affairsOfE(parts: EdgeEParts): ExpresswayEAffairs {
  const { board, certificates, controllers, domains, hostName, mic } = parts;
  return {
    status() {
      const { expresswayE, expresswayESip, expresswayETunnel } = parts.endpoints();
      const connected = new Map(board.controllers.map((each) => [each.name, each]));
      return {
        name: parts.name,
        version: parts.version,
        hostName,
        endpoints: { https: expresswayE, sip: expresswayESip, tunnel: expresswayETunnel },
        problems: [...parts.problems()],
        asksForCertificate: parts.asksForCertificate(),
        domains: [...new Set(board.states.flatMap((state) => state.domains))],
        phones: parts.counts(),
        controllers: controllers.list.map((each) => ({
          ...each,
          tunnels: connected.get(each.name)?.tunnels ?? 0,
          ready: connected.get(each.name)?.ready ?? false,
        })),
      };
    },
    newPairingText: parts.newPairingText,
    async removeController(name) {
      await controllers.remove(name);
      board.cut(name);
    },
    certificate() {
      const { names, notBefore, notAfter, subject, issuer } = certificates.facts;
      const { cert, origin } = certificates.current;
      const root = certificates.root;
      return {
        subject,
        issuer,
        names: [...names],
        notBefore: new Date(notBefore).toISOString(),
        notAfter: new Date(notAfter).toISOString(),
        origin,
        pem: cert,
        authority: { subject: oneLine(new X509Certificate(root).subject), sha256: sha256(root), pem: derToPem(root) },
        findings: [...judgeServerCertificate(certificates.facts, hostName, domains, parts.now())],
      };
    },
    signingRequest: () => certificates.signingRequest([hostName, ...domains]),
    async uploadCertificate(text) {
      await certificates.upload(text, parts.now());
      parts.renewed();
    },
    authorities: () =>
      mic.authorities.map((der) => {
        const { subject, issuer, validTo } = new X509Certificate(der);
        return {
          subject: oneLine(subject),
          issuer: oneLine(issuer),
          sha256: sha256(der),
          notAfter: new Date(validTo).toISOString(),
        };
      }),
    audit: (entry) => parts.access.audit(entry),
  };
}
