import { createHash } from 'node:crypto';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import type { PhoneVouch } from '../../../src/protocol/edge-access/phone-vouch.ts';
import { readSipPreface } from '../../../src/protocol/edge-access/sip-preface.ts';

export interface StandInNode {
  readonly name: string;
  readonly edgeAccess: number;
  readonly sip: number;
  /** SIP connections open now. */
  readonly sipConnections: ReadonlySet<TLSSocket>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface NodeParts {
  known(sha256: string): boolean;
  handle(stream: ServerHttp2Stream, path: string, text: string): Promise<void>;
  sip(vouch: PhoneVouch, socket: TLSSocket): void;
}

/** The two listeners of a node that Expressway-C uses. */
export class ListeningNode implements StandInNode {
  readonly name: string;
  readonly #material: { key: string; cert: string };
  readonly #parts: NodeParts;
  readonly sipConnections = new Set<TLSSocket>();
  readonly #sessions = new Set<{ destroy(): void }>();
  #http: Http2SecureServer | undefined;
  #tls: TlsServer | undefined;
  edgeAccess = 0;
  sip = 0;

  constructor(name: string, material: { key: string; cert: string }, parts: NodeParts) {
    this.name = name;
    this.#material = material;
    this.#parts = parts;
  }

  #lets(socket: TLSSocket): boolean {
    const raw = socket.getPeerX509Certificate()?.raw;
    return raw !== undefined && this.#parts.known(createHash('sha256').update(raw).digest('hex'));
  }

  async start(): Promise<void> {
    const tls = { ...this.#material, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' } as const;
    const http = createSecureServer({ ...tls, maxSessionMemory: 1024 });
    http.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
      session.on('error', () => {});
    });
    http.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      if (!this.#lets(stream.session!.socket as TLSSocket)) {
        stream.respond({ ':status': 403 }, { endStream: true });
        return;
      }
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        this.#parts
          .handle(stream, headers[':path']!, Buffer.concat(chunks).toString('utf8'))
          .catch((error: unknown) => {
            if (!stream.headersSent && !stream.destroyed) stream.respond({ ':status': 500 });
            stream.end(String(error));
          });
      });
    });
    const sip = createServer({ ...tls, allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {});
      if (!this.#lets(socket)) {
        socket.destroy();
        return;
      }
      this.sipConnections.add(socket);
      socket.once('close', () => this.sipConnections.delete(socket));
      let held = Buffer.alloc(0);
      const onData = (chunk: Buffer) => {
        held = Buffer.concat([held, chunk]);
        const preface = readSipPreface(held);
        if (preface === undefined) return;
        socket.off('data', onData);
        this.#parts.sip(preface.vouch, socket);
        if (preface.rest.length > 0) socket.emit('data', Buffer.from(preface.rest));
      };
      socket.on('data', onData);
    });
    this.#http = http;
    this.#tls = sip;
    await new Promise<void>((done) => http.listen(this.edgeAccess, '127.0.0.1', done));
    await new Promise<void>((done) => sip.listen(this.sip, '127.0.0.1', done));
    this.edgeAccess = (http.address() as AddressInfo).port;
    this.sip = (sip.address() as AddressInfo).port;
  }

  /** As if killed. */
  async stop(): Promise<void> {
    const closed = [this.#http, this.#tls].map(
      (server) => new Promise<void>((done) => (server ? server.close(() => done()) : done())),
    );
    for (const session of this.#sessions) session.destroy();
    for (const socket of this.sipConnections) socket.destroy();
    await Promise.all(closed);
  }
}
