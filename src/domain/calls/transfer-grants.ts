import type { Clock } from '../../kernel/clock.ts';

/** How long after the last word a transfer may still be told about, ms: longer than any phone rings. */
const lifeMs = 300_000;
const remembered = 20_000;

export interface Transfer {
  readonly callId: string;
  /** Who sent the REFER, and who got it: names of devices, or the word for another node. */
  readonly by: string;
  readonly to: string;
  /** Call-ID that Refer-To wants replaced. */
  readonly replaces: string | undefined;
}

/**
 * What phones were asked for by REFER: to tell the asker how it goes (NOTIFY, RFC 3515), and to take its place in another call (Replaces, RFC 3891).
 * Of this node only, like the calls' way; forgotten by a restart, after which a transfer that is just under way reports no more.
 */
export class TransferGrants {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(transfer: Transfer): void {
    for (const key of keysOf(transfer)) this.#renew(key);
  }

  /** The REFER was declined. */
  close(transfer: Transfer): void {
    for (const key of keysOf(transfer)) this.#until.delete(key);
  }

  /** Whether `from` may tell `to` about a transfer. The last notice ends it. */
  notifies(callId: string, from: string, to: string, last: boolean): boolean {
    const key = notifyKey({ callId, by: to, to: from });
    if (!this.#lives(key)) return false;
    if (last) this.#until.delete(key);
    else this.#renew(key);
    return true;
  }

  /** Whether `device` may take the asker's place in this call. */
  replaces(device: string, callId: string): boolean {
    return this.#lives(replaceKey(device, callId));
  }

  #lives(key: string): boolean {
    return (this.#until.get(key) ?? Number.NEGATIVE_INFINITY) > this.#clock.now();
  }

  #renew(key: string): void {
    // Put in anew, so that the map's order is by age.
    this.#until.delete(key);
    this.#until.set(key, this.#clock.now() + lifeMs);
    if (this.#until.size > remembered) this.#until.delete(this.#until.keys().next().value!);
  }
}

function keysOf(transfer: Transfer): string[] {
  const { to, replaces } = transfer;
  return replaces === undefined ? [notifyKey(transfer)] : [notifyKey(transfer), replaceKey(to, replaces)];
}

function notifyKey({ callId, by, to }: Pick<Transfer, 'callId' | 'by' | 'to'>): string {
  return `notify|${to}|${by}|${callId}`;
}

function replaceKey(device: string, callId: string): string {
  return `replace|${device}|${callId}`;
}
