import { type Kysely, sql } from 'kysely';
import type { OpenSession, SessionStore } from '../../domain/access/access-ports.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';

/** A session that idles so long is over. */
const idle = sql`interval '30 minutes'`;
/** A session is over after that, however busy. */
const longest = sql`interval '12 hours'`;
/** Its use is noted no more often than that: most requests write nothing. */
const noted = sql`interval '1 minute'`;

export class SessionsStore implements SessionStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async insert(
    tx: Transaction,
    session: { tokenHash: Uint8Array; userUuid: string; csrfToken: string },
  ): Promise<void> {
    await inTransaction(this.#db, tx)
      .insertInto('session')
      .values({ token_hash: Buffer.from(session.tokenHash), user_id: session.userUuid, csrf_token: session.csrfToken })
      .execute();
  }

  async use(tokenHash: Uint8Array): Promise<OpenSession | undefined> {
    const { rows } = await sql<{ id: string; user_id: string; roles: string[]; csrf_token: string; note: boolean }>`
      select u.id, u.user_id, u.roles, s.csrf_token, s.last_seen_at < now() - ${noted} as note
      from session s join end_user u on u.id = s.user_id
      where s.token_hash = ${Buffer.from(tokenHash)} and u.enabled
        and s.last_seen_at > now() - ${idle} and s.created_at > now() - ${longest}`.execute(this.#db);
    const row = rows[0];
    if (row === undefined) return undefined;
    if (row.note)
      await sql`update session set last_seen_at = now() where token_hash = ${Buffer.from(tokenHash)}`.execute(this.#db);
    return { user: { id: row.id, userId: row.user_id, roles: row.roles }, csrfToken: row.csrf_token };
  }

  async remove(tx: Transaction, tokenHash: Uint8Array): Promise<boolean> {
    const { numDeletedRows } = await inTransaction(this.#db, tx)
      .deleteFrom('session')
      .where('token_hash', '=', Buffer.from(tokenHash))
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  async removeAll(tx: Transaction, userUuid: string, keep?: Uint8Array): Promise<void> {
    await sql`delete from session where user_id = ${userUuid}::uuid and token_hash is distinct from ${keep === undefined ? null : Buffer.from(keep)}::bytea`.execute(
      inTransaction(this.#db, tx),
    );
  }

  async removeExpired(): Promise<number> {
    const { numAffectedRows } =
      await sql`delete from session where last_seen_at <= now() - ${idle} or created_at <= now() - ${longest}`.execute(
        this.#db,
      );
    return Number(numAffectedRows ?? 0n);
  }
}
