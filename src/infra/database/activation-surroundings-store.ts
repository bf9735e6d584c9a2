import { hash, X509Certificate } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { ActivationSurroundings, CallManagerAddress } from '../../domain/activation/ports.ts';
import { urlHost } from '../../identifiers/host.ts';
import { decodeTrustList } from '../../protocol/trust-list/trust-list.ts';
import { type MraDomains, readMraDomains, serviceDomainOf } from './mra-domains.ts';
import type { Database } from './schema.ts';

/** What the sealed reply tells of the cluster, as plain data that can go to other threads. */
export interface SurroundingsSnapshot {
  readonly dasId: string;
  /** Empty until a trust list was built. */
  readonly itlSha256: string;
  /** Lists that are still good, by the hash; `until`: milliseconds since the epoch, by the database's clock. */
  readonly itlBefore: readonly { readonly sha256: string; readonly until: number }[];
  readonly tvs: readonly { readonly host: string; readonly port: number; readonly spkiSha256: string }[];
  readonly tftp: readonly string[];
  /** `https://host:port`. */
  readonly configOrigin: string;
  /** By device pool. */
  readonly callManagers: Readonly<Record<string, readonly CallManagerAddress[]>>;
  /** Lower-case hex. */
  readonly phoneEdgeTrustSha256: readonly string[];
  readonly mra: MraDomains;
}

interface NodeRow {
  readonly id: string;
  readonly address: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly off: readonly string[];
  readonly tvs_der: Buffer | null;
}

const mostMembers = 5;

/** One consistent look at the database. `node`: the node this runs on, whose HTTPS file service comes first. */
export async function readSurroundings(
  db: Kysely<Database>,
  node: { readonly id: string },
): Promise<SurroundingsSnapshot> {
  const [{ rows: nodes }, { rows: members }, cluster, itl, edgeTrust, mra] = await Promise.all([
    sql<NodeRow>`
      select n.id, n.address, n.ports, c.der as tvs_der,
             array(select s.service from node_service s where s.node_id = n.id and not s.activated) as off
      from node n left join node_certificate c on c.node_id = n.id and c.purpose = 'tvs'
      order by n.id = ${node.id} desc, n.name`.execute(db),
    sql<{ pool: string; node_id: string }>`
      select p.id as pool, m.node_id from device_pool p join call_manager_group_member m on m.group_id = p.call_manager_group_id
      order by p.id, m.priority`.execute(db),
    db.selectFrom('cluster').select('das_id').executeTakeFirst(),
    recentTrustLists(db),
    // What the cloud tells phones, which compare the two; without a cloud, what it would be told.
    sql<{ sha256: Buffer[] }>`
      select coalesce(trust_sent_sha256, array(
               select sha256 from trust_certificate where purpose = 'PhoneEdge-trust' and not_after > now()
                 and (not laboratory or (select laboratory_open from cluster)) order by sha256)) as sha256
      from cloud_connection`.execute(db),
    readMraDomains(db),
  ]);
  const byId = new Map(nodes.map((each) => [each.id, each]));
  const offering = (service: string) => nodes.filter(({ off }) => !off.includes(service)).slice(0, mostMembers);
  const callManagers: Record<string, CallManagerAddress[]> = {};
  for (const { pool, node_id } of members) {
    const member = byId.get(node_id);
    callManagers[pool] ??= [];
    if (member === undefined || member.off.includes('CallManager')) continue;
    callManagers[pool].push({
      host: member.address,
      sipPort: member.ports['sip'] ?? 5060,
      sipTlsPort: member.ports['sipTls'] ?? 5061,
    });
  }
  const here = byId.get(node.id);
  return {
    dasId: cluster?.das_id ?? '',
    ...itl,
    tvs: offering('Trust Verification Service').flatMap(({ address, ports, tvs_der }) =>
      tvs_der === null
        ? []
        : [
            {
              host: address,
              port: ports['tvs'] ?? 2445,
              spkiSha256: hash(
                'sha256',
                new X509Certificate(tvs_der).publicKey.export({ type: 'spki', format: 'der' }),
                'hex',
              ),
            },
          ],
    ),
    tftp: offering('TFTP').map(({ address, ports }) => `${urlHost(address)}:${ports['tftp'] ?? 69}`),
    configOrigin: here ? `https://${urlHost(here.address)}:${here.ports['tftpHttps'] ?? 6972}` : '',
    callManagers,
    phoneEdgeTrustSha256: (edgeTrust.rows[0]?.sha256 ?? []).map((each) => each.toString('hex')),
    mra,
  };
}

/** How long a list is still good for phones that fetched it before there was a newer one, milliseconds. */
const listGraceMs = 15 * 60_000;
const mostListsBefore = 8;

/**
 * The newest trust list and those before it that are still good: replaced less than a quarter of an hour ago, and every certificate in them is
 * in the newest one too. As soon as a certificate left (a node was deleted, a key was stolen), the lists that hold it are good no more.
 */
async function recentTrustLists(db: Kysely<Database>): Promise<Pick<SurroundingsSnapshot, 'itlSha256' | 'itlBefore'>> {
  const { rows } = await sql<{ bytes: Buffer; replaced_at: Date | null }>`
    SELECT bytes, replaced_at
      FROM (SELECT id, bytes, lead(built_at) OVER (ORDER BY id) AS replaced_at FROM trust_list WHERE kind = 'ITL') AS list
     WHERE replaced_at IS NULL OR replaced_at > now() - make_interval(secs => ${listGraceMs / 1000})
     ORDER BY id DESC LIMIT ${mostListsBefore + 1}`.execute(db);
  const [newest, ...before] = rows;
  if (newest === undefined) return { itlSha256: '', itlBefore: [] };
  const listed = new Set(recordsOf(newest.bytes));
  return {
    itlSha256: hash('sha256', newest.bytes, 'hex'),
    itlBefore: before.flatMap(({ bytes, replaced_at }) =>
      replaced_at !== null && recordsOf(bytes).every((each) => listed.has(each))
        ? [{ sha256: hash('sha256', bytes, 'hex'), until: replaced_at.getTime() + listGraceMs }]
        : [],
    ),
  };
}

/** Each certificate with what it is listed for. */
function recordsOf(bytes: Uint8Array): readonly string[] {
  return decodeTrustList(bytes).records.map(({ role, certificate }) => `${role} ${hash('sha256', certificate, 'hex')}`);
}

/** The port over whatever snapshot is the newest. */
export function surroundingsOf(newest: () => SurroundingsSnapshot): ActivationSurroundings {
  return {
    dasId: () => newest().dasId,
    itlSha256: () => newest().itlSha256,
    itlPreviousSha256: (at) =>
      newest()
        .itlBefore.filter(({ until }) => until > at.getTime())
        .map(({ sha256 }) => sha256),
    tvs: () => newest().tvs,
    phoneEdgeTrustSha256: () => newest().phoneEdgeTrustSha256,
    mra: (pool, own) => {
      const { mra } = newest();
      const serviceDomain = serviceDomainOf(mra, pool, own);
      return mra.activationDomain === undefined || serviceDomain === undefined
        ? undefined
        : { activationDomain: mra.activationDomain, serviceDomain };
    },
    tftp: () => newest().tftp,
    configUrl: (name) => `${newest().configOrigin}/${name}.cnf.xml`,
    callManagers: (pool) => newest().callManagers[pool] ?? [],
  };
}
