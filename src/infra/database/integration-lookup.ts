import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { DeviceExtras, FoundObject, LookupKind, ObjectLookup } from '../../domain/integrations/object-lookup.ts';
import { inTransaction } from './connect.ts';
import { type PhoneRead, selectPhones, toPhone } from './devices-read.ts';
import type { Database } from './schema.ts';

interface LookupTable {
  readonly from: RawBuilder<unknown>;
  readonly name: RawBuilder<string>;
  /** Pattern field → column. */
  readonly fields: Readonly<Record<string, RawBuilder<string>>>;
  /** Whether `name` is what the value says. */
  readonly is?: (names: readonly string[]) => RawBuilder<boolean>;
}

const plain = (table: string, more: Readonly<Record<string, string>> = {}): LookupTable => ({
  from: sql`${sql.table(table)} t`,
  name: sql<string>`t.name`,
  fields: {
    name: sql<string>`t.name`,
    ...Object.fromEntries(
      Object.entries(more).map(([field, column]) => [field, sql<string>`${sql.ref(`t.${column}`)}`]),
    ),
  },
});

const lineName = sql<string>`t.directory_number || CASE WHEN p.name = '' THEN '' ELSE '@' || p.name END`;

const tables: Readonly<Record<LookupKind, LookupTable>> = {
  phone: {
    from: sql`device t JOIN device_pool pool ON pool.id = t.device_pool_id
      JOIN phone_security_profile security ON security.id = t.phone_security_profile_id`,
    name: sql<string>`t.name`,
    fields: {
      name: sql<string>`t.name`,
      description: sql<string>`t.description`,
      devicePoolName: sql<string>`pool.name`,
      securityProfileName: sql<string>`security.name`,
      protocol: sql<string>`'SIP'`,
    },
  },
  'activation-code': {
    from: sql`activation_code t JOIN device d ON d.id = t.device_id AND t.state = 'active' AND t.expires_at > now()
      LEFT JOIN end_user owner ON owner.id = d.owner_user_id`,
    name: sql<string>`d.name`,
    fields: { phoneName: sql<string>`d.name`, userId: sql<string>`owner.user_id` },
  },
  user: {
    from: sql`end_user t`,
    name: sql<string>`t.user_id`,
    fields: {
      userid: sql<string>`t.user_id`,
      firstName: sql<string>`t.first_name`,
      lastName: sql<string>`t.last_name`,
      mail: sql<string>`t.mail`,
      anyName: sql<string>`t.first_name || ' ' || t.last_name || ' ' || t.user_id`,
    },
    is: (names) => sql<boolean>`lower(t.user_id) = ANY (${names.map((each) => each.toLowerCase())}::text[])`,
  },
  line: {
    from: sql`line t JOIN route_partition p ON p.id = t.route_partition_id`,
    name: lineName,
    fields: {
      pattern: sql<string>`t.directory_number`,
      description: sql<string>`t.description`,
      routePartitionName: sql<string>`p.name`,
      usage: sql<string>`'Device'`,
    },
  },
  'device-pool': {
    from: sql`device_pool t JOIN call_manager_group g ON g.id = t.call_manager_group_id`,
    name: sql<string>`t.name`,
    fields: {
      name: sql<string>`t.name`,
      callManagerGroupName: sql<string>`g.name`,
      regionName: sql<string>`'Default'`,
    },
  },
  'call-manager-group': plain('call_manager_group'),
  'route-partition': plain('route_partition', { description: 'description' }),
  'phone-button-template': plain('phone_button_template'),
  'phone-security-profile': plain('phone_security_profile', { description: 'description' }),
  'sip-profile': plain('sip_profile', { description: 'description' }),
  'common-phone-profile': plain('common_phone_profile', { description: 'description' }),
  'universal-device-template': plain('universal_device_template'),
  'universal-line-template': plain('universal_line_template'),
  'mra-service-domain': plain('mra_service_domain', { serviceDomains: 'domain' }),
  node: plain('node', { description: 'description' }),
};

/** Over one database; each question is one query. */
export function objectLookup(db: Kysely<Database>): ObjectLookup {
  const one = async (kind: LookupKind, condition: RawBuilder<boolean>): Promise<FoundObject | undefined> => {
    const { from, name } = tables[kind];
    const { rows } =
      await sql<FoundObject>`SELECT t.id, ${name} AS name FROM ${from} WHERE ${condition} LIMIT 1`.execute(db);
    return rows[0];
  };
  const named = (kind: LookupKind, names: readonly string[]) =>
    tables[kind].is?.(names) ?? sql<boolean>`${tables[kind].name} = ANY (${[...names]}::text[])`;
  return {
    byId: (kind, id) => one(kind, sql<boolean>`t.id = ${id}::uuid`),
    byName: (kind, name) => one(kind, named(kind, [name])),
    async idsOf(kind, names) {
      if (names.length === 0) return new Map();
      const { from, name } = tables[kind];
      const { rows } =
        await sql<FoundObject>`SELECT t.id, ${name} AS name FROM ${from} WHERE ${named(kind, names)}`.execute(db);
      return new Map(rows.map((row) => [row.name, row.id]));
    },
    async like(kind, patterns, { skip, first }) {
      const { from, name, fields } = tables[kind];
      const conditions = Object.entries(patterns).flatMap(([field, pattern]) => {
        // Everything, nulls included: then the table need not be asked.
        if (/^%+$/.test(pattern)) return [];
        const column = fields[field];
        if (column === undefined) throw new Error(`a ${kind} is not searched by ${field}`);
        return [sql<boolean>`${column} ILIKE ${pattern}`];
      });
      const where = conditions.length === 0 ? sql`` : sql`WHERE ${sql.join(conditions, sql` AND `)}`;
      const [found, counted] = await Promise.all([
        sql<FoundObject>`SELECT t.id, ${name} AS name FROM ${from} ${where} ORDER BY 2, 1 OFFSET ${skip} LIMIT ${first}`.execute(
          db,
        ),
        sql<{ total: string }>`SELECT count(*) AS total FROM ${from} ${where}`.execute(db),
      ]);
      return { found: found.rows, total: Number(counted.rows[0]!.total) };
    },
    async deviceByLocator(locator) {
      const { rows } =
        await sql<FoundObject>`SELECT d.id, d.name FROM activation_code c JOIN device d ON d.id = c.device_id
        WHERE c.locator = ${locator} AND c.state = 'active'`.execute(db);
      return rows[0];
    },
    async phones(ids) {
      if (ids.length === 0) return [];
      const { rows } =
        await sql<PhoneRead>`${selectPhones} WHERE d.id = ANY (${[...ids]}::uuid[]) ORDER BY d.name`.execute(db);
      return rows.map(toPhone);
    },
  };
}

export function deviceExtras(db: Kysely<Database>): DeviceExtras {
  return {
    async vendorConfig(deviceId) {
      const row = await db
        .selectFrom('device_extra')
        .select('vendor_config')
        .where('device_id', '=', deviceId)
        .executeTakeFirst();
      return row?.vendor_config ?? '';
    },
    async keepVendorConfig(tx, deviceId, xml) {
      if (xml === '') {
        const { numDeletedRows } = await inTransaction(db, tx)
          .deleteFrom('device_extra')
          .where('device_id', '=', deviceId)
          .executeTakeFirstOrThrow();
        return numDeletedRows > 0n;
      }
      const { numInsertedOrUpdatedRows } = await inTransaction(db, tx)
        .insertInto('device_extra')
        .values({ device_id: deviceId, vendor_config: xml })
        .onConflict((conflict) =>
          conflict
            .column('device_id')
            .doUpdateSet({ vendor_config: xml })
            .where('device_extra.vendor_config', '!=', xml),
        )
        .executeTakeFirstOrThrow();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
  };
}
