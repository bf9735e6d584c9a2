import { hash as digest } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { checkpointBytes, eventHash, genesis } from '../../domain/audit/chain.ts';
import type { Log } from '../../kernel/log.ts';
import { type AuditRow, auditColumns, recordOf } from './audit-rows.ts';
import type { Database } from './schema.ts';

export interface CheckpointSigner {
  readonly keyId: string;
  /** Ed25519. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** One sealer at a time in the whole cluster holds this advisory lock. */
const sealerLock = sql`hashtextextended('firstring audit sealer', 0)`;

/**
 * Chains the committed rows that are not yet in the chain and signs its new end, in one transaction. The order is made here: a row whose
 * transaction was still open last time is simply found next time, whatever its ordinal. Returns how many; 0 also when another node seals.
 */
export async function sealPending(db: Kysely<Database>, signer: CheckpointSigner, atMost = 500): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const lock = await sql<{ held: boolean }>`select pg_try_advisory_xact_lock(${sealerLock}) as held`.execute(tx);
    if (!lock.rows[0]!.held) return 0;
    const pending = await sql<AuditRow>`
      select ${auditColumns} from audit_event where seq is null order by ordinal limit ${atMost}`.execute(tx);
    if (pending.rows.length === 0) return 0;
    const end = await sql<{ seq: string; hash: Buffer }>`
      select seq, hash from audit_event where seq is not null order by seq desc limit 1`.execute(tx);
    let seq = Number(end.rows[0]?.seq ?? 0);
    let hash: Uint8Array = end.rows[0]?.hash ?? genesis;
    const ids: string[] = [];
    const seqs: number[] = [];
    const prevs: Buffer[] = [];
    const hashes: Buffer[] = [];
    for (const row of pending.rows) {
      seq++;
      prevs.push(Buffer.from(hash));
      hash = eventHash(recordOf(row), seq, hash, (bytes) => digest('sha256', bytes, 'buffer'));
      ids.push(row.id);
      seqs.push(seq);
      hashes.push(Buffer.from(hash));
    }
    await sql`
      update audit_event e set seq = n.seq, prev_hash = n.prev_hash, hash = n.hash
      from unnest(${ids}::uuid[], ${seqs}::bigint[], ${prevs}::bytea[], ${hashes}::bytea[]) as n(id, seq, prev_hash, hash)
      where e.id = n.id`.execute(tx);
    const signature = Buffer.from(signer.sign(checkpointBytes(seq, hash)));
    await tx
      .insertInto('audit_checkpoint')
      .values({ seq, hash: Buffer.from(hash), signature, key_id: signer.keyId })
      .execute();
    return ids.length;
  });
}

export interface AuditSealerOptions {
  readonly db: Kysely<Database>;
  readonly signer: CheckpointSigner;
  readonly log: Log;
  /** How long it rests when there was nothing to do, in ms. */
  readonly pauseMs?: number;
}

/** Seals within a second, as long as the database answers, and once more when it is disposed of. */
export function startAuditSealer({ db, signer, log, pauseMs = 500 }: AuditSealerOptions): AsyncDisposable {
  let stopped = false;
  let wake = () => {};
  let failing = false;
  const turn = async (): Promise<boolean> => {
    try {
      const sealed = await sealPending(db, signer);
      if (failing) log.info({}, 'the audit log is being sealed again');
      failing = false;
      return sealed > 0;
    } catch (error) {
      if (!failing) log.error({ err: error }, 'the audit log cannot be sealed; its rows wait');
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
    async [Symbol.asyncDispose]() {
      stopped = true;
      wake();
      await running;
    },
  };
}
