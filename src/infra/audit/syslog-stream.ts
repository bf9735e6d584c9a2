import { connect, isIP, type Socket } from 'node:net';
import tls from 'node:tls';
import type { Log } from '../../kernel/log.ts';

export interface SyslogTarget {
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
}

/** PEM texts. */
export interface SyslogTls {
  /** What the server's certificate must chain to; undefined: what this system trusts. */
  readonly ca: string | undefined;
  /** What we show, with its chain; undefined: nothing. */
  readonly client: { readonly cert: string; readonly key: string } | undefined;
}

export interface SyslogOptions {
  readonly log: Log;
  /** For `tls:`. */
  readonly tls?: SyslogTls | undefined;
  /** Whether the receiver is connected, whenever that changes; over UDP nobody knows. */
  readonly onConnected?: (connected: boolean) => void;
  /** A message went because too many waited. */
  readonly onDropped?: () => void;
}

export interface SyslogStream extends AsyncDisposable {
  send(line: Buffer): void;
}

/** Held for a receiver that cannot be reached; older ones go. A later head vouches for all before it. */
const mostHeld = 1_000;
/** In ms: the first wait, twice as long each time, at most. */
const firstDelay = 1_000;
const longestDelay = 60_000;
/** Until a receiver has answered, TLS included. */
const patience = 10_000;
/** A receiver that went away without a word is noticed by this. */
const keepAlive = 30_000;
/** What the kernel takes no more of waits here, not in the socket. */
const mostUnsent = 256 * 1024;

/** Connects when there is something to send, and again after each loss as long as something may come. */
export function openSyslogStream(target: SyslogTarget, options: SyslogOptions): SyslogStream {
  const { log, onConnected, onDropped } = options;
  const { host, port, transport } = target;
  const where = { host, port, transport };
  const held: Buffer[] = [];
  let socket: Socket | undefined;
  let ready = false;
  let closed = false;
  let told = false;
  let delay = firstDelay;
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    while (ready && held.length > 0 && socket!.writableLength < mostUnsent) {
      const next = held.shift()!;
      socket!.write(Buffer.concat([Buffer.from(`${next.length} `), next]));
    }
  };
  const lost = (error: unknown) => {
    if (!told && !closed)
      log.warn(
        { err: error, ...where, held: held.length },
        'heads of the audit log cannot be sent to syslog; they wait',
      );
    told = true;
  };
  const open = () => {
    if (closed || socket !== undefined) return;
    clearTimeout(timer);
    let fresh: Socket;
    try {
      fresh = transport === 'tls' ? connectTls(target, options.tls) : connect({ host, port });
    } catch (error) {
      lost(error);
      again();
      return;
    }
    socket = fresh;
    fresh.setKeepAlive(true, keepAlive).unref();
    fresh.setTimeout(patience, () => fresh.destroy(new Error(`no answer within ${patience / 1000} s`)));
    fresh.once(transport === 'tls' ? 'secureConnect' : 'connect', () => {
      fresh.setTimeout(0);
      ready = true;
      delay = firstDelay;
      onConnected?.(true);
      if (told) log.info(where, 'heads of the audit log are sent to syslog again');
      told = false;
      flush();
    });
    fresh.on('drain', flush);
    // A server of syslog says nothing; whatever it says is thrown away.
    fresh.resume();
    fresh.on('error', lost);
    fresh.once('close', () => {
      ready = false;
      socket = undefined;
      onConnected?.(false);
      lost(new Error('the receiver closed the connection'));
      again();
    });
  };
  const again = () => {
    if (closed) return;
    timer = setTimeout(open, delay).unref();
    delay = Math.min(delay * 2, longestDelay);
  };
  onConnected?.(false);
  open();
  return {
    send(line) {
      held.push(line);
      if (held.length > mostHeld) {
        held.shift();
        onDropped?.();
      }
      flush();
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      clearTimeout(timer);
      const last = socket;
      if (last === undefined) return;
      const ended = new Promise((done) => last.once('close', done));
      if (ready) last.end();
      else last.destroy();
      await Promise.race([ended, new Promise((done) => setTimeout(done, 1_000).unref())]);
      last.destroy();
    },
  };
}

let trusted: string[] | undefined;

/** TLS 1.2 or newer; the certificate must be for `host` and chain to what is trusted, whatever the environment says. */
function connectTls(
  { host, port }: SyslogTarget,
  { ca, client }: SyslogTls = { ca: undefined, client: undefined },
): Socket {
  trusted ??= [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
  return tls.connect({
    host,
    port,
    ca: ca ?? trusted,
    ...client,
    // An address is no server name (RFC 6066), but the certificate must still be for it.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
  });
}
