import { defaultAdmission } from '../../domain/registration/admission.ts';
import type { Binding } from '../../domain/registration/binding.ts';
import { PasswordBrake } from '../../domain/registration/password-brake.ts';
import { Registrar } from '../../domain/registration/registrar.ts';
import type { ServiceControlAction } from '../../protocol/sip/service-control.ts';
import { Authenticator } from './authenticator.ts';
import { defaultLimits, type SipServerOptions, type SipTlsMaterial } from './options.ts';
import { RouteTokens } from './record-route.ts';
import { RegisterHandler } from './register-handler.ts';
import { RelayHandler } from './relay-handler.ts';
import { type NotifyResult, sendServiceControl } from './service-control.ts';
import { SipNode } from './sip-node.ts';
import { Streams } from './stream-listener.ts';
import { listenUdp } from './udp-listener.ts';

export interface SipServerStats {
  readonly bindings: number;
  readonly transactions: number;
  readonly connections: number;
  /** Messages that deserved no answer or only a 400. */
  readonly dropped: number;
}

export interface SipServer {
  /** Ports that are really open. */
  readonly ports: {
    readonly udp?: number;
    readonly tcp?: number;
    readonly tls?: number;
    readonly oauth?: number;
    readonly edge?: number;
  };
  /** Tells a registered phone to restart, reset or apply its configuration. `not-registered`: nothing is bound on this node. */
  notifyServiceControl(deviceName: string, action: ServiceControlAction): Promise<NotifyResult | 'not-registered'>;
  /**
   * Ends the registration here: the phone is told to reset, so that it asks for its configuration again, then its binding goes.
   * For phones that were locked, deleted or renamed. Returns how many bindings there were.
   */
  endRegistration(deviceName: string): number;
  /** The record of a device changed: when it may no longer be registered, its registration is ended. */
  deviceChanged(deviceName: string): Promise<void>;
  /** Checks every registered device so: for when notices of changes may have been missed. */
  recheck(): Promise<void>;
  /** Another node has the phone now. */
  takenElsewhere(deviceName: string): void;
  registrations(): readonly Binding[];
  stats(): SipServerStats;
  renewTls(material: SipTlsMaterial): void;
  /** The same for the listeners that ask for tokens. */
  renewAccessTls(material: Pick<SipTlsMaterial, 'cert' | 'key'>): void;
  /** Ends what was registered with tokens of this family, and closes its connections. */
  tokensRevoked(family: string): void;
  /** Closes the connections of Expressway-Cs that are none any more. */
  recheckExpressways(): void;
  close(): Promise<void>;
}

/** Expired bindings are looked for in a sixteenth of the table at a time, ms. */
const expiryInterval = 125;
const expiryRounds = 16;
const recheckedAtOnce = 20;

/**
 * Registrar and record-routing proxy on UDP, TCP and TLS. Bindings of this node's last run are read back before the listeners open.
 * @throws when a port is taken or the bindings cannot be read.
 */
export async function startSipServer(options: SipServerOptions): Promise<SipServer> {
  const limits = { ...defaultLimits, ...options.limits };
  const registrar = new Registrar({ ...options, admission: options.admission ?? defaultAdmission });
  const node = new SipNode(options, registrar, limits.transactions);
  const realm = options.realm ?? 'firstring';
  const authenticator = new Authenticator(realm, options.digestAlgorithms ?? ['MD5', 'SHA-256'], {
    ...options,
    brake: new PasswordBrake(options.clock),
  });
  const tokens = new RouteTokens(options.clusterKey ?? options.random.bytes(32));
  const relay = new RelayHandler(node, authenticator, tokens);
  node.handlers = { register: new RegisterHandler(node, authenticator), relay };
  options.localAgent?.attach(node);
  let closing = false;
  const streams = new Streams({
    sink: node.receive,
    closed: (flow) => {
      relay.connectionLost(flow.connection);
      if (!closing) registrar.connectionLost(flow.connection);
    },
    limits,
    connections: options.connections,
    oldPhones: options.oldPhones === true,
    log: options.log,
    verifyClient: options.verifyClient,
    isExpressway: (sha256) => options.access?.isExpressway(sha256) === true,
  });
  node.streams = streams;
  const sweeper = setInterval(() => registrar.expire(expiryRounds), expiryInterval).unref();
  const close = async (): Promise<void> => {
    closing = true;
    clearInterval(sweeper);
    await options.localAgent?.close();
    node.transactions.close();
    // Bindings stay stored: the phones are still registered when this node is back.
    const { store } = options;
    await store
      .flush()
      .catch((error: unknown) => options.log.error({ err: error }, 'the last registrations could not be stored'));
    await Promise.all([streams.close(), node.udp?.close()]);
  };
  try {
    const restored = await registrar.restore();
    if (restored > 0) options.log.info({ restored }, 'registrations read back');
    const { bind, ports, tls } = options;
    if (ports.udp !== undefined) {
      node.udp = await listenUdp(bind, ports.udp, node.receive);
      node.ports.udp = node.udp.port;
    }
    if (ports.tcp !== undefined) node.ports.tcp = await streams.listenTcp(bind, ports.tcp);
    if (ports.tls !== undefined && tls !== undefined) node.ports.tls = await streams.listenTls(bind, ports.tls, tls);
    const { access } = options;
    for (const door of ['oauth', 'edge'] as const) {
      const port = ports[door];
      if (port !== undefined && access !== undefined)
        node.ports[door] = await streams.listenTls(bind, port, access.tls, door);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const notify = async (deviceName: string, action: ServiceControlAction): Promise<NotifyResult | 'not-registered'> => {
    const binding = registrar.table.ofDevice(deviceName)[0];
    if (binding === undefined) return 'not-registered';
    const stamp = await options.directory.byName(deviceName).then(
      (device) => device?.versionStamp,
      () => undefined,
    );
    return sendServiceControl(node, binding, action, stamp);
  };
  const end = (deviceName: string): number => {
    const bindings = registrar.table.ofDevice(deviceName);
    for (const binding of bindings) void sendServiceControl(node, binding, 'reset', undefined);
    return registrar.end(deviceName).length;
  };
  const changed = async (deviceName: string): Promise<void> => {
    if (registrar.table.ofDevice(deviceName).length === 0) return;
    const device = await options.directory.byName(deviceName);
    if (device === undefined || device.locked || !device.enabled) end(deviceName);
  };
  return {
    ports: node.ports,
    notifyServiceControl: notify,
    endRegistration: end,
    deviceChanged: changed,
    recheck: async () => {
      const names = [...new Set([...registrar.table.all()].map((each) => each.deviceName))];
      for (let at = 0; at < names.length; at += recheckedAtOnce) {
        await Promise.all(names.slice(at, at + recheckedAtOnce).map(changed));
      }
    },
    takenElsewhere: (deviceName) => registrar.takenElsewhere(deviceName),
    registrations: () => [...registrar.table.all()],
    stats: () => ({
      bindings: registrar.table.size,
      transactions: node.transactions.count,
      connections: streams.count,
      dropped: node.dropped,
    }),
    renewTls: (material) => streams.renewTls(material),
    renewAccessTls: (material) => streams.renewTls(material, ['oauth', 'edge']),
    tokensRevoked(family) {
      for (const flow of streams.ofFamily(family)) {
        if (flow.token !== undefined) end(flow.token.deviceName);
        flow.close();
      }
    },
    recheckExpressways() {
      for (const flow of streams.abandoned()) flow.abort();
    },
    close,
  };
}
