import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { FileFetch, FileObserver, FileSource, ServedFile } from '../../domain/provisioning/ports.ts';
import { parseServedName } from '../../domain/provisioning/served-name.ts';
import type { DeviceName } from '../../identifiers/device-name.ts';
import type { Log } from '../../kernel/log.ts';
import { ConnectionGate } from '../listen/connection-gate.ts';
import { type ConnectionLimits, connectionLimits } from '../listen/connection-limits.ts';
import { HttpDrain } from '../listen/http-drain.ts';
import { tls12 } from '../listen/tls.ts';
import { endUnreadable } from '../listen/unreadable.ts';
import { parseByteRange } from './byte-range.ts';

/** A phone that fetched its own file with its own certificate has arrived: its activation is confirmed. */
export interface FetchConfirmer {
  /** Never awaited. `micSha256`: SHA-256 of the certificate's DER, whose key the connection has proven. */
  fetched(fetch: { readonly deviceName: DeviceName; readonly micSha256: Uint8Array }): void;
}

export interface FileHttpOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly files: FileSource;
  readonly log: Log;
  readonly observer?: FileObserver;
  readonly connections?: ConnectionLimits;
  /** With it the listener speaks HTTPS and asks for a client certificate, without demanding one. PEM. */
  readonly tls?: FileHttpTls;
  readonly confirmer?: FetchConfirmer;
}

export interface FileHttpTls {
  readonly cert: string;
  readonly key: string;
}

export interface FileHttp {
  readonly port: number;
  /** New connections will show this certificate; nothing without `tls`. PEM. */
  renewTls(tls: FileHttpTls): void;
  close(): Promise<void>;
}

/** Octets read and written at once for files that are not in memory. */
const pieceLength = 256 * 1024;

/** The files of TFTP over HTTP (6970) or HTTPS (6972): GET and HEAD of one name, nothing else. */
export async function startFileHttp(options: FileHttpOptions): Promise<FileHttp> {
  const settings = {
    maxHeaderSize: 8 * 1024,
    headersTimeout: 10_000,
    requestTimeout: 20_000,
    keepAliveTimeout: 15_000,
    connectionsCheckingInterval: 1_000,
  };
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response, options).catch((error: unknown) => {
      options.log.error({ err: error, path: request.url?.slice(0, 200) }, 'file could not be served');
      if (response.headersSent) response.destroy();
      else plain(response, 503, 'Try again later\n', { 'retry-after': '5' });
    });
  };
  const { tls } = options;
  const server =
    tls === undefined
      ? createServer(settings, handle)
      : createTlsServer(
          {
            ...settings,
            ...secureContext(tls),
            handshakeTimeout: 10_000,
            requestCert: true,
            // Whose certificate it is decides nothing here but whether an activation is confirmed; its key is proven either way.
            rejectUnauthorized: false,
          },
          handle,
        );
  server.maxHeadersCount = 64;
  server.on('clientError', (error, socket) =>
    endUnreadable(error, socket, () => 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
  );
  server.on('tlsClientError', () => {});
  const door = tls === undefined ? 'files' : 'filesTls';
  const gate = new ConnectionGate(door, options.connections ?? connectionLimits(door), options.log);
  const drain = new HttpDrain(gate.guard(server), gate);
  const listening = once(server, 'listening');
  server.listen({ port: options.port, host: options.host });
  await listening;
  return {
    port: (server.address() as AddressInfo).port,
    renewTls(renewed) {
      if ('setSecureContext' in server) server.setSecureContext(secureContext(renewed));
    },
    async close() {
      // Downloads may finish; what still runs after that long is cut.
      await drain.close(5_000);
    },
  };
}

const secureContext = (tls: FileHttpTls) => ({ ...tls, ...tls12 });

async function answer(request: IncomingMessage, response: ServerResponse, options: FileHttpOptions): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    request.resume();
    return plain(response, 405, 'Only GET and HEAD\n', { allow: 'GET, HEAD' });
  }
  const name = nameIn(request.url ?? '');
  const observe = (outcome: FileFetch['outcome'], octets = 0) =>
    options.observer?.asked({
      name: name ?? '',
      over: options.tls === undefined ? 'http' : 'https',
      sourceAddress: request.socket.remoteAddress ?? '',
      outcome,
      octets,
    });
  let file: ServedFile | undefined;
  try {
    file = name === undefined ? undefined : (options.files.ready(name) ?? (await options.files.find(name)));
  } catch (error) {
    observe('unavailable');
    throw error;
  }
  if (file === undefined || name === undefined) {
    observe('not-found');
    return plain(response, 404, 'File not found\n');
  }
  observe('served', file.size);
  await send(request, response, file);
  if (request.method === 'GET') confirm(request, name, options.confirmer);
}

/** The one path segment, percent-decoded; undefined for anything that cannot be a name. */
function nameIn(url: string): string | undefined {
  const path = url.split('?', 1)[0]!;
  if (!path.startsWith('/') || path.indexOf('/', 1) !== -1 || path.length > 400) return undefined;
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return undefined;
  }
}

async function send(request: IncomingMessage, response: ServerResponse, file: ServedFile): Promise<void> {
  const etag = `"${file.etag}"`;
  response.setHeader('etag', etag);
  response.setHeader('cache-control', 'no-cache');
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('x-content-type-options', 'nosniff');
  if (matches(request.headers['if-none-match'], etag)) {
    response.writeHead(304).end();
    return;
  }
  const ifRange = request.headers['if-range'];
  const wanted =
    request.headers.range === undefined || (ifRange !== undefined && ifRange !== etag)
      ? undefined
      : parseByteRange(request.headers.range, file.size);
  if (wanted === 'unsatisfiable') return plain(response, 416, '', { 'content-range': `bytes */${file.size}` });
  const first = wanted?.first ?? 0;
  const length = (wanted?.last ?? file.size - 1) - first + 1;
  response.writeHead(wanted === undefined ? 200 : 206, {
    'content-type': file.contentType,
    'content-length': length,
    ...(wanted === undefined ? {} : { 'content-range': `bytes ${wanted.first}-${wanted.last}/${file.size}` }),
  });
  if (request.method === 'HEAD') response.end();
  else if (file.bytes !== undefined) response.end(file.bytes.subarray(first, first + length));
  else await stream(response, file, first, length);
}

async function stream(response: ServerResponse, file: ServedFile, first: number, length: number): Promise<void> {
  const reader = await file.open();
  try {
    for (let at = first; at < first + length && !response.destroyed; ) {
      const piece = await reader.read(at, Math.min(pieceLength, first + length - at));
      if (piece.length === 0) throw new Error('file ends before its size');
      at += piece.length;
      if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    response.end();
  } finally {
    await reader.close();
  }
}

function matches(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag) ?? false;
}

function confirm(request: IncomingMessage, name: string, confirmer: FetchConfirmer | undefined): void {
  const socket = request.socket as TLSSocket;
  if (confirmer === undefined || typeof socket.getPeerX509Certificate !== 'function') return;
  const parsed = parseServedName(name);
  const certificate = parsed?.kind === 'phone' ? socket.getPeerX509Certificate() : undefined;
  if (parsed?.kind !== 'phone' || certificate === undefined) return;
  // The phone's own file only: CN=CP-8845-SEP001122334455 fetches SEP001122334455.
  const names = certificate.subject.split('\n').filter((line) => line.startsWith('CN='));
  if (names.length !== 1 || !names[0]!.endsWith(`-${parsed.deviceName}`)) return;
  confirmer.fetched({
    deviceName: parsed.deviceName,
    micSha256: Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex'),
  });
}

function plain(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': text.length, ...headers })
    .end(text);
}
