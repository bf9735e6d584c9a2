import { type Kysely, sql } from 'kysely';
import type { ClaimOutcome, IdempotencyStore } from '../../domain/idempotency/ports.ts';
import { Fault } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';
import { inTransaction } from './connect.ts';

/** How long a claim stays somebody's without a sign of life, in seconds. */
const lease = 20;
/** A claim that was given up between two statements is looked for again. */
const tries = 5;
/** Names of what a transaction did, at most. */
const mostNamed = 20;

interface KeptRow {
  readonly id: string;
  readonly fingerprint: Buffer | null;
  readonly answer_sealed: Buffer | null;
  readonly last_change: number;
  readonly made: readonly unknown[];
  readonly lives: boolean;
}

/**
 * Requests with an Idempotency-Key, in the cluster's database and in the cloud's. `holder`: this process. `unsealed`: where audit rows wait to be
 * sealed, only these are looked through.
 */
export function idempotencyStore<Tables>(
  db: Kysely<Tables>,
  holder: string,
  { unsealed }: { readonly unsealed: boolean } = { unsealed: true },
): IdempotencyStore {
  return {
    async claim({ caller, key, route, fingerprint }): Promise<ClaimOutcome> {
      const print = fingerprint === undefined ? null : Buffer.from(fingerprint);
      await sql`delete from kept_request where caller = ${caller} and key = ${key}
                and created_at < now() - interval '24 hours' and lease_until < now()`.execute(db);
      for (let attempt = 1; attempt <= tries; attempt++) {
        const { rows } = await sql<{ id: string }>`
          insert into kept_request (caller, key, route, fingerprint, holder, lease_until)
          values (${caller}, ${key}, ${route}, ${print}, ${holder}, now() + make_interval(secs => ${lease}))
          on conflict (caller, key) do nothing returning id`.execute(db);
        if (rows[0] !== undefined) return { kind: 'taken', id: rows[0].id };
        const found = await sql<KeptRow>`
          select id, fingerprint, answer_sealed, last_change, made, lease_until >= now() as lives
          from kept_request where caller = ${caller} and key = ${key}`.execute(db);
        const row = found.rows[0];
        if (row === undefined) continue;
        const kept = row.fingerprint ?? undefined;
        if (row.answer_sealed !== null)
          return { kind: 'answered', id: row.id, fingerprint: kept, sealed: row.answer_sealed };
        if (row.lives) return { kind: 'in-progress', fingerprint: kept };
        if (row.last_change > 0) return { kind: 'unanswered', fingerprint: kept, made: row.made };
        // Waits for a commit of the holder before that may still be under way; if it comes, there is nothing to take over.
        const taken = await sql<{ id: string }>`
          update kept_request set holder = ${holder}, fingerprint = ${print}, route = ${route}, lease_until = now() + make_interval(secs => ${lease})
          where id = ${row.id} and lease_until < now() and last_change = 0 and answer_sealed is null returning id`.execute(
          db,
        );
        if (taken.rows[0] !== undefined) return { kind: 'taken', id: row.id };
      }
      throw new Fault('ours', say('database_unavailable.key_changing'));
    },

    async noteChange(tx, id, n) {
      const { numAffectedRows } = await sql`
        update kept_request set last_change = ${n}, made = made || coalesce((
          select jsonb_agg(jsonb_build_object('action', action, 'kind', object_kind, 'id', object_id, 'name', object_name) order by ordinal)
          from (select * from audit_event
                where ${unsealed ? sql`seq is null` : sql`ordinal > (select coalesce(max(ordinal), 0) - 1000 from audit_event)`} and xmin = pg_current_xact_id()::xid
                order by ordinal limit ${mostNamed}) as done), '[]')
        where id = ${id} and holder = ${holder} and answer_sealed is null`.execute(inTransaction(db, tx));
      return numAffectedRows === 1n;
    },

    async lastChange(id) {
      const { rows } = await sql<{
        last_change: number;
      }>`select last_change from kept_request where id = ${id}`.execute(db);
      return rows[0]?.last_change ?? 0;
    },

    async answer(id, fingerprint, sealed) {
      await sql`update kept_request set fingerprint = ${Buffer.from(fingerprint)}, answer_sealed = ${Buffer.from(sealed)}
                where id = ${id} and holder = ${holder} and answer_sealed is null`.execute(db);
    },

    async drop(id) {
      await sql`delete from kept_request where id = ${id} and holder = ${holder} and last_change = 0 and answer_sealed is null`.execute(
        db,
      );
    },

    async renew(ids) {
      await sql`update kept_request set lease_until = now() + make_interval(secs => ${lease})
                where id = any(${[...ids]}::uuid[]) and holder = ${holder}`.execute(db);
    },

    async sweep() {
      const { numAffectedRows } = await sql`
        delete from kept_request where created_at < now() - interval '24 hours' and lease_until < now()`.execute(db);
      return Number(numAffectedRows ?? 0n);
    },
  };
}
