import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { RisDevice, RisQuery, RisReader } from '../../domain/integrations/ris.ts';
import { phoneModels } from '../../identifiers/phone-model.ts';
import type { Database } from './schema.ts';

type RisRow = Omit<RisDevice, 'typeId'> & { readonly model: string; readonly total: string };

/** `SEP0011*` as a pattern of LIKE; what LIKE would read as a wildcard is taken as itself. */
function likeOf(item: string): string {
  return item.replace(/[\\%_]/g, (character) => `\\${character}`).replaceAll('*', '%');
}

/** Live registrations, and phones that were registered once, as RIS tells them. One query. */
export function risReader(db: Kysely<Database>): RisReader {
  return {
    async select(query) {
      const where = [...conditions(query)];
      const { rows } = await sql<RisRow>`
        SELECT d.name, d.description, d.model, state.status, coalesce(n.name, '') AS node,
          coalesce(r.source_address, '') AS "ipAddress", coalesce(r.transport, '') AS transport,
          CASE WHEN r.device_id IS NULL THEN ARRAY(
            SELECT l.directory_number FROM device_line dl JOIN line l ON l.id = dl.line_id WHERE dl.device_id = d.id ORDER BY dl.line_index
          ) ELSE r.directory_numbers END AS "directoryNumbers",
          coalesce(owner.user_id, '') AS "ownerUserId", d.active_load AS "activeLoad", d.inactive_load AS "inactiveLoad",
          coalesce(r.registered_at, d.first_activated_at) AS at, count(*) OVER () AS total
        FROM device d
        LEFT JOIN LATERAL (
          SELECT * FROM registration WHERE device_id = d.id AND expires_at > now() ORDER BY registered_at DESC LIMIT 1
        ) r ON true
        LEFT JOIN node n ON n.id = r.node_id
        LEFT JOIN end_user owner ON owner.id = d.owner_user_id
        CROSS JOIN LATERAL (
          SELECT CASE WHEN r.device_id IS NOT NULL THEN 'Registered' WHEN d.active_load <> '' THEN 'UnRegistered' ELSE 'Unknown' END AS status
        ) state
        ${where.length === 0 ? sql`` : sql`WHERE ${sql.join(where, sql` AND `)}`}
        ORDER BY d.name LIMIT ${query.most}`.execute(db);
      return {
        total: Number(rows[0]?.total ?? 0),
        devices: rows.map(({ model, total: _, ...row }) => ({
          ...row,
          typeId: phoneModels.find((each) => each.name === model)?.typeId ?? 255,
        })),
      };
    },
    async nodes() {
      const rows = await db.selectFrom('node').select('name').orderBy('name').execute();
      return rows.map((row) => row.name);
    },
  };
}

function* conditions(query: RisQuery): Generator<RawBuilder<unknown>> {
  if (query.modelTypeId !== undefined)
    yield sql`d.model = ${phoneModels.find((each) => each.typeId === query.modelTypeId)?.name ?? ''}`;
  // Never seen and not asked for by name: RIS does not know of it.
  if (query.status !== undefined) yield sql`state.status = ${query.status}`;
  else if (query.items.length === 0 || query.items.includes('*')) yield sql`state.status <> 'Unknown'`;
  if (query.node !== undefined) yield sql`n.name = ${query.node}`;
  if (query.items.length === 0 || query.items.includes('*')) return;
  const patterns = query.items.map(likeOf);
  switch (query.selectBy) {
    case 'Name':
      return yield sql`d.name ILIKE ANY (${patterns}::text[])`;
    case 'Description':
      return yield sql`d.description ILIKE ANY (${patterns}::text[])`;
    case 'IPV4Address':
      return yield sql`r.source_address LIKE ANY (${patterns}::text[])`;
    case 'DirNumber':
      yield sql`EXISTS (SELECT 1 FROM device_line dl JOIN line l ON l.id = dl.line_id
        WHERE dl.device_id = d.id AND l.directory_number LIKE ANY (${patterns}::text[]))`;
  }
}
