import { answerRefusal } from '../../endpoints/das/das-answer.ts';
import { busy } from '../../endpoints/das/das-desk.ts';
import { listenForHealth } from '../../endpoints/health/listener.ts';
import { type ConnectionBudget, connectionLimits } from '../../endpoints/listen/connection-limits.ts';
import { openCluster } from '../../infra/cluster/cluster.ts';
import { registerNode, startHeartbeat } from '../../infra/cluster/node.ts';
import type { Configuration } from '../../infra/config/configuration.ts';
import { sealer } from '../../infra/crypto/sealer.ts';
import { rightsOf, tooManyRights } from '../../infra/database/application-role.ts';
import { openDatabase } from '../../infra/database/connect.ts';
import { migrate } from '../../infra/database/migrate.ts';
import { startJobs } from '../../infra/jobs/runner.ts';
import { createMetrics } from '../../infra/metrics/metrics.ts';
import { listenForNotices } from '../../infra/notify.ts';
import type { LabManufacturer } from '../../infra/pki/lab-manufacturer.ts';
import { loadNodeIdentity } from '../../infra/pki/node-identity.ts';
import type { Log } from '../../kernel/log.ts';
import { ensureAdministrator } from './administrator.ts';
import { certificateRenewal } from './certificate-renewal.ts';
import { type Endpoints, type NodeContext, type Part, reachAt } from './context.ts';
import { buildDomain, type NodeDomain } from './domain.ts';
import { openExpresswayPins } from './expressways.ts';
import { closeLaboratory, trustLaboratory } from './laboratory.ts';
import { watchNodeClock } from './node-clock.ts';
import { noticeBoard } from './notice-board.ts';
import { startParts } from './parts.ts';
import type { RemotePhones } from './remote-phones.ts';
import { openNodeTokens } from './tokens.ts';

export interface UnifiedCmOptions {
  readonly configuration: Configuration;
  readonly version: string;
  readonly databaseUrl: string;
  /** As the owner of the schema; absent: `databaseUrl` is. */
  readonly ownerDatabaseUrl?: string;
  /** Undefined: not there yet. */
  readonly keyEncryptionKey: Uint8Array | undefined;
  readonly makeKeyEncryptionKey: () => Promise<Uint8Array>;
  readonly log: Log;
  readonly connections: ConnectionBudget;
  /** The first administrator's password is put there. */
  readonly passwordFile: string;
  readonly lab?: LabManufacturer | undefined;
  /** Of a laboratory that has an outside too; asked whenever a phone is plugged in there. */
  readonly remotePhones?: (() => RemotePhones | undefined) | undefined;
}

export interface RunningNode extends AsyncDisposable {
  readonly context: NodeContext;
  readonly domain: NodeDomain;
  readonly endpoints: Endpoints;
}

/** Starts a cluster node over a PostgreSQL that answers. Nothing listens before the key, the schema and the certificates are in order. */
export async function startUnifiedCm(options: UnifiedCmOptions): Promise<RunningNode> {
  const { configuration, databaseUrl, log, version } = options;
  await using stack = new AsyncDisposableStack();
  const applied = await migrate(options.ownerDatabaseUrl ?? databaseUrl, undefined, { applicationUrl: databaseUrl });
  if (applied.length > 0) log.info({ migrations: applied.length }, 'the database schema was brought up to date');
  const excess = tooManyRights(await rightsOf(databaseUrl));
  if (excess !== undefined) log.warn({}, excess);

  const metrics = createMetrics();
  stack.defer(() => metrics.close());
  const open = openDatabase(databaseUrl, {
    max: configuration.database.connections,
    onIdleError: (error) => log.debug({ err: error }, 'an idle database connection broke'),
  });
  stack.use(open);
  const { db, pool, transactions } = open;
  const cluster = await openCluster({
    db,
    transactions,
    key: options.keyEncryptionKey,
    makeKey: options.makeKeyEncryptionKey,
    sealerOf: sealer,
  });
  const node = await registerNode({ db, transactions, ...configuration.node, ports: configuration.ports, version });
  const pki = { db, transactions, sealer: cluster.sealer, node };
  const identity = await loadNodeIdentity(pki);
  const board = noticeBoard();
  const certificates = stack.use(certificateRenewal({ ...pki, identity, notices: board, log }));
  const tokens = stack.use(await openNodeTokens({ db, transactions, sealer: cluster.sealer, notices: board, log }));
  const expressways = stack.use(await openExpresswayPins({ db, notices: board, log }));
  const context: NodeContext = {
    configuration,
    connections: options.connections,
    version,
    node,
    identity,
    certificates,
    databaseUrl,
    db,
    pool,
    transactions,
    sealer: cluster.sealer,
    keyEncryptionKey: cluster.key,
    keptKeys: cluster.keptKeys,
    dasId: cluster.dasId,
    log,
    metrics,
    notices: board,
    remotePhones: options.remotePhones ?? (() => undefined),
    tokens,
    sealing: { alarm: undefined },
    outside: { expressways, handshake: async () => answerRefusal(busy()) },
  };
  const domain = stack.use(buildDomain(context));
  await ensureAdministrator(context, domain, options.passwordFile);
  if (options.lab === undefined) await closeLaboratory(context, domain);
  else await trustLaboratory(context, domain, options.lab);

  const heartbeat = startHeartbeat({
    db,
    nodeId: node.id,
    onChange(up, error) {
      metrics.databaseUp(up);
      if (up) log.info({}, 'the database answers again');
      else log.error({ err: error }, 'the database does not answer: requests that need it are refused until it does');
    },
  });
  stack.use(heartbeat);
  metrics.databaseUp(true);

  const clock = stack.use(await watchNodeClock({ db, certificates, metrics, log }));

  const parts: Part[] = [];
  stack.defer(() => stopParts(parts, log));
  await startParts(context, domain, parts);
  const missing = () => [
    ...(heartbeat.up ? [] : ['the database does not answer']),
    ...(board.listening ? [] : ['change notices from the database are interrupted']),
    ...clock.hindrances(),
    ...parts.flatMap((part) => part.notReady?.() ?? []),
  ];
  const notices = await listenForNotices({
    url: databaseUrl,
    channels: board.channels(),
    onNotice: board.deliver,
    onLost: board.lost,
    onListening: board.found,
    log,
  });
  stack.use(notices);
  stack.use(
    await startJobs({
      pool,
      jobs: Object.assign({}, ...parts.map((part) => part.jobs ?? {})),
      crons: parts.flatMap((part) => part.crons ?? []),
      log,
      onGivenUp: (job) => metrics.jobFailed(job),
    }),
  );
  const health = await listenForHealth({
    address: configuration.listen.metricsAddress,
    port: configuration.ports.metrics,
    metrics,
    notReady: missing,
    warnings: clock.warnings,
    connections: connectionLimits('health', options.connections),
    log,
  });
  stack.use(health);
  const endpoints: Endpoints = Object.assign({}, ...parts.map((part) => part.endpoints ?? {}), {
    metrics: reachAt('http', configuration, health.port, configuration.listen.metricsAddress),
  });
  const owned = stack.move();
  return { context, domain, endpoints, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** All at once: each has the same few seconds. */
async function stopParts(parts: readonly Part[], log: Log): Promise<void> {
  const results = await Promise.allSettled(parts.map((part) => part[Symbol.asyncDispose]()));
  for (const result of results)
    if (result.status === 'rejected') log.warn({ err: result.reason }, 'a part did not stop well');
}
