import { type Kysely, sql } from 'kysely';
import { type Binding, isReachable, type SipTransport } from '../../domain/registration/binding.ts';
import type { BindingStore } from '../../domain/registration/ports.ts';
import type { Log } from '../../kernel/log.ts';
import { parseSipUri } from '../../protocol/sip/uri.ts';
import type { Database } from './schema.ts';

export interface RegistrationStoreOptions {
  /** `node.id` of this node. */
  readonly nodeId: string;
  readonly log: Log;
  /** How long changes are collected once one was stored, ms. Default 250. */
  readonly collectMs?: number;
  /** Rows in one statement. Default 500. */
  readonly batch?: number;
}

type Change =
  | { readonly kind: 'put'; readonly binding: Binding; readonly fresh: boolean }
  | { readonly kind: 'remove'; readonly binding: Binding };

/** How long to wait after a failure, ms. */
const retryMs = 1_000;
/** Rows of nodes that are gone are swept this often, ms. */
const sweepMs = 60_000;

/**
 * Registrations, written behind: the registrar's answer does not wait for the disk, because a lost row costs one refresh (two minutes at most) and
 * nothing else. Changes of one contact within a collecting time become one row; what could not be written is kept and written again.
 */
export class RegistrationStore implements BindingStore, AsyncDisposable {
  readonly #db: Kysely<Database>;
  readonly #options: RegistrationStoreOptions;
  readonly #sweeper: NodeJS.Timeout;
  #pending = new Map<string, Change>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failing = false;
  #flushedAt = Number.NEGATIVE_INFINITY;

  constructor(db: Kysely<Database>, options: RegistrationStoreOptions) {
    this.#db = db;
    this.#options = options;
    this.#sweeper = setInterval(() => void this.#sweep(), sweepMs).unref();
  }

  /** Changes that are not stored yet. */
  get pending(): number {
    return this.#pending.size;
  }

  put(binding: Binding, fresh: boolean): void {
    const key = keyOf(binding);
    const before = this.#pending.get(key);
    this.#pending.set(key, {
      kind: 'put',
      binding,
      fresh: fresh || (before?.kind === 'put' && before.fresh) || before?.kind === 'remove',
    });
    this.#collect();
  }

  remove(binding: Binding): void {
    this.#pending.set(keyOf(binding), { kind: 'remove', binding });
    this.#collect();
  }

  /** The first change after a quiet time is stored at once: who asks right after a phone said "registered" finds it. */
  #collect(): void {
    this.#arm(Math.max(0, this.#flushedAt + (this.#options.collectMs ?? 250) - performance.now()));
  }

  #arm(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flushedAt = performance.now();
      this.flush().catch(() => {});
    }, ms);
  }

  flush(): Promise<void> {
    const turn = this.#writing.then(() => this.#write());
    this.#writing = turn.catch(() => {});
    return turn;
  }

  async #write(): Promise<void> {
    const changes = this.#pending;
    if (changes.size === 0) return;
    this.#pending = new Map();
    // One order on all nodes, so that two that write the same phones wait for each other instead of locking up.
    const ordered = [...changes].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const size = this.#options.batch ?? 500;
    for (let at = 0; at < ordered.length; at += size) {
      try {
        await this.#writeBatch(ordered.slice(at, at + size).map(([, change]) => change));
        if (this.#failing) this.#options.log.info({}, 'registrations are stored again');
        this.#failing = false;
      } catch (error) {
        // Whatever changed meanwhile is newer and stays.
        for (const [key, change] of ordered.slice(at)) if (!this.#pending.has(key)) this.#pending.set(key, change);
        if (!this.#failing)
          this.#options.log.error(
            { err: error, waiting: this.#pending.size },
            'registrations cannot be stored; kept in memory',
          );
        this.#failing = true;
        this.#arm(retryMs);
        throw error;
      }
    }
  }

  async #writeBatch(changes: readonly Change[]): Promise<void> {
    const removed = changes.filter((change) => change.kind === 'remove').map((change) => change.binding);
    if (removed.length > 0) {
      await sql`
        DELETE FROM registration r
        USING unnest(${removed.map((each) => each.deviceId)}::uuid[], ${removed.map((each) => each.contact)}::text[],
                     ${removed.map((each) => each.callId)}::text[]) AS gone (device_id, contact, call_id)
        WHERE r.device_id = gone.device_id AND r.contact = gone.contact AND r.call_id = gone.call_id
          AND r.node_id = ${this.#options.nodeId}`.execute(this.#db);
    }
    const put = changes.filter((change) => change.kind === 'put');
    if (put.length === 0) return;
    const now = Date.now();
    const rows = put.map(({ binding, fresh }) => ({
      device_id: binding.deviceId,
      contact: binding.contact,
      device_name: binding.deviceName,
      numbers: binding.numbers,
      transport: binding.flow.transport,
      source_address: binding.flow.address,
      source_port: binding.flow.port,
      local_port: binding.flow.localPort,
      edge: binding.flow.edge ?? '',
      call_id: binding.callId,
      cseq: binding.cseq,
      user_agent: binding.userAgent,
      active_load: binding.activeLoad,
      inactive_load: binding.inactiveLoad,
      instance: binding.instance,
      reachable: isReachable(binding),
      registered_ago: (now - binding.registeredAt) / 1000,
      refreshed_ago: (now - binding.refreshedAt) / 1000,
      expires_in: (binding.expiresAt - now) / 1000,
      fresh,
    }));
    // A phone that was locked, renamed or deleted meanwhile is not written back. A fresh registration takes the phone's lines from
    // wherever they were bound, tells the node that had them, and leaves the reported loads with the device.
    await sql`
      WITH input AS (
        SELECT i.* FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS i (
          device_id uuid, contact text, device_name text, numbers text[], transport text, source_address text, source_port int, local_port int, edge text,
          call_id text, cseq bigint, user_agent text, active_load text, inactive_load text, instance text, reachable boolean,
          registered_ago float8, refreshed_ago float8, expires_in float8, fresh boolean)
        JOIN device d ON d.id = i.device_id AND d.name = i.device_name AND d.enabled AND NOT d.requires_activation_code
      ), elsewhere AS (
        SELECT DISTINCT r.device_name, r.node_id FROM registration r JOIN input i ON i.fresh AND i.device_id = r.device_id
        WHERE r.node_id <> ${this.#options.nodeId}
      ), told AS (
        SELECT pg_notify('registration_taken', device_name || ' ' || node_id) FROM elsewhere
      ), taken AS (
        DELETE FROM registration r USING input i
        WHERE i.fresh AND r.device_id = i.device_id
          AND NOT EXISTS (SELECT 1 FROM input j WHERE j.device_id = r.device_id AND j.contact = r.contact)
          AND (r.directory_numbers && i.numbers OR r.directory_numbers = '{}' OR i.numbers = '{}')
      ), reported AS (
        UPDATE device d SET active_load = coalesce(nullif(i.active_load, ''), d.active_load),
               inactive_load = coalesce(nullif(i.inactive_load, ''), d.inactive_load),
               first_activated_at = coalesce(d.first_activated_at, now())
        FROM input i
        WHERE i.fresh AND d.id = i.device_id
          AND (d.first_activated_at IS NULL OR d.active_load <> coalesce(nullif(i.active_load, ''), d.active_load)
               OR d.inactive_load <> coalesce(nullif(i.inactive_load, ''), d.inactive_load))
      ), written AS (
        INSERT INTO registration (device_id, contact, node_id, device_name, directory_numbers, transport, source_address, source_port,
          local_port, edge, call_id, cseq, user_agent, active_load, inactive_load, instance, reachable, registered_at, refreshed_at, expires_at)
        SELECT device_id, contact, ${this.#options.nodeId}::uuid, device_name, numbers, transport, source_address, source_port, local_port,
          edge, call_id, cseq, user_agent, active_load, inactive_load, instance, reachable, now() - make_interval(secs => registered_ago),
          now() - make_interval(secs => refreshed_ago), now() + make_interval(secs => expires_in)
        FROM input
        ON CONFLICT (device_id, contact) DO UPDATE SET
          node_id = excluded.node_id, device_name = excluded.device_name, directory_numbers = excluded.directory_numbers,
          transport = excluded.transport, source_address = excluded.source_address, source_port = excluded.source_port,
          local_port = excluded.local_port, edge = excluded.edge, call_id = excluded.call_id, cseq = excluded.cseq, user_agent = excluded.user_agent,
          active_load = excluded.active_load, inactive_load = excluded.inactive_load, instance = excluded.instance, reachable = excluded.reachable,
          registered_at = excluded.registered_at, refreshed_at = excluded.refreshed_at, expires_at = excluded.expires_at
      )
      SELECT count(*) FROM told`.execute(this.#db);
  }

  async load(): Promise<readonly Binding[]> {
    const { rows } = await sql<{
      device_id: string;
      contact: string;
      device_name: string;
      directory_numbers: string[];
      transport: SipTransport;
      source_address: string;
      source_port: number;
      local_port: number;
      edge: string;
      call_id: string;
      cseq: string;
      user_agent: string;
      active_load: string;
      inactive_load: string;
      instance: string;
      registered_ago: number;
      refreshed_ago: number;
      expires_in: number;
    }>`
      SELECT r.device_id, r.contact, r.device_name, r.directory_numbers, r.transport, r.source_address, r.source_port, r.local_port, r.edge, r.call_id,
             r.cseq, r.user_agent, r.active_load, r.inactive_load, r.instance,
             extract(epoch FROM now() - r.registered_at)::float8 AS registered_ago,
             extract(epoch FROM now() - r.refreshed_at)::float8 AS refreshed_ago,
             extract(epoch FROM r.expires_at - now())::float8 AS expires_in
      FROM registration r
      JOIN device d ON d.id = r.device_id AND d.name = r.device_name AND d.enabled AND NOT d.requires_activation_code
      WHERE r.node_id = ${this.#options.nodeId} AND r.expires_at > now()`.execute(this.#db);
    const now = Date.now();
    return rows.map((row) => ({
      deviceId: row.device_id,
      deviceName: row.device_name,
      contact: row.contact,
      numbers: row.directory_numbers,
      flow: {
        transport: row.transport,
        address: row.source_address,
        port: row.source_port,
        targetPort: contactPort(row.contact, row.source_address) ?? row.source_port,
        localPort: row.local_port,
        connection: undefined,
        ...(row.edge !== '' && { edge: row.edge }),
      },
      callId: row.call_id,
      cseq: Number(row.cseq),
      instance: row.instance,
      userAgent: row.user_agent,
      activeLoad: row.active_load,
      inactiveLoad: row.inactive_load,
      registeredAt: Math.round(now - row.registered_ago * 1000),
      refreshedAt: Math.round(now - row.refreshed_ago * 1000),
      expiresAt: Math.round(now + row.expires_in * 1000),
    }));
  }

  async #sweep(): Promise<void> {
    await this.#db
      .deleteFrom('registration')
      .where('expires_at', '<', sql<Date>`now() - interval '5 minutes'`)
      .execute()
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'old registrations could not be swept'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweeper);
    clearTimeout(this.#timer);
    await this.flush().catch(() => {});
    // A failed flush arms the timer once more.
    clearTimeout(this.#timer);
  }
}

function keyOf(binding: Binding): string {
  return `${binding.deviceId} ${binding.contact}`;
}

function contactPort(contact: string, address: string): number | undefined {
  try {
    const uri = parseSipUri(contact);
    return uri.host.replace(/^\[|\]$/g, '') === address ? (uri.port ?? 5060) : undefined;
  } catch {
    return undefined;
  }
}
