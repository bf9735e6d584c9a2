import { answerRefusal } from '../../endpoints/das/das-answer.ts';
import { busy } from '../../endpoints/das/das-desk.ts';
import { listenForHealth } from '../../endpoints/health/listener.ts';
import { type ConnectionBudget, connectionLimits } from '../../endpoints/listen/connection-limits.ts';
import { openCluster } from '../../infra/cluster/cluster.ts';
import { claimNode, type Heartbeat, joinCluster, type NodeOptions, startHeartbeat } from '../../infra/cluster/node.ts';
import type { Configuration } from '../../infra/config/configuration.ts';
import { sealer } from '../../infra/crypto/sealer.ts';
import { watchDisk } from '../../infra/data-directory/disk.ts';
import { rightsOf, tooManyRights } from '../../infra/database/application-role.ts';
import { openDatabase } from '../../infra/database/connect.ts';
import { migrate } from '../../infra/database/migrate.ts';
import { watchDatabase } from '../../infra/database/silence.ts';
import { inBackground } from '../../infra/database/work-scope.ts';
import { startJobs } from '../../infra/jobs/runner.ts';
import { createMetrics } from '../../infra/metrics/metrics.ts';
import { listenForNotices } from '../../infra/notify.ts';
import type { LabManufacturer } from '../../infra/pki/lab-manufacturer.ts';
import { prepareNodeIdentity } from '../../infra/pki/node-identity.ts';
import type { Log } from '../../kernel/log.ts';
import { ensureAdministrator } from './administrator.ts';
import { certificateRenewal } from './certificate-renewal.ts';
import { type Endpoints, type NodeContext, type Part, reachAt } from './context.ts';
import { buildDomain, type NodeDomain } from './domain.ts';
import { openExpresswayPins } from './expressways.ts';
import { closeLaboratory, trustLaboratory } from './laboratory.ts';
import { openMicTrust } from './mic-trust.ts';
import { watchNodeClock } from './node-clock.ts';
import { noticeBoard } from './notice-board.ts';
import { noticeChannels } from './notices.ts';
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
  /** UUID of the data directory. */
  readonly instance: string;
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

/**
 * Starts a cluster node over a PostgreSQL that answers. Nothing listens before the key, the schema and the certificates are in order and all that the
 * doors need is read; the cluster knows of the node once everything listens. When it rejects, nothing is left of the attempt.
 */
export async function startUnifiedCm(options: UnifiedCmOptions): Promise<RunningNode> {
  const { configuration, databaseUrl, log } = options;
  await using stack = new AsyncDisposableStack();
  const { context, domain, board, disk, joining } = await prepare(options, stack);
  const { db, node, metrics, pool, certificates } = context;
  const clock = stack.use(await watchNodeClock({ db, certificates, metrics, log }));

  const parts: Part[] = [];
  let heartbeat: Heartbeat | undefined;
  stack.defer(() => stopParts(parts, log));
  const missing = () => [
    ...(heartbeat === undefined ? ['the node has not joined its cluster yet'] : []),
    ...(heartbeat?.up === false ? ['the database does not answer'] : []),
    ...(heartbeat?.replaced ? ['another node took over the name of this one, or it was removed'] : []),
    ...[disk.problem()].filter((each) => each !== undefined),
    ...(board.listening ? [] : ['change notices from the database are interrupted']),
    ...clock.hindrances(),
    ...parts.flatMap((part) => part.notReady?.() ?? []),
  ];
  stack.use(
    await listenForNotices({
      url: databaseUrl,
      channels: noticeChannels,
      onNotice: board.deliver,
      onLost: board.lost,
      onListening: board.found,
      log,
    }),
  );
  await startParts(context, domain, parts);
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
  await inBackground(() => joinCluster(joining.options, joining.claim, joining.keep));
  heartbeat = startHeartbeat({
    db,
    nodeId: node.id,
    instance: joining.options.instance,
    onChange(up, error) {
      metrics.databaseUp(up);
      if (up) log.info({}, 'the database answers again');
      else log.error({ err: error }, 'the database does not answer: requests that need it are refused until it does');
    },
    onReplaced: () =>
      log.error(
        { name: node.name },
        'another node took over the name of this one, or an administrator removed it: stop one of the two, or start this one again',
      ),
  });
  stack.use(heartbeat);
  metrics.databaseUp(true);
  // One after the other: what activations tell of the trust list comes after its making.
  for (const part of parts) await part.joined?.();
  stack.use(
    await startJobs({
      pool,
      jobs: Object.assign({}, ...parts.map((part) => part.jobs ?? {})),
      crons: parts.flatMap((part) => part.crons ?? []),
      log,
      onGivenUp: (job) => metrics.jobFailed(job),
    }),
  );
  const endpoints: Endpoints = Object.assign({}, ...parts.map((part) => part.endpoints ?? {}), {
    metrics: reachAt('http', configuration, health.port, configuration.listen.metricsAddress),
  });
  const owned = stack.move();
  return { context, domain, endpoints, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Everything before the first listener. What it opens goes onto `stack`. */
async function prepare(options: UnifiedCmOptions, stack: AsyncDisposableStack) {
  const { configuration, databaseUrl, log, version } = options;
  const applied = await migrate(options.ownerDatabaseUrl ?? databaseUrl, undefined, { applicationUrl: databaseUrl });
  if (applied.length > 0) log.info({ migrations: applied.length }, 'the database schema was brought up to date');
  const excess = tooManyRights(await rightsOf(databaseUrl));
  if (excess !== undefined) log.warn({}, excess);
  const metrics = createMetrics();
  stack.defer(() => metrics.close());
  const silence = stack.use(watchDatabase(databaseUrl));
  const disk = stack.use(watchDisk(configuration.dataDirectory));
  const { db, pool, transactions } = stack.use(
    openDatabase(databaseUrl, {
      max: configuration.database.connections,
      silence,
      onFull: disk.databaseIsFull,
      onIdleError: (error) => log.debug({ err: error }, 'an idle database connection broke'),
    }),
  );
  const cluster = await inBackground(() =>
    openCluster({
      db,
      transactions,
      key: options.keyEncryptionKey,
      makeKey: options.makeKeyEncryptionKey,
      sealerOf: sealer,
    }),
  );
  const nodeOptions: NodeOptions = {
    db,
    transactions,
    ...configuration.node,
    ports: configuration.ports,
    version,
    instance: options.instance,
  };
  const claim = await claimNode(nodeOptions);
  const node = { id: claim.id, name: claim.name, address: claim.address };
  const pki = { db, transactions, sealer: cluster.sealer, node };
  const { identity, keep } = await inBackground(() => prepareNodeIdentity(pki));
  const board = noticeBoard();
  const certificates = stack.use(certificateRenewal({ ...pki, identity, notices: board, log }));
  const tokens = stack.use(
    await inBackground(() => openNodeTokens({ db, transactions, sealer: cluster.sealer, notices: board, log })),
  );
  const expressways = stack.use(await openExpresswayPins({ db, notices: board, log }));
  const laboratory = configuration.lab;
  const micTrust = stack.use(await openMicTrust({ db, laboratory, notices: board, metrics, log }));
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
    micTrust,
    sealing: { alarm: undefined },
    outside: { expressways, handshake: async () => answerRefusal(busy()) },
    silence,
    beforeListening: async () => {},
  };
  const domain = stack.use(buildDomain(context));
  await ensureAdministrator(context, domain, options.passwordFile);
  if (options.lab === undefined) await closeLaboratory(context, domain);
  else await trustLaboratory(context, domain, options.lab);
  await micTrust.refresh();
  return { context, domain, board, disk, joining: { options: nodeOptions, claim, keep } };
}

/** All at once: each has the same few seconds. */
async function stopParts(parts: readonly Part[], log: Log): Promise<void> {
  const results = await Promise.allSettled(parts.map((part) => part[Symbol.asyncDispose]()));
  for (const result of results)
    if (result.status === 'rejected') log.warn({ err: result.reason }, 'a part did not stop well');
}
