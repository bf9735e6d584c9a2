import { type Kysely, type RawBuilder, sql } from 'kysely';
import type {
  CodeStateFilter,
  OutstandingCode,
  OutstandingCodeStore,
  PhoneListStore,
  PhoneQuery,
  Registration,
  RegistrationListStore,
} from '../../domain/devices/phone-list.ts';
import { type PhoneRead, selectPhones, toPhone } from './devices-read.ts';
import { keysetPage, searchCondition } from './keyset.ts';
import type { Database } from './schema.ts';

/** Two queries a page, however many phones it shows: which ones, then everything about them. */
export function phoneListStore(db: Kysely<Database>): PhoneListStore {
  return {
    async page(query) {
      const field = query.sort?.replace(/^-/, '');
      const joins = [
        ...(field === 'devicePool' ? [sql`JOIN device_pool pool ON pool.id = d.device_pool_id`] : []),
        ...(field === 'owner' ? [sql`LEFT JOIN end_user owner ON owner.id = d.owner_user_id`] : []),
      ];
      const where = phoneConditions(query);
      const page = await keysetPage<{ id: string }>(
        db,
        {
          from: sql`device d ${sql.join(joins, sql` `)}`,
          select: sql`d.id`,
          where,
          sorts: {
            name: sql`d.name`,
            description: sql`d.description`,
            model: sql`d.model`,
            devicePool: sql`pool.name`,
            owner: sql`coalesce(owner.user_id, '')`,
            createdAt: sql`d.created_at`,
            updatedAt: sql`d.updated_at`,
          },
          id: sql<string>`d.id`,
          idType: 'uuid',
        },
        query,
      );
      if (page.items.length === 0) return { ...page, items: [] };
      const { rows } =
        await sql<PhoneRead>`${selectPhones} WHERE d.id = ANY (${page.items.map((item) => item.id)}::uuid[])`.execute(
          db,
        );
      const byId = new Map(rows.map((row) => [row.id, toPhone(row)]));
      // A phone deleted between the two queries is left out.
      return { ...page, items: page.items.flatMap((item) => byId.get(item.id) ?? []) };
    },
  };
}

/** What a query demands of `device d`. */
export function phoneConditions(query: PhoneQuery): RawBuilder<boolean>[] {
  const where: RawBuilder<boolean>[] = [];
  const only = (condition: RawBuilder<unknown>) => where.push(condition as RawBuilder<boolean>);
  if (query.search !== undefined && query.search !== '') only(searchPhones(query.search));
  if (query.model !== undefined) only(sql`d.model = ${query.model}`);
  if (query.devicePool !== undefined)
    only(sql`d.device_pool_id = (SELECT id FROM device_pool WHERE name = ${query.devicePool})`);
  if (query.ownerUserId !== undefined)
    only(sql`d.owner_user_id = (SELECT id FROM end_user WHERE lower(user_id) = lower(${query.ownerUserId}))`);
  if (query.onlyOwnerId !== undefined) only(sql`d.owner_user_id = ${query.onlyOwnerId}::uuid`);
  if (query.requiresActivationCode !== undefined)
    only(sql`d.requires_activation_code = ${query.requiresActivationCode}`);
  if (query.codeState !== undefined) only(codeCondition(query.codeState));
  if (query.registered !== undefined) {
    const now = sql`(SELECT 1 FROM registration r WHERE r.device_id = d.id AND r.expires_at > now())`;
    only(query.registered ? sql`EXISTS ${now}` : sql`NOT EXISTS ${now}`);
  }
  return where;
}

/** One question per place a text may be in, so that each can use its own index; an OR over all of them would read every phone. */
function searchPhones(text: string): RawBuilder<unknown> {
  return sql`d.id IN (
    SELECT id FROM device WHERE ${searchCondition([sql<string>`name`], text)}
    UNION SELECT id FROM device WHERE ${searchCondition([sql<string>`description`], text)}
    UNION SELECT owned.id FROM device owned JOIN end_user ON end_user.id = owned.owner_user_id
      WHERE ${searchCondition([sql<string>`end_user.user_id`], text)}
    UNION SELECT dl.device_id FROM line l JOIN device_line dl ON dl.line_id = l.id WHERE l.directory_number = ${text})`;
}

/**
 * EXISTS throughout, never IN and NOT IN over a subquery: those are worked out by a hash only while it fits into work_mem, and past that (about 210,000
 * rows) by reading the whole of it for every phone.
 */
function codeCondition(state: CodeStateFilter): RawBuilder<unknown> {
  const live = sql`SELECT 1 FROM activation_code c WHERE c.device_id = d.id AND c.state IN ('draft', 'active')`;
  switch (state) {
    case 'active':
      return sql`EXISTS (${live} AND c.expires_at > now())`;
    case 'expired':
      return sql`(EXISTS (${live} AND c.expires_at <= now()) OR (NOT EXISTS (${live}) AND ${newestIs('expired')}))`;
    case 'locked':
      return sql`(NOT EXISTS (${live}) AND ${newestIs('locked')})`;
    case 'none':
      return sql`(NOT EXISTS (${live}) AND NOT ${newestIs('expired')} AND NOT ${newestIs('locked')})`;
  }
}

/** The newest code of the device is in this state. */
function newestIs(state: string): RawBuilder<unknown> {
  return sql`EXISTS (SELECT 1 FROM activation_code c WHERE c.device_id = d.id AND c.state = ${state}
    AND NOT EXISTS (SELECT 1 FROM activation_code newer WHERE newer.device_id = c.device_id AND newer.created_at > c.created_at))`;
}

export function registrationListStore(db: Kysely<Database>): RegistrationListStore {
  return {
    page(query) {
      const where: RawBuilder<boolean>[] = [sql<boolean>`r.expires_at > now()`];
      if (query.search !== undefined && query.search !== '') {
        where.push(
          sql<boolean>`(${searchCondition([sql<string>`r.device_name`, sql<string>`r.source_address`], query.search)} OR r.directory_numbers @> ARRAY[${query.search}])`,
        );
      }
      if (query.node !== undefined) where.push(sql<boolean>`n.name = ${query.node}`);
      if (query.deviceName !== undefined) where.push(sql<boolean>`r.device_name = ${query.deviceName}`);
      return keysetPage<Registration>(
        db,
        {
          from: sql`registration r JOIN node n ON n.id = r.node_id JOIN device d ON d.id = r.device_id LEFT JOIN end_user owner ON owner.id = d.owner_user_id`,
          select: sql`r.device_name AS "deviceName", d.description, d.model, owner.user_id AS "ownerUserId", n.name AS node, r.contact, r.transport,
            r.source_address AS "sourceAddress", r.source_port AS "sourcePort", r.edge, r.directory_numbers AS "directoryNumbers", r.reachable, r.user_agent AS "userAgent",
            r.active_load AS "activeLoad", r.inactive_load AS "inactiveLoad", r.registered_at AS "registeredAt", r.refreshed_at AS "refreshedAt",
            r.expires_at AS "expiresAt"`,
          where,
          sorts: {
            deviceName: sql`r.device_name`,
            registeredAt: sql`r.registered_at`,
            refreshedAt: sql`r.refreshed_at`,
          },
          id: sql<string>`r.device_name || ' ' || r.contact`,
          idType: 'text',
        },
        query,
      );
    },
  };
}

export function outstandingCodeStore(db: Kysely<Database>): OutstandingCodeStore {
  return {
    page(query) {
      const where: RawBuilder<boolean>[] = [
        sql<boolean>`(c.state = 'active' OR (c.state = 'expired' AND d.requires_activation_code AND NOT EXISTS (
        SELECT 1 FROM activation_code newer WHERE newer.device_id = c.device_id AND newer.created_at > c.created_at)))`,
      ];
      if (query.search !== undefined && query.search !== '') {
        where.push(
          searchCondition(
            [sql<string>`d.name`, sql<string>`d.description`, sql<string>`coalesce(owner.user_id, '')`],
            query.search,
          ),
        );
      }
      if (query.state !== undefined)
        where.push(
          query.state === 'active'
            ? sql<boolean>`c.state = 'active' AND c.expires_at > now()`
            : sql<boolean>`c.expires_at <= now()`,
        );
      return keysetPage<OutstandingCode>(
        db,
        {
          from: sql`activation_code c JOIN device d ON d.id = c.device_id LEFT JOIN end_user owner ON owner.id = d.owner_user_id`,
          select: sql`d.name AS "deviceName", d.description, d.model, owner.user_id AS "ownerUserId",
            CASE WHEN c.expires_at <= now() THEN 'expired' ELSE c.state END AS state, c.bound_mac AS "boundMac", c.created_at AS "createdAt",
            c.created_by AS "createdBy", c.expires_at AS "expiresAt"`,
          where,
          sorts: { expiresAt: sql`c.expires_at`, deviceName: sql`d.name`, createdAt: sql`c.created_at` },
          id: sql<string>`c.id`,
          idType: 'uuid',
        },
        query,
      );
    },
  };
}
