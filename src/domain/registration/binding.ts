export type SipTransport = 'udp' | 'tcp' | 'tls';

/** Where a phone's messages come from, and so the only place its calls are sent to. */
export interface BindingFlow {
  readonly transport: SipTransport;
  /** IP address the REGISTER came from. */
  readonly address: string;
  readonly port: number;
  /** Where to send to: the Contact's port when the Contact names the address the REGISTER came from, else `port`. UDP only. */
  readonly targetPort: number;
  /** Port of ours it came to. */
  readonly localPort: number;
  /** Connection of this process (TCP, TLS). Undefined for UDP, and when the connection is gone until the phone is back. */
  readonly connection: number | undefined;
  /** The Expressway-E in between; left out inside the network. */
  readonly edge?: string | undefined;
}

/** One registered contact of a device. */
export interface Binding {
  readonly deviceId: string;
  readonly deviceName: string;
  /** Contact URI as the phone wrote it. */
  readonly contact: string;
  /** Directory numbers it answers for, in lineIndex order; empty for a phone without a line. */
  readonly numbers: readonly string[];
  readonly flow: BindingFlow;
  readonly callId: string;
  readonly cseq: number;
  /** `urn:uuid:…` or empty. */
  readonly instance: string;
  readonly userAgent: string;
  /** Load names without `.loads`; empty when the phone did not say. */
  readonly activeLoad: string;
  readonly inactiveLoad: string;
  /** Milliseconds since the epoch. */
  readonly registeredAt: number;
  readonly refreshedAt: number;
  readonly expiresAt: number;
}

/** Text that names a flow: connection for streams, address and port for datagrams. */
export function flowKey(flow: Pick<BindingFlow, 'transport' | 'address' | 'port' | 'connection'>): string {
  return flow.transport === 'udp' ? `${flow.address}|${flow.port}` : `#${flow.connection ?? ''}`;
}

/** Every flow that the phone of this binding may speak from. */
export function flowKeys(flow: BindingFlow): string[] {
  const key = flowKey(flow);
  return flow.transport === 'udp' && flow.targetPort !== flow.port
    ? [key, `${flow.address}|${flow.targetPort}`]
    : [key];
}

/** False while the phone's connection is gone: it counts as registered until its time is over, but cannot be called. */
export function isReachable({ flow }: Pick<Binding, 'flow'>): boolean {
  return flow.transport === 'udp' || flow.connection !== undefined;
}
