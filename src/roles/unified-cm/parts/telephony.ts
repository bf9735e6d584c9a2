import { registrationTimeline } from '../../../domain/registration/registration-timeline.ts';
import type { VerifyClient } from '../../../endpoints/sip/options.ts';
import { type SipServer, startSipServer } from '../../../endpoints/sip/sip-server.ts';
import { derivedKey } from '../../../infra/crypto/key-encryption-key.ts';
import { systemClock, systemRandom } from '../../../infra/crypto/random.ts';
import { CachedRegistrationDirectory } from '../../../infra/database/registration-directory.ts';
import { RegistrationPeers } from '../../../infra/database/registration-peers.ts';
import { RegistrationStore } from '../../../infra/database/registration-store.ts';
import { tapsStore } from '../../../infra/database/taps-store.ts';
import { derToPem, tlsMaterial } from '../../../infra/pki/identity.ts';
import { autoRegistration } from '../auto-registration.ts';
import { followCallSettings } from '../call-settings.ts';
import { type NodeContext, type Part, reachAt } from '../context.ts';
import type { NodeDomain } from '../domain.ts';
import { startTaps } from '../taps.ts';
import { nodeMicConfirmation } from './activation.ts';

const measureEvery = 5_000;

/** Registrar and relay of calls: UDP, TCP, TLS. */
export async function startTelephony(context: NodeContext, domain: NodeDomain): Promise<Part> {
  const { configuration, db, identity, log, metrics, node, outside, sealer, tokens } = context;
  await using stack = new AsyncDisposableStack();
  const directory = new CachedRegistrationDirectory(db, sealer);
  const store = stack.use(new RegistrationStore(db, { nodeId: node.id, log }));
  const peers = stack.use(new RegistrationPeers(db, { nodeId: node.id, log }));
  await peers.refresh();
  const confirmation = nodeMicConfirmation(context, domain);
  const nodes = await db.selectFrom('node').select(['name', 'address']).execute();
  const taps = await startTaps(context, domain, (deviceName) => sip.endRegistration(deviceName));
  const calls = await followCallSettings(context);
  const verifyClient = micVerifier(context);
  await context.beforeListening();
  const sip: SipServer = await startSipServer({
    bind: configuration.listen.address,
    connections: context.connections,
    oldPhones: configuration.tls.oldPhones,
    host: node.address,
    names: [...new Set([node, ...nodes].flatMap(({ name, address }) => [name, address]))],
    ports: {
      udp: configuration.ports.sip,
      tcp: configuration.ports.sip,
      tls: configuration.ports.sipTls,
      oauth: configuration.ports.sipOauth,
      edge: configuration.ports.sipOauthMra,
    },
    access: {
      tls: tlsMaterial(identity.tomcat),
      isExpressway: (sha256) => outside.expressways.nameOf(sha256) !== undefined,
      verifyToken: (token, sha256) => tokens.verifier.verify(token, 'sip', sha256),
    },
    tls: { ...tlsMaterial(identity.callManager), clusterCa: derToPem(identity.clusterCa) },
    verifyClient,
    directory,
    store,
    peers,
    autoRegistration: autoRegistration(context, domain, directory),
    relayMessages: () => calls().relayMessages,
    serves: (host) => calls().domains.has(host),
    localAgent: taps,
    confirmByMic: (micSha256) => confirmation.confirmByMic(micSha256, 'register'),
    events: registrationTimeline(domain.timeline, systemClock),
    clusterKey: derivedKey(context.keyEncryptionKey, 'sip route'),
    clock: systemClock,
    random: systemRandom,
    log,
  });
  stack.defer(() => sip.close());
  context.certificates.onRenewed(({ callManager, clusterCa }) =>
    sip.renewTls({ ...tlsMaterial(callManager), clusterCa: derToPem(clusterCa) }),
  );
  context.certificates.onRenewed(({ tomcat }) => sip.renewAccessTls(tlsMaterial(tomcat)));
  tokens.onRevoked(({ family }) => sip.tokensRevoked(family));
  outside.expressways.onChanged(() => sip.recheckExpressways());
  follow(context, sip, directory);
  const meter = setInterval(() => {
    const byTransport = { udp: 0, tcp: 0, tls: 0 };
    for (const { flow } of sip.registrations()) byTransport[flow.transport]++;
    for (const [transport, count] of Object.entries(byTransport)) metrics.registrations(transport, count);
  }, measureEvery);
  meter.unref();
  stack.defer(() => clearInterval(meter));
  const owned = stack.move();
  const { udp, tcp, tls, oauth, edge } = sip.ports;
  return {
    endpoints: {
      ...(udp === undefined ? {} : { sipUdp: reachAt('udp', configuration, udp) }),
      ...(tcp === undefined ? {} : { sipTcp: reachAt('tcp', configuration, tcp) }),
      ...(tls === undefined ? {} : { sipTls: reachAt('tls', configuration, tls) }),
      ...(oauth === undefined ? {} : { sipOauth: reachAt('tls', configuration, oauth) }),
      ...(edge === undefined ? {} : { sipOauthMra: reachAt('tls', configuration, edge) }),
    },
    jobs: {
      // Calls of a quarter are enough for a log.
      'taps-sweep': () => tapsStore(db, node).removeOlderThan(90),
    },
    crons: [{ job: 'taps-sweep', pattern: '23 3 * * *' }],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What changes in the database reaches the registrar at once. */
function follow({ notices, node, log }: NodeContext, sip: SipServer, directory: CachedRegistrationDirectory): void {
  const tried = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => log.warn({ err: error }, 'a change notice could not be followed'));
  notices.on('config_changed', (payload) => {
    directory.forget(payload);
    if (payload !== '*') tried(sip.deviceChanged(payload));
  });
  notices.on('registration_ended', (device) => {
    directory.forget(device);
    sip.endRegistration(device);
  });
  notices.on('registration_taken', (payload) => {
    const [device, nodeId] = payload.split(' ');
    if (device !== undefined && nodeId === node.id) sip.takenElsewhere(device);
  });
  notices.on('service_control', (payload) => {
    const { device, action } = JSON.parse(payload) as { device: string; action: 'reset' | 'restart' };
    tried(sip.notifyServiceControl(device, action));
  });
  const listening = () => {
    directory.trust(true);
    // A phone may have been locked while no notice came through.
    tried(sip.recheck());
  };
  notices.feed({ lost: () => directory.trust(false), listening });
}

/** The same judgement of a MIC as the activation service makes. */
function micVerifier({ micTrust }: NodeContext): VerifyClient {
  return async (chain) => {
    const verdict = micTrust.inspector.inspect(chain);
    return verdict.accepted
      ? {
          ok: true,
          deviceName: `SEP${verdict.subject.mac}`,
          product: verdict.subject.product,
          micSha256: verdict.sha256,
        }
      : { ok: false, reason: verdict.problem };
  };
}
