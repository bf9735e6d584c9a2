import { type Kysely, sql } from 'kysely';
import { mraAllowed } from '../../domain/mra/rules.ts';
import { longestAccessMinutes, type OauthSettings } from '../../domain/oauth/oauth-settings.ts';
import type { TokenKeyStore } from '../../domain/oauth/token-key-service.ts';
import type { Sealer } from '../../domain/ports.ts';
import { enterpriseParameterKind } from '../../domain/settings/enterprise-parameters.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import type { JsonWebKeyEc } from '../../protocol/edge-access/cluster-view.ts';
import { makeTokenKey, type StoredTokenKey } from '../oauth/token-keys.ts';
import { inTransaction } from './connect.ts';
import { readMraFacts } from './mra-cloud-store.ts';
import type { Database } from './schema.ts';

/** Everything needed to give and to judge tokens. Plain data: goes to other threads. */
export interface OauthSnapshot {
  readonly issuer: string;
  readonly settings: OauthSettings;
  readonly keys: readonly StoredTokenKey[];
}

const lockKey = 0x6f61_7574;
/** A key is published this long before it signs, in seconds: every edge has learned it by then. */
const leadSeconds = 120;
/** A signing key serves this long, in days. */
const keyDays = 90;

interface ParameterRow {
  readonly name: string;
  readonly value: string;
}

export async function readOauth(db: Kysely<Database>): Promise<OauthSnapshot> {
  const [cluster, { rows: parameters }, mra, keys] = await Promise.all([
    db.selectFrom('cluster').select('id').executeTakeFirstOrThrow(),
    sql<ParameterRow>`
      SELECT name, value FROM enterprise_parameter WHERE name LIKE '%OAuth%'`.execute(db),
    readMraFacts(db),
    db
      .selectFrom('oauth_key')
      .selectAll()
      .where((where) => where.or([where('accepted_until', 'is', null), where('accepted_until', '>', sql<Date>`now()`)]))
      .execute(),
  ]);
  const stored = new Map(parameters.map(({ name, value }) => [name, value]));
  const enterprise = (name: string) => stored.get(name) ?? enterpriseParameterKind(name)!.defaultValue;
  return {
    issuer: issuerOf(cluster.id),
    settings: {
      refreshLoginFlow: enterprise('OAuth with Refresh Login Flow') === 'Enabled',
      accessMinutes: Number(enterprise('OAuth Access Token Expiry Timer (minutes)')),
      refreshDays: Number(enterprise('Physical Phone OAuth Refresh Token Expiry Timer (days)')),
      mraActivation: mraAllowed(mra),
    },
    keys: keys.map((row) => ({
      kid: row.kid,
      jwk: row.public_jwk as JsonWebKeyEc,
      sealed: row.private_sealed,
      signsFrom: row.signs_from.getTime(),
      acceptedUntil: row.accepted_until?.getTime(),
    })),
  };
}

/** `iss` of a cluster's access tokens. */
export function issuerOf(clusterId: string): string {
  return `urn:firstring:cluster:${clusterId}`;
}

export interface TokenKeyParts {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  readonly sealer: Sealer;
}

/**
 * Keeps the signing keys in order, whichever node is first: makes one where there is none, the next where the newest has served its time, and
 * forgets those whose last token is over.
 */
export async function keepTokenKeys({ db, transactions, sealer }: TokenKeyParts): Promise<void> {
  await transactions.run(async (tx) => {
    const on = inTransaction(db, tx);
    await sql`SELECT pg_advisory_xact_lock(${lockKey})`.execute(on);
    await on.deleteFrom('oauth_key').where('accepted_until', '<=', sql<Date>`now()`).execute();
    const newest = await on
      .selectFrom('oauth_key')
      .select(sql<boolean>`signs_from < now() - make_interval(days => ${keyDays})`.as('served'))
      .where('accepted_until', 'is', null)
      .executeTakeFirst();
    if (newest === undefined || newest.served) await rotate(on, sealer);
  });
}

/** The next key; the one before stays good for what it has signed. Returns the new one's id. */
async function rotate(on: Kysely<Database>, sealer: Sealer): Promise<string> {
  const made = await makeTokenKey(sealer);
  const before = await on.selectFrom('oauth_key').select('kid').where('accepted_until', 'is', null).executeTakeFirst();
  const lead = before === undefined ? 0 : leadSeconds;
  await sql`INSERT INTO oauth_key (kid, public_jwk, private_sealed, signs_from)
            VALUES (${made.kid}, ${JSON.stringify(made.jwk)}::jsonb, ${Buffer.from(made.sealed)}, now() + make_interval(secs => ${lead}))`.execute(
    on,
  );
  if (before !== undefined) {
    await sql`UPDATE oauth_key SET accepted_until = now() + make_interval(secs => ${lead}, mins => ${longestAccessMinutes + 5})
              WHERE kid = ${before.kid}`.execute(on);
  }
  return made.kid;
}

export function tokenKeyStore(db: Kysely<Database>, sealer: Sealer): TokenKeyStore {
  return {
    async list() {
      const rows = await db
        .selectFrom('oauth_key')
        .select(['kid', 'signs_from', 'accepted_until'])
        .orderBy('signs_from', 'desc')
        .execute();
      return rows.map((row) => ({
        kid: row.kid,
        signsFrom: row.signs_from,
        acceptedUntil: row.accepted_until ?? undefined,
      }));
    },
    async rotate(tx) {
      const on = inTransaction(db, tx);
      await sql`SELECT pg_advisory_xact_lock(${lockKey})`.execute(on);
      return rotate(on, sealer);
    },
  };
}
