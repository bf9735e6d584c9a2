import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { SignInStore, SignInUser } from '../../domain/access/access-ports.ts';
import type { Role } from '../../domain/access/permissions.ts';
import { type ListRequest, type Page, StillReferenced, type Stored } from '../../domain/settings/resource.ts';
import type { User, UserRecord } from '../../domain/users/user.ts';
import type { SecretHashes, UserStore } from '../../domain/users/user-store.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { inTransaction } from './connect.ts';
import { keysetPage, searchCondition } from './keyset.ts';
import type { Database } from './schema.ts';
import { dependants, dependencyRecords } from './settings-table.ts';

interface Row {
  id: string;
  user_id: string;
  first_name: string;
  last_name: string;
  mail: string;
  locale: string;
  roles: string[];
  enabled: boolean;
  version: number;
  has_password: boolean;
  has_pin: boolean;
}

const select = sql`t.id, t.user_id, t.first_name, t.last_name, t.mail, t.locale, t.roles, t.enabled, t.version,
  t.password_hash is not null as has_password, t.pin_hash is not null as has_pin`;
const lowerId = sql<string>`lower(t.user_id)`;

const filters: Readonly<Record<string, (value: string | boolean) => RawBuilder<boolean>>> = {
  role: (value) => sql`${value} = any(t.roles)`,
  enabled: (value) => sql`t.enabled = ${value}`,
};

/** People in the database, for administration and for sign-in. */
export class UsersStore implements UserStore, SignInStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async list(request: ListRequest): Promise<Page<Stored<UserRecord>>> {
    const where: RawBuilder<boolean>[] = [];
    if (request.search)
      where.push(
        searchCondition([sql`t.user_id`, sql`t.first_name || ' ' || t.last_name`, sql`t.mail`], request.search),
      );
    for (const [field, value] of Object.entries(request.filters ?? {}))
      if (value !== undefined && filters[field] !== undefined) where.push(filters[field](value));
    const page = await keysetPage<Row>(
      this.#db,
      {
        from: sql`end_user as t`,
        select,
        where,
        sorts: { userId: lowerId, lastName: sql`t.last_name`, firstName: sql`t.first_name`, mail: sql`t.mail` },
        id: sql<string>`t.id`,
        idType: 'uuid',
      },
      request,
    );
    return { ...page, items: page.items.map(stored) };
  }

  async find(userId: string, tx?: Transaction): Promise<Stored<UserRecord> | undefined> {
    const lock = tx === undefined ? sql`` : sql`for update`;
    const { rows } =
      await sql<Row>`select ${select} from end_user as t where ${lowerId} = lower(${userId}) ${lock}`.execute(
        inTransaction(this.#db, tx),
      );
    return rows[0] === undefined ? undefined : stored(rows[0]);
  }

  async insert(tx: Transaction, user: User, hashes: SecretHashes): Promise<Stored<UserRecord> | undefined> {
    const { rows } = await sql<Row>`
      insert into end_user as t (user_id, first_name, last_name, mail, locale, roles, enabled, password_hash, pin_hash, access_unconfirmed,
                            password_for_administrators)
      values (${user.userId}, ${user.firstName}, ${user.lastName}, ${user.mail}, ${user.locale}, ${[...user.roles]}, ${user.enabled},
              ${hashes.passwordHash ?? null}, ${hashes.pinHash ?? null}, ${hashes.accessUnconfirmed ?? false},
              ${hashes.passwordForAdministrators ?? false})
      on conflict do nothing returning ${select}`.execute(inTransaction(this.#db, tx));
    return rows[0] === undefined ? undefined : stored(rows[0]);
  }

  async update(tx: Transaction, id: string, user: User, hashes: SecretHashes): Promise<Stored<UserRecord> | undefined> {
    const password = hashes.passwordHash === undefined ? sql`password_hash` : sql`${hashes.passwordHash}`;
    const pin = hashes.pinHash === undefined ? sql`pin_hash` : sql`${hashes.pinHash}`;
    try {
      const { rows } = await sql<Row>`
        update end_user as t set user_id = ${user.userId}, first_name = ${user.firstName}, last_name = ${user.lastName},
          mail = ${user.mail}, locale = ${user.locale}, roles = ${[...user.roles]}, enabled = ${user.enabled},
          password_hash = ${password}, pin_hash = ${pin},
          access_unconfirmed = access_unconfirmed or ${hashes.accessUnconfirmed ?? false},
          password_for_administrators = coalesce(${hashes.passwordForAdministrators ?? null}::boolean, password_for_administrators), version = version + 1
        where id = ${id}::uuid returning ${select}`.execute(inTransaction(this.#db, tx));
      return stored(rows[0]!);
    } catch (error) {
      if ((error as { code?: unknown }).code === '23505') return undefined;
      throw error;
    }
  }

  async remove(tx: Transaction, id: string): Promise<void> {
    try {
      await inTransaction(this.#db, tx).deleteFrom('end_user').where('id', '=', id).execute();
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      throw code === '23503' || code === '23001' ? new StillReferenced('still referenced', { cause: error }) : error;
    }
  }

  async passwordForAdministrators(tx: Transaction, id: string): Promise<boolean> {
    const { rows } = await sql<{ enough: boolean }>`
      select password_for_administrators as enough from end_user where id = ${id}::uuid`.execute(
      inTransaction(this.#db, tx),
    );
    return rows[0]?.enough === true;
  }

  dependencies(id: string) {
    return dependencyRecords(this.#db, [dependants('phone', 'device', 'owner_user_id')], id);
  }

  async lockAdministrators(tx: Transaction): Promise<readonly string[]> {
    const { rows } = await sql<{ id: string }>`
      select id from end_user where enabled and 'super' = any(roles) order by id for update`.execute(
      inTransaction(this.#db, tx),
    );
    return rows.map((each) => each.id);
  }

  async findForSignIn(userId: string): Promise<SignInUser | undefined> {
    const row = await this.#db
      .selectFrom('end_user')
      .select(['id', 'user_id', 'roles', 'enabled', 'password_hash'])
      .where(sql`lower(user_id)`, '=', sql<string>`lower(${userId})`)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return {
      id: row.id,
      userId: row.user_id,
      roles: row.roles,
      enabled: row.enabled,
      passwordHash: row.password_hash ?? undefined,
    };
  }
}

function stored(row: Row): Stored<UserRecord> {
  return {
    id: row.id,
    name: row.user_id,
    version: row.version,
    value: {
      userId: row.user_id,
      firstName: row.first_name,
      lastName: row.last_name,
      mail: row.mail,
      locale: row.locale,
      roles: row.roles as Role[],
      enabled: row.enabled,
      hasPassword: row.has_password,
      hasPin: row.has_pin,
    },
  };
}
