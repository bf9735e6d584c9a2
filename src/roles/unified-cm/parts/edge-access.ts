import { RefreshService } from '../../../domain/oauth/refresh-service.ts';
import { fetchStory } from '../../../domain/provisioning/fetch-story.ts';
import { type EdgeAccess, startEdgeAccess } from '../../../endpoints/edge-access/edge-access-listener.ts';
import { connectionLimits } from '../../../endpoints/listen/connection-limits.ts';
import { TokenEndpoint } from '../../../endpoints/oauth/token-endpoint.ts';
import { systemClock } from '../../../infra/crypto/random.ts';
import { registrationEndedChannel } from '../../../infra/database/devices-access.ts';
import { readClusterView, readSipNodes } from '../../../infra/database/edge-access-cluster.ts';
import { sweepGrants } from '../../../infra/database/oauth-grant-store.ts';
import { refreshStore } from '../../../infra/database/oauth-refresh-store.ts';
import { provisioningStore } from '../../../infra/database/provisioning-store.ts';
import { trustListStore } from '../../../infra/database/provisioning-trust.ts';
import { sha256 } from '../../../infra/oauth/current-tokens.ts';
import { tlsMaterial } from '../../../infra/pki/identity.ts';
import { fileSource } from '../../../infra/provisioning/file-source.ts';
import { rsaSigner } from '../../../infra/provisioning/signing.ts';
import { type NodeContext, type Part, reachAt } from '../context.ts';
import type { NodeDomain } from '../domain.ts';
import { nodeMicConfirmation } from './activation.ts';

/** A flock of changes is one change. Milliseconds. */
const settle = 200;
const drainPatience = 3000;

/** What this node offers to the Expressway-Cs, and through them to phones outside. */
export async function startEdgeAccessPart(context: NodeContext, domain: NodeDomain): Promise<Part> {
  const { configuration, db, identity, log, micTrust, node, notices, outside, tokens } = context;
  const confirmation = nodeMicConfirmation(context, domain);
  const endpoint = new TokenEndpoint({
    refresh: new RefreshService({
      store: refreshStore(context.pool),
      tokens: tokens.tokens,
      timeline: domain.timeline,
      sha256,
      node: node.name,
    }),
    mic: micTrust.inspector,
    log,
  });
  const clusterView = () => readClusterView(db, context.version, configuration.lab);
  const files = ownFiles(context);
  await context.beforeListening();
  const access = await startEdgeAccess(
    {
      expressway: outside.expressways.nameOf,
      handshake: (expressway, step, request) => outside.handshake(expressway, step, request),
      token: (form, caller) => endpoint.token(form, caller),
      mic: micTrust.inspector,
      verifyToken: tokens.verifier.verify,
      files,
      observer: fetchStory(domain.timeline, systemClock),
      fetched(micSha256) {
        confirmation
          .confirmByMic(micSha256, 'config')
          .catch((error: unknown) => log.warn({ err: error }, 'an activation could not be confirmed'));
      },
      clusterView,
      sipNodes: (deviceName) => readSipNodes(db, deviceName),
      revoked: () => tokens.revocations.entries(),
      timeline: domain.timeline,
      log,
    },
    {
      host: configuration.listen.address,
      port: configuration.ports.edgeAccess,
      connections: connectionLimits('edgeAccess', context.connections),
      ...tlsMaterial(identity.tomcat),
    },
  );
  context.certificates.onRenewed(({ tomcat }) => access.replaceCertificate(tlsMaterial(tomcat)));
  outside.expressways.onChanged(() => access.recheck());
  tokens.onRevoked(({ family, until }) => access.tell({ type: 'revoked', family, until }));
  notices.on(registrationEndedChannel, (device) => access.tell({ type: 'registration-ended', device }));
  const stopTelling = tellClusterChanges(context, access, async () => (await clusterView()).etag);

  return {
    endpoints: { edgeAccess: reachAt('https', configuration, access.port) },
    jobs: {
      'oauth-upkeep': async () => {
        await sweepGrants(db);
        await tokens.keepKeys();
      },
    },
    crons: [{ job: 'oauth-upkeep', pattern: '7 * * * *' }],
    async [Symbol.asyncDispose]() {
      stopTelling();
      await access.close(drainPatience);
    },
  };
}

/** The phones' own files and nothing else: firmware does not leave the network (feature C9). */
function ownFiles({ db, identity, notices }: NodeContext) {
  const none = async (): Promise<never> => {
    throw new Error('only the phones’ own files are served here');
  };
  const files = fileSource({
    provisioning: provisioningStore(db),
    lists: trustListStore(db),
    firmware: {
      find: async () => undefined,
      // biome-ignore lint/correctness/useYield: nothing is found, so nothing is read
      async *content() {
        await none();
      },
    },
    disk: { open: none },
    configSigner: rsaSigner(identity.callManagerSigning.certificate, identity.callManagerSigning.privateKey),
    listSigner: rsaSigner(identity.itlRecovery.certificate, identity.itlRecovery.privateKey),
  });
  notices.on('config_changed', (payload) => files.notice(payload));
  notices.feed(files);
  return files;
}

/** Whatever changes, every Expressway-C hears once that its view is old. */
function tellClusterChanges(
  { notices, tokens, log }: NodeContext,
  access: EdgeAccess,
  etag: () => Promise<string>,
): () => void {
  let due: NodeJS.Timeout | undefined;
  let known: string | undefined;
  const look = async () => {
    const now = await etag();
    if (known !== undefined && known !== now) access.tell({ type: 'cluster' });
    known = now;
  };
  const soon = () => {
    due ??= setTimeout(() => {
      due = undefined;
      look().catch((error: unknown) => log.warn({ err: error }, 'the cluster could not be looked at'));
    }, settle).unref();
  };
  soon();
  notices.on('config_changed', (payload) => {
    if (payload === '*') soon();
  });
  notices.on('trust_changed', soon);
  notices.feed({ lost() {}, listening: soon });
  tokens.onSnapshot(() => {
    access.tell({ type: 'jwks', jwks: tokens.keys().jwks });
    soon();
  });
  return () => clearTimeout(due);
}
