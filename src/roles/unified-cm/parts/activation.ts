import { availableParallelism } from 'node:os';
import { micConfirmation } from '../../../domain/activation/confirmation.ts';
import { sweepCodes } from '../../../domain/activation/sweep.ts';
import { defaultDasLimits } from '../../../endpoints/das/das-options.ts';
import { connectionLimits } from '../../../endpoints/listen/connection-limits.ts';
import { systemClock } from '../../../infra/crypto/random.ts';
import { handshakeStore } from '../../../infra/database/activation-handshake-store.ts';
import { readSurroundings } from '../../../infra/database/activation-surroundings-store.ts';
import { activationSweepStore } from '../../../infra/database/activation-sweep-store.ts';
import { tlsMaterial } from '../../../infra/pki/identity.ts';
import { type NodeContext, type Part, reachAt } from '../context.ts';
import { startDasThreads } from '../das/threads.ts';
import type { NodeDomain } from '../domain.ts';

const serviceName = 'Device Activation Service';
/** Changes come in flocks. Milliseconds. */
const settle = 20;
/** Should a notice ever be lost. Milliseconds. */
const refreshEvery = 15_000;
const drainPatience = 4000;
const defaultQuarantineDays = 30;

/** The Device Activation Service of a node, and the clockwork of codes. */
export async function startActivation(context: NodeContext, domain: NodeDomain): Promise<Part> {
  const { configuration, db, micTrust, node, log, transactions } = context;
  const readService = async () => {
    const row = await db
      .selectFrom('node_service')
      .select('activated')
      .where('node_id', '=', node.id)
      .where('service', '=', serviceName)
      .executeTakeFirst();
    return row?.activated ?? true;
  };
  const [surroundings, serviceActivated] = await Promise.all([readSurroundings(db, node), readService()]);
  await context.beforeListening();
  const count = configuration.das.threads === 0 ? availableParallelism() : configuration.das.threads;
  const { connections } = context;
  const threads = await startDasThreads({
    threads: count,
    // The system spreads connections over the threads.
    connections: connectionLimits('das', { ...connections, connections: Math.floor(connections.connections / count) }),
    host: configuration.listen.address,
    port: configuration.ports.das,
    ...tlsMaterial(context.identity.tomcat),
    databaseUrl: context.databaseUrl,
    databaseConnections: 8,
    keyEncryptionKey: context.keyEncryptionKey,
    decoyKey: context.keptKeys.decoys,
    node: node.name,
    limits: defaultDasLimits,
    ttl: 60,
    trust: micTrust.current,
    surroundings,
    serviceActivated,
    oauth: context.tokens.snapshot(),
    silent: context.silence.silent,
    timeline: domain.timeline,
    counters: context.metrics,
    log,
  });

  context.outside.handshake = threads.vouched;
  context.tokens.onSnapshot((oauth) => threads.tell({ type: 'oauth', oauth }));
  context.certificates.onRenewed(({ tomcat }) => threads.tell({ type: 'certificate', ...tlsMaterial(tomcat) }));

  const refresher = (what: string, read: () => Promise<void>) => {
    let waiting = false;
    return () => {
      if (waiting) return;
      waiting = true;
      setTimeout(() => {
        waiting = false;
        read().catch((error: unknown) => log.warn({ err: error }, `${what} could not be read; the last known is used`));
      }, settle).unref();
    };
  };
  const tellTrust = () => threads.tell({ type: 'trust', trust: micTrust.current });
  // It may have changed while the threads started.
  tellTrust();
  micTrust.onChange(tellTrust);
  const tellSurroundings = async () => {
    const [next, activated] = await Promise.all([readSurroundings(db, node), readService()]);
    threads.tell({ type: 'surroundings', surroundings: next });
    threads.tell({ type: 'service', activated });
  };
  const refreshSurroundings = refresher('the cluster’s addresses', tellSurroundings);
  const endSilence = context.silence.onChange((silent) => threads.tell({ type: 'silence', silent }));
  context.notices.on('trust_list_built', refreshSurroundings);
  context.notices.on('config_changed', (payload) => {
    if (payload === '*') refreshSurroundings();
  });
  context.notices.feed({ lost() {}, listening: refreshSurroundings });
  const timer = setInterval(refreshSurroundings, refreshEvery).unref();

  const sweep = async () => {
    const row = await db
      .selectFrom('service_parameter')
      .select('value')
      .where('service', '=', serviceName)
      .where('name', '=', 'Locator Quarantine (Days)')
      .where('node_id', 'is', null)
      .executeTakeFirst();
    const days = Number(row?.value ?? defaultQuarantineDays);
    await sweepCodes({ store: activationSweepStore(db), transactions, timeline: domain.timeline }, days);
  };

  return {
    endpoints: { das: reachAt('https', configuration, threads.port) },
    notReady: () => (threads.listening ? undefined : 'the activation service does not listen'),
    joined: tellSurroundings,
    jobs: {
      'activation-sweep': sweep,
    },
    crons: [{ job: 'activation-sweep', pattern: '* * * * *' }],
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      endSilence();
      await threads.close(drainPatience);
    },
  };
}

/** For the doors that authenticate phones by their MIC: their first visit confirms the activation. */
export function nodeMicConfirmation(context: NodeContext, domain: NodeDomain) {
  return micConfirmation(handshakeStore(context.pool), domain.timeline, systemClock, context.node.name);
}
