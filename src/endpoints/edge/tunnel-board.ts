import { type RevocationEntry, RevocationList } from '../../protocol/oauth/revocations.ts';
import type { EdgeClusterState, EdgeOrder, EdgeReport } from '../../protocol/tunnel/control.ts';
import type { PhoneConnection } from './phone-connection.ts';
import type { TunnelLink } from './tunnel-link.ts';

export type EdgeState = Extract<EdgeOrder, { type: 'state' }>;

/** What one Expressway-C has told. */
interface Controller {
  readonly name: string;
  readonly links: Set<TunnelLink>;
  state: EdgeState | undefined;
  readonly revocations: Map<string, RevocationList>;
  /** Revocation lists that are still coming, by link and cluster: a cut one is never put in force. */
  readonly coming: WeakMap<TunnelLink, Map<string, RevocationEntry[]>>;
}

export interface KnownCluster {
  readonly cluster: EdgeClusterState;
  readonly revocations: RevocationList;
}

export interface BoardEvents {
  /** Any C's state changed, came or went. */
  readonly changed: () => void;
  readonly registrationEnded: (device: string) => void;
}

/** All tunnels of one E, and what the Expressway-Cs behind them want. What a C said is good for as long as a tunnel to it stands. */
export class TunnelBoard {
  readonly #controllers = new Map<string, Controller>();
  readonly #events: BoardEvents;
  #next = 0;

  constructor(events: BoardEvents) {
    this.#events = events;
  }

  add(link: TunnelLink): void {
    let controller = this.#controllers.get(link.controller);
    if (controller === undefined) {
      controller = {
        name: link.controller,
        links: new Set(),
        state: undefined,
        revocations: new Map(),
        coming: new WeakMap(),
      };
      this.#controllers.set(link.controller, controller);
    }
    controller.links.add(link);
  }

  remove(link: TunnelLink): void {
    const controller = this.#controllers.get(link.controller);
    if (!controller?.links.delete(link) || controller.links.size > 0) return;
    this.#controllers.delete(link.controller);
    this.#events.changed();
  }

  order(link: TunnelLink, order: EdgeOrder): void {
    const controller = this.#controllers.get(link.controller);
    if (!controller?.links.has(link)) return;
    switch (order.type) {
      case 'state':
        controller.state = order;
        for (const cluster of controller.revocations.keys()) {
          if (!order.clusters.some(({ id }) => id === cluster)) controller.revocations.delete(cluster);
        }
        this.#events.changed();
        break;
      case 'revocations': {
        const coming = controller.coming.get(link) ?? new Map<string, RevocationEntry[]>();
        controller.coming.set(link, coming);
        if (order.first) coming.set(order.cluster, []);
        const list = coming.get(order.cluster);
        if (list === undefined) break;
        list.push(...order.entries);
        if (!order.last) break;
        coming.delete(order.cluster);
        const revocations = listOf(controller, order.cluster);
        revocations.replace(list);
        break;
      }
      case 'revoked':
        listOf(controller, order.cluster).add(order.entry);
        break;
      case 'registration-ended':
        this.#events.registrationEnded(order.device);
        break;
      case 'beat':
        break;
    }
  }

  /** Old revocations are dropped; call it now and then. `now` in seconds. */
  forget(now: number): void {
    for (const { revocations } of this.#controllers.values()) for (const list of revocations.values()) list.forget(now);
  }

  get states(): readonly EdgeState[] {
    return [...this.#controllers.values()].flatMap(({ state }) => state ?? []);
  }

  get controllers(): readonly { readonly name: string; readonly tunnels: number; readonly ready: boolean }[] {
    return [...this.#controllers.values()].map(({ name, links, state }) => ({
      name,
      tunnels: links.size,
      ready: state !== undefined,
    }));
  }

  /** The clusters whose tokens carry this issuer. */
  clustersOf(issuer: string): readonly KnownCluster[] {
    const found: KnownCluster[] = [];
    for (const controller of this.#controllers.values()) {
      for (const cluster of controller.state?.clusters ?? []) {
        if (cluster.issuer === issuer) found.push({ cluster, revocations: listOf(controller, cluster.id) });
      }
    }
    return found;
  }

  /** A tunnel for this connection: the one of the C that knows it, else the least busy of those that fit. Undefined: none stands. */
  choose(connection: PhoneConnection, fits: (state: EdgeState) => boolean = () => true): TunnelLink | undefined {
    const able = [...this.#controllers.values()].filter(({ state }) => state !== undefined && fits(state));
    const kept = able.find(({ name }) => name === connection.controller);
    const links = (kept ? [kept] : able).flatMap((controller) => [...controller.links].filter((link) => link.open));
    if (links.length === 0 && kept) {
      connection.controller = undefined;
      return this.choose(connection, fits);
    }
    const from = this.#next++;
    let best: TunnelLink | undefined;
    for (let i = 0; i < links.length; i++) {
      const link = links[(from + i) % links.length]!;
      if (best === undefined || link.inFlight < best.inFlight) best = link;
    }
    if (best) connection.controller = best.controller;
    return best;
  }

  report(report: EdgeReport): void {
    for (const { links } of this.#controllers.values()) for (const link of links) link.report(report);
  }

  close(): void {
    for (const { links } of this.#controllers.values()) for (const link of links) link.close();
  }

  /** Cuts the tunnels of one C. */
  cut(controller: string): void {
    for (const link of this.#controllers.get(controller)?.links ?? []) link.destroy();
  }
}

function listOf(controller: Controller, cluster: string): RevocationList {
  let list = controller.revocations.get(cluster);
  if (list === undefined) {
    list = new RevocationList();
    controller.revocations.set(cluster, list);
  }
  return list;
}
