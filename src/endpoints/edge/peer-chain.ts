import type { TLSSocket } from 'node:tls';

/** One more than any path may have: enough to be refused. */
const most = 6;

/** What the peer showed in the TLS handshake, in DER, its own first; empty: no certificate. Read it once: a second look no longer has the issuers. */
export function peerChain(socket: TLSSocket): readonly Uint8Array[] {
  const chain: Uint8Array[] = [];
  for (let each = socket.getPeerX509Certificate(); each && chain.length < most; each = each.issuerCertificate) {
    // A self-signed one is its own issuer.
    if (chain.length > 0 && each.raw.equals(chain[chain.length - 1]!)) break;
    chain.push(each.raw);
  }
  return chain;
}

/** `192.0.2.1` for `::ffff:192.0.2.1`; without a scope. */
export function plainSource(socket: { readonly remoteAddress?: string | undefined }): string {
  const address = socket.remoteAddress ?? '';
  return (address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address).replace(/%.*$/, '');
}
