import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { fromHex } from '../../kernel/bytes.ts';
import { PhoneFault } from '../boot/faults.ts';
import { type DhcpSetup, type DhcpState, idleDhcp, type Lease, stepDhcp } from './machine.ts';
import { type DhcpMessage, decodeDhcp, encodeDhcp } from './packet.ts';

export interface DhcpClientOptions {
  /** Interface to ask on: `eth0`. Its own IPv4 address, if any, is the source of the broadcasts. */
  readonly interfaceName: string;
  /** 12 hex digits. */
  readonly mac: string;
  /** Option 60. */
  readonly vendorClass: string;
  readonly waits?: readonly number[];
  /** UDP ports, for tests that may not bind 68. */
  readonly clientPort?: number;
  readonly serverPort?: number;
  readonly signal?: AbortSignal;
}

export interface DhcpLease extends Lease {
  /** Gives the lease back. Never fails. */
  release(): Promise<void>;
}

/**
 * Asks DHCP for an address and the TFTP servers. The host's own addresses stay as they are: the phone uses only what the lease says.
 * Throws PhoneFault `dhcp_no_answer`, `dhcp_no_tftp_server` or `dhcp_unavailable`.
 */
export async function dhcpLease(options: DhcpClientOptions): Promise<DhcpLease> {
  const setup: DhcpSetup = {
    xid: randomInt(2 ** 32),
    hardware: fromHex(options.mac),
    vendorClass: options.vendorClass,
    waits: options.waits ?? [1000, 2000, 4000, 8000],
  };
  const sockets = await openSockets(options);
  try {
    const { lease, state } = await converse(setup, sockets, options);
    return { ...lease, release: () => release(setup, state, options) };
  } finally {
    sockets.listener.close();
    sockets.sender.close();
  }
}

interface Sockets {
  readonly listener: Socket;
  readonly sender: Socket;
}

/** Broadcast answers reach only a socket bound to the wildcard; broadcasts leave by the interface whose address the sender is bound to. */
async function openSockets(options: DhcpClientOptions): Promise<Sockets> {
  // Without an address of its own the broadcast would leave by whatever interface the default route names.
  const own = networkInterfaces()[options.interfaceName]?.find((address) => address.family === 'IPv4')?.address;
  if (own === undefined) {
    throw new PhoneFault(
      'dhcp_unavailable',
      `Interface ${options.interfaceName} is not there, is down, or has no IPv4 address (a link-local one will do).`,
    );
  }
  const port = options.clientPort ?? 68;
  const listener = createSocket({ type: 'udp4', reuseAddr: true });
  const sender = createSocket({ type: 'udp4', reuseAddr: true });
  // Whoever converses over them listens itself; before and after that there is nobody else.
  for (const socket of [listener, sender]) socket.on('error', () => {});
  try {
    listener.bind(port, '0.0.0.0');
    await once(listener, 'listening');
    sender.bind(port, own);
    await once(sender, 'listening');
    sender.setBroadcast(true);
    return { listener, sender };
  } catch (cause) {
    listener.close();
    sender.close();
    throw new PhoneFault('dhcp_unavailable', `UDP port ${port} cannot be used: ${(cause as Error).message}`, { cause });
  }
}

function converse(
  setup: DhcpSetup,
  sockets: Sockets,
  options: DhcpClientOptions,
): Promise<{ lease: Lease; state: DhcpState }> {
  return new Promise((resolve, reject) => {
    let state: DhcpState = idleDhcp;
    let timer: NodeJS.Timeout | undefined;
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      finish();
    };
    const abort = () => settle(() => reject(options.signal?.reason));
    const advance = (event: Parameters<typeof stepDhcp>[2]) => {
      const next = stepDhcp(setup, state, event);
      state = next.state;
      for (const effect of next.effects) {
        if (effect.type === 'send') {
          sockets.sender.send(encodeDhcp(effect.message), options.serverPort ?? 67, '255.255.255.255', (cause) => {
            if (cause !== null) settle(() => reject(sendFault(cause, options)));
          });
        } else if (effect.type === 'timer') {
          clearTimeout(timer);
          timer = setTimeout(() => advance({ type: 'timeout' }), effect.ms);
        } else if (effect.type === 'bound') settle(() => resolve({ lease: effect.lease, state }));
        else settle(() => reject(failure(effect.reason)));
      }
    };
    const hear = (bytes: Uint8Array) => {
      const message = readable(bytes);
      if (message !== undefined) advance({ type: 'message', message });
    };
    sockets.listener.on('message', hear);
    sockets.sender.on('message', hear);
    sockets.listener.on('error', (cause) => settle(() => reject(sendFault(cause, options))));
    sockets.sender.on('error', (cause) => settle(() => reject(sendFault(cause, options))));
    if (options.signal?.aborted) return abort();
    options.signal?.addEventListener('abort', abort, { once: true });
    advance({ type: 'start' });
  });
}

function readable(bytes: Uint8Array): DhcpMessage | undefined {
  try {
    return decodeDhcp(bytes);
  } catch {
    // Strangers' junk on port 68 is not this phone's business.
    return undefined;
  }
}

async function release(setup: DhcpSetup, state: DhcpState, options: DhcpClientOptions): Promise<void> {
  if (state.phase !== 'bound') return;
  const [effect] = stepDhcp(setup, state, { type: 'release' }).effects;
  if (effect?.type !== 'send') return;
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  await new Promise<void>((resolve) => {
    socket.on('error', () => resolve());
    socket.send(encodeDhcp(effect.message), options.serverPort ?? 67, state.lease.server, () => resolve());
  });
  socket.close();
}

function sendFault(cause: Error, options: DhcpClientOptions): PhoneFault {
  return new PhoneFault('dhcp_unavailable', `DHCP cannot be asked on ${options.interfaceName}: ${cause.message}`, {
    cause,
  });
}

function failure(reason: 'no_answer' | 'no_tftp_server' | 'refused'): PhoneFault {
  if (reason === 'no_tftp_server') {
    return new PhoneFault('dhcp_no_tftp_server', 'DHCP offers an address but names no TFTP server.');
  }
  return new PhoneFault(
    'dhcp_no_answer',
    reason === 'refused' ? 'The DHCP server took its offer back.' : 'No DHCP server answers.',
  );
}
