import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { StreamFramer } from '../../protocol/sip/stream.ts';
import type { HostPort, SipTransport } from '../boot/types.ts';
import type { Mic } from '../identity/mic.ts';
import type { TlsJudge } from '../trust/judge.ts';
import { connectTls, serverCertificateOf } from '../trust/tls.ts';

/** One way to a node: a connected UDP socket, or a TCP or TLS connection. */
export interface SipLink {
  readonly transport: SipTransport;
  /** Messages neither get lost nor repeated. */
  readonly reliable: boolean;
  /** This end, as Via and Contact name it. */
  readonly local: HostPort;
  readonly remote: HostPort;
  send(bytes: Uint8Array): void;
  close(): void;
}

export interface LinkOptions {
  readonly node: HostPort;
  readonly transport: SipTransport;
  readonly mic: Mic;
  readonly way: SipWay;
  readonly onMessage: (bytes: Uint8Array) => void;
  /** The link is gone. Not called after `close`. */
  readonly onClose: (detail: string) => void;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** `judge` decides on a node's certificate before anything is sent; `open` brings a connection that has been judged already. */
export type SipWay = { readonly judge: TlsJudge } | { readonly open: (patienceMs: number) => Promise<TLSSocket> };

/** Rejects when the node cannot be reached, is not trusted, or when aborted. */
export async function openLink(options: LinkOptions): Promise<SipLink> {
  options.signal.throwIfAborted();
  if (options.transport === 'udp') return openUdp(options);
  const { host, port } = options.node;
  if (options.transport === 'tcp') return stream(options, await connectTcp(options), 'tcp');
  const { mic, timeoutMs, signal, way } = options;
  if ('open' in way) return stream(options, await way.open(timeoutMs), 'tls');
  const socket = await connectTls({ host, port, context: mic.tls, timeoutMs, signal });
  const verdict = await way.judge(serverCertificateOf(socket), signal);
  if (!verdict.trusted) {
    socket.destroy();
    throw new Error(verdict.detail.replace(/\.$/, ''));
  }
  return stream(options, socket, 'tls');
}

async function openUdp(options: LinkOptions): Promise<SipLink> {
  const { host, port } = options.node;
  const address = isIP(host) === 0 ? (await lookup(host)).address : host;
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  // Never a moment without: an error that comes before the listener below is nobody's otherwise, and ends the process.
  socket.on('error', () => {});
  try {
    socket.connect(port, address);
    await once(socket, 'connect', { signal: options.signal });
  } catch (error) {
    socket.close();
    throw error;
  }
  let closed = false;
  const end = (detail: string) => {
    if (closed) return;
    closed = true;
    socket.close();
    options.onClose(detail);
  };
  socket.on('message', (bytes) => options.onMessage(bytes));
  // An ICMP "port unreachable" comes as an error: the node is down.
  socket.on('error', (error) => end(error.message));
  const own = socket.address();
  return {
    transport: 'udp',
    reliable: false,
    local: { host: own.address, port: own.port },
    remote: options.node,
    send: (bytes) => {
      if (!closed) socket.send(bytes, (error) => error !== null && end(error.message));
    },
    close() {
      if (closed) return;
      closed = true;
      // What was sent last still goes out.
      setImmediate(() => socket.close());
    },
  };
}

function connectTcp({ node, timeoutMs, signal }: LinkOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: node.host, port: node.port, noDelay: true });
    socket.on('error', () => {});
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.removeListener('error', end);
    };
    const end = (error: Error) => {
      settle();
      socket.destroy();
      reject(error);
    };
    const abort = () => end(signal.reason as Error);
    const timer = setTimeout(() => end(new Error('no answer in time')), timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', end);
    socket.once('connect', () => {
      settle();
      resolve(socket);
    });
  });
}

function stream(options: LinkOptions, socket: Socket, transport: 'tcp' | 'tls'): SipLink {
  // Broken between the handshake and here: nothing would tell of it any more.
  if (socket.destroyed) throw new Error('the node closed the connection');
  const framer = new StreamFramer();
  let closed = false;
  const end = (detail: string) => {
    if (closed) return;
    closed = true;
    socket.destroy();
    options.onClose(detail);
  };
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const frame of framer.push(chunk)) {
        if (frame.kind === 'message') options.onMessage(frame.bytes);
        else if (frame.kind === 'ping') socket.write('\r\n');
      }
    } catch (error) {
      end(`what the node sends cannot be read: ${(error as Error).message}`);
    }
  });
  socket.on('error', (error) => end(error.message));
  socket.on('close', () => end('the node closed the connection'));
  return {
    transport,
    reliable: true,
    local: { host: socket.localAddress ?? '0.0.0.0', port: socket.localPort ?? 0 },
    remote: options.node,
    send: (bytes) => {
      if (!closed) socket.write(bytes);
    },
    close() {
      if (closed) return;
      closed = true;
      socket.end();
      socket.setTimeout(1000, () => socket.destroy());
    },
  };
}
