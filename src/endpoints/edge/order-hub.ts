import type { RevocationEntry } from '../../protocol/oauth/revocations.ts';
import { type EdgeOrder, revocationsPerLine, writeOrder } from '../../protocol/tunnel/control.ts';

export type StateOrder = Extract<EdgeOrder, { type: 'state' }>;
/** As it is said to the hub, which numbers it. */
export type SaidState = Omit<StateOrder, 'type' | 'serial'>;

/** What every E is to know, as this C knows it now; whoever joins gets all of it, then each change. */
export class OrderHub {
  readonly #listeners = new Set<(line: string) => void>();
  readonly #revoked = new Map<string, Map<string, RevocationEntry>>();
  #state: StateOrder;

  constructor(initial: SaidState) {
    this.#state = { type: 'state', serial: 1, ...initial };
  }

  get state(): StateOrder {
    return this.#state;
  }

  setState(said: SaidState): void {
    const { serial } = this.#state;
    if (writeOrder({ type: 'state', serial, ...said }) === writeOrder(this.#state)) return;
    const state: StateOrder = { type: 'state', serial: serial + 1, ...said };
    this.#state = state;
    for (const cluster of this.#revoked.keys()) {
      if (!state.clusters.some(({ id }) => id === cluster)) this.#revoked.delete(cluster);
    }
    this.#tell(writeOrder(state));
  }

  /** A whole list takes the place of the one before. `now` in seconds. */
  setRevocations(cluster: string, entries: readonly RevocationEntry[], now: number): void {
    const known = new Map<string, RevocationEntry>();
    for (const entry of entries) if (entry.until >= now) known.set(entry.family, entry);
    this.#revoked.set(cluster, known);
    for (const line of this.#pieces(cluster)) this.#tell(line);
  }

  revoked(cluster: string, entry: RevocationEntry): void {
    const known = this.#revoked.get(cluster) ?? new Map<string, RevocationEntry>();
    known.set(entry.family, entry);
    this.#revoked.set(cluster, known);
    this.#tell(writeOrder({ type: 'revoked', cluster, entry }));
  }

  registrationEnded(device: string): void {
    this.#tell(writeOrder({ type: 'registration-ended', device }));
  }

  beat(): void {
    this.#tell(writeOrder({ type: 'beat' }));
  }

  /** Drops what no live token can match any more. `now` in seconds. */
  forget(now: number): void {
    for (const known of this.#revoked.values()) {
      for (const [name, { until }] of known) if (until < now) known.delete(name);
    }
  }

  /** `send` is called with lines at once, and with each one to come. Returns how to leave. */
  join(send: (line: string) => void): () => void {
    // Revocations first: the state is what makes E serve.
    for (const cluster of this.#revoked.keys()) for (const line of this.#pieces(cluster)) send(line);
    send(writeOrder(this.#state));
    this.#listeners.add(send);
    return () => this.#listeners.delete(send);
  }

  *#pieces(cluster: string): Generator<string> {
    const entries = [...(this.#revoked.get(cluster)?.values() ?? [])];
    for (let from = 0; from === 0 || from < entries.length; from += revocationsPerLine) {
      yield writeOrder({
        type: 'revocations',
        cluster,
        first: from === 0,
        last: from + revocationsPerLine >= entries.length,
        entries: entries.slice(from, from + revocationsPerLine),
      });
    }
  }

  #tell(line: string): void {
    for (const send of this.#listeners) send(line);
  }
}
