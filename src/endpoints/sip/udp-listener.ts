import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { isUnspecified } from '../../identifiers/host.ts';
import { type Flow, type MessageSink, plainAddress, reachable } from './flow.ts';
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
  const wildcard = isUnspecified(bound.address);
  const flow = (address: string, remotePort: number): Flow =>
    udpFlow(socket, {
      localAddress: wildcard ? localAddressFor(address) : bound.address,
      localPort: bound.port,
      address,
      port: remotePort,
      to: reachable(address, bound.address),
    });
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

interface UdpWay {
  readonly localAddress: string;
  readonly localPort: number;
  readonly address: string;
  readonly port: number;
  /** The same address as the socket has to be told. */
  readonly to: string;
}

function udpFlow(socket: Socket, { localAddress, localPort, address, port, to }: UdpWay): Flow {
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
        socket.send(bytes, port, to);
        return true;
      } catch {
        return false;
      }
    },
  };
}
