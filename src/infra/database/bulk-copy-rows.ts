import { type Kysely, sql } from 'kysely';
import type { Column } from '../../domain/bulk/columns.ts';
import type { BulkJob } from '../../domain/bulk/job.ts';
import { selectionCondition } from './bulk-lookups.ts';
import type { Database } from './schema.ts';

/** Copies what a job works on into its rows, within the database: nothing of it passes through here. */
export async function copyRows(on: Kysely<Database>, job: BulkJob): Promise<void> {
  const { selection } = job.options;
  if (job.kind === 'undo') {
    await sql`
      insert into bulk_job_row (job_id, line, action, device_id, device_name, before, version_after, code_id, made_lines)
      select ${job.id}, line, action, device_id, device_name, before, version_after, code_id, made_lines
      from bulk_job_row where job_id = ${job.undoOf ?? 0} and state = 'done' and action <> 'nothing'`.execute(on);
    return;
  }
  if (job.fileId !== undefined) {
    await sql`
      insert into bulk_job_row (job_id, line, input)
      select ${job.id}, line, fields from bulk_file_row where file_id = ${job.fileId}::uuid`.execute(on);
    await sql`
      update bulk_job set columns = f.columns, notes = f.notes from bulk_file f where bulk_job.id = ${job.id} and f.id = ${job.fileId}::uuid`.execute(
      on,
    );
    return;
  }
  if (selection?.names !== undefined) {
    const columns: Column[] = [{ heading: 'DEVICE NAME', field: 'name' }];
    await sql`
      insert into bulk_job_row (job_id, line, input)
      select ${job.id}, n.line, array[n.name] from unnest(${[...selection.names]}::text[]) with ordinality as n(name, line)`.execute(
      on,
    );
    await sql`update bulk_job set columns = ${JSON.stringify(columns)}::jsonb where id = ${job.id}`.execute(on);
    return;
  }
  await sql`
    insert into bulk_job_row (job_id, line, device_id, device_name)
    select ${job.id}, row_number() over (order by d.name), d.id, d.name
    from device d where ${selectionCondition(selection?.query ?? { job: 0 })}`.execute(on);
}
