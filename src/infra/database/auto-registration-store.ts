import { type Kysely, sql } from 'kysely';
import type {
  AutoRegistrationGroup,
  AutoRegistrationStore,
  NodeAutoRegistration,
  NodeRange,
} from '../../domain/auto-registration/ports.ts';
import { tapsParameter, tapsServiceName } from '../../domain/settings/taps-parameters.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';

interface NodeRow {
  readonly node_id: string;
  readonly node: string;
  readonly starting_directory_number: string;
  readonly ending_directory_number: string;
  readonly disabled: boolean;
  readonly device_template: string | null;
  readonly line_template: string | null;
  readonly last_directory_number: string | null;
  readonly version: number;
  readonly used: string;
}

const standardDeviceTemplate = 'Default Universal Device Template';
const standardLineTemplate = 'Default Universal Line Template';

/** Lines of partition `partition` whose number lies in the range: digit strings of one length sort as their numbers do. */
const inRange = (start: unknown, end: unknown) => sql<boolean>`
  length(l.directory_number) = length(${start}::text) AND l.directory_number COLLATE "C" BETWEEN ${start}::text AND ${end}::text
  AND l.directory_number ~ '^[0-9]+$'`;

const partitionOfTemplate = (template: unknown) => sql`
  (SELECT ult.route_partition_id FROM universal_line_template ult
    WHERE ${template}::uuid IS NOT NULL AND ult.id = ${template}::uuid OR ${template}::uuid IS NULL AND ult.name = ${standardLineTemplate} LIMIT 1)`;

const selectNodes = sql`
  SELECT n.id AS node_id, n.name AS node,
         coalesce(a.starting_directory_number, '1000') AS starting_directory_number,
         coalesce(a.ending_directory_number, '1000') AS ending_directory_number,
         coalesce(a.disabled, true) AS disabled, dt.name AS device_template, lt.name AS line_template,
         a.last_directory_number, coalesce(a.version, 1) AS version,
         (SELECT count(*) FROM line l
           WHERE a.starting_directory_number <> a.ending_directory_number
             AND ${inRange(sql.ref('a.starting_directory_number'), sql.ref('a.ending_directory_number'))}
             AND l.route_partition_id = ${partitionOfTemplate(sql.ref('a.universal_line_template_id'))}
             AND EXISTS (SELECT FROM device_line dl WHERE dl.line_id = l.id)) AS used
  FROM node n
  LEFT JOIN auto_registration a ON a.node_id = n.id
  LEFT JOIN universal_device_template dt ON dt.id = a.universal_device_template_id
  LEFT JOIN universal_line_template lt ON lt.id = a.universal_line_template_id`;

export function autoRegistrationStore(db: Kysely<Database>): AutoRegistrationStore {
  const on = (tx?: Transaction) => inTransaction(db, tx);
  return {
    async nodes() {
      const { rows } = await sql<NodeRow>`${selectNodes} ORDER BY n.name`.execute(db);
      return rows.map(nodeOf);
    },

    async node(name, tx) {
      if (tx !== undefined) {
        await sql`INSERT INTO auto_registration (node_id) SELECT id FROM node WHERE name = ${name}
          ON CONFLICT (node_id) DO NOTHING`.execute(on(tx));
        await sql`SELECT 1 FROM auto_registration WHERE node_id = (SELECT id FROM node WHERE name = ${name}) FOR UPDATE`.execute(
          on(tx),
        );
      }
      const { rows } = await sql<NodeRow>`${selectNodes} WHERE n.name = ${name}`.execute(on(tx));
      return rows[0] === undefined ? undefined : nodeOf(rows[0]);
    },

    async range(nodeId, tx) {
      const lock = tx === undefined ? sql`` : sql`FOR UPDATE OF a`;
      const { rows } = await sql<Omit<NodeRow, 'node' | 'version' | 'used'>>`
        SELECT a.node_id, a.starting_directory_number, a.ending_directory_number, a.disabled, a.last_directory_number,
               (SELECT name FROM universal_device_template WHERE id = a.universal_device_template_id) AS device_template,
               (SELECT name FROM universal_line_template WHERE id = a.universal_line_template_id) AS line_template
        FROM auto_registration a WHERE a.node_id = ${nodeId}::uuid ${lock}`.execute(on(tx));
      return rows[0] === undefined ? undefined : rangeOf(rows[0]);
    },

    async update(tx, nodeId, fields) {
      const { universalDeviceTemplate: device, universalLineTemplate: line } = fields;
      const { rows } = await sql<{ device: string | null; line: string | null }>`
        SELECT (SELECT id FROM universal_device_template WHERE name = ${device}) AS device,
               (SELECT id FROM universal_line_template WHERE name = ${line}) AS line`.execute(on(tx));
      const ids = rows[0]!;
      if (device !== null && ids.device === null) return 'no-device-template';
      if (line !== null && ids.line === null) return 'no-line-template';
      await on(tx)
        .updateTable('auto_registration')
        .set((row) => ({
          starting_directory_number: fields.startingDirectoryNumber,
          ending_directory_number: fields.endingDirectoryNumber,
          disabled: fields.disabled,
          universal_device_template_id: ids.device,
          universal_line_template_id: ids.line,
          version: row('version', '+', 1),
        }))
        .where('node_id', '=', nodeId)
        .execute();
      return 'updated';
    },

    async group(tx) {
      const { rows } = await sql<{ name: string; members: AutoRegistrationGroup['members'] }>`
        SELECT g.name,
               coalesce((SELECT json_agg(json_build_object('nodeId', n.id, 'node', n.name, 'active',
                                  coalesce(n.last_seen_at > now() - interval '10 seconds', false)
                                  AND NOT EXISTS (SELECT FROM node_service s
                                                  WHERE s.node_id = n.id AND s.service = 'CallManager' AND NOT s.activated))
                                ORDER BY m.priority)
                         FROM call_manager_group_member m JOIN node n ON n.id = m.node_id WHERE m.group_id = g.id), '[]') AS members
        FROM call_manager_group g WHERE g.auto_registration`.execute(on(tx));
      return rows[0];
    },

    async lockGroup(tx) {
      const { rows } = await sql`SELECT 1 FROM call_manager_group WHERE auto_registration FOR NO KEY UPDATE`.execute(
        on(tx),
      );
      return rows.length > 0;
    },

    async firstFree(tx, { start, end }, partition, taken) {
      // generate_series in the select list counts one by one and stops at the first number that is free; SELECT EXISTS keeps the planner
      // from making a join of it, which would read the whole range and in any order.
      const { rows } = await sql<{ number: string }>`
        SELECT number FROM (
          SELECT lpad(generate_series(${start}::bigint, ${end}::bigint)::text, ${start.length}::integer, '0') AS number) candidate
        WHERE number <> ALL (${taken}::text[])
          AND NOT (SELECT EXISTS (SELECT FROM line l JOIN device_line dl ON dl.line_id = l.id
                          WHERE l.directory_number = candidate.number
                            AND l.route_partition_id = (SELECT id FROM route_partition WHERE name = ${partition})))
        LIMIT 1`.execute(on(tx));
      return rows[0]?.number;
    },

    async setLast(tx, nodeId, directoryNumber) {
      await on(tx)
        .updateTable('auto_registration')
        .set({ last_directory_number: directoryNumber })
        .where('node_id', '=', nodeId)
        .execute();
    },

    async holders(tx, directoryNumber, partition) {
      const { rows } = await sql<{ count: string }>`
        SELECT count(*) FROM line l JOIN device_line dl ON dl.line_id = l.id JOIN route_partition p ON p.id = l.route_partition_id
        WHERE l.directory_number = ${directoryNumber} AND p.name = ${partition}`.execute(on(tx));
      return Number(rows[0]!.count);
    },

    async methodOf(model, tx) {
      const row = await on(tx)
        .selectFrom('device_default')
        .select('on_premise_onboarding_method as method')
        .where('model', '=', model)
        .executeTakeFirst();
      return row?.method as 'ActivationCode' | 'AutoRegistration' | undefined;
    },

    async models() {
      const rows = await db
        .selectFrom('device_default')
        .select('model')
        .where('on_premise_onboarding_method', '=', 'AutoRegistration')
        .orderBy('model')
        .execute();
      return rows.map((row) => row.model);
    },

    async profileOf(tx, deviceTemplate) {
      const row = await on(tx)
        .selectFrom('universal_device_template as t')
        .innerJoin('phone_security_profile as p', 'p.id', 't.phone_security_profile_id')
        .select(['p.device_security_mode as mode', 'p.digest_authentication as digest'])
        .where('t.name', '=', deviceTemplate ?? standardDeviceTemplate)
        .executeTakeFirst();
      return row === undefined ? undefined : { secure: row.mode !== 'non-secure', digest: row.digest };
    },

    async partitionOf(tx, lineTemplate) {
      const row = await on(tx)
        .selectFrom('universal_line_template as t')
        .innerJoin('route_partition as p', 'p.id', 't.route_partition_id')
        .select('p.name')
        .where('t.name', '=', lineTemplate ?? standardLineTemplate)
        .executeTakeFirst();
      return row?.name ?? '';
    },

    async reservedNumbers(tx) {
      const number = await parameter(on(tx), tapsServiceName, tapsParameter.directoryNumber);
      return number === undefined || number === '' ? [] : [number];
    },

    async withoutCertificate(tx) {
      return (await parameter(on(tx), 'CallManager', 'Auto-registration Without Manufacturing Certificate')) === 'true';
    },
  };
}

async function parameter(on: Kysely<Database>, service: string, name: string): Promise<string | undefined> {
  const row = await on
    .selectFrom('service_parameter')
    .select('value')
    .where('service', '=', service)
    .where('name', '=', name)
    .where('node_id', 'is', null)
    .executeTakeFirst();
  return row?.value;
}

function nodeOf(row: NodeRow): NodeAutoRegistration {
  return { ...rangeOf(row), node: row.node, numbersUsed: Number(row.used), version: row.version };
}

function rangeOf(row: Omit<NodeRow, 'node' | 'version' | 'used'>): NodeRange {
  return {
    nodeId: row.node_id,
    startingDirectoryNumber: row.starting_directory_number,
    endingDirectoryNumber: row.ending_directory_number,
    disabled: row.disabled,
    universalDeviceTemplate: row.device_template,
    universalLineTemplate: row.line_template,
    lastDirectoryNumber: row.last_directory_number ?? undefined,
  };
}
