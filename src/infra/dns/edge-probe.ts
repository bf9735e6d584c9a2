import { X509Certificate } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import type { EdgeProbe, SeenCertificate } from '../../domain/mra/domain-check.ts';

/** In ms. */
const patience = 5000;
const longestChain = 8;

/**
 * Looks at an edge as a phone does: TLS 1.3 to the address, asking for the SRV target by name. `trusted`: the certificates of PhoneEdge-trust
 * in DER; where there are none, public authorities count (spec/mra.md "Phone ↔ edge"). Nothing is sent inside the connection.
 */
export function edgeProbe(trusted: () => Promise<readonly Uint8Array[]>): EdgeProbe {
  return {
    async look(host, address, port) {
      const anchors = (await trusted()).map((der) => new X509Certificate(der));
      return new Promise((resolve) => {
        const socket = connect({
          host: address,
          port,
          servername: host,
          minVersion: 'TLSv1.3',
          // The verdict is made below and shown; it must not end the look.
          rejectUnauthorized: false,
        });
        const timer = setTimeout(() => done('timed-out'), patience);
        const done = (outcome: Awaited<ReturnType<EdgeProbe['look']>>) => {
          clearTimeout(timer);
          resolve(outcome);
          socket.destroy();
        };
        socket.on('error', (error: NodeJS.ErrnoException) => {
          const code = error.code ?? '';
          if (code === 'ECONNREFUSED') done('refused');
          else if (code === 'ETIMEDOUT') done('timed-out');
          else
            done(
              code.startsWith('ERR_SSL') || code === 'EPROTO' || code === 'ECONNRESET' ? 'tls-failed' : 'unreachable',
            );
        });
        socket.on('end', () => done('tls-failed'));
        socket.once('secureConnect', () => done(seen(socket, host, anchors) ?? 'tls-failed'));
      });
    },
  };
}

function seen(socket: TLSSocket, host: string, anchors: readonly X509Certificate[]): SeenCertificate | undefined {
  const leaf = socket.getPeerX509Certificate();
  if (leaf === undefined) return undefined;
  const notAfter = new Date(leaf.validTo);
  const now = Date.now();
  return {
    subject: leaf.subject?.split('\n').join(', ') ?? '',
    names: (leaf.subjectAltName ?? '').split(', ').flatMap((each) => (each.startsWith('DNS:') ? [each.slice(4)] : [])),
    notAfter,
    fitsHost: leaf.checkHost(host, { subject: 'never' }) !== undefined,
    inTime: new Date(leaf.validFrom).getTime() <= now && now <= notAfter.getTime(),
    trust:
      anchors.length > 0
        ? chainsTo(leaf, anchors)
          ? 'phone-edge-trust'
          : 'untrusted'
        : socket.authorized || notAboutTrust(socket.authorizationError)
          ? 'public'
          : 'untrusted',
  };
}

/** Names and time are said in words of their own. */
const notAboutTrust = (error: unknown) =>
  /ALTNAME|HOSTNAME|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/.test(String((error as { code?: string })?.code ?? error));

/** Every link signed by the next, up to one of the anchors (or being one). */
function chainsTo(leaf: X509Certificate, anchors: readonly X509Certificate[]): boolean {
  let current: X509Certificate | undefined = leaf;
  for (let depth = 0; current !== undefined && depth < longestChain; depth++) {
    const here: X509Certificate = current;
    if (anchors.some((anchor) => anchor.raw.equals(here.raw))) return true;
    if (anchors.some((anchor) => anchor.ca && here.checkIssued(anchor) && here.verify(anchor.publicKey))) return true;
    const next: X509Certificate | undefined = here.issuerCertificate;
    current =
      next?.ca && !next.raw.equals(here.raw) && here.checkIssued(next) && here.verify(next.publicKey)
        ? next
        : undefined;
  }
  return false;
}
