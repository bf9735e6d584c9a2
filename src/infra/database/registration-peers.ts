import { type Kysely, sql } from 'kysely';
import type { ClusterPeers, PeerNode } from '../../domain/registration/cluster.ts';
import type { Log } from '../../kernel/log.ts';
import type { Database } from './schema.ts';

export interface RegistrationPeersOptions {
  readonly nodeId: string;
  readonly log: Log;
  /** Between nodes over TLS where they offer it. Default true. */
  readonly tls?: boolean;
  /** How often the list of nodes is read, ms. Default 10,000. */
  readonly refreshMs?: number;
}

interface NodePorts {
  readonly sip?: number;
  readonly sipTls?: number;
}

/** Where the cluster's other nodes are, and which phones they hold. */
export class RegistrationPeers implements ClusterPeers, Disposable {
  readonly #db: Kysely<Database>;
  readonly #options: RegistrationPeersOptions;
  readonly #timer: NodeJS.Timeout;
  #nodes = new Map<string, PeerNode>();

  constructor(db: Kysely<Database>, options: RegistrationPeersOptions) {
    this.#db = db;
    this.#options = options;
    this.#timer = setInterval(() => {
      this.refresh().catch((error: unknown) => options.log.warn({ err: error }, 'the list of nodes could not be read'));
    }, options.refreshMs ?? 10_000).unref();
  }

  /** Reads the list of nodes. To be called once before the first use. */
  async refresh(): Promise<void> {
    const rows = await this.#db
      .selectFrom('node')
      .where('id', '<>', this.#options.nodeId)
      .select(['id', 'name', 'address', 'ports'])
      .execute();
    const nodes = new Map<string, PeerNode>();
    for (const row of rows) {
      const peer = this.#peerOf(row.name, row.address, row.ports as NodePorts);
      if (peer !== undefined) nodes.set(row.id, peer);
    }
    this.#nodes = nodes;
  }

  #peerOf(name: string, host: string, ports: NodePorts): PeerNode | undefined {
    if ((this.#options.tls ?? true) && ports.sipTls !== undefined)
      return { name, host, port: ports.sipTls, transport: 'tls' };
    return ports.sip === undefined ? undefined : { name, host, port: ports.sip, transport: 'tcp' };
  }

  async locate(
    target: { readonly number: string } | { readonly deviceName: string },
  ): Promise<readonly { readonly deviceName: string; readonly node: PeerNode }[]> {
    const rows = await this.#db
      .selectFrom('registration')
      .where('node_id', '<>', this.#options.nodeId)
      .where('expires_at', '>', sql<Date>`now()`)
      .where('reachable', '=', true)
      .where((where) =>
        'number' in target
          ? where(sql<string[]>`directory_numbers`, '@>', sql<string[]>`array[${target.number}]::text[]`)
          : where('device_name', '=', target.deviceName),
      )
      .select(['device_name', 'node_id', 'refreshed_at'])
      .orderBy('refreshed_at', 'desc')
      .execute();
    if (rows.some((row) => !this.#nodes.has(row.node_id))) await this.refresh();
    const found = new Map<string, PeerNode>();
    for (const row of rows) {
      const node = this.#nodes.get(row.node_id);
      if (node !== undefined && !found.has(row.device_name)) found.set(row.device_name, node);
    }
    return [...found].map(([deviceName, node]) => ({ deviceName, node }));
  }

  peerAt(host: string, port: number): PeerNode | undefined {
    for (const node of this.#nodes.values())
      if (node.host.toLowerCase() === host.toLowerCase() && node.port === port) return node;
    return undefined;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
