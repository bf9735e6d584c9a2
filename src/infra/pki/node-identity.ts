import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type Kysely, sql } from 'kysely';
import type { Sealer } from '../../domain/ports.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { inTransaction } from '../database/connect.ts';
import type { Database } from '../database/schema.ts';
import { backdated } from './backdating.ts';
import type { Identity, NodeIdentity } from './identity.ts';
import type { CertificateRequest, Issuer, KeyKind } from './issue.ts';
import { privateKeyFromDer, privateKeyToDer } from './private-key.ts';

export interface NodeIdentityOptions {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  readonly sealer: Sealer;
  readonly node: { readonly id: string; readonly name: string; readonly address: string };
}

type ClusterPurpose = 'cluster-ca' | 'itl-recovery' | 'call-manager-signing';
type NodePurpose = 'call-manager' | 'tvs' | 'tomcat';
type Purpose = ClusterPurpose | NodePurpose;

const year = 365.25 * 24 * 3600 * 1000;
/** A node certificate is renewed when less than this is left: at the node's start, and while it runs. */
const renewBefore = 90 * 24 * 3600 * 1000;
const lifetime: Readonly<Record<Purpose, number>> = {
  'cluster-ca': 30 * year,
  'itl-recovery': 20 * year,
  'call-manager-signing': 20 * year,
  'call-manager': 5 * year,
  tvs: 5 * year,
  tomcat: 5 * year,
};
const lockKey = 0x6672_706b;

/**
 * The certificates and keys of the cluster and of this node: read from the database, made where they are missing, renewed where they end soon or
 * no longer name the node's address. Under an advisory lock, so that nodes that start together agree. Keys are stored sealed.
 * Throws `sealed_value_unreadable` when the key-encryption key is not the one they were sealed with.
 */
export async function loadNodeIdentity(options: NodeIdentityOptions): Promise<NodeIdentity> {
  return (await load(options, 'kept')).identity;
}

export interface PreparedIdentity {
  readonly identity: NodeIdentity;
  /** Stores what was made for the node, which has its row by then. */
  readonly keep: (tx: Transaction) => Promise<void>;
}

/** The same for a node that has not joined: what is made for it alone is in no trust list before `keep`. */
export async function prepareNodeIdentity(options: NodeIdentityOptions): Promise<PreparedIdentity> {
  const { identity, made } = await load(options, 'held');
  return {
    identity,
    async keep(tx) {
      const db = inTransaction(options.db, tx);
      for (const [purpose, each] of made) if (isOfNode(purpose)) await keep({ ...options, db }, purpose, each);
    },
  };
}

async function load(
  options: NodeIdentityOptions,
  ofNode: 'kept' | 'held',
): Promise<{ readonly identity: NodeIdentity; readonly made: Stored }> {
  const { node } = options;
  const found = complete(await read(options), node, await databaseNow(options.db));
  if (found !== undefined) return { identity: found, made: new Map() };
  return options.transactions.run(async (tx) => {
    const db = inTransaction(options.db, tx);
    await sql`select pg_advisory_xact_lock(${lockKey})`.execute(db);
    const stored = await read({ ...options, db });
    const now = await databaseNow(db);
    const made = await makeMissing(stored, node, now);
    for (const [purpose, each] of made)
      if (ofNode === 'kept' || !isOfNode(purpose)) await keep({ ...options, db }, purpose, each);
    const identity = complete(new Map([...stored, ...made]), node, now);
    if (identity === undefined) throw new Error('a certificate that was just made does not fit its node');
    return { identity, made };
  });
}

/** Whether `loadNodeIdentity` would renew a certificate of this node because of its time. By the database's clock. */
export async function nodeCertificateEndsSoon({
  db,
  node,
}: Pick<NodeIdentityOptions, 'db' | 'node'>): Promise<boolean> {
  const row = await db
    .selectFrom('node_certificate')
    .select('purpose')
    .where('node_id', '=', node.id)
    .where(sql<boolean>`not_after < now() + make_interval(secs => ${renewBefore / 1000})`)
    .executeTakeFirst();
  return row !== undefined;
}

type Stored = Map<Purpose, Identity>;
type Reading = Pick<NodeIdentityOptions, 'db' | 'sealer' | 'node'>;

async function read({ db, sealer, node }: Reading): Promise<Stored> {
  const rows = await db
    .selectFrom('node_certificate')
    .select(['purpose', 'der', 'chain', 'key_sealed', 'not_after'])
    .where((where) => where.or([where('node_id', 'is', null), where('node_id', '=', node.id)]))
    .execute();
  if (rows.length === 0) return new Map();
  return new Map(
    rows.map((row) => [
      row.purpose as Purpose,
      {
        certificate: row.der,
        chain: row.chain,
        privateKey: privateKeyFromDer(sealer.open(sealPurpose(row.purpose), row.key_sealed)),
        notAfter: row.not_after,
      },
    ]),
  );
}

function sealPurpose(purpose: string): string {
  return `certificate-key:${purpose}`;
}

/** The clock everybody goes by: one node with a wrong clock must not make certificates for another time. Milliseconds since the epoch. */
async function databaseNow(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(db);
  return rows[0]!.now.getTime();
}

function complete(stored: Stored, node: NodeIdentityOptions['node'], now: number): NodeIdentity | undefined {
  const ca = stored.get('cluster-ca');
  const itlRecovery = stored.get('itl-recovery');
  const callManagerSigning = stored.get('call-manager-signing');
  const callManager = usable(stored.get('call-manager'), node, now);
  const tvs = usable(stored.get('tvs'), node, now);
  const tomcat = usable(stored.get('tomcat'), node, now);
  if (!ca || !itlRecovery || !callManagerSigning || !callManager || !tvs || !tomcat) return undefined;
  return { nodeId: node.id, clusterCa: ca.certificate, itlRecovery, callManagerSigning, callManager, tvs, tomcat };
}

function usable(identity: Identity | undefined, node: NodeIdentityOptions['node'], now: number): Identity | undefined {
  if (identity === undefined || identity.notAfter.getTime() - now < renewBefore) return undefined;
  const certificate = new X509Certificate(identity.certificate);
  return namesOf(node).every((name) => isNamedBy(certificate, name)) ? identity : undefined;
}

/** By value: an IPv6 address has many spellings, and a certificate shows it in another than people write. */
function isNamedBy(certificate: X509Certificate, name: string): boolean {
  if (isIP(name) !== 0) return certificate.checkIP(name) !== undefined;
  const names = (certificate.subjectAltName ?? '').toLowerCase().split(', ');
  return names.includes(`dns:${name.toLowerCase()}`);
}

function namesOf(node: NodeIdentityOptions['node']): string[] {
  return [...new Set([node.name, node.address, 'localhost', '127.0.0.1'])];
}

async function makeMissing(stored: Stored, node: NodeIdentityOptions['node'], now: number): Promise<Stored> {
  const { generateKey, issueCertificate } = await import('./issue.ts');
  const from = backdated(now);
  const make = async (
    purpose: Purpose,
    kind: KeyKind,
    request: Partial<CertificateRequest>,
    authority?: Identity,
  ): Promise<Identity> => {
    const key = await generateKey(kind);
    const notAfter = new Date(now + lifetime[purpose]);
    const issuer: Issuer | { self: typeof key } = authority ?? { self: key };
    const certificate = await issueCertificate(
      { subject: [], ...request, publicKey: key.publicKey, notBefore: from, notAfter },
      issuer,
    );
    const chain = authority === undefined ? [] : [authority.certificate];
    return { certificate, chain, privateKey: key.privateKey, notAfter };
  };
  const organisation = [
    ['OU', 'Firstring'],
    ['O', 'Firstring cluster'],
  ] as const;
  const known = stored.get('cluster-ca');
  const ca =
    known ??
    (await make('cluster-ca', 'p-256', {
      subject: [['CN', 'Firstring cluster CA'], ...organisation],
      authority: { pathLength: 0 },
    }));
  const tls = { usages: ['server', 'client'], alternativeNames: namesOf(node) } as const;
  const wanted: [Purpose, KeyKind, Partial<CertificateRequest>][] = [];
  if (!stored.has('itl-recovery'))
    wanted.push(['itl-recovery', 'rsa-2048', { subject: [['CN', 'ITLRecovery'], ...organisation] }]);
  if (!stored.has('call-manager-signing')) {
    wanted.push(['call-manager-signing', 'rsa-2048', { subject: [['CN', 'CallManager-signing'], ...organisation] }]);
  }
  const subject = (unit: string) =>
    [
      ['CN', node.name],
      ['OU', unit],
      ['O', 'Firstring cluster'],
    ] as const;
  if (!usable(stored.get('call-manager'), node, now))
    wanted.push(['call-manager', 'rsa-2048', { subject: subject('CallManager'), ...tls }]);
  if (!usable(stored.get('tvs'), node, now)) wanted.push(['tvs', 'rsa-2048', { subject: subject('TVS'), ...tls }]);
  if (!usable(stored.get('tomcat'), node, now))
    wanted.push(['tomcat', 'p-256', { subject: subject('tomcat'), ...tls }]);
  const made = await Promise.all(
    wanted.map(async ([purpose, kind, request]) => [purpose, await make(purpose, kind, request, ca)] as const),
  );
  return new Map([...(known === undefined ? [['cluster-ca', ca] as const] : []), ...made]);
}

const isOfNode = (purpose: Purpose) => purpose === 'call-manager' || purpose === 'tvs' || purpose === 'tomcat';

async function keep({ db, sealer, node }: Reading, purpose: Purpose, identity: Identity): Promise<Identity> {
  const row = {
    der: identity.certificate,
    chain: [...identity.chain],
    key_sealed: Buffer.from(sealer.seal(sealPurpose(purpose), privateKeyToDer(identity.privateKey))),
    not_after: identity.notAfter,
  };
  await db
    .insertInto('node_certificate')
    .values({ ...row, purpose, node_id: isOfNode(purpose) ? node.id : null })
    .onConflict((conflict) => conflict.columns(['node_id', 'purpose']).doUpdateSet(row))
    .execute();
  return identity;
}
