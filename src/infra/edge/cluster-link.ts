import { MalformedError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { type EdgeChange, readChange } from '../../protocol/edge-access/changes.ts';
import { type ClusterView, readClusterView } from '../../protocol/edge-access/cluster-view.ts';
import { edgePaths } from '../../protocol/edge-access/requests.ts';
import { LineReader } from '../../protocol/tunnel/lines.ts';
import { type NodePlace, NodeSession } from './node-session.ts';
import type { PinnedIdentity } from './own-keys.ts';

/** What C keeps of a cluster between two runs. */
export interface StoredCluster {
  /** The cluster's own id. */
  readonly id: string;
  /** Address under which it was added. */
  readonly address: string;
  /** PEM. */
  readonly clusterCa: string;
  /** Where nodes take C's requests, as last heard. */
  readonly places: readonly NodePlace[];
}

export interface ClusterEvents {
  /** The view changed. */
  readonly view: (cluster: string, view: ClusterView) => void;
  readonly change: (cluster: string, change: Exclude<EdgeChange, { type: 'cluster' | 'beat' | 'jwks' }>) => void;
  /** Why it cannot be reached; undefined: it can. */
  readonly state: (cluster: string, problem: string | undefined) => void;
}

/** The view is looked at this often even when no change was announced. In ms. */
const lookEvery = 30_000;
/** A stream of changes that is silent for this long is dead; a beat comes every 5 s. In ms. */
const silence = 15_000;
const largestLine = 256 * 1024 * 1024;

/** One Unified CM cluster as Expressway-C follows it: its nodes, what it announces, and a connection to each node that is asked. */
export class ClusterLink implements Disposable {
  readonly #stored: StoredCluster;
  readonly #identity: PinnedIdentity;
  readonly #events: ClusterEvents;
  readonly #log: Log;
  readonly #sessions = new Map<string, NodeSession>();
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #places: readonly NodePlace[];
  #view: ClusterView | undefined;
  #looking: Promise<boolean> | undefined;
  #turn = 0;
  /** Milliseconds since the epoch. */
  lastSeen: number | undefined;

  constructor(stored: StoredCluster, identity: PinnedIdentity, events: ClusterEvents, log: Log) {
    this.#stored = stored;
    this.#identity = identity;
    this.#events = events;
    this.#log = log;
    this.#places = stored.places;
    this.#timer = setInterval(() => void this.refresh(), lookEvery).unref();
    void this.#follow();
  }

  get id(): string {
    return this.#stored.id;
  }

  get view(): ClusterView | undefined {
    return this.#view;
  }

  get clusterCa(): string {
    return this.#stored.clusterCa;
  }

  session(place: NodePlace): NodeSession {
    const key = `${place.host}:${place.port}`;
    let session = this.#sessions.get(key);
    if (session === undefined) {
      session = new NodeSession(place, this.#identity, this.#stored.clusterCa, this.#log);
      this.#sessions.set(key, session);
    }
    return session;
  }

  /** Asks for the view now. False: no node answered. */
  refresh(): Promise<boolean> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<boolean> {
    let problem = 'it has no nodes';
    // What a node said counts more than that another is away.
    let said: string | undefined;
    for (const place of this.#turned()) {
      if (this.#stop.signal.aborted) return false;
      try {
        const known = this.#view?.etag;
        const { headers, body } = await this.session(place).request('GET', edgePaths.cluster, undefined, {
          ...(known !== undefined && { 'if-none-match': `"${known}"` }),
        });
        const status = headers[':status'];
        if (status !== 200 && status !== 304) {
          said =
            status === 403 ? 'it does not know this Expressway-C any more' : `node ${place.name} answered ${status}`;
          continue;
        }
        this.lastSeen = Date.now();
        if (status === 200) this.#take(readClusterView(body.toString('utf8')));
        this.#events.state(this.id, undefined);
        return true;
      } catch (error) {
        problem = `${place.name}: ${innermost(error)}`;
        this.#log.debug({ err: error, node: place.name }, 'the view of a cluster could not be read');
      }
    }
    if (!this.#stop.signal.aborted) this.#events.state(this.id, said ?? problem);
    return false;
  }

  #take(view: ClusterView): void {
    if (view.clusterId !== this.id) throw new MalformedError('the node belongs to another cluster');
    if (view.etag === this.#view?.etag) return;
    this.#view = view;
    const places = view.nodes.map(({ name, host, edgeAccess }) => ({ name, host, port: edgeAccess }));
    // A cluster that names no node can still be asked where it was last.
    if (places.length > 0) this.#places = places;
    for (const [key, session] of this.#sessions) {
      if (this.#places.some(({ host, port }) => `${host}:${port}` === key)) continue;
      session.close();
      this.#sessions.delete(key);
    }
    this.#events.view(this.id, view);
  }

  /** One node after another, so that a dead one does not cost every attempt. */
  #turned(): readonly NodePlace[] {
    const from = this.#turn % Math.max(1, this.#places.length);
    return [...this.#places.slice(from), ...this.#places.slice(0, from)];
  }

  /** Listens to changes at some node, for as long as it lives. */
  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const place = this.#turned()[0];
      if (place !== undefined && (await this.refresh())) {
        await this.#listen(place).catch((error: unknown) => {
          this.#log.debug({ err: error, node: place.name }, 'the changes of a cluster broke off');
        });
      }
      this.#turn++;
      await pause(200 + Math.random() * 800, signal);
    }
  }

  #listen(place: NodePlace): Promise<void> {
    const stream = this.session(place).stream(edgePaths.changes);
    return new Promise((resolve, reject) => {
      const lines = new LineReader(largestLine);
      let quiet = setTimeout(() => stream.destroy(), silence);
      stream.on('response', (headers) => {
        if (headers[':status'] !== 200) stream.destroy(new Error(`status ${headers[':status']}`));
      });
      stream.on('data', (chunk: Buffer) => {
        clearTimeout(quiet);
        quiet = setTimeout(() => stream.destroy(), silence);
        try {
          for (const line of lines.push(chunk)) this.#heard(readChange(line));
        } catch (error) {
          stream.destroy(error as Error);
        }
      });
      stream.on('error', reject);
      stream.on('close', () => {
        clearTimeout(quiet);
        resolve();
      });
    });
  }

  #heard(change: EdgeChange | undefined): void {
    if (change === undefined) return;
    switch (change.type) {
      case 'beat':
        break;
      case 'cluster':
        void this.refresh();
        break;
      case 'jwks':
        if (this.#view) {
          this.#view = { ...this.#view, jwks: change.jwks };
          this.#events.view(this.id, this.#view);
        }
        void this.refresh();
        break;
      default:
        this.#events.change(this.id, change);
    }
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    clearInterval(this.#timer);
    for (const session of this.#sessions.values()) session.close();
  }
}

/** HTTP/2 wraps what happened below it. */
function innermost(error: unknown): string {
  let deepest = error as Error;
  while (deepest.cause instanceof Error) deepest = deepest.cause;
  return deepest.message;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
