import type { Kysely } from 'kysely';
import type { AuditLog } from '../../domain/audit-log.ts';
import { ExpresswayService } from '../../domain/edge-access/expressways.ts';
import { GrantService } from '../../domain/oauth/grants.ts';
import { TokenKeyService } from '../../domain/oauth/token-key-service.ts';
import type { Sealer, Timeline } from '../../domain/ports.ts';
import { expresswayModule } from '../../endpoints/rest/expressways.ts';
import { grantModule } from '../../endpoints/rest/grants.ts';
import type { RestModule } from '../../endpoints/rest/route.ts';
import { readEdgeNodes } from '../../infra/database/edge-access-cluster.ts';
import { expresswayStore } from '../../infra/database/edge-access-expressways.ts';
import { grantStore } from '../../infra/database/oauth-grant-store.ts';
import { tokenKeyStore } from '../../infra/database/oauth-key-store.ts';
import type { Database } from '../../infra/database/schema.ts';
import type { NodePlace } from '../../infra/edge/node-session.ts';
import { derToPem } from '../../infra/pki/identity.ts';
import { readCertificateText } from '../../infra/trust/read-certificate.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import type { EnrolledExpressway } from '../../protocol/edge-access/enrolment.ts';
import type { NodeContext } from './context.ts';
import type { NodeDomain } from './domain.ts';

type ServiceParts = Pick<AccessAdministrationParts, 'db' | 'transactions' | 'audit'>;

function expresswayService({ db, transactions, audit }: ServiceParts): ExpresswayService {
  return new ExpresswayService({
    store: expresswayStore(db),
    readCertificate: readCertificateText,
    transactions,
    audit,
  });
}

async function edgeAccessPlaces(db: Kysely<Database>) {
  return (await readEdgeNodes(db)).map(({ name, host, edgeAccess }) => ({ node: name, host, port: edgeAccess }));
}

/** Where Expressway-Cs find the nodes. */
export async function edgeAccessOf({ db }: Pick<NodeContext, 'db'>): Promise<readonly NodePlace[]> {
  return (await readEdgeNodes(db)).map(({ name, host, edgeAccess }) => ({ name, host, port: edgeAccess }));
}

/** What `POST /api/v1/expressways` does, for an Expressway-C of the same process. `certificate`: PEM. */
export async function enrolExpressway(
  { db, transactions, identity }: NodeContext,
  { audit }: NodeDomain,
  name: string,
  certificate: string,
): Promise<EnrolledExpressway> {
  const added = await expresswayService({ db, transactions, audit }).add(name, certificate, {
    name: 'system',
    sourceAddress: '',
  });
  return {
    id: added.id,
    name: added.name,
    sha256: added.sha256,
    clusterCa: derToPem(identity.clusterCa),
    edgeAccess: await edgeAccessPlaces(db),
  };
}

export interface AccessAdministrationParts {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  readonly sealer: Sealer;
  readonly audit: AuditLog;
  readonly timeline: Timeline;
  /** PEM. */
  readonly clusterCa: string;
}

/** The REST door's part about phones outside: Expressway-Cs, grants, keys. */
export function accessAdministration(parts: AccessAdministrationParts): readonly RestModule[] {
  const { db, transactions, sealer, audit, timeline, clusterCa } = parts;
  return [
    expresswayModule(expresswayService(parts), { clusterCa: () => clusterCa, edgeAccess: () => edgeAccessPlaces(db) }),
    grantModule(
      new GrantService({ store: grantStore(db), transactions, audit, timeline }),
      new TokenKeyService(tokenKeyStore(db, sealer), transactions, audit),
    ),
  ];
}
