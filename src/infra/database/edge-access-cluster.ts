import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { mraOff } from '../../domain/oauth/oauth-settings.ts';
import { type ClusterView, type ClusterViewNode, writeClusterView } from '../../protocol/edge-access/cluster-view.ts';
import { readMicTrust } from './activation-trust-store.ts';
import { readMraDomains } from './mra-domains.ts';
import { readOauth } from './oauth-key-store.ts';
import type { Database } from './schema.ts';

interface NodeRow {
  readonly name: string;
  readonly address: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly on: readonly string[];
  readonly off: readonly string[];
}

/** Services that run unless an administrator says otherwise and that Expressway-C asks about. */
const usual = ['CallManager', 'TFTP', 'Device Activation Service', 'Trust Verification Service', 'UDS'];

export async function readEdgeNodes(db: Kysely<Database>): Promise<readonly ClusterViewNode[]> {
  const { rows } = await sql<NodeRow>`
    SELECT n.name, n.address, n.ports,
           array(SELECT s.service FROM node_service s WHERE s.node_id = n.id AND s.activated ORDER BY 1) AS on,
           array(SELECT s.service FROM node_service s WHERE s.node_id = n.id AND NOT s.activated) AS off
    FROM node n ORDER BY n.name`.execute(db);
  return rows.map(({ name, address, ports, on, off }) => ({
    name,
    host: address,
    https: ports['https'] ?? 8443,
    edgeAccess: ports['edgeAccess'] ?? 8444,
    sipOauthMra: ports['sipOauthMra'] ?? 5091,
    services: [...new Set([...usual, ...on])].filter((service) => !off.includes(service)).toSorted(),
  }));
}

async function readServedDomains(db: Kysely<Database>) {
  const { activationDomain, byId } = await readMraDomains(db);
  const domains = new Set(Object.values(byId));
  if (activationDomain !== undefined) domains.add(activationDomain);
  return { activationDomain, serviceDomains: [...domains].toSorted() };
}

/** What an Expressway-C may know of the cluster; of a laboratory's manufacturer only from a node that runs as one. */
export async function readClusterView(
  db: Kysely<Database>,
  version: string,
  laboratory: boolean,
): Promise<ClusterView> {
  const [cluster, nodes, domains, trust, oauth] = await Promise.all([
    db.selectFrom('cluster').select('id').executeTakeFirstOrThrow(),
    readEdgeNodes(db),
    readServedDomains(db),
    readMicTrust(db, laboratory),
    readOauth(db),
  ]);
  const view = {
    clusterId: cluster.id,
    version,
    nodes,
    ...domains,
    mraActivationEnabled: mraOff(oauth.settings) === undefined,
    micTrust: trust.certificates.map(({ der, micRoot, legacySha1, expiredMicsUntil }) => ({
      der,
      micRoot,
      legacySha1,
      ...(expiredMicsUntil !== undefined && { expiredMicsUntil: Math.floor(expiredMicsUntil / 1000) }),
    })),
    micDenied: {
      serials: [...trust.denied.serials].toSorted(),
      keys: [...trust.denied.keys].toSorted(),
      macs: [...trust.denied.macs].toSorted(),
      revoked: trust.revoked,
    },
    jwks: { keys: oauth.keys.map(({ jwk }) => jwk).toSorted((a, b) => (a.kid < b.kid ? -1 : 1)) },
    issuer: oauth.issuer,
  };
  const etag = createHash('sha256')
    .update(writeClusterView({ ...view, etag: '' }))
    .digest('base64url');
  return { ...view, etag };
}

/** Names of the nodes of the phone's Call Manager group, best first; those without CallManager left out. Undefined: no such phone. */
export async function readSipNodes(db: Kysely<Database>, deviceName: string): Promise<readonly string[] | undefined> {
  const { rows } = await sql<{ name: string | null }>`
    SELECT n.name FROM device d
    JOIN device_pool p ON p.id = d.device_pool_id
    LEFT JOIN call_manager_group_member m ON m.group_id = p.call_manager_group_id
    LEFT JOIN node n ON n.id = m.node_id
      AND NOT EXISTS (SELECT FROM node_service s WHERE s.node_id = n.id AND s.service = 'CallManager' AND NOT s.activated)
    WHERE d.name = ${deviceName} ORDER BY m.priority`.execute(db);
  return rows.length === 0 ? undefined : rows.flatMap(({ name }) => (name === null ? [] : [name]));
}
