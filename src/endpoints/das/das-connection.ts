import type { OpenedRecord } from '../../domain/activation/handshake.ts';
import type { MicVerdict } from '../../domain/trust/mic-verdict.ts';
import { equalBytes } from '../../kernel/bytes.ts';
import type { ServerHandshake } from '../../protocol/activation/server.ts';
import type { PhoneChannel } from '../listen/phone-channel.ts';

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

const usedKept = 8;

/** One phone's connection: start and prove ride on it, and everything between them lives here only. */
export class DasConnection {
  readonly channel: PhoneChannel;
  #pending: PendingHandshake | undefined;
  #used: Uint8Array[] = [];
  /** Undefined until the first request. */
  mic: MicVerdict | undefined;
  unconfirmed: Unconfirmed | undefined;
  /** Requests of one connection are worked on one after the other, also when they are pipelined. */
  tail: Promise<void> = Promise.resolve();

  constructor(channel: PhoneChannel) {
    this.channel = channel;
  }

  get source(): string {
    return this.channel.source;
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
