import type { Clock } from '../../kernel/clock.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import type { AuditLog } from '../audit-log.ts';
import type { AuditEntry } from '../ports.ts';
import { sourceGroups } from './source-network.ts';

export interface RefusalTrailPorts {
  readonly clock: Clock;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
}

/** Of one window. What is beyond is counted, in one row for each name, source, or all. */
export const refusalLimits = {
  windowMs: 15 * 60_000,
  /** Rows of their own for one name from one source. */
  perNameAndSource: 3,
  /** Names of one source that are told by name. */
  namesPerSource: 20,
  /** The same from all sources. */
  names: 500,
  /** Sources that are told apart. */
  sources: 100,
  /** Rows of their own in all. */
  rows: 200,
} as const;

interface Count {
  count: number;
  from: number;
  to: number;
}

interface OfName extends Count {
  /** As typed the first time. */
  readonly name: string;
  readonly address: string;
  written: number;
}

interface OfSource extends Count {
  readonly address: string;
  readonly names: Map<string, OfName>;
}

const longestName = 128;

/**
 * What the audit log says of refused sign-ins. The first ones of a name from a source are rows of their own, at once; the rest of a quarter of an hour is
 * one row with a count, so that nobody fills the log for ever by guessing, and an attack, its extent and its time are still in it. Known names and
 * unknown ones are told alike.
 */
export class RefusalTrail {
  readonly #ports: RefusalTrailPorts;
  #began: number;
  #rows = 0;
  #names = 0;
  #sources = new Map<string, OfSource>();
  #elsewhere: Count = none();
  /** Told, and not yet written. */
  #waiting: AuditEntry[] = [];
  #telling: Promise<void> = Promise.resolve();

  constructor(ports: RefusalTrailPorts) {
    this.#ports = ports;
    this.#began = ports.clock.now();
  }

  /** Resolves once the row is written, if it gets one of its own. Rejects when that cannot be written. */
  async refused(userId: string, address: string): Promise<void> {
    const now = this.#ports.clock.now();
    if (now - this.#began >= refusalLimits.windowMs) this.#close();
    const entry = this.#placeOf(userId.slice(0, longestName), address);
    if ('written' in entry && entry.written < refusalLimits.perNameAndSource && this.#rows < refusalLimits.rows) {
      entry.written++;
      this.#rows++;
      return this.#write([refusal(entry.name, address)]);
    }
    add(entry, now);
  }

  /** Writes what was counted, when the window is over, or `now`. Rejects when it cannot; then it is written the next time. */
  async tell(now = false): Promise<void> {
    const { clock } = this.#ports;
    if (now || clock.now() - this.#began >= refusalLimits.windowMs) this.#close();
    if (this.#waiting.length === 0) return;
    // One after the other: what is being written must not be written twice.
    const turn = this.#telling.then(async () => {
      const entries = [...this.#waiting];
      if (entries.length === 0) return;
      await this.#write(entries);
      this.#waiting.splice(0, entries.length);
    });
    this.#telling = turn.catch(() => {});
    await turn;
  }

  #close(): void {
    this.#waiting.push(...this.#counted());
    this.#began = this.#ports.clock.now();
    this.#rows = 0;
    this.#names = 0;
    this.#sources = new Map();
    this.#elsewhere = none();
  }

  #placeOf(name: string, address: string): OfName | OfSource | Count {
    const { source } = sourceGroups(address);
    let ofSource = this.#sources.get(source);
    if (ofSource === undefined) {
      if (this.#sources.size >= refusalLimits.sources) return this.#elsewhere;
      ofSource = { ...none(), address, names: new Map() };
      this.#sources.set(source, ofSource);
    }
    const key = name.toLowerCase();
    const known = ofSource.names.get(key);
    if (known !== undefined) return known;
    if (ofSource.names.size >= refusalLimits.namesPerSource || this.#names >= refusalLimits.names) return ofSource;
    this.#names++;
    const fresh: OfName = { ...none(), name, address, written: 0 };
    ofSource.names.set(key, fresh);
    return fresh;
  }

  *#counted(): Iterable<AuditEntry> {
    for (const ofSource of this.#sources.values()) {
      for (const each of ofSource.names.values())
        if (each.count > 0) yield refusal(each.name, each.address, detailOf(each));
      if (ofSource.count > 0) yield refusal('', ofSource.address, { ...detailOf(ofSource), names: 'others' });
    }
    if (this.#elsewhere.count > 0) yield refusal('', '', { ...detailOf(this.#elsewhere), sources: 'others' });
  }

  async #write(entries: readonly AuditEntry[]): Promise<void> {
    const { transactions, audit } = this.#ports;
    await transactions.run(async (tx) => {
      for (const entry of entries) await audit.append(tx, entry);
    });
  }
}

const none = (): Count => ({ count: 0, from: 0, to: 0 });

function add(entry: Count, now: number): void {
  if (entry.count === 0) entry.from = now;
  entry.count++;
  entry.to = now;
}

const detailOf = ({ count, from, to }: Count) => ({
  count,
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

function refusal(name: string, sourceAddress: string, detail?: Readonly<Record<string, unknown>>): AuditEntry {
  return {
    actor: { name, sourceAddress },
    action: 'sign-in.refused',
    objectKind: 'user',
    objectName: name,
    ...(detail === undefined ? {} : { detail }),
  };
}
