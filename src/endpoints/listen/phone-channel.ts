import type { TLSSocket } from 'node:tls';
import { channelBindingLabel, channelBindingLength } from '../../protocol/activation/suite.ts';
import type { PhoneVouch } from '../../protocol/edge-access/phone-vouch.ts';

/** How a phone is connected: what it showed, and what ties a handshake to that very connection. */
export interface PhoneChannel {
  readonly source: string;
  /** RFC 9266: `tls-exporter`. */
  readonly channelBinding: Uint8Array;
  /** What the phone showed in the TLS handshake, in DER; empty without a certificate. */
  readonly peerChain: readonly Uint8Array[];
  /** The Expressway-E in between; undefined inside the network. */
  readonly edge: string | undefined;
}

const noContext = Buffer.alloc(0);

/** The phone's own TLS connection to this node. */
export class TlsChannel implements PhoneChannel {
  readonly source: string;
  readonly edge = undefined;
  readonly #socket: TLSSocket;
  #binding: Uint8Array | undefined;
  #chain: readonly Uint8Array[] | undefined;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    this.source = socket.remoteAddress ?? '';
  }

  get channelBinding(): Uint8Array {
    this.#binding ??= this.#socket.exportKeyingMaterial(channelBindingLength, channelBindingLabel, noContext);
    return this.#binding;
  }

  /** Read once: a second getPeerX509Certificate no longer has the issuers. */
  get peerChain(): readonly Uint8Array[] {
    if (this.#chain) return this.#chain;
    const chain: Uint8Array[] = [];
    for (let each = this.#socket.getPeerX509Certificate(); each; each = each.issuerCertificate) {
      // One more than any path may have: enough to be refused.
      if (chain.push(each.raw) > 6) break;
    }
    this.#chain = chain;
    return chain;
  }
}

/**
 * The phone's TLS connection to Expressway-E as Expressway-C vouches for it. Nothing of it is believed: the chain is judged here, and a binding or
 * certificate that is not the phone's own makes the transcripts differ.
 */
export function vouchedChannel({ sourceAddress, channelBinding, chain, edge }: PhoneVouch): PhoneChannel {
  return { source: sourceAddress, channelBinding, peerChain: chain, edge };
}
