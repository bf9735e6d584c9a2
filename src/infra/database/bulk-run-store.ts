import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import type { FilledColumn } from '../../domain/bulk/columns.ts';
import type { BulkJob } from '../../domain/bulk/job.ts';
import { type BulkRunStore, LostJob, type TakenJob } from '../../domain/bulk/ports.ts';
import type { RowError } from '../../domain/bulk/row-error.ts';
import { copyRows } from './bulk-copy-rows.ts';
import { type JobRead, jobColumns, jobOf, type RowRead, rowColumns, rowOf } from './bulk-rows.ts';
import { inTransaction, shortPatience } from './connect.ts';
import type { Database } from './schema.ts';

/** Whoever holds this advisory lock, on a connection of its own, runs a job; nobody else in the cluster does. */
const turn = `hashtextextended('firstring bulk job', 0)`;

const due = sql`state = 'processing' or (state = 'pending' and (run_at is null or run_at <= now()))`;

/** Running jobs over `db`; `url` is for the connection that holds the turn. */
export function bulkRunStore(db: Kysely<Database>, url: string): BulkRunStore {
  const reread = async (id: number) => {
    const { rows } = await sql<JobRead>`select ${jobColumns} from bulk_job j where j.id = ${id}`.execute(db);
    if (rows[0] === undefined) throw new LostJob('the job is gone');
    return jobOf(rows[0]);
  };

  return {
    async take(node): Promise<TakenJob | undefined> {
      const waiting = await sql`select 1 from bulk_job where ${due} limit 1`.execute(db);
      if (waiting.rows.length === 0) return undefined;
      const client = new pg.Client({
        connectionString: url,
        ...shortPatience,
        application_name: 'firstring bulk job',
      });
      const lost = new AbortController();
      client.on('error', () => lost.abort());
      client.on('end', () => lost.abort());
      const end = () => client.end().catch(() => {});
      try {
        await client.connect();
        const { rows } = await client.query<{ held: boolean }>(`select pg_try_advisory_lock(${turn}) as held`);
        // A node that was killed leaves the turn with its connection; a job it left behind is taken on, epoch by epoch.
        const taken =
          rows[0]?.held === true
            ? await sql<{ id: number }>`
                update bulk_job set state = 'processing', epoch = epoch + 1, node = ${node}, started_at = coalesce(started_at, now()),
                  phase = case phase when 'waiting' then 'reading' else phase end
                where id = (select id from bulk_job where ${due} order by state = 'processing' desc, id limit 1 for update skip locked)
                returning id`.execute(db)
            : undefined;
        const id = taken?.rows[0]?.id;
        if (id === undefined) {
          await end();
          return undefined;
        }
        return { job: await reread(id), signal: lost.signal, [Symbol.asyncDispose]: end };
      } catch (error) {
        await end();
        throw error;
      }
    },

    async readRows(tx, job) {
      const on = inTransaction(db, tx);
      await sql`delete from bulk_job_row where job_id = ${job.id}`.execute(on);
      await copyRows(on, job);
      const { rows } = await sql<{ count: number }>`
        select count(*)::integer as count from bulk_job_row where job_id = ${job.id}`.execute(on);
      const read = await sql<{ columns: FilledColumn[]; notes: RowError[] }>`
        select columns, notes from bulk_job where id = ${job.id}`.execute(on);
      // The planner must not think of the table as it was before.
      await sql`select analyze_bulk_job_rows()`.execute(on);
      const { columns, notes } = read.rows[0]!;
      return { total: rows[0]!.count, columns, notes };
    },

    async rows(job, state, { limit, after }) {
      const { rows } = await sql<RowRead>`
        select ${rowColumns} from bulk_job_row r where r.job_id = ${job.id} and r.state = ${state} and r.line > ${after}
        order by r.line limit ${limit}`.execute(db);
      return rows.map(rowOf);
    },

    async saveChecked(tx, job, checked) {
      await sql`
        update bulk_job_row r set state = n.state, key = n.key, needs_code = n."needsCode", action = n.action,
          errors = case when jsonb_array_length(n.errors) = 0 then null else n.errors end,
          notes = case when jsonb_array_length(n.notes) = 0 then null else n.notes end
        from jsonb_to_recordset(${JSON.stringify(checked)}::jsonb)
          as n(line integer, state text, key text, "needsCode" boolean, action text, errors jsonb, notes jsonb)
        where r.job_id = ${job.id} and r.line = n.line and r.state = 'waiting'`.execute(inTransaction(db, tx));
    },

    async refuseDuplicates(tx, job) {
      const heading = job.columns.find(({ field }) => field === 'mac' || field === 'name')?.heading ?? null;
      const { numAffectedRows } = await sql`
        with same as materialized (
          select key, min(line) as first from bulk_job_row
          where job_id = ${job.id} and key is not null group by key having count(*) > 1
        )
        update bulk_job_row r set state = 'failed', action = null, notes = null, errors = jsonb_build_array(jsonb_build_object(
          'column', ${heading}::text, 'code', 'duplicate_in_file', 'value', r.key,
          'message', 'Line ' || same.first || ' names ' || r.key || ' already.', 'remedy', 'Take one of the two rows out.',
          'text', 'duplicate_in_file', 'values', jsonb_build_object('line', same.first, 'value', r.key)))
        from same where r.job_id = ${job.id} and r.key = same.key and r.line <> same.first and r.state = 'ready'`.execute(
        inTransaction(db, tx),
      );
      return Number(numAffectedRows ?? 0n);
    },

    async rowsWithError(job, code) {
      const { rows } = await sql<{ count: number }>`
        select count(*)::integer as count from bulk_job_row
        where job_id = ${job.id} and state = 'failed' and errors @> ${JSON.stringify([{ code }])}::jsonb`.execute(db);
      return rows[0]!.count;
    },

    async saveWorked(tx, job, worked) {
      const { numAffectedRows } = await sql`
        update bulk_job_row r set state = n.state, action = n.action, device_id = n."deviceId", device_name = n."deviceName",
          errors = n.errors, changes = n.changes, before = n.before,
          version_after = coalesce(n."versionAfter", (select d.version from device d where d.id = n."deviceId")), code_id = nullif(n."codeId", '')::uuid,
          made_lines = case when n."madeLines" is null then null else array(select jsonb_array_elements_text(n."madeLines"))::uuid[] end
        from jsonb_to_recordset(${JSON.stringify(worked)}::jsonb) as n(line integer, state text, action text, "deviceId" uuid, "deviceName" text,
          errors jsonb, changes jsonb, before jsonb, "versionAfter" integer, "codeId" text, "madeLines" jsonb)
        where r.job_id = ${job.id} and r.line = n.line and r.state = 'ready'`.execute(inTransaction(db, tx));
      // A row that is not ready any more was done by somebody else: all of this is taken back.
      if (Number(numAffectedRows ?? 0n) !== worked.length) throw new LostJob('rows were done by another node');
    },

    async advance(tx, job, change) {
      const { phase, total, rate, notes } = change;
      const { rows } = await sql<{ stop_requested: boolean }>`
        update bulk_job set
          phase = coalesce(${phase ?? null}::text, phase), total = coalesce(${total ?? null}::integer, total),
          checked = checked + ${change.checked ?? 0}, succeeded = succeeded + ${change.succeeded ?? 0},
          failed = failed + ${change.failed ?? 0}, kept = kept + ${change.kept ?? 0},
          rate = coalesce(${rate ?? null}::real, rate),
          notes = coalesce(${notes === undefined ? null : JSON.stringify(notes)}::jsonb, notes)
        where id = ${job.id} and epoch = ${job.epoch} and state = 'processing'
        returning stop_requested`.execute(inTransaction(db, tx));
      if (rows[0] === undefined) throw new LostJob('another node took the job');
      return { stopRequested: rows[0].stop_requested };
    },

    async stop(tx, job) {
      await settle(tx, job, sql`state = 'hold', run_at = null`);
    },

    async finish(tx, job, result, refusal) {
      await settle(
        tx,
        job,
        sql`state = 'completed', phase = 'ended', ended_at = now(), result = ${result},
          refusal = ${refusal === undefined ? null : JSON.stringify(refusal)}::jsonb,
          noted = (select count(*) from bulk_job_row r where r.job_id = bulk_job.id and r.notes is not null and r.state <> 'failed')`,
      );
    },

    reread: ({ id }) => reread(id),
  };

  async function settle(tx: Parameters<BulkRunStore['stop']>[0], job: BulkJob, set: ReturnType<typeof sql>) {
    const { numAffectedRows } = await sql`
      update bulk_job set ${set}, stop_requested = false, rate = null
      where id = ${job.id} and epoch = ${job.epoch} and state = 'processing'`.execute(inTransaction(db, tx));
    if (numAffectedRows !== 1n) throw new LostJob('another node took the job');
  }
}
