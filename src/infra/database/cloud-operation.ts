import { type Kysely, sql } from 'kysely';
import type { OpenSession, SessionStore } from '../../domain/access/access-ports.ts';
import type { AuditLog } from '../../domain/audit-log.ts';
import type { CloudLimits, LimitsStore, StoredLimits } from '../../domain/cloud/limits.ts';
import type { OperatorStore } from '../../domain/cloud/operation.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { CloudDatabase } from './cloud-schema.ts';
import { inTransaction } from './connect.ts';

const digits = (locator: number) => String(locator).padStart(7, '0');

export function limitsStore(db: Kysely<CloudDatabase>): LimitsStore {
  return {
    async read(tx): Promise<StoredLimits> {
      const row = await inTransaction(db, tx).selectFrom('cloud_setting').selectAll().executeTakeFirstOrThrow();
      return {
        resolvesPerHour: row.resolves_per_hour,
        resolvesPerDay: row.resolves_per_day,
        quarantineDays: row.quarantine_days,
        voucherHours: row.voucher_hours,
        defaultQuota: row.default_quota,
        firstLocator: digits(row.first_locator),
        lastLocator: digits(row.last_locator),
        version: row.version,
      };
    },
    async update(tx, limits: CloudLimits, version) {
      const { numUpdatedRows } = await inTransaction(db, tx)
        .updateTable('cloud_setting')
        .set({
          resolves_per_hour: limits.resolvesPerHour,
          resolves_per_day: limits.resolvesPerDay,
          quarantine_days: limits.quarantineDays,
          voucher_hours: limits.voucherHours,
          default_quota: limits.defaultQuota,
          first_locator: Number(limits.firstLocator),
          last_locator: Number(limits.lastLocator),
          version: version + 1,
        })
        .where('version', '=', version)
        .executeTakeFirst();
      return numUpdatedRows > 0n ? { ...limits, version: version + 1 } : undefined;
    },
  };
}

/** A session that idles so long is over; and one that is so old, however busy. As on the cluster. */
const idle = sql`interval '30 minutes'`;
const longest = sql`interval '12 hours'`;
const noted = sql`interval '1 minute'`;

/** Every operator of the cloud may do everything there. */
const roles = ['super'] as const;

export function operatorStore(db: Kysely<CloudDatabase>): OperatorStore & {
  /** False: there is one of that name. */
  insert(tx: Transaction, userId: string, passwordHash: string): Promise<boolean>;
  any(): Promise<boolean>;
} {
  return {
    async findForSignIn(userId) {
      const row = await db
        .selectFrom('operator')
        .select(['id', 'user_id', 'password_hash'])
        .where(sql<boolean>`lower(user_id) = lower(${userId})`)
        .executeTakeFirst();
      return row && { id: row.id, userId: row.user_id, roles, enabled: true, passwordHash: row.password_hash };
    },
    async setPassword(tx, id, hash, keep) {
      const inside = inTransaction(db, tx);
      await inside.updateTable('operator').set({ password_hash: hash }).where('id', '=', id).execute();
      await sql`delete from session where operator_id = ${id}::uuid and token_hash is distinct from ${keep === undefined ? null : Buffer.from(keep)}::bytea`.execute(
        inside,
      );
    },
    async insert(tx, userId, passwordHash) {
      const { numInsertedOrUpdatedRows } = await inTransaction(db, tx)
        .insertInto('operator')
        .values({ user_id: userId, password_hash: passwordHash })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    async any() {
      return (await db.selectFrom('operator').select('id').limit(1).executeTakeFirst()) !== undefined;
    },
  };
}

export function operatorSessions(db: Kysely<CloudDatabase>): SessionStore {
  return {
    async insert(tx, session) {
      await inTransaction(db, tx)
        .insertInto('session')
        .values({
          token_hash: Buffer.from(session.tokenHash),
          operator_id: session.userUuid,
          csrf_token: session.csrfToken,
        })
        .execute();
    },
    async use(tokenHash): Promise<OpenSession | undefined> {
      const token = Buffer.from(tokenHash);
      const { rows } = await sql<{ id: string; user_id: string; csrf_token: string; note: boolean }>`
        select o.id, o.user_id, s.csrf_token, s.last_seen_at < now() - ${noted} as note
        from session s join operator o on o.id = s.operator_id
        where s.token_hash = ${token} and s.last_seen_at > now() - ${idle} and s.created_at > now() - ${longest}`.execute(
        db,
      );
      const row = rows[0];
      if (row === undefined) return undefined;
      if (row.note) await sql`update session set last_seen_at = now() where token_hash = ${token}`.execute(db);
      return { user: { id: row.id, userId: row.user_id, roles }, csrfToken: row.csrf_token };
    },
    async remove(tx, tokenHash) {
      const { numDeletedRows } = await inTransaction(db, tx)
        .deleteFrom('session')
        .where('token_hash', '=', Buffer.from(tokenHash))
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    async removeAll(tx, userUuid, keep) {
      await sql`delete from session where operator_id = ${userUuid}::uuid and token_hash is distinct from ${keep === undefined ? null : Buffer.from(keep)}::bytea`.execute(
        inTransaction(db, tx),
      );
    },
    async removeExpired() {
      const { numAffectedRows } =
        await sql`delete from session where last_seen_at <= now() - ${idle} or created_at <= now() - ${longest}`.execute(
          db,
        );
      return Number(numAffectedRows ?? 0n);
    },
  };
}

export function cloudAuditLog(db: Kysely<CloudDatabase>): AuditLog {
  return {
    async append(tx, entry) {
      await inTransaction(db, tx)
        .insertInto('audit_event')
        .values({
          actor: entry.actor.name,
          source_address: entry.actor.sourceAddress,
          action: entry.action,
          object_kind: entry.objectKind,
          object_id: entry.objectId ?? '',
          object_name: entry.objectName ?? '',
          detail: JSON.stringify(entry.detail ?? {}),
        })
        .execute();
    },
  };
}
