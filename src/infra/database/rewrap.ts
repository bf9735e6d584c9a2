import pg from 'pg';
import { sealPurpose } from '../../domain/activation/codes.ts';
import { digestPasswordPurpose } from '../../domain/devices/digest-password.ts';
import { keptAnswerPurpose } from '../../domain/idempotency/once.ts';
import { cloudKeyPurpose } from '../../domain/mra/cloud-link.ts';
import type { Sealer } from '../../domain/ports.ts';
import { webhookSecretPurpose } from '../../domain/webhooks/webhook-service.ts';
import type { Locator } from '../../identifiers/activation-code.ts';
import { Fault } from '../../kernel/errors.ts';
import { type KeptKey, type KeptKeys, keptSecretName } from '../crypto/kept-keys.ts';
import { migrationPatience } from './connect.ts';

export class RewrapFault extends Fault<'nodes_running' | 'sealed_column_unknown'> {}

/** A column of sealed values, and what each was sealed for. */
interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** A column that the purpose needs. */
  readonly by?: string;
  readonly purpose: (by: string) => string;
}

const cluster: readonly SealedColumn[] = [
  { table: 'cluster_secret', column: 'sealed', by: 'name', purpose: (name) => name },
  {
    table: 'node_certificate',
    column: 'key_sealed',
    by: 'purpose',
    purpose: (purpose) => `certificate-key:${purpose}`,
  },
  { table: 'device', column: 'digest_password_sealed', purpose: () => digestPasswordPurpose },
  { table: 'activation_code', column: 'code_sealed', by: 'locator', purpose: (by) => sealPurpose.code(by as Locator) },
  { table: 'activation_code', column: 'salt_sealed', by: 'locator', purpose: (by) => sealPurpose.salt(by as Locator) },
  {
    table: 'activation_code',
    column: 'verifier_sealed',
    by: 'locator',
    purpose: (by) => sealPurpose.verifier(by as Locator),
  },
  { table: 'activation', column: 'confirm_key_sealed', purpose: () => sealPurpose.confirmKey },
  { table: 'cloud_connection', column: 'key_sealed', purpose: () => cloudKeyPurpose },
  { table: 'oauth_key', column: 'private_sealed', by: 'kid', purpose: (kid) => `oauth-key ${kid}` },
  { table: 'webhook', column: 'secret_sealed', purpose: () => webhookSecretPurpose },
  { table: 'kept_request', column: 'answer_sealed', by: 'id', purpose: keptAnswerPurpose },
];
const cloud: readonly SealedColumn[] = [
  { table: 'cloud_secret', column: 'sealed', by: 'name', purpose: (name) => name },
  { table: 'cloud_key', column: 'key_sealed', by: 'purpose', purpose: (purpose) => `cloud-key:${purpose}` },
  { table: 'kept_request', column: 'answer_sealed', by: 'id', purpose: keptAnswerPurpose },
];

const batch = 1_000;

export interface RewrapOptions {
  /** As the owner of the schema: triggers rest meanwhile, for nothing changes that phones or webhooks should hear of. */
  readonly ownerUrl: string;
  readonly from: Sealer;
  readonly to: Sealer;
  /** Of a cluster: what was derived from the old key and stays. Absent: a cloud's database. */
  readonly kept?: KeptKeys;
  /** The caller knows that nobody else uses the database. */
  readonly alone?: boolean;
}

/** Seals every secret of the database anew, all in one transaction. Resolves to how many. Throws RewrapFault while a node runs, and SealFault when a value does not open. */
export async function rewrap({ ownerUrl, from, to, kept, alone }: RewrapOptions): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl, ...migrationPatience });
  await client.connect();
  const columns = kept === undefined ? cloud : cluster;
  try {
    await client.query('begin');
    // A node of the cloud seals nothing once its keys are there.
    if (!alone && kept !== undefined) await refuseWhileNodesRun(client);
    await refuseUnknown(client, columns);
    const tables = [...new Set(columns.map((each) => each.table))];
    await client.query(`lock table ${tables.map(pg.escapeIdentifier).join(', ')} in share row exclusive mode`);
    for (const table of tables) await client.query(`alter table ${pg.escapeIdentifier(table)} disable trigger user`);
    let sealed = 0;
    for (const column of columns) sealed += await rewrapColumn(client, column, from, to);
    for (const [which, key] of Object.entries(kept ?? {})) {
      const name = keptSecretName(which as KeptKey);
      await client.query('insert into cluster_secret (name, sealed) values ($1, $2) on conflict (name) do nothing', [
        name,
        to.seal(name, key),
      ]);
    }
    if (kept !== undefined)
      await client.query(
        `insert into audit_event (actor, action, object_kind, detail) values ('command line', 'key-encryption-key.rotated', 'key-encryption-key', $1)`,
        [JSON.stringify({ values: sealed })],
      );
    for (const table of tables) await client.query(`alter table ${pg.escapeIdentifier(table)} enable trigger user`);
    await client.query('commit');
    return sealed;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    await client.end();
  }
}

async function rewrapColumn(client: pg.Client, { table, column, by, purpose }: SealedColumn, from: Sealer, to: Sealer) {
  const of = pg.escapeIdentifier(column);
  const name = by === undefined ? `''` : pg.escapeIdentifier(by);
  await client.query(
    `declare sealed_values cursor for select ctid, ${name} as by, ${of} as value from ${pg.escapeIdentifier(table)} where ${of} is not null`,
  );
  let count = 0;
  for (;;) {
    const { rows } = await client.query<{ ctid: string; by: string; value: Buffer }>(
      `fetch ${batch} from sealed_values`,
    );
    if (rows.length === 0) break;
    const fresh = rows.map((row) => Buffer.from(to.seal(purpose(row.by), from.open(purpose(row.by), row.value))));
    const { rowCount } = await client.query(
      `update ${pg.escapeIdentifier(table)} t set ${of} = n.value from unnest($1::tid[], $2::bytea[]) as n(at, value) where t.ctid = n.at`,
      [rows.map((row) => row.ctid), fresh],
    );
    if (rowCount !== rows.length) throw new Error(`${table} changed meanwhile`);
    count += rows.length;
  }
  await client.query('close sealed_values');
  return count;
}

/** A column of sealed values that is not in the table above would be lost with the old key. */
async function refuseUnknown(client: pg.Client, columns: readonly SealedColumn[]): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(`
    select c.relname as table, a.attname as column from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      and a.atttypid = 'bytea'::regtype and (a.attname = 'sealed' or a.attname like '%\\_sealed')`);
  const unknown = rows.filter((row) => !columns.some((each) => each.table === row.table && each.column === row.column));
  if (unknown.length > 0)
    throw new RewrapFault(
      'ours',
      'sealed_column_unknown',
      `this program does not know how ${unknown.map((each) => `${each.table}.${each.column}`).join(', ')} is sealed`,
      { remedy: 'Run the release of Firstring that made this database.' },
    );
}

async function refuseWhileNodesRun(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select name from node where last_seen_at > now() - interval '30 seconds' order by name`,
  );
  if (rows.length > 0)
    throw new RewrapFault('caller', 'nodes_running', `still running: ${rows.map((each) => each.name).join(', ')}`, {
      remedy: 'Stop every node, wait half a minute, and run the command again.',
    });
}

/** The sealed secrets that have a name, by it. */
export async function readSecrets(ownerUrl: string, ofCloud: boolean): Promise<ReadonlyMap<string, Uint8Array>> {
  const client = new pg.Client({ connectionString: ownerUrl, ...migrationPatience });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; sealed: Buffer }>(
      `select name, sealed from ${ofCloud ? 'cloud_secret' : 'cluster_secret'}`,
    );
    return new Map(rows.map((row) => [row.name, row.sealed]));
  } finally {
    await client.end();
  }
}
