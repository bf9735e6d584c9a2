import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { FileFetch, FileObserver, FileSource, ServedFile } from '../../domain/provisioning/ports.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { toNetascii } from '../../protocol/tftp/netascii.ts';
import { defaultLimits, negotiate, type TransferLimits } from '../../protocol/tftp/options.ts';
import { decodePacket, encodePacket, opcode, type TftpRequest, tftpError } from '../../protocol/tftp/packet.ts';
import { owed, startServerTransfer } from '../../protocol/tftp/server-transfer.ts';
import { Session } from './session.ts';
import { type SourceLimitOptions, SourceLimits } from './source-limits.ts';

export interface TftpServerOptions {
  /** Address to listen on: `0.0.0.0`, `::`, `127.0.0.1` … */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly files: FileSource;
  readonly log: Log;
  readonly observer?: FileObserver;
  readonly limits?: TransferLimits;
  readonly sourceLimits?: SourceLimitOptions;
  /** Transfers at once over all sources. Default 4096. */
  readonly maxTransfers?: number;
  /** Sockets that share the transfers; each is one transfer id. Few sockets read many datagrams each time they wake. Default 2. */
  readonly sockets?: number;
}

export interface TftpServer {
  readonly port: number;
  /** Transfers that are open now. */
  readonly transfers: number;
  close(): Promise<void>;
}

interface Lane {
  readonly socket: Socket;
  /** By `address port` of the client. */
  readonly sessions: Map<string, Session>;
}

/** How often deadlines are looked at, in milliseconds. */
const sweepEvery = 100;
/** Error packets to strangers, per second. */
const strangerAnswers = 500;

/** Reads only (RFC 1350 with RFC 2347, 2348, 2349 and 7440), from a table of names. */
export async function startTftpServer(options: TftpServerOptions): Promise<TftpServer> {
  const { files, log, observer } = options;
  const limits = options.limits ?? defaultLimits;
  const sources = new SourceLimits(options.sourceLimits);
  const maxTransfers = options.maxTransfers ?? 4096;
  const type = options.host.includes(':') ? 'udp6' : 'udp4';
  let open = 0;
  let answersLeft = strangerAnswers;
  let closed = false;

  // Peers are always addresses, so a look-up that answers at once saves a turn of the event loop for every datagram.
  const lookup = (host: string, _: unknown, done: (error: null, address: string, family: number) => void) =>
    done(null, host, type === 'udp6' ? 6 : 4);
  const makeSocket = async (port: number): Promise<Socket> => {
    const socket = createSocket({ type, lookup: lookup as never, recvBufferSize: 4 << 20, sendBufferSize: 4 << 20 });
    // The look-up answers at once, so the event may come before bind returns.
    const listening = once(socket, 'listening');
    let bound = false;
    socket.on('error', (error) => {
      if (bound) log.warn({ err: error }, 'TFTP socket error');
    });
    socket.bind({ port, address: options.host, exclusive: true });
    await listening;
    bound = true;
    return socket;
  };

  const main = await makeSocket(options.port);
  const lanes: Lane[] = [];
  for (let i = 0; i < (options.sockets ?? 2); i++) lanes.push({ socket: await makeSocket(0), sessions: new Map() });
  let nextLane = 0;
  /** Clients whose file is being looked up. */
  const lookingUp = new Set<string>();

  const refuse = (socket: Socket, code: number, message: string, peer: { address: string; port: number }) =>
    send(socket, encodePacket({ type: 'error', code, message }), peer);
  const send = (socket: Socket, datagram: Uint8Array, peer: { address: string; port: number }) => {
    if (!closed) socket.send(datagram, peer.port, peer.address);
  };
  const observe = (name: string, peer: RemoteInfo, outcome: FileFetch['outcome'], octets = 0) =>
    observer?.asked({ name, over: 'tftp', sourceAddress: peer.address, outcome, octets });

  const end = (lane: Lane, key: string, session: Session) => {
    if (lane.sessions.get(key) !== session) return;
    lane.sessions.delete(key);
    open--;
    sources.closed(session.address, !session.transfer.unproven);
    session.close();
  };

  const onRequest = (datagram: Uint8Array, peer: RemoteInfo) => {
    if (datagram.length < 2 || datagram[0] !== 0 || (datagram[1] !== opcode.rrq && datagram[1] !== opcode.wrq)) return;
    let request: TftpRequest;
    try {
      request = decodePacket(datagram) as TftpRequest;
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      return refuse(main, tftpError.illegalOperation, 'Malformed request', peer);
    }
    if (request.type === 'wrq') return refuse(main, tftpError.accessViolation, 'Read only', peer);
    if (request.mode !== 'octet' && request.mode !== 'netascii') {
      return refuse(main, tftpError.illegalOperation, 'Unknown mode', peer);
    }
    const key = keyOf(peer);
    if (lookingUp.has(key) || repeated(key, datagram)) return;
    const now = Date.now();
    if (open >= maxTransfers || !sources.mayOpen(peer.address, now)) return observe(request.fileName, peer, 'refused');
    const ready = files.ready(request.fileName);
    if (ready !== undefined) return begin(request, datagram, ready, peer, key);
    if (!sources.takeLookup(peer.address, now)) return observe(request.fileName, peer, 'refused');
    lookingUp.add(key);
    files.find(request.fileName).then(
      (file) => {
        lookingUp.delete(key);
        if (file !== undefined) return begin(request, datagram, file, peer, key);
        observe(request.fileName, peer, 'not-found');
        refuse(main, tftpError.fileNotFound, 'File not found', peer);
      },
      (error: unknown) => {
        lookingUp.delete(key);
        log.error({ err: error, file: request.fileName }, 'TFTP: the file could not be made');
        observe(request.fileName, peer, 'unavailable');
        refuse(main, tftpError.undefined, 'Try again later', peer);
      },
    );
  };

  /** A client that hears nothing repeats its request: that is one more request, for the same transfer. */
  const repeated = (key: string, datagram: Uint8Array): boolean => {
    for (const lane of lanes) {
      const session = lane.sessions.get(key);
      if (session === undefined || !session.transfer.unproven) continue;
      if (Buffer.compare(session.request, datagram) !== 0) {
        end(lane, key, session);
        continue;
      }
      session.handle({ type: 'request', octets: datagram.length }, Date.now());
      return true;
    }
    return false;
  };

  const begin = (request: TftpRequest, datagram: Uint8Array, file: ServedFile, peer: RemoteInfo, key: string) => {
    if (closed || open >= maxTransfers) return;
    let content: Uint8Array | ServedFile = file.bytes ?? file;
    if (request.mode === 'netascii') {
      if (file.bytes === undefined) return refuse(main, tftpError.illegalOperation, 'Use octet mode', peer);
      content = toNetascii(file.bytes);
    }
    const size = content instanceof Uint8Array ? content.length : file.size;
    const { parameters, answer } = negotiate(request.options, size, limits);
    const oack = answer.length === 0 ? noAnswer : encodePacket({ type: 'oack', options: answer });
    const step = startServerTransfer({ size, parameters, requestLength: datagram.length, answerLength: oack.length });
    const now = Date.now();
    if (!sources.lend(peer.address, owed(step.transfer), now)) return observe(request.fileName, peer, 'refused');
    const lane = pickLane(key);
    const session = new Session({
      address: peer.address,
      port: peer.port,
      request: datagram,
      step,
      answer: oack,
      content,
      now,
      send: (bytes, to) => send(lane.socket, bytes, to),
      failed: (failed, error) => {
        log.error({ err: error, file: request.fileName }, 'TFTP: the file could not be read');
        refuse(lane.socket, tftpError.undefined, 'Try again later', failed);
        end(lane, key, failed);
      },
    });
    lane.sessions.set(key, session);
    open++;
    sources.opened(peer.address, now);
    observe(request.fileName, peer, 'served', size);
    session.perform(step.effect);
  };

  const pickLane = (key: string): Lane => {
    for (let tries = 0; tries < lanes.length; tries++) {
      const lane = lanes[nextLane++ % lanes.length]!;
      if (!lane.sessions.has(key)) return lane;
    }
    const lane = lanes[nextLane++ % lanes.length]!;
    end(lane, key, lane.sessions.get(key)!);
    return lane;
  };

  const onTransfer = (lane: Lane, datagram: Uint8Array, peer: RemoteInfo) => {
    const kind = datagram.length >= 4 && datagram[0] === 0 ? datagram[1]! : 0;
    const key = keyOf(peer);
    const session = lane.sessions.get(key);
    if (session === undefined) {
      // RFC 1350 §4: error 5 to the stranger, who must not disturb anybody's transfer. Errors are never answered with errors.
      if ((kind === opcode.ack || kind === opcode.data) && answersLeft-- > 0) {
        refuse(lane.socket, tftpError.unknownTransferId, 'Unknown transfer ID', peer);
      }
      return;
    }
    const unproven = session.transfer.unproven;
    if (kind === opcode.ack && datagram.length === 4) {
      session.handle({ type: 'ack', block: (datagram[2]! << 8) | datagram[3]! }, Date.now());
    } else if (kind === opcode.error) {
      session.handle({ type: 'error' }, Date.now());
    }
    if (unproven && !session.transfer.unproven) sources.proven(session.address, session.lent);
    if (session.transfer.ended !== undefined) end(lane, key, session);
  };

  const sweep = setInterval(() => {
    answersLeft = Math.min(strangerAnswers, answersLeft + (strangerAnswers * sweepEvery) / 1000);
    if (open === 0) return;
    const now = Date.now();
    for (const lane of lanes) {
      for (const [key, session] of lane.sessions) {
        if (session.deadline > now) continue;
        session.handle({ type: 'timeout' }, now);
        if (session.transfer.ended !== undefined) end(lane, key, session);
      }
    }
  }, sweepEvery);

  main.on('message', onRequest);
  for (const lane of lanes) lane.socket.on('message', (datagram, peer) => onTransfer(lane, datagram, peer));

  return {
    port: (main.address() as AddressInfo).port,
    get transfers() {
      return open;
    },
    async close() {
      if (closed) return;
      closed = true;
      clearInterval(sweep);
      for (const lane of lanes) for (const [key, session] of lane.sessions) end(lane, key, session);
      await Promise.all(
        [main, ...lanes.map((lane) => lane.socket)].map(
          (socket) => new Promise<void>((done) => socket.close(() => done())),
        ),
      );
    },
  };
}

const noAnswer = new Uint8Array(0);

function keyOf(peer: { address: string; port: number }): string {
  return `${peer.address} ${peer.port}`;
}
