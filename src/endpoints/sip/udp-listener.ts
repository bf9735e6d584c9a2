import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4, isIPv6 } from 'node:net';
import { type Flow, type MessageSink, plainAddress } from './flow.ts';
import { localAddressFor } from './local-address.ts';

export interface UdpListener {
  readonly port: number;
  /** The flow to a registered address. */
  flowTo(address: string, port: number): Flow;
  close(): Promise<void>;
}

/** @throws when the port is taken. `host` may be a wildcard. */
export async function listenUdp(host: string, port: number, sink: MessageSink): Promise<UdpListener> {
  const socket = createSocket({
    type: isIPv6(host) ? 'udp6' : 'udp4',
    recvBufferSize: 4 << 20,
    sendBufferSize: 1 << 20,
    // Only addresses are sent to; without this each datagram waits a tick for the resolver.
    lookup: (address, _options, found) => found(null, address, isIPv6(address) ? 6 : 4),
  });
  // With a resolver of our own the socket may listen before bind returns.
  const listening = once(socket, 'listening');
  // An ICMP answer to one phone is no reason to stop serving the others. Heard from the first moment on: `once` lets go of it with the event.
  socket.on('error', () => {});
  socket.bind(port, host);
  await listening;
  const bound = socket.address();
  const wildcard = bound.address === '0.0.0.0' || bound.address === '::';
  const v6 = isIPv6(host);
  const flow = (address: string, remotePort: number): Flow =>
    udpFlow(
      v6 ? mapped(socket) : socket,
      wildcard ? localAddressFor(address) : bound.address,
      bound.port,
      address,
      remotePort,
    );
  socket.on('message', (bytes, from) => sink(flow(plainAddress(from.address), from.port), bytes));
  return {
    port: bound.port,
    flowTo: flow,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

interface Sender {
  send(bytes: Uint8Array, port: number, address: string): void;
}

/** An IPv6 socket reaches IPv4 phones by their mapped addresses only. */
function mapped(socket: Socket): Sender {
  return {
    send: (bytes, port, address) => socket.send(bytes, port, isIPv4(address) ? `::ffff:${address}` : address),
  };
}

function udpFlow(socket: Sender, localAddress: string, localPort: number, address: string, port: number): Flow {
  return {
    transport: 'udp',
    reliable: false,
    address,
    port,
    localAddress,
    localPort,
    connection: undefined,
    identity: { kind: 'none' },
    micSha256: undefined,
    send(bytes) {
      try {
        // Loss is what UDP is allowed: retransmission is the transaction's work.
        socket.send(bytes, port, address);
        return true;
      } catch {
        return false;
      }
    },
  };
}
