/** A cluster node as C sees it. */
export interface EdgeNode {
  readonly cluster: string;
  readonly name: string;
  readonly services: readonly string[];
}

/** A phone connection's place is forgotten after this many milliseconds without use; start and prove are at most a minute apart. */
const remembered = 10 * 60_000;
const mostPlaces = 200_000;

/** Which node a phone connection's requests go to. Start and prove must meet the same one; a dead one is left out for a while. Pure: `now` in milliseconds. */
export class NodeChoice {
  readonly #places = new Map<string, { node: string; at: number }>();
  readonly #avoid = new Map<string, number>();
  readonly #pause: number;
  #next = 0;

  /** `pause`: milliseconds a node that failed is tried last. */
  constructor(pause = 5_000) {
    this.#pause = pause;
  }

  /** Nodes that may be asked, best first. `service`: only those which have it activated. */
  candidates<N extends EdgeNode>(nodes: readonly N[], connection: string, service: string, now: number): readonly N[] {
    const able = nodes.filter((node) => node.services.includes(service));
    if (able.length < 2) return able;
    const from = this.#next++ % able.length;
    const turned = [...able.slice(from), ...able.slice(0, from)];
    const well = (node: N) => (this.#avoid.get(keyOf(node)) ?? 0) <= now;
    const kept = this.#places.get(connection)?.node;
    const rank = (node: N) => (keyOf(node) === kept ? 0 : well(node) ? 1 : 2);
    return turned.sort((a, b) => rank(a) - rank(b));
  }

  /** Where the connection's start went: undefined when none is remembered. */
  placeOf(connection: string): string | undefined {
    return this.#places.get(connection)?.node;
  }

  keep(connection: string, node: EdgeNode, now: number): void {
    // Re-inserted, so that the map's order is by last use.
    this.#places.delete(connection);
    this.#places.set(connection, { node: keyOf(node), at: now });
    for (const [oldest, { at }] of this.#places) {
      if (this.#places.size <= mostPlaces && now - at < remembered) break;
      this.#places.delete(oldest);
    }
  }

  failed(node: EdgeNode, now: number): void {
    this.#avoid.set(keyOf(node), now + this.#pause);
  }

  answered(node: EdgeNode): void {
    this.#avoid.delete(keyOf(node));
  }
}

export function keyOf({ cluster, name }: EdgeNode): string {
  return `${cluster}/${name}`;
}
