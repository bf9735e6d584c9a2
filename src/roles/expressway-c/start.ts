import { verify } from 'node:crypto';
import { join } from 'node:path';
import { expresswayCModule } from '../../endpoints/edge/console-c.ts';
import { openEdgeConsole } from '../../endpoints/edge/console-listener.ts';
import { OrderHub } from '../../endpoints/edge/order-hub.ts';
import { TunnelServer } from '../../endpoints/edge/tunnel-server.ts';
import { connectionLimits } from '../../endpoints/listen/connection-limits.ts';
import { isUnspecified, urlHost } from '../../identifiers/host.ts';
import { watchClock } from '../../infra/cluster/clock-watch.ts';
import { openDataDirectory } from '../../infra/data-directory/files.ts';
import { openConsoleAccess } from '../../infra/edge/console-access.ts';
import { Controller } from '../../infra/edge/controller.ts';
import type { ControllerChange } from '../../infra/edge/controller-parts.ts';
import { firstControllerRecord, isControllerRecord } from '../../infra/edge/controller-record.ts';
import { ed25519PublicKey, openPinnedIdentity } from '../../infra/edge/own-keys.ts';
import { openStateFile } from '../../infra/edge/state-file.ts';
import { affairsOfC } from './console.ts';
import type { ExpresswayCOptions, RunningExpresswayC } from './options.ts';

/** Starts the inside half. It dials E and the cluster; only its console listens. */
export async function startExpresswayC(options: ExpresswayCOptions): Promise<RunningExpresswayC> {
  const { name, dataDirectory, log } = options;
  const clock = options.clock ?? { now: () => Date.now() };
  const passwordFile = join(dataDirectory, 'console-password');
  await using stack = new AsyncDisposableStack();
  await openDataDirectory(dataDirectory);
  const [identity, record] = await Promise.all([
    openPinnedIdentity(dataDirectory, 'identity.pem', name),
    openStateFile(join(dataDirectory, 'state.json'), firstControllerRecord, isControllerRecord),
  ]);
  const hub = new OrderHub({
    ...record.value.accessControl,
    domains: [],
    clusters: [],
  });
  const apply = (change: ControllerChange) => {
    switch (change.kind) {
      case 'state':
        hub.setState(change.state);
        controller.stateIs(hub.state.serial);
        break;
      case 'revocations':
        hub.setRevocations(change.cluster, change.entries, Math.floor(clock.now() / 1000));
        break;
      case 'revoked':
        hub.revoked(change.cluster, change.entry);
        break;
      case 'registration-ended':
        hub.registrationEnded(change.device);
        break;
      case 'edge-removed':
        server.drop(change.edge);
        break;
    }
  };
  const controller = new Controller({
    name,
    identity,
    record,
    tunnels: options.tunnels ?? 2,
    clock,
    log,
    onChange: (change) => apply(change),
    onTunnel: (edge, socket) => {
      const key = ed25519PublicKey(Buffer.from(edge.assertionKey, 'base64url'));
      server.serve({ name: edge.name, verifies: (input, mark) => verify(null, input, key, mark) }, socket);
    },
  });
  const server = new TunnelServer({
    clusters: controller.clusters,
    orders: hub,
    onReport: (edge, report) => controller.reported(edge, report, hub.state.serial),
    onTunnels: (edge, change) => controller.tunnels(edge, change),
    clock,
    log,
    heartbeat: options.heartbeat,
  });
  stack.defer(() => server.close());
  stack.use(controller);
  controller.start();

  const { address } = options.listen;
  const access = stack.use(
    await openConsoleAccess({ directory: dataDirectory, passwordFile, clock, log, passwords: options.passwords }),
  );
  const console = stack.use(
    await openEdgeConsole({
      role: 'expressway-c',
      name,
      version: options.version,
      door: access,
      module: expresswayCModule(
        affairsOfC({ name, version: options.version, identity, record, controller, counts: server.counts, access }),
      ),
      host: address,
      port: options.ports.console,
      tls: await openPinnedIdentity(dataDirectory, 'console.pem', name, consoleNames(address)),
      webDirectory: options.webDirectory,
      connections: connectionLimits('controllerConsole', options.connections),
      log,
    }),
  );
  // There is no clock to compare with here: a jump is seen, and what it does to the own certificate.
  const clockWatch = stack.use(
    watchClock({ certificates: () => [{ name: 'tunnel', certificate: identity.cert }], log }),
  );
  const owned = stack.move();
  return {
    name,
    endpoints: { expresswayCConsole: `https://${reach(address)}:${console.port}` },
    consolePasswordFile: passwordFile,
    certificatePem: identity.cert,
    isPairedWith: (edge, at) => record.value.edges.some((each) => each.name === edge && each.address === at),
    pair: async (text) => void (await controller.pair(text)),
    hasCluster: () => record.value.clusters.length > 0,
    addCluster: async (enrolment) => void (await controller.addCluster(enrolment)),
    clusterIsAt: (clusterCa, places) => controller.clusterIsAt(clusterCa, places),
    changeSettings: async (change) => void (await controller.changeSettings(change)),
    ready: () => controller.ready(),
    notReady: () => [...controller.hindrances().map(({ message }) => message), ...clockWatch.hindrances()],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Of the console's own certificate: addresses by which it may be reached. */
function consoleNames(address: string): readonly string[] {
  const own = isUnspecified(address) ? [] : [address];
  return [...new Set([...own, 'localhost', '127.0.0.1', '::1'])];
}

function reach(address: string): string {
  return urlHost(isUnspecified(address) ? '127.0.0.1' : address);
}
