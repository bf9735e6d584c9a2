import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import { CloudFault, clusterSuspended } from './cloud-fault.ts';
import type { LimitsStore } from './limits.ts';
import type { Tenant } from './tenant.ts';

/** One use of a locator (0 to 9,999,999); the same locator comes back later under another id. */
export interface LocatorUse {
  readonly locator: number;
  readonly allocationId: string;
}

/** What the cloud knows of one live allocation. */
export interface AllocationFacts extends LocatorUse {
  readonly allocatedAt: Date;
  /** Phones that asked for it. */
  readonly resolves: number;
  readonly lastResolve:
    | { readonly at: Date; readonly mac: string; readonly model: string; readonly source: string }
    | undefined;
}

export interface LocatorStore {
  /** Notes the wish; undefined when it is new, else what was answered to it. A wish under way elsewhere is waited for. */
  openRequest(
    tx: Transaction,
    clusterId: string,
    key: string,
    count: number,
  ): Promise<{ readonly count: number; readonly given: readonly LocatorUse[] } | undefined>;
  closeRequest(tx: Transaction, clusterId: string, key: string, given: readonly LocatorUse[]): Promise<void>;
  /** Counts so many more for the cluster, if it is active and its quota allows it. The one conditional update. */
  reserve(tx: Transaction, clusterId: string, count: number): Promise<boolean>;
  /** Takes those of `wanted` that are free now. */
  claim(tx: Transaction, clusterId: string, wanted: readonly LocatorUse[]): Promise<readonly LocatorUse[]>;
  /** Free ones at or after `from`, up to and including `to`. */
  findFree(tx: Transaction, from: number, to: number, count: number): Promise<readonly number[]>;
  /** False: not live under this id and cluster; nothing was changed then. */
  release(clusterId: string, use: LocatorUse, quarantineDays: number): Promise<boolean>;
  facts(clusterId: string, use: LocatorUse): Promise<AllocationFacts | undefined>;
  /** Live ones after a locator, in order. */
  list(clusterId: string, after: number, limit: number): Promise<readonly AllocationFacts[]>;
}

export interface LocatorPorts {
  readonly store: LocatorStore;
  readonly limits: LimitsStore;
  readonly random: Random;
  readonly clock: Clock;
  readonly transactions: Transactions;
}

/** Random draws before the space is searched in order: with nine tenths taken, 32 draws still find almost all; six that find nothing tell enough. */
const draws = 32;
const fruitlessDraws = 6;
const searchWindow = 100_000;
/** Nothing is searched again for so long after a search found nothing, in ms: it costs seconds. */
const exhaustedRest = 30_000;

/** Gives locators out and takes them back. They are random, so that none can be guessed from another. */
export class Locators {
  readonly #ports: LocatorPorts;
  #exhaustedUntil = 0;

  constructor(ports: LocatorPorts) {
    this.#ports = ports;
  }

  /** Throws CloudFault `quota_exceeded`, `locators_exhausted`, `idempotency_conflict`, `cluster_suspended`. All or none. */
  async allocate(
    tenant: Tenant,
    wish: { readonly key: string; readonly count: number },
  ): Promise<readonly LocatorUse[]> {
    const { store, transactions } = this.#ports;
    return transactions.run(async (tx) => {
      const known = await store.openRequest(tx, tenant.id, wish.key, wish.count);
      if (known !== undefined) {
        if (known.count === wish.count) return known.given;
        throw new CloudFault('caller', say('idempotency_conflict'));
      }
      if (!(await store.reserve(tx, tenant.id, wish.count))) {
        if (tenant.state !== 'active') throw clusterSuspended();
        throw new CloudFault('policy', say('quota_exceeded', { quota: tenant.quota }), {
          detail: { quota: tenant.quota },
        });
      }
      const given = await this.#take(tx, tenant.id, wish.count);
      await store.closeRequest(tx, tenant.id, wish.key, given);
      return given;
    });
  }

  async #take(tx: Transaction, clusterId: string, count: number): Promise<readonly LocatorUse[]> {
    const { store, limits, random, clock } = this.#ports;
    const { firstLocator, lastLocator } = await limits.read(tx);
    const [first, last] = [Number(firstLocator), Number(lastLocator)];
    const found: LocatorUse[] = [];
    const claim = async (locators: Iterable<number>) => {
      // In order, so that two transactions never wait for each other crosswise.
      const wanted = [...locators].sort((a, b) => a - b).map((locator) => ({ locator, allocationId: random.uuid() }));
      found.push(...(await store.claim(tx, clusterId, wanted)));
    };
    for (let draw = 0, fruitless = 0; draw < draws && fruitless < fruitlessDraws && found.length < count; draw++) {
      const before = found.length;
      const drawn = new Set<number>();
      const enough = Math.min(count - found.length, last - first + 1);
      for (let i = 0; drawn.size < enough && i < enough * 4; i++) drawn.add(first + random.below(last - first + 1));
      await claim(drawn);
      fruitless = found.length === before ? fruitless + 1 : 0;
    }
    if (found.length < count) {
      if (clock.now() < this.#exhaustedUntil) throw exhausted();
      // Once around the space from a random place.
      const start = first + random.below(last - first + 1);
      const rounds = [
        [start, last],
        [first, start - 1],
      ] as const;
      for (const [from, to] of rounds) {
        for (let at = from; at <= to && found.length < count; at += searchWindow) {
          await claim(await store.findFree(tx, at, Math.min(at + searchWindow - 1, to), count - found.length));
        }
      }
      if (found.length < count) {
        this.#exhaustedUntil = clock.now() + exhaustedRest;
        throw exhausted();
      }
    }
    return found;
  }

  /** Nothing happens when the locator was released before, was given to somebody else since, or never was the cluster's. */
  async release(tenant: Tenant, use: LocatorUse): Promise<void> {
    const { store, limits } = this.#ports;
    if (await store.release(tenant.id, use, (await limits.read()).quarantineDays)) this.#exhaustedUntil = 0;
  }

  /** Throws CloudFault `allocation_unknown`: not live, or not this cluster's. */
  async facts(tenant: Tenant, use: LocatorUse): Promise<AllocationFacts> {
    const facts = await this.#ports.store.facts(tenant.id, use);
    if (facts === undefined) {
      throw new CloudFault('caller', say('allocation_unknown'));
    }
    return facts;
  }

  list(tenant: Tenant, after: number, limit: number): Promise<readonly AllocationFacts[]> {
    return this.#ports.store.list(tenant.id, after, limit);
  }
}

const exhausted = () => new CloudFault('ours', say('locators_exhausted'), { detail: { retryAfter: 600 } });
