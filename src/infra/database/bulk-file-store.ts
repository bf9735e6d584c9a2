import { type Kysely, sql } from 'kysely';
import type { BulkFile, BulkFileStore } from '../../domain/bulk/ports.ts';
import { inTransaction } from './connect.ts';
import { keysetPage } from './keyset.ts';
import type { Database } from './schema.ts';

interface FileRow {
  readonly id: string;
  readonly name: string;
  readonly transaction: BulkFile['transaction'];
  readonly format: BulkFile['format'];
  readonly size: number;
  readonly sha256: Buffer;
  readonly columns: BulkFile['columns'];
  readonly rows: number;
  readonly ignored_rows: number;
  readonly notes: BulkFile['notes'];
  readonly rows_sha256: Buffer | null;
  readonly uploaded_by: string;
  readonly uploaded_at: Date;
}

/** Everything but the content. */
const fileColumns = sql`f.id, f.name, f.transaction, f.format, f.size, f.sha256, f.columns, f.rows, f.ignored_rows, f.notes, f.rows_sha256, f.uploaded_by, f.uploaded_at`;

export function bulkFileStore(db: Kysely<Database>): BulkFileStore {
  return {
    async page(request) {
      const where = [
        ...(request.transaction === undefined ? [] : [sql<boolean>`f.transaction = ${request.transaction}`]),
        ...(request.search ? [sql<boolean>`f.name ilike ${`%${request.search.replace(/[\\%_]/g, '\\$&')}%`}`] : []),
      ];
      const page = await keysetPage<FileRow>(
        db,
        {
          from: sql`bulk_file f`,
          select: fileColumns,
          where,
          sorts: { uploadedAt: sql`f.uploaded_at`, name: sql`f.name` },
          id: sql<string>`f.id`,
          idType: 'uuid',
        },
        request,
      );
      return { ...page, items: page.items.map(fileOf) };
    },

    async find(name, tx) {
      const lock = tx === undefined ? sql`` : sql`for update`;
      const { rows } =
        await sql<FileRow>`select ${fileColumns} from bulk_file f where f.name = ${name} ${lock}`.execute(
          inTransaction(db, tx),
        );
      return rows[0] && fileOf(rows[0]);
    },

    async begin(tx, file) {
      const inserted = await inTransaction(db, tx)
        .insertInto('bulk_file')
        .values({
          name: file.name,
          transaction: file.transaction,
          format: file.format,
          content: Buffer.from(file.content),
          size: file.content.length,
          sha256: Buffer.from(file.sha256),
          columns: '[]',
          uploaded_by: file.uploadedBy,
        })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returning('id')
        .executeTakeFirst();
      return inserted?.id;
    },

    async addRows(tx, id, rows) {
      const batch = rows.map(({ line, fields }) => ({ line, fields }));
      await sql`
        insert into bulk_file_row (file_id, line, fields)
        select ${id}::uuid, n.line, array(select jsonb_array_elements_text(n.fields))
        from jsonb_to_recordset(${JSON.stringify(batch)}::jsonb) as n(line integer, fields jsonb)`.execute(
        inTransaction(db, tx),
      );
    },

    async finish(tx, id, { columns, rows, ignoredRows, notes, rowsSha256 }) {
      const finished = await sql<FileRow>`
        update bulk_file f set columns = ${JSON.stringify(columns)}::jsonb, rows = ${rows}, ignored_rows = ${ignoredRows},
          notes = ${JSON.stringify(notes)}::jsonb, rows_sha256 = ${Buffer.from(rowsSha256)}
        where f.id = ${id}::uuid returning ${fileColumns}`.execute(inTransaction(db, tx));
      return fileOf(finished.rows[0]!);
    },

    async inUse(tx, id) {
      const { rows } = await sql`
        select 1 from bulk_job where file_id = ${id}::uuid and phase in ('waiting', 'reading') and state <> 'completed'`.execute(
        inTransaction(db, tx),
      );
      return rows.length > 0;
    },

    async remove(tx, id) {
      await inTransaction(db, tx).deleteFrom('bulk_file').where('id', '=', id).execute();
    },

    async content(id) {
      const row = await db.selectFrom('bulk_file').select('content').where('id', '=', id).executeTakeFirst();
      return row?.content;
    },
  };
}

function fileOf(row: FileRow): BulkFile {
  return {
    id: row.id,
    name: row.name,
    transaction: row.transaction,
    format: row.format,
    size: row.size,
    sha256: row.sha256,
    columns: row.columns,
    rows: row.rows,
    ignoredRows: row.ignored_rows,
    notes: row.notes,
    rowsSha256: row.rows_sha256 ?? undefined,
    uploadedBy: row.uploaded_by,
    uploadedAt: row.uploaded_at,
  };
}
