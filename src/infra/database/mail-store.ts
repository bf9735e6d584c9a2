import { type Kysely, sql } from 'kysely';
import type {
  ClaimedMessage,
  MailCandidate,
  MailRecord,
  MailState,
  MailStore,
  Settlement,
} from '../../domain/mail/ports.ts';
import type { DeviceName } from '../../identifiers/device-name.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';

/** The job that sends what is due. */
export const sendMailJob = 'send-mail';

const failuresShown = 20;

/** Messages in `mail_message`. Every instant is the database's own. */
export function mailStore(db: Kysely<Database>, node: string): MailStore {
  /** Wakes a node at that time; one wake-up per key is enough. */
  const wake = (on: Kysely<Database>, key: string, inMs: number) =>
    sql`select graphile_worker.add_job(${sendMailJob}, '{}'::json, job_key => ${key},
          run_at => now() + ${inMs} * interval '1 millisecond')`.execute(on);

  return {
    async candidates(tx, names) {
      const { rows } = await sql<CandidateRow>`
        select d.id, d.name, c.id as code_id, u.id as owner_id, u.user_id, u.mail,
               d.owner_unconfirmed or u.access_unconfirmed as withheld,
               (select count(*)::int from mail_message m
                where m.device_id = d.id and m.state = 'sent' and m.ended_at > now() - interval '1 hour') as sent_lately
        from device d
        left join activation_code c on c.device_id = d.id and c.state = 'active' and c.expires_at > now()
        left join end_user u on u.id = d.owner_user_id
        where d.name = any(${[...names]})`.execute(inTransaction(db, tx));
      return rows.map(candidateOf);
    },

    async queue(tx, candidate, requestedBy) {
      const on = inTransaction(db, tx);
      const { rows } = await sql<{ isNew: boolean }>`
        insert into mail_message (device_id, device_name, code_id, user_id, requested_by)
        values (${candidate.deviceId}, ${candidate.deviceName}, ${candidate.codeId}, ${candidate.owner!.id}, ${requestedBy})
        on conflict (code_id) where state in ('queued', 'sending') do update set
          user_id = excluded.user_id,
          due_at = case when mail_message.state = 'queued' then now() else mail_message.due_at end
        returning (xmax = 0) as "isNew"`.execute(on);
      await wake(on, sendMailJob, 0);
      return rows[0]!.isNew;
    },

    async newest(deviceId) {
      const { rows } = await sql<RecordRow>`
        ${selectRecords} where m.device_id = ${deviceId} order by m.queued_at desc, m.id limit 1`.execute(db);
      return rows[0] && recordOf(rows[0]);
    },

    async claim(tx, leaseMs, timeLimitHours) {
      const { rows } = await sql<ClaimedRow>`
        with due as (
          select id from mail_message where state in ('queued', 'sending') and due_at <= now()
          order by queued_at, id limit 1 for update skip locked
        ), taken as (
          update mail_message m set state = 'sending', attempts = m.attempts + 1, node = ${node},
            due_at = now() + ${leaseMs} * interval '1 millisecond'
          from due where m.id = due.id returning m.*
        )
        select t.id, t.attempts, t.requested_by, t.queued_at + ${timeLimitHours} * interval '1 hour' <= now() as overdue,
               d.id as device_id, coalesce(d.name, t.device_name) as device_name, d.model, d.description, p.olson_time_zone,
               case when c.state = 'active' and c.expires_at > now() and c.device_id = d.id then 'live'
                    when c.state in ('consumed', 'confirmed') then 'used'
                    when c.state = 'expired' or (c.state = 'active' and c.expires_at <= now()) then 'expired'
                    else 'ended' end as code_state,
               c.locator, c.code_sealed, c.expires_at, c.via_mra, u.mail, u.locale,
               d.owner_unconfirmed or u.access_unconfirmed as withheld
        from taken t
        join activation_code c on c.id = t.code_id
        left join device d on d.id = t.device_id
        left join device_pool p on p.id = d.device_pool_id
        left join end_user u on u.id = t.user_id and u.id = d.owner_user_id`.execute(inTransaction(db, tx));
      return rows[0] && claimedOf(rows[0]);
    },

    async settle(tx, message, settlement) {
      const on = inTransaction(db, tx);
      const { numUpdatedRows } = await on
        .updateTable('mail_message')
        .set(changeOf(settlement))
        .where('id', '=', message.id)
        .where('state', '=', 'sending')
        .where('attempts', '=', message.attempts)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      if (settlement.state === 'queued') await wake(on, `${sendMailJob} ${message.id}`, settlement.again);
      return true;
    },

    async overview() {
      const { rows } = await sql<OverviewRow>`
        select (select count(*)::int from mail_message where state in ('queued', 'sending')) as queued,
               (select min(queued_at) from mail_message where state in ('queued', 'sending')) as oldest,
               (select count(*)::int from mail_message where state = 'sent' and ended_at > now() - interval '1 day') as sent,
               (select count(*)::int from mail_message where state = 'failed' and ended_at > now() - interval '1 day') as failed
        `.execute(db);
      const failures = await sql<RecordRow>`
        ${selectRecords} where m.state = 'failed' order by m.ended_at desc limit ${failuresShown}`.execute(db);
      const { queued, oldest, sent, failed } = rows[0]!;
      return {
        queued,
        sentLastDay: sent,
        failedLastDay: failed,
        oldestQueuedAt: oldest ?? undefined,
        failures: failures.rows.map(recordOf),
      };
    },

    async forget(days) {
      const { numAffectedRows } = await sql`
        delete from mail_message where ended_at < now() - ${days} * interval '1 day'`.execute(db);
      return Number(numAffectedRows ?? 0n);
    },
  };
}

/** A message that waits for a code that is gone reads as what the next look at it will make of it. */
const selectRecords = sql`
  select m.id, coalesce(d.name, m.device_name) as device_name, m.recipient, m.contains_code, m.attempts, m.server_said, m.requested_by, m.queued_at, m.due_at, m.ended_at,
         case when gone.reason is null then m.state else 'cancelled' end as state,
         coalesce(gone.reason, m.reason) as reason
  from mail_message m
  join activation_code c on c.id = m.code_id
  left join device d on d.id = m.device_id
  left join lateral (
    select case when c.state in ('consumed', 'confirmed') then 'mail_code_used'
                when c.state = 'expired' or (c.state = 'active' and c.expires_at <= now()) then 'mail_code_expired'
                when c.state <> 'active' then 'mail_code_ended' end as reason
    where m.state = 'queued'
  ) gone on true`;

interface CandidateRow {
  readonly id: string;
  readonly name: string;
  readonly code_id: string | null;
  readonly owner_id: string | null;
  readonly user_id: string | null;
  readonly mail: string | null;
  readonly withheld: boolean | null;
  readonly sent_lately: number;
}

interface RecordRow {
  readonly id: string;
  readonly device_name: string;
  readonly state: MailState;
  readonly recipient: string;
  readonly contains_code: boolean | null;
  readonly attempts: number;
  readonly reason: string;
  readonly server_said: string;
  readonly requested_by: string;
  readonly queued_at: Date;
  readonly due_at: Date;
  readonly ended_at: Date | null;
}

interface ClaimedRow {
  readonly id: string;
  readonly attempts: number;
  readonly requested_by: string;
  readonly overdue: boolean;
  readonly device_id: string | null;
  readonly device_name: string;
  readonly model: string | null;
  readonly description: string | null;
  readonly olson_time_zone: string | null;
  readonly code_state: 'live' | 'used' | 'ended' | 'expired';
  readonly locator: string | null;
  readonly code_sealed: Buffer | null;
  readonly expires_at: Date;
  readonly via_mra: boolean;
  readonly mail: string | null;
  readonly locale: string | null;
  readonly withheld: boolean | null;
}

interface OverviewRow {
  readonly queued: number;
  readonly oldest: Date | null;
  readonly sent: number;
  readonly failed: number;
}

function candidateOf(row: CandidateRow): MailCandidate {
  return {
    deviceId: row.id,
    deviceName: row.name as DeviceName,
    codeId: row.code_id ?? undefined,
    owner:
      row.owner_id === null
        ? undefined
        : { id: row.owner_id, userId: row.user_id!, mail: row.mail!, withheld: row.withheld === true },
    sentLately: row.sent_lately,
  };
}

function recordOf(row: RecordRow): MailRecord {
  return {
    id: row.id,
    deviceName: row.device_name,
    state: row.state,
    recipient: row.recipient,
    containsCode: row.contains_code ?? undefined,
    attempts: row.attempts,
    reason: row.reason,
    serverSaid: row.server_said,
    requestedBy: row.requested_by,
    queuedAt: row.queued_at,
    dueAt: row.due_at,
    endedAt: row.ended_at ?? undefined,
  };
}

function claimedOf(row: ClaimedRow): ClaimedMessage {
  return {
    id: row.id,
    attempts: row.attempts,
    requestedBy: row.requested_by,
    overdue: row.overdue,
    deviceId: row.device_id ?? undefined,
    deviceName: row.device_name,
    code: {
      state: row.code_state,
      locator: row.locator ?? '',
      sealed: row.code_sealed ?? undefined,
      expiresAt: row.expires_at,
      viaMra: row.via_mra,
    },
    phone:
      row.model === null
        ? undefined
        : { model: row.model, description: row.description!, timeZone: row.olson_time_zone! },
    owner: row.mail === null ? undefined : { mail: row.mail, locale: row.locale!, withheld: row.withheld === true },
  };
}

function changeOf(settlement: Settlement) {
  const { state, serverSaid: server_said } = settlement;
  const now = sql<Date>`now()`;
  switch (settlement.state) {
    case 'sent':
      return {
        state,
        server_said,
        reason: '',
        recipient: settlement.recipient,
        contains_code: settlement.containsCode,
        ended_at: now,
      };
    case 'queued':
      return {
        state,
        server_said,
        reason: settlement.reason,
        due_at: sql<Date>`now() + ${settlement.again} * interval '1 millisecond'`,
      };
    default:
      return { state, server_said, reason: settlement.reason, ended_at: now };
  }
}
