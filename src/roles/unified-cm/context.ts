import type { Kysely } from 'kysely';
import type pg from 'pg';
import type { AuditAlarm } from '../../domain/audit/audit-alarm.ts';
import type { Sealer } from '../../domain/ports.ts';
import type { DasAnswer } from '../../endpoints/das/das-answer.ts';
import type { DasStep } from '../../endpoints/das/das-service.ts';
import type { ConnectionBudget } from '../../endpoints/listen/connection-limits.ts';
import { isUnspecified, urlHost } from '../../identifiers/host.ts';
import type { ClusterNode } from '../../infra/cluster/node.ts';
import { type Configuration, loopbackFor } from '../../infra/config/configuration.ts';
import type { KeptKeys } from '../../infra/crypto/kept-keys.ts';
import type { Database } from '../../infra/database/schema.ts';
import type { Silence } from '../../infra/database/silence.ts';
import type { Cron, Job } from '../../infra/jobs/runner.ts';
import type { Metrics } from '../../infra/metrics/metrics.ts';
import type { NodeIdentity } from '../../infra/pki/identity.ts';
import type { Log } from '../../kernel/log.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import type { VouchedRequest } from '../../protocol/edge-access/requests.ts';
import type { ExpresswayPins } from './expressways.ts';
import type { MicTrustFeed } from './mic-trust.ts';
import type { Notices } from './notices.ts';
import type { RemotePhones } from './remote-phones.ts';
import type { NodeTokens } from './tokens.ts';

/** What every part of a node is given. */
export interface NodeContext {
  readonly configuration: Configuration;
  /** What this node's listeners may hold. */
  readonly connections: ConnectionBudget;
  readonly version: string;
  readonly node: ClusterNode;
  /** As it was at the start; `certificates` tells of newer ones. */
  readonly identity: NodeIdentity;
  readonly certificates: CertificateNews;
  readonly databaseUrl: string;
  readonly db: Kysely<Database>;
  readonly pool: pg.Pool;
  readonly transactions: Transactions;
  readonly sealer: Sealer;
  readonly keyEncryptionKey: Uint8Array;
  readonly keptKeys: KeptKeys;
  readonly dasId: string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly notices: Notices;
  readonly tokens: NodeTokens;
  readonly micTrust: MicTrustFeed;
  readonly outside: Outside;
  /** Set by the auditing part. */
  readonly sealing: Sealing;
  readonly remotePhones: () => RemotePhones | undefined;
  /** Whether the database says nothing at the moment; pools of a part's own heed it too. */
  readonly silence: Silence;
  /** To be awaited once everything is read from the database, before the first listener opens. */
  readonly beforeListening: () => Promise<void>;
}

/** How the sealing of the audit log goes. */
export interface Sealing {
  /** Why nothing is sealed; undefined: all is well. */
  alarm: AuditAlarm | undefined;
}

/** The way in for phones outside, where parts of a node meet. */
export interface Outside {
  readonly expressways: ExpresswayPins;
  /** Set by the activation part; turns everybody away until then. */
  handshake(expressway: string, step: DasStep, request: VouchedRequest): Promise<DasAnswer>;
}

export interface CertificateNews {
  /** What the node shows now. */
  readonly current: NodeIdentity;
  /** Called with the new certificates of the node; listeners show them to whoever connects from then on. */
  onRenewed(apply: (identity: NodeIdentity) => void): void;
}

/** What a running node offers, by the names of runtime.json. */
export interface Endpoints {
  readonly https?: string;
  readonly das?: string;
  readonly tftp?: string;
  readonly tftpHttp?: string;
  readonly tftpHttps?: string;
  readonly tvs?: string;
  readonly sipUdp?: string;
  readonly sipTcp?: string;
  readonly sipTls?: string;
  readonly sipOauth?: string;
  readonly sipOauthMra?: string;
  readonly edgeAccess?: string;
  readonly metrics?: string;
}

/** A started part of a node. Disposing it drains: what is in flight ends well, within the seconds a stop may take. */
export interface Part extends AsyncDisposable {
  readonly endpoints?: Endpoints;
  /** Why it cannot serve now, in plain words; undefined: it can. */
  readonly notReady?: () => string | undefined;
  /** Called once the node is part of the cluster: what depends on its own row and certificates is read now. */
  readonly joined?: () => Promise<void>;
  readonly jobs?: Readonly<Record<string, Job>>;
  readonly crons?: readonly Cron[];
}

/** `https://10.0.0.7:8443`: where a listener is reached. A laboratory of one machine is reached there; a node of a cluster, at its address. */
export function reachAt(
  scheme: string,
  { listen, node, role }: Configuration,
  port: number,
  address = listen.address,
): string {
  const any = role === 'all-in-one' ? loopbackFor(address) : node.address;
  return `${scheme}://${urlHost(isUnspecified(address) ? any : address)}:${port}`;
}
