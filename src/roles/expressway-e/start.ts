import { sign } from 'node:crypto';
import { join } from 'node:path';
import { judgeServerCertificate, type NameFinding } from '../../domain/edge/certificate-names.ts';
import type { Hindrance } from '../../domain/edge/hindrance.ts';
import { expresswayEModule } from '../../endpoints/edge/console-e.ts';
import { openEdgeConsole } from '../../endpoints/edge/console-listener.ts';
import { defaultEdgeLimits } from '../../endpoints/edge/edge-limits.ts';
import { OpenConnections } from '../../endpoints/edge/phone-connection.ts';
import { PhoneDoor } from '../../endpoints/edge/phone-door.ts';
import { startPhoneListener } from '../../endpoints/edge/phone-listener.ts';
import { startEdgeSipListener } from '../../endpoints/edge/sip-listener.ts';
import { TokenCheck } from '../../endpoints/edge/token-check.ts';
import { TunnelBoard } from '../../endpoints/edge/tunnel-board.ts';
import { TunnelLink } from '../../endpoints/edge/tunnel-link.ts';
import { startTunnelListener } from '../../endpoints/edge/tunnel-listener.ts';
import { connectionLimits } from '../../endpoints/listen/connection-limits.ts';
import { isUnspecified, urlHost } from '../../identifiers/host.ts';
import { watchClock } from '../../infra/cluster/clock-watch.ts';
import { openDataDirectory } from '../../infra/data-directory/files.ts';
import { openConsoleAccess } from '../../infra/edge/console-access.ts';
import { ToldMicJudge } from '../../infra/edge/mic-judge.ts';
import { openAssertionKey, openPinnedIdentity } from '../../infra/edge/own-keys.ts';
import { type EdgeRecord, isEdgeRecord, PairedControllers } from '../../infra/edge/paired-controllers.ts';
import { ServerCertificates } from '../../infra/edge/server-certificate.ts';
import { openStateFile } from '../../infra/edge/state-file.ts';
import type { EdgeReport } from '../../protocol/tunnel/control.ts';
import { affairsOfE } from './console.ts';
import type { ExpresswayEEndpoints, ExpresswayEOptions, RunningExpresswayE } from './options.ts';

/** An answer may be on its way inside for this long, in ms: less than phones are given. */
const answerTime = 15_000;

/** Starts the DMZ half. It knows no inside address and connects to nobody. */
export async function startExpresswayE(options: ExpresswayEOptions): Promise<RunningExpresswayE> {
  const { name, dataDirectory, hostName, domains, log, version } = options;
  const clock = options.clock ?? { now: () => Date.now() };
  const passwordFile = join(dataDirectory, 'console-password');
  const limits = { ...defaultEdgeLimits, ...options.limits };
  await using stack = new AsyncDisposableStack();
  await openDataDirectory(dataDirectory);
  const [identity, assertionKey, certificates, record] = await Promise.all([
    openPinnedIdentity(dataDirectory, 'tunnel.pem', name),
    openAssertionKey(dataDirectory),
    ServerCertificates.open(dataDirectory, { host: hostName, domains }, options.labAuthority),
    openStateFile<EdgeRecord>(join(dataDirectory, 'state.json'), firstRecord, isEdgeRecord),
  ]);
  const controllers = new PairedControllers(record, clock);
  const mic = new ToldMicJudge(clock);
  const open = new OpenConnections();
  const board = new TunnelBoard({
    changed: () => follow(),
    registrationEnded: (device) => {
      const ended = open.end(device);
      if (ended > 0) log.info({ device, ended }, 'the connections of a phone were ended');
    },
  });
  const door = new PhoneDoor({
    board,
    mic,
    tokens: new TokenCheck((issuer) => board.clustersOf(issuer)),
    open,
    limits,
    clock,
    log,
  });
  const { address } = options.listen;
  const material = () => certificates.current;
  const phones = await startPhoneListener({
    ...material(),
    host: address,
    port: options.ports.https,
    limits,
    asksForCertificate: record.value.asksForCertificate,
    budget: options.connections,
    door,
    log,
  });
  stack.defer(() => phones.close());
  const sip = await startEdgeSipListener({
    ...material(),
    host: address,
    port: options.ports.sip,
    limits,
    budget: options.connections,
    board,
    mic,
    open,
    log,
  });
  stack.defer(() => sip.close());

  /** What all Expressway-Cs together want: phones are asked for a certificate when any of them lets activations in. */
  function follow(): void {
    const { states } = board;
    // Without a tunnel nothing is passed on anyway; what was known stays until somebody says otherwise.
    if (states.length === 0) return;
    mic.tell(states.flatMap(({ clusters }) => clusters));
    const ask = states.some((state) => state.allowActivationCodeOnboarding);
    phones.askForCertificate(ask);
    if (ask !== record.value.asksForCertificate) {
      record
        .change((now) => ({ ...now, asksForCertificate: ask }))
        .catch((error: unknown) => {
          log.error({ err: error }, 'the state of this Expressway-E could not be kept');
        });
    }
  }

  const findings = () => judgeServerCertificate(certificates.facts, hostName, domains, clock.now());
  const connected = () => board.states.some(({ clusters }) => clusters.length > 0);
  const hello = (): EdgeReport => ({
    type: 'hello',
    name,
    version,
    host: hostName,
    httpsPort: options.publicPorts?.https ?? phones.port,
    sipPort: options.publicPorts?.sip ?? sip.port,
    turnServers: options.turnServers ?? [],
    warnings: findings().map(({ message }) => message),
  });
  const tunnelHost = options.listen.tunnelAddress ?? address;
  const tunnel = await startTunnelListener({
    key: identity.key,
    cert: identity.cert,
    host: tunnelHost,
    port: options.ports.tunnel,
    handshakeTime: limits.handshakeTime,
    budget: options.connections,
    known: controllers,
    log,
    onTunnel(controller, socket) {
      const link = new TunnelLink(controller, socket, {
        name,
        sign: (input) => sign(null, Buffer.from(input, 'latin1'), assertionKey.key),
        hello,
        onOrder: (from, order) => board.order(from, order),
        onClosed: (closed) => {
          board.remove(closed);
          log.info({ controller }, 'a tunnel to Expressway-C ended');
        },
        clock,
        log,
        heartbeat: options.heartbeat,
        patience: answerTime,
      });
      board.add(link);
      log.info({ controller }, 'a tunnel to Expressway-C stands');
    },
  });
  stack.defer(() => tunnel.close());
  stack.defer(() => board.close());
  const beat = setInterval(() => {
    board.report({
      type: 'status',
      phoneConnections: phones.connections,
      sipFlows: sip.flows,
      ...door.counts,
    });
    board.forget(Math.floor(clock.now() / 1000));
  }, 5_000).unref();
  stack.defer(() => clearInterval(beat));
  for (const { level, message, remedy } of findings()) log[level === 'error' ? 'error' : 'warn']({ remedy }, message);

  const tunnelAddress = options.tunnelPublicAddress ?? `${reach(tunnelHost)}:${tunnel.port}`;
  const newPairingText = () =>
    controllers.newText({
      name,
      address: tunnelAddress,
      certificateSha256: Buffer.from(identity.sha256, 'hex'),
      assertionKey: assertionKey.raw,
    });
  const hindrances = (): readonly Hindrance[] => [
    ...(connected() ? [] : [{ code: 'no_controller', subject: '', message: 'no Expressway-C is connected' } as const]),
    ...findings().flatMap(({ code, subject, message }) => {
      const hinders = hindering[code];
      return hinders === undefined ? [] : [{ code: hinders, subject, message }];
    }),
  ];
  const consoleHost = options.listen.consoleAddress ?? address;
  const access = stack.use(
    await openConsoleAccess({ directory: dataDirectory, passwordFile, clock, log, passwords: options.passwords }),
  );
  const console = stack.use(
    await openEdgeConsole({
      role: 'expressway-e',
      name,
      version,
      door: access,
      module: expresswayEModule(
        affairsOfE({
          name,
          version,
          hostName,
          domains,
          endpoints: () => endpoints,
          problems: hindrances,
          counts: () => ({ connections: phones.connections, sipFlows: sip.flows, ...door.counts }),
          asksForCertificate: () => record.value.asksForCertificate,
          board,
          controllers,
          certificates,
          mic,
          newPairingText,
          renewed() {
            phones.replaceCertificate(certificates.current);
            sip.replaceCertificate(certificates.current);
            board.report(hello());
          },
          access,
          now: () => clock.now(),
        }),
      ),
      host: consoleHost,
      port: options.ports.console,
      tls: await openPinnedIdentity(dataDirectory, 'console.pem', name, consoleNames(consoleHost)),
      webDirectory: options.webDirectory,
      connections: connectionLimits('edgeConsole', options.connections),
      log,
    }),
  );

  const at = (scheme: string, host: string, port: number) => `${scheme}://${reach(host)}:${port}`;
  const endpoints: ExpresswayEEndpoints = {
    expresswayE: at('https', address, phones.port),
    expresswayESip: at('tls', address, sip.port),
    expresswayETunnel: at('tls', tunnelHost, tunnel.port),
    expresswayEConsole: at('https', consoleHost, console.port),
  };
  // There is no clock to compare with here: a jump is seen, and what it does to the own certificate.
  const clockWatch = stack.use(
    watchClock({ certificates: () => [{ name: 'tunnel', certificate: identity.cert }], log }),
  );
  const owned = stack.move();
  return {
    name,
    endpoints,
    consolePasswordFile: passwordFile,
    get serverRoot() {
      return certificates.root;
    },
    tunnelAddress,
    pairingText: async () => newPairingText().text,
    connected,
    notReady: () => [...hindrances().map(({ message }) => message), ...clockWatch.hindrances()],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Of the console's own certificate: addresses by which it may be reached. */
function consoleNames(address: string): readonly string[] {
  const own = isUnspecified(address) ? [] : [address];
  return [...new Set([...own, 'localhost', '127.0.0.1', '::1'])];
}

const hindering: Partial<Record<NameFinding['code'], Hindrance['code']>> = {
  host_not_named: 'host_not_named',
  expired: 'certificate_expired',
  not_yet_valid: 'certificate_not_yet_valid',
};

const firstRecord: EdgeRecord = { controllers: [], asksForCertificate: false };

function reach(address: string): string {
  return urlHost(isUnspecified(address) ? '127.0.0.1' : address);
}
