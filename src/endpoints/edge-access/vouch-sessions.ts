import { createHash } from 'node:crypto';
import type { PhoneVouch } from '../../protocol/edge-access/phone-vouch.ts';
import { DasConnection } from '../das/das-connection.ts';
import { vouchedChannel } from '../listen/phone-channel.ts';

export interface VouchSessionsOptions {
  /** A connection nothing was heard of for this long is forgotten, ms. */
  readonly idleMs: number;
  /** Connections remembered; the one unused for longest goes first. */
  readonly most: number;
}

interface Held {
  readonly connection: DasConnection;
  usedAt: number;
}

/**
 * The phone connections that Expressway-Cs vouch for, between start, prove and confirm. A connection is known by everything the vouch says of it:
 * an edge that changes the chain or the binding in between finds no handshake there.
 */
export class VouchSessions {
  readonly #options: VouchSessionsOptions;
  readonly #held = new Map<string, Held>();

  constructor(options: VouchSessionsOptions) {
    this.#options = options;
  }

  /** `now`: ms, monotonic. */
  of(expressway: string, vouch: PhoneVouch, now: number): DasConnection {
    this.sweep(now);
    const key = keyOf(expressway, vouch);
    const known = this.#held.get(key);
    if (known !== undefined) {
      // Re-inserted, so that the map's order is by last use.
      this.#held.delete(key);
      known.usedAt = now;
      this.#held.set(key, known);
      return known.connection;
    }
    if (this.#held.size >= this.#options.most) this.#forget(this.#held.keys().next().value!);
    const connection = new DasConnection(vouchedChannel(vouch));
    this.#held.set(key, { connection, usedAt: now });
    return connection;
  }

  /** Forgets what has been idle for too long. */
  sweep(now: number): void {
    for (const [key, { usedAt }] of this.#held) {
      if (now - usedAt <= this.#options.idleMs) return;
      this.#forget(key);
    }
  }

  get size(): number {
    return this.#held.size;
  }

  #forget(key: string): void {
    this.#held.get(key)?.connection.giveUp();
    this.#held.delete(key);
  }
}

function keyOf(expressway: string, { connection, chain, channelBinding }: PhoneVouch): string {
  const digest = createHash('sha256').update(channelBinding);
  for (const der of chain) digest.update(Buffer.from([der.length >> 16, der.length >> 8, der.length])).update(der);
  return `${expressway}|${connection}|${digest.digest('base64url')}`;
}
