import type { Clock } from '../../kernel/clock.ts';
import type { CloudLimits } from './limits.ts';

/** A phone that showed a good MIC asks where its locator leads. */
export interface ResolveQuestion {
  readonly micSha256: Uint8Array;
  readonly mac: string;
  readonly model: string;
  readonly locator: number;
  readonly source: string;
}

/** Where a cluster's phones are sent. */
export interface ResolveTarget {
  readonly activationDomain: string;
  /** DER. */
  readonly phoneEdgeTrust: readonly Uint8Array[];
  readonly clusterHint: Uint8Array;
}

export type ResolveVerdict =
  | { readonly kind: 'found'; readonly target: ResolveTarget }
  | { readonly kind: 'unknown' }
  /** Seconds. */
  | { readonly kind: 'limited'; readonly retryAfter: number };

export interface ResolveStore {
  /**
   * Debits the MIC, then looks the locator up: one statement. Unknown: also released, or of a cluster that is suspended, switched off or has no domain.
   */
  resolve(
    question: ResolveQuestion,
    limits: Pick<CloudLimits, 'resolvesPerHour' | 'resolvesPerDay'>,
  ): Promise<
    | { readonly kind: 'found'; readonly clusterId: string; readonly revision: string }
    | { readonly kind: 'unknown' }
    | { readonly kind: 'limited'; readonly retryAfter: number }
  >;
  /** Undefined: the cluster sends nobody anywhere now. `revision` is the one the target belongs to. */
  target(clusterId: string): Promise<(ResolveTarget & { readonly revision: string }) | undefined>;
}

/** What is noted of each answer, written behind. */
export interface ResolveEvent {
  readonly outcome: ResolveVerdict['kind'] | 'mic_refused';
  readonly clusterId: string | undefined;
  readonly question: ResolveQuestion | undefined;
  readonly at: number;
}

export interface ResolvePorts {
  readonly store: ResolveStore;
  readonly limits: () => CloudLimits;
  readonly record: (event: ResolveEvent) => void;
  readonly clock: Clock;
}

/** Targets kept in memory: one per cluster, as long as its revision holds. */
const rememberedTargets = 10_000;

export class Resolver {
  readonly #ports: ResolvePorts;
  readonly #targets = new Map<string, ResolveTarget & { readonly revision: string }>();

  constructor(ports: ResolvePorts) {
    this.#ports = ports;
  }

  async resolve(question: ResolveQuestion): Promise<ResolveVerdict> {
    const { store, limits, record, clock } = this.#ports;
    const found = await store.resolve(question, limits());
    const target = found.kind === 'found' ? await this.#target(found.clusterId, found.revision) : undefined;
    const verdict: ResolveVerdict =
      found.kind === 'found' ? (target === undefined ? { kind: 'unknown' } : { kind: 'found', target }) : found;
    record({
      outcome: verdict.kind,
      clusterId: found.kind === 'found' ? found.clusterId : undefined,
      question,
      at: clock.now(),
    });
    return verdict;
  }

  async #target(clusterId: string, revision: string): Promise<ResolveTarget | undefined> {
    const known = this.#targets.get(clusterId);
    if (known?.revision === revision) return known;
    const fresh = await this.#ports.store.target(clusterId);
    this.#targets.delete(clusterId);
    if (fresh !== undefined) {
      if (this.#targets.size >= rememberedTargets) this.#targets.delete(this.#targets.keys().next().value!);
      this.#targets.set(clusterId, fresh);
    }
    return fresh;
  }
}
