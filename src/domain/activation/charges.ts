import { toHex } from '../../kernel/bytes.ts';
import type { HandshakeStore } from './ports.ts';

/** Of a phone that proved the code, or whose proof was never looked at. */
export interface Charge {
  readonly codeId: string;
  readonly micSha256: Uint8Array;
  /** Its name. */
  readonly charge: Uint8Array;
}

/** More are not remembered: what is forgotten stays charged. */
const mostOwed = 10_000;

/**
 * Charges that are to be given back. A database that is away takes nothing back either, so what could not be given back is remembered and tried
 * again. Giving back twice is harmless: a charge has a name.
 */
export class Charges {
  readonly #store: Pick<HandshakeStore, 'refund'>;
  readonly #owed = new Map<string, Charge[]>();
  #count = 0;
  #settling: Promise<void> | undefined;

  constructor(store: Pick<HandshakeStore, 'refund'>) {
    this.#store = store;
  }

  /** Never rejects: what the database does not take now, it takes later. */
  async giveBack(charge: Charge): Promise<void> {
    try {
      await this.#refund(charge);
    } catch {
      this.owe(charge);
    }
  }

  /** To be given back when there is time for it. */
  owe(charge: Charge): void {
    if (this.#count >= mostOwed) return;
    const key = keyOf(charge);
    this.#owed.set(key, [...(this.#owed.get(key) ?? []), charge]);
    this.#count++;
  }

  /** What is owed to this phone for this code, now. True when something was. Rejects when the database does not take it. */
  async settle(codeId: string, micSha256: Uint8Array): Promise<boolean> {
    const key = keyOf({ codeId, micSha256 });
    const owed = this.#owed.get(key);
    if (owed === undefined) return false;
    for (const charge of owed) await this.#refund(charge);
    this.#forget(key, owed);
    return true;
  }

  /** All that is owed, until the database fails. Never rejects. One run at a time. */
  settleAll(): Promise<void> {
    this.#settling ??= this.#settleAll().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  async #settleAll(): Promise<void> {
    try {
      for (const [{ codeId, micSha256 }] of [...this.#owed.values()] as [Charge][])
        await this.settle(codeId, micSha256);
    } catch {
      // Still away.
    }
  }

  /** What came in meanwhile stays. */
  #forget(key: string, settled: readonly Charge[]): void {
    const now = this.#owed.get(key);
    if (now === undefined) return;
    const left = now.filter((each) => !settled.includes(each));
    this.#count -= now.length - left.length;
    if (left.length === 0) this.#owed.delete(key);
    else this.#owed.set(key, left);
  }

  #refund({ codeId, micSha256, charge }: Charge): Promise<void> {
    return this.#store.refund(codeId, micSha256, charge);
  }
}

const keyOf = ({ codeId, micSha256 }: Pick<Charge, 'codeId' | 'micSha256'>) => `${codeId} ${toHex(micSha256)}`;
