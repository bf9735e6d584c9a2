import { hash as digest } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import { AuditAlarm } from '../../domain/audit/audit-alarm.ts';
import { checkpointBytes, eventHash, genesis } from '../../domain/audit/chain.ts';
import type { KeptHead, Watermark } from '../../domain/audit/head-line.ts';
import type { Log } from '../../kernel/log.ts';
import { type AuditRow, auditColumns, recordOf } from './audit-rows.ts';
import type { Database } from './schema.ts';

export interface CheckpointSigner {
  readonly keyId: string;
  /** Ed25519. */
  sign(bytes: Uint8Array): Uint8Array;
  verifies(bytes: Uint8Array, signature: Uint8Array): boolean;
}

export interface NewHead extends KeptHead {
  readonly kind: 'sealed' | 'seen';
  /** With a head after which nothing waited. */
  readonly complete?: Watermark | undefined;
}

/** Where heads are kept outside of the table's reach. */
export interface HeadKeeper {
  /** The head that was written down last; undefined: none yet. */
  readonly last: KeptHead | undefined;
  readonly watermark: Watermark | undefined;
  /** Why what was written down can no longer be relied upon. */
  readonly broken: string | undefined;
  /** Resolves once it is on the disk. */
  keep(head: NewHead): Promise<void>;
  /** Nothing waits, and this much has been seen. Held in memory only. */
  passed(complete: Watermark): void;
}

/** One sealer at a time in the whole cluster holds this advisory lock. */
const sealerLock = sql`hashtextextended('firstring audit sealer', 0)`;

export interface SealOptions {
  readonly heads?: HeadKeeper | undefined;
  /** Rows at once. Default 500. */
  readonly atMost?: number;
  readonly onSealed?: (head: SealedHead) => void;
}

export interface SealedHead extends KeptHead {
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/**
 * Chains the committed rows that are not yet in the chain and signs its new end, in one transaction. The order is made here: a row whose
 * transaction was still open last time is simply found next time, whatever its ordinal. Returns how many; 0 also when another node seals.
 * Throws AuditAlarm, and seals nothing, when the table is not a continuation of what was seen of it before.
 */
export async function sealPending(
  db: Kysely<Database>,
  signer: CheckpointSigner,
  { heads, atMost = 500, onSealed }: SealOptions = {},
): Promise<number> {
  const turn = await db.transaction().execute(async (tx) => {
    const lock = await sql<{ held: boolean }>`select pg_try_advisory_xact_lock(${sealerLock}) as held`.execute(tx);
    if (!lock.rows[0]!.held) return undefined;
    const state = await look(tx, heads, atMost);
    refuseForgery(state, signer, heads);
    const { head } = state;
    // What another node sealed, or what this one could not write down: before anything is built upon it.
    if (head !== undefined && head.seq !== heads?.last?.seq)
      await heads?.keep({ kind: 'seen', seq: head.seq, hash: head.hash.toString('hex') });
    return state.pending.length === 0 ? { state } : { state, sealed: await seal(tx, signer, state) };
  });
  if (turn === undefined) return 0;
  const { state, sealed } = turn;
  const known = heads?.watermark?.ordinal ?? 0;
  const ordinal = state.pending.reduce((most, row) => Math.max(most, Number(row.ordinal)), known);
  const complete = state.pending.length < atMost ? { snapshot: state.snapshot, ordinal } : undefined;
  if (sealed !== undefined) {
    await heads?.keep({ kind: 'sealed', seq: sealed.seq, hash: sealed.hash, complete });
    onSealed?.(sealed);
    return state.pending.length;
  }
  if (complete !== undefined) heads?.passed(complete);
  return 0;
}

interface PendingRow extends AuditRow {
  /** It was committed when everything committed had been sealed. */
  readonly late: boolean;
}

interface State {
  readonly snapshot: string;
  readonly pending: readonly PendingRow[];
  readonly head: { readonly seq: number; readonly hash: Buffer } | undefined;
  /** Of the head; undefined: there is none. */
  readonly checkpoint: { readonly hash: Buffer; readonly signature: Buffer; readonly keyId: string } | undefined;
  /** What stands where the last written head was. */
  readonly atLast: Buffer | undefined;
}

async function look(tx: Transaction<Database>, heads: HeadKeeper | undefined, atMost: number): Promise<State> {
  const mark = heads?.watermark;
  const late =
    mark === undefined
      ? sql`false`
      : sql`(ordinal <= ${mark.ordinal} and coalesce(pg_visible_in_snapshot(transaction, ${mark.snapshot}::pg_snapshot), true))`;
  // One statement, one snapshot: what it does not find waiting was not committed when it ran.
  const found = await sql<PendingRow & { snapshot: string }>`
    select pg_current_snapshot()::text as snapshot, e.* from (select 1) as one left join lateral (
      select ${auditColumns}, ${late} as late from audit_event where seq is null order by ordinal limit ${atMost}) as e on true`.execute(
    tx,
  );
  const end = await sql<{
    seq: string;
    hash: Buffer;
    signed: Buffer | null;
    signature: Buffer;
    key_id: string;
  }>`
    select e.seq, e.hash, c.hash as signed, c.signature, c.key_id from audit_event e left join audit_checkpoint c on c.seq = e.seq
    where e.seq is not null order by e.seq desc limit 1`.execute(tx);
  const [head] = end.rows;
  const { last } = heads ?? {};
  const kept =
    last === undefined
      ? []
      : (await sql<{ hash: Buffer }>`select hash from audit_event where seq = ${last.seq}`.execute(tx)).rows;
  return {
    snapshot: found.rows[0]!.snapshot,
    pending: found.rows.filter((row) => row.id !== null),
    head: head === undefined ? undefined : { seq: Number(head.seq), hash: head.hash },
    checkpoint:
      head === undefined || head.signed === null
        ? undefined
        : { hash: head.signed, signature: head.signature, keyId: head.key_id },
    atLast: kept[0]?.hash,
  };
}

function refuseForgery(state: State, signer: CheckpointSigner, heads: HeadKeeper | undefined): void {
  if (heads?.broken !== undefined) throw new AuditAlarm('audit_heads_changed', heads.broken);
  const { head, checkpoint } = state;
  const { last } = heads ?? {};
  if (last !== undefined && last.seq > 0 && state.atLast?.toString('hex') !== last.hash)
    throw new AuditAlarm(
      'audit_chain_rewritten',
      state.atLast === undefined
        ? `the audit log had event ${last.seq} and now ends at event ${head?.seq ?? 0}`
        : `event ${last.seq} of the audit log is not the one that was sealed there`,
    );
  if (head !== undefined) {
    const signed =
      checkpoint !== undefined &&
      checkpoint.keyId === signer.keyId &&
      checkpoint.hash.equals(head.hash) &&
      signer.verifies(checkpointBytes(head.seq, head.hash), checkpoint.signature);
    if (!signed)
      throw new AuditAlarm(
        'audit_head_unsigned',
        `the audit log ends at event ${head.seq}, which this cluster did not sign`,
      );
  }
  const late = state.pending.find((row) => row.late);
  if (late !== undefined)
    throw new AuditAlarm(
      'audit_row_slipped_in',
      `an audit row (${late.action} by ${late.actor} at ${late.at_text}) is not in the chain, although everything of its time had been sealed`,
    );
}

async function seal(tx: Transaction<Database>, signer: CheckpointSigner, state: State): Promise<SealedHead> {
  const after = state.head?.seq ?? 0;
  let seq = after;
  let hash: Uint8Array = state.head?.hash ?? genesis;
  const ids: string[] = [];
  const prevs: Buffer[] = [];
  const hashes: Buffer[] = [];
  for (const row of state.pending) {
    seq++;
    prevs.push(Buffer.from(hash));
    hash = eventHash(recordOf(row), seq, hash, (bytes) => digest('sha256', bytes, 'buffer'));
    ids.push(row.id);
    hashes.push(Buffer.from(hash));
  }
  const signature = Buffer.from(signer.sign(checkpointBytes(seq, hash)));
  await sql`
    select seal_audit_events(${after}, ${ids}::uuid[], ${prevs}::bytea[], ${hashes}::bytea[], ${signature}, ${signer.keyId})`.execute(
    tx,
  );
  return { seq, hash: Buffer.from(hash).toString('hex'), keyId: signer.keyId, signature };
}

export interface AuditSealerOptions {
  readonly db: Kysely<Database>;
  readonly signer: CheckpointSigner;
  readonly log: Log;
  readonly heads?: HeadKeeper | undefined;
  readonly onSealed?: (head: SealedHead) => void;
  /** Called when sealing stops because of an alarm, and with undefined when it goes on. */
  readonly onAlarm?: (alarm: AuditAlarm | undefined) => void;
  /** How long it rests when there was nothing to do, in ms. */
  readonly pauseMs?: number;
}

export interface RunningAuditSealer extends AsyncDisposable {
  /** Why nothing is sealed. */
  readonly alarm: AuditAlarm | undefined;
}

/** Seals within a second, as long as the database answers, and once more when it is disposed of. */
export function startAuditSealer(options: AuditSealerOptions): RunningAuditSealer {
  const { db, signer, log, heads, onSealed, onAlarm, pauseMs = 500 } = options;
  let stopped = false;
  let wake = () => {};
  let failing = false;
  let alarm: AuditAlarm | undefined;
  const raise = (found: AuditAlarm | undefined) => {
    if (found?.message === alarm?.message) return;
    alarm = found;
    onAlarm?.(found);
    if (found !== undefined)
      log.error(
        { code: found.code, remedy: found.remedy },
        `ALARM: nothing of the audit log is sealed or signed any more: ${found.message}`,
      );
  };
  const turn = async (): Promise<boolean> => {
    try {
      const sealed = await sealPending(db, signer, { heads, ...(onSealed === undefined ? {} : { onSealed }) });
      raise(undefined);
      if (failing) log.info({}, 'the audit log is being sealed again');
      failing = false;
      return sealed > 0;
    } catch (error) {
      if (error instanceof AuditAlarm) raise(error);
      else if (!failing) log.error({ err: error }, 'the audit log cannot be sealed; its rows wait');
      failing = true;
      return false;
    }
  };
  const running = (async () => {
    while (!stopped) {
      if (await turn()) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, failing ? pauseMs * 4 : pauseMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (stopped) wake();
      });
    }
    await turn();
  })();
  return {
    get alarm() {
      return alarm;
    },
    async [Symbol.asyncDispose]() {
      stopped = true;
      wake();
      await running;
    },
  };
}
