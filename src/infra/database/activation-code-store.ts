import { type Kysely, sql } from 'kysely';
import type {
  ActivationCodeStore,
  CodeState,
  EndedCode,
  InsertOutcome,
  LiveCode,
  NewCodeRow,
  OutstandingCode,
} from '../../domain/activation/ports.ts';
import type { Locator } from '../../identifiers/activation-code.ts';
import type { DeviceName } from '../../identifiers/device-name.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';

/** Codes as administrators and the device records meet them. */
export function activationCodeStore(db: Kysely<Database>): ActivationCodeStore {
  const end = (handle: Kysely<Database>, deviceId: string, which: 'leftovers' | 'all') => {
    const ended =
      which === 'all'
        ? sql`state in ('draft', 'active', 'expired', 'locked', 'consumed')`
        : sql`(state in ('expired', 'locked', 'consumed') or (state = 'active' and expires_at <= now()))`;
    // An overdue code that a new one displaces has expired; everything else is revoked.
    return sql<EndedRow>`
      with old as (
        select id, state from activation_code where device_id = ${deviceId} and ${ended} for update
      ), changed as (
        update activation_code c set
          state = case when ${which === 'leftovers'} and old.state = 'active' then 'expired' else 'revoked' end,
          code_sealed = null,
          ended_at = coalesce(c.ended_at, now())
        from old where c.id = old.id
        returning c.id, c.locator, c.via_mra, c.device_name, old.state as was
      )
      select * from changed`.execute(handle);
  };

  return {
    async locatorTaken(locator) {
      const found = await db
        .selectFrom('activation_code')
        .select('id')
        .where('locator', '=', locator)
        .where('state', '<>', 'free')
        .unionAll(
          db
            .selectFrom('mra_locator')
            .select('allocation_id as id')
            .where('locator', '=', locator)
            .where('state', '<>', 'released'),
        )
        .executeTakeFirst();
      return found !== undefined;
    },

    async endLeftovers(tx, deviceId) {
      return (await end(inTransaction(db, tx), deviceId, 'leftovers')).rows.map(endedOf);
    },

    async insert(tx, row): Promise<InsertOutcome> {
      const handle = inTransaction(db, tx);
      const first = await handle
        .insertInto('issued_code')
        .values({ fingerprint: Buffer.from(row.fingerprint) })
        .onConflict((conflict) => conflict.doNothing())
        .returning('fingerprint')
        .executeTakeFirst();
      if (first === undefined) return { kind: 'collision' };
      const inserted = await handle
        .insertInto('activation_code')
        .values(valuesOf(row))
        .onConflict((conflict) => conflict.doNothing())
        .returning(['id', 'expires_at'])
        .executeTakeFirst();
      if (inserted) return { kind: 'inserted', id: inserted.id, expiresAt: inserted.expires_at };
      // One of the two unique rules spoke: the locator's or the device's.
      const taken = await handle
        .selectFrom('activation_code')
        .select('id')
        .where('device_id', '=', row.deviceId)
        .where('state', 'in', ['draft', 'active'])
        .executeTakeFirst();
      return { kind: taken ? 'already-active' : 'collision' };
    },

    async insertDraft(tx, row): Promise<InsertOutcome> {
      const inserted = await inTransaction(db, tx)
        .insertInto('activation_code')
        .values({
          device_id: row.deviceId,
          device_name: row.deviceName,
          model: row.model,
          bound_mac: row.boundMac ?? null,
          via_mra: true,
          state: 'draft',
          created_by: row.createdBy,
          expires_at: sql<Date>`now() + make_interval(secs => ${row.timeToLiveHours} * 3600.0)`,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning(['id', 'expires_at'])
        .executeTakeFirst();
      return inserted
        ? { kind: 'inserted', id: inserted.id, expiresAt: inserted.expires_at }
        : { kind: 'already-active' };
    },

    async drafts(limit) {
      const rows = await db
        .selectFrom('activation_code')
        .select(['id', 'device_id', 'device_name', 'model'])
        .where('state', '=', 'draft')
        .where('device_id', 'is not', null)
        .orderBy('created_at')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        deviceId: row.device_id!,
        deviceName: row.device_name,
        model: row.model,
      }));
    },

    async activateDraft(tx, id, code) {
      const handle = inTransaction(db, tx);
      const first = await handle
        .insertInto('issued_code')
        .values({ fingerprint: Buffer.from(code.fingerprint) })
        .onConflict((conflict) => conflict.doNothing())
        .returning('fingerprint')
        .executeTakeFirst();
      if (first === undefined) return { kind: 'collision' };
      const activated = await handle
        .updateTable('activation_code')
        .set({
          state: 'active',
          locator: code.locator,
          allocation_id: code.allocationId ?? null,
          via_mra: code.allocationId !== undefined,
          code_sealed: Buffer.from(code.codeSealed),
          salt_sealed: Buffer.from(code.saltSealed),
          verifier_sealed: Buffer.from(code.verifierSealed),
          expires_at: sql<Date>`now() + (expires_at - created_at)`,
        })
        .where('id', '=', id)
        .where('state', '=', 'draft')
        .returning('expires_at')
        .executeTakeFirst();
      return activated ? { kind: 'activated', expiresAt: activated.expires_at } : { kind: 'gone' };
    },

    async live(deviceId, tx): Promise<LiveCode | undefined> {
      const found = await inTransaction(db, tx)
        .selectFrom('activation_code')
        .select(['id', 'locator', 'expires_at', 'created_at', 'created_by', 'code_sealed', 'device_name'])
        .select(sql<boolean>`expires_at <= now()`.as('overdue'))
        .where('device_id', '=', deviceId)
        .where('state', '=', 'active')
        .executeTakeFirst();
      return (
        found && {
          id: found.id,
          locator: found.locator as Locator,
          deviceName: found.device_name,
          state: found.overdue ? 'expired' : 'active',
          expiresAt: found.expires_at,
          createdAt: found.created_at,
          createdBy: found.created_by,
          codeSealed: found.code_sealed!,
        }
      );
    },

    async revoke(tx, deviceId) {
      const { rows } = await end(inTransaction(db, tx), deviceId, 'all');
      // The one that mattered to people first: a live one rather than an old unconfirmed one.
      const [first] = rows.sort((a, b) => Number(b.was === 'active') - Number(a.was === 'active'));
      return first && endedOf(first);
    },

    async outstanding({ limit, after, devices }, tx): Promise<readonly OutstandingCode[]> {
      let query = inTransaction(db, tx)
        .selectFrom('activation_code as c')
        .innerJoin('device as d', 'd.id', 'c.device_id')
        .leftJoin('end_user as u', 'u.id', 'd.owner_user_id')
        .select([
          'c.id',
          'd.name',
          'd.description',
          'c.model',
          'u.user_id',
          'c.locator',
          'c.expires_at',
          'c.code_sealed',
        ])
        .where('c.state', '=', 'active')
        .where('c.expires_at', '>', sql<Date>`now()`)
        .orderBy('d.name')
        .limit(limit);
      if (after !== undefined) query = query.where('d.name', '>', after);
      if (devices !== undefined) query = query.where('d.name', '=', sql<string>`any(${[...devices]})`);
      return (await query.execute()).map((row) => ({
        id: row.id,
        deviceName: row.name as DeviceName,
        description: row.description,
        model: row.model,
        ownerUserId: row.user_id ?? undefined,
        locator: row.locator as Locator,
        expiresAt: row.expires_at,
        codeSealed: row.code_sealed!,
      }));
    },
  };
}

interface EndedRow {
  readonly id: string;
  readonly locator: string | null;
  readonly via_mra: boolean;
  readonly device_name: string;
  readonly was: string;
}

function endedOf(row: EndedRow): EndedCode {
  return {
    id: row.id,
    locator: (row.locator as Locator | null) ?? undefined,
    viaMra: row.via_mra,
    deviceName: row.device_name,
    was: row.was as CodeState,
  };
}

function valuesOf(row: NewCodeRow) {
  return {
    device_id: row.deviceId,
    device_name: row.deviceName,
    model: row.model,
    bound_mac: row.boundMac ?? null,
    via_mra: row.viaMra,
    locator: row.locator,
    allocation_id: row.allocationId ?? null,
    code_sealed: Buffer.from(row.codeSealed),
    salt_sealed: Buffer.from(row.saltSealed),
    verifier_sealed: Buffer.from(row.verifierSealed),
    created_by: row.createdBy,
    expires_at: sql<Date>`now() + make_interval(secs => ${row.timeToLiveHours} * 3600.0)`,
  };
}
