import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { BulkJobStore } from '../../domain/bulk/ports.ts';
import { type JobRead, jobColumns, jobOf, type RowRead, rowColumns, rowOf } from './bulk-rows.ts';
import { inTransaction } from './connect.ts';
import { keysetPage } from './keyset.ts';
import type { Database } from './schema.ts';

const rowsAtOnce = 500;

export function bulkJobStore(db: Kysely<Database>): BulkJobStore {
  const find: BulkJobStore['find'] = async (id, tx) => {
    const on = inTransaction(db, tx);
    if (tx !== undefined) await sql`select 1 from bulk_job where id = ${id} for update`.execute(on);
    const { rows } = await sql<JobRead>`select ${jobColumns} from bulk_job j where j.id = ${id}`.execute(on);
    return rows[0] && jobOf(rows[0]);
  };
  return {
    find,

    async page(request) {
      const where: RawBuilder<boolean>[] = [];
      if (request.search) where.push(sql`j.description ilike ${`%${request.search.replace(/[\\%_]/g, '\\$&')}%`}`);
      if (request.state !== undefined) where.push(sql`j.state = ${request.state}`);
      if (request.kind !== undefined) where.push(sql`j.kind = ${request.kind}`);
      if (request.showCompleted === false) where.push(sql`j.state <> 'completed'`);
      const page = await keysetPage<JobRead>(
        db,
        {
          from: sql`bulk_job j`,
          select: jobColumns,
          where,
          sorts: { id: sql`j.id` },
          id: sql<string>`j.id`,
          idType: 'bigint',
        },
        { ...request, sort: request.sort ?? '-id' },
      );
      return { ...page, items: page.items.map(jobOf) };
    },

    async add(tx, job) {
      const { id } = await inTransaction(db, tx)
        .insertInto('bulk_job')
        .values({
          kind: job.kind,
          description: job.description,
          state: job.state,
          dry_run: job.dryRun,
          options: JSON.stringify(job.options),
          template: job.template === undefined ? null : JSON.stringify(job.template),
          file_id: job.fileId ?? null,
          file_name: job.fileName ?? null,
          submitted_by: job.submittedBy,
          submitter_sees_codes: job.submitterSeesCodes,
          source_address: job.sourceAddress,
          run_at: job.runAt ?? null,
          undo_of: job.undoOf ?? null,
          notes: JSON.stringify(job.notes),
          rows_sha256: job.rowsSha256 === undefined ? null : Buffer.from(job.rowsSha256),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return (await find(id, tx))!;
    },

    async earlierInsert(tx, rowsSha256, days) {
      const on = inTransaction(db, tx);
      const hash = Buffer.from(rowsSha256);
      await sql`select pg_advisory_xact_lock(hashtextextended('bulk insert ' || encode(${hash}::bytea, 'hex'), 0))`.execute(
        on,
      );
      const { rows } = await sql<{ id: number }>`
        select j.id from bulk_job j
        where j.rows_sha256 = ${hash} and j.kind = 'insert-phones' and not j.dry_run
          and j.submitted_at > now() - ${days} * interval '1 day'
          and (j.result is null or (j.result in ('success', 'with-errors') and j.succeeded > 0))
          and not exists (
            select 1 from bulk_job u
            where u.undo_of = j.id and not u.dry_run and u.result in ('success', 'with-errors') and u.succeeded > 0)
        order by j.id desc limit 1`.execute(on);
      return rows[0]?.id;
    },

    async command(tx, id, { state, runAt, stopRequested }) {
      await inTransaction(db, tx)
        .updateTable('bulk_job')
        .set({
          ...(state === undefined ? {} : { state }),
          ...(runAt === undefined ? {} : { run_at: runAt }),
          ...(stopRequested === undefined ? {} : { stop_requested: stopRequested }),
        })
        .where('id', '=', id)
        .execute();
    },

    async remove(tx, id) {
      await inTransaction(db, tx).deleteFrom('bulk_job').where('id', '=', id).execute();
    },

    async rows(id, request) {
      const where = [
        sql<boolean>`r.job_id = ${id}`,
        ...(request.state === undefined ? [] : [sql<boolean>`r.state = ${request.state}`]),
        ...(request.action === undefined ? [] : [sql<boolean>`r.action = ${request.action}`]),
        ...(request.noted === undefined ? [] : [sql<boolean>`(r.notes is not null) = ${request.noted}`]),
        ...(request.search
          ? [
              sql<boolean>`(r.device_name ilike ${`%${request.search.replace(/[\\%_]/g, '\\$&')}%`}
                or array_to_string(r.input, ' ') ilike ${`%${request.search.replace(/[\\%_]/g, '\\$&')}%`})`,
            ]
          : []),
      ];
      const page = await keysetPage<RowRead>(
        db,
        {
          from: sql`bulk_job_row r`,
          select: rowColumns,
          where,
          sorts: { line: sql`r.line` },
          id: sql<string>`r.line`,
          idType: 'bigint',
        },
        request,
      );
      return { ...page, items: page.items.map(rowOf) };
    },

    async *allRows(id) {
      let after = 0;
      for (;;) {
        const { rows } = await sql<RowRead>`
          select ${rowColumns} from bulk_job_row r where r.job_id = ${id} and r.line > ${after}
          order by r.line limit ${rowsAtOnce}`.execute(db);
        if (rows.length > 0) yield rows.map(rowOf);
        if (rows.length < rowsAtOnce) return;
        after = rows.at(-1)!.line;
      }
    },

    async forget(days) {
      const { numAffectedRows } = await sql`
        delete from bulk_job where ended_at < now() - ${days} * interval '1 day'`.execute(db);
      return Number(numAffectedRows ?? 0n);
    },
  };
}
