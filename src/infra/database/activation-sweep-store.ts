import { type Kysely, sql } from 'kysely';
import { limits } from '../../domain/activation/handshake.ts';
import type { CodeState, SweepStore, SweptCode } from '../../domain/activation/ports.ts';
import type { Locator } from '../../identifiers/activation-code.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';

/** The clockwork of codes. Rows another node works on are skipped: it does them. */
export function activationSweepStore(db: Kysely<Database>): SweepStore {
  return {
    async endOverdue(tx, graceSeconds, limit): Promise<readonly SweptCode[]> {
      const { rows } = await sql<SweptRow>`
        with due as (
          select id, expires_at > now() - make_interval(secs => ${graceSeconds}) as exhausted
          from activation_code
          where state = 'active'
            and (expires_at <= now() - make_interval(secs => ${graceSeconds})
                 -- All evaluations charged, some never settled because a process died: nobody can use it any more. Not while a proof may be
                 -- in flight: it may be right, and is given back then.
                 or (evaluations >= ${sql.lit(limits.perCode)}
                     and not exists (select from activation a where a.code_id = activation_code.id)
                     and not exists (select from activation_evaluation e where e.code_id = activation_code.id
                                       and e.charged_at > now() - make_interval(secs => ${graceSeconds}))))
          order by expires_at limit ${limit} for update skip locked
        ), ended as (
          update activation_code c set
            state = case when due.exhausted then 'locked' else 'expired' end,
            code_sealed = null,
            ended_at = now()
          from due where c.id = due.id
          returning c.id, c.device_id, c.device_name, c.locator, c.via_mra, c.state
        ), audited as (
          insert into audit_event (actor, action, object_kind, object_id, object_name)
          select 'system', 'activation-code.' || state, 'activation-code', id::text, device_name from ended
        )
        select * from ended`.execute(inTransaction(db, tx));
      return rows.map((row) => ({
        id: row.id,
        deviceId: row.device_id ?? undefined,
        deviceName: row.device_name,
        locator: row.locator as Locator,
        viaMra: row.via_mra,
        was: 'active' as CodeState,
        became: row.state,
      }));
    },

    async forgetFailedProofs(tx, limit) {
      const { rows } = await sql`
        delete from mic_failed_proof m using (
          select mic_sha256 from mic_failed_proof
          where coalesce(charged_at[cardinality(charged_at)], '-infinity') <= now() - interval '24 hours'
            and coalesce(told_at, '-infinity') <= now() - interval '24 hours'
          limit ${limit} for update skip locked
        ) as old where m.mic_sha256 = old.mic_sha256 returning 1`.execute(inTransaction(db, tx));
      return rows.length;
    },

    async free(tx, quarantineDays, limit) {
      const handle = inTransaction(db, tx);
      const { rows } = await sql<{ id: string }>`
        select id from activation_code
        where state not in ('draft', 'active', 'free')
          and coalesce(ended_at, consumed_at) <= now() - make_interval(days => ${quarantineDays})
        order by ended_at limit ${limit} for update skip locked`.execute(handle);
      const ids = rows.map(({ id }) => id);
      if (ids.length === 0) return 0;
      await sql`update activation_code set state = 'released', ended_at = coalesce(ended_at, now())
                where id = any(${ids}::uuid[]) and state <> 'released'`.execute(handle);
      await sql`with freed as (
                  update activation_code set state = 'free', salt_sealed = null, verifier_sealed = null, code_sealed = null
                  where id = any(${ids}::uuid[]) returning id, device_name
                )
                insert into audit_event (actor, action, object_kind, object_id, object_name)
                select 'system', 'activation-code.freed', 'activation-code', id::text, device_name from freed`.execute(
        handle,
      );
      return ids.length;
    },
  };
}

interface SweptRow {
  readonly id: string;
  readonly device_id: string | null;
  readonly device_name: string;
  readonly locator: string;
  readonly via_mra: boolean;
  readonly state: 'expired' | 'locked';
}
