import type { TLSSocket } from 'node:tls';
import type { OpenedRecord } from '../../domain/activation/handshake.ts';
import type { MicVerdict } from '../../domain/trust/mic-verdict.ts';
import { equalBytes } from '../../kernel/bytes.ts';
import type { ServerHandshake } from '../../protocol/activation/server.ts';
import { channelBindingLabel, channelBindingLength } from '../../protocol/activation/suite.ts';

export type AcceptedMic = Extract<MicVerdict, { accepted: true }>;

/** Between start and prove. */
export interface PendingHandshake {
  readonly handshake: ServerHandshake;
  readonly record: OpenedRecord;
  readonly mic: AcceptedMic;
  /** Monotonic, milliseconds. */
  readonly startedAt: number;
}

/** Between prove and confirm: saves reading back what was stored. */
export interface Unconfirmed {
  readonly activationId: string;
  readonly confirmKey: Uint8Array;
  readonly transcriptHash: Uint8Array;
}

const noContext = Buffer.alloc(0);
const usedKept = 8;

/** One phone's TLS connection: start and prove ride on it, and everything between them lives here only. */
export class DasConnection {
  readonly #socket: TLSSocket;
  readonly source: string;
  #binding: Uint8Array | undefined;
  #chain: readonly Uint8Array[] | undefined;
  #pending: PendingHandshake | undefined;
  #used: Uint8Array[] = [];
  /** Undefined until the first request. */
  mic: MicVerdict | undefined;
  unconfirmed: Unconfirmed | undefined;
  /** Requests of one connection are worked on one after the other, also when they are pipelined. */
  tail: Promise<void> = Promise.resolve();

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    this.source = socket.remoteAddress ?? '';
  }

  /** RFC 9266: `tls-exporter`. */
  get channelBinding(): Uint8Array {
    this.#binding ??= this.#socket.exportKeyingMaterial(channelBindingLength, channelBindingLabel, noContext);
    return this.#binding;
  }

  /**
   * What the phone showed in the TLS handshake, in DER; empty without a certificate. Read once: a second getPeerX509Certificate no longer
   * has the issuers.
   */
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

  begin(pending: PendingHandshake): void {
    this.giveUp();
    this.#pending = pending;
  }

  /** A start's sid serves one prove, whatever becomes of it. */
  giveUp(): void {
    if (this.#pending === undefined) return;
    this.#used.push(this.#pending.handshake.sid);
    if (this.#used.length > usedKept) this.#used.shift();
    this.#pending.handshake.b.fill(0);
    this.#pending = undefined;
  }

  /** The handshake of this sid, used up now. */
  take(sid: Uint8Array): PendingHandshake | undefined {
    const pending = this.#pending;
    if (pending === undefined || !equalBytes(pending.handshake.sid, sid)) return undefined;
    this.#used.push(sid);
    if (this.#used.length > usedKept) this.#used.shift();
    this.#pending = undefined;
    return pending;
  }

  hasUsed(sid: Uint8Array): boolean {
    return this.#used.some((used) => equalBytes(used, sid));
  }
}
