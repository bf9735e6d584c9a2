import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import type { Log } from '../../kernel/log.ts';

export interface SyslogTarget {
  readonly transport: 'udp' | 'tcp';
  readonly host: string;
  readonly port: number;
}

/** `udp://logs.example.org:514`; the port may be left out. Undefined: that is no such address. */
export function readSyslogTarget(text: string): SyslogTarget | undefined {
  const match = /^(udp|tcp):\/\/(\[[0-9A-Fa-f:]+\]|[0-9A-Za-z.-]+)(?::(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const port = Number(match[3] ?? 514);
  if (port < 1 || port > 65_535) return undefined;
  return { transport: match[1] as 'udp' | 'tcp', host: match[2]!.replace(/^\[|\]$/g, ''), port };
}

export interface SyslogMessage {
  /** RFC 5424: 1 alert, 5 notice. */
  readonly severity: 1 | 5;
  /** MSGID. */
  readonly id: 'audit-head' | 'audit-alarm';
  readonly data: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Facility 13, log audit. */
const facility = 13;
/** Private enterprise number 32473 is the one of RFC 5612 for where there is none. */
const element = 'audit@32473';

/** One message of RFC 5424 in UTF-8, without framing. */
export function syslogLine(message: SyslogMessage, at: Date, host: string, pid: number): string {
  const data = Object.entries(message.data)
    .map(([name, value]) => ` ${name}="${value.replace(/["\\\]]/g, '\\$&')}"`)
    .join('');
  return `<${facility * 8 + message.severity}>1 ${at.toISOString()} ${host} firstring ${pid} ${message.id} [${element}${data}] \uFEFF${message.text}`;
}

export interface Syslog extends AsyncDisposable {
  send(message: SyslogMessage): void;
}

/** Held for a receiver that cannot be reached; older ones go. A later head vouches for all before it. */
const mostHeld = 1_000;
const retryDelay = 2_000;

/** Sends to a syslog server: one datagram each over UDP, octet counting (RFC 6587) over TCP. Never throws and never waits for the receiver. */
export function openSyslog(target: SyslogTarget, log: Log): Syslog {
  const line = (message: SyslogMessage) =>
    Buffer.from(syslogLine(message, new Date(), hostname().replace(/[^!-~]/g, '-') || '-', process.pid));
  return target.transport === 'udp' ? overUdp(target, line, log) : overTcp(target, line, log);
}

function overUdp({ host, port }: SyslogTarget, line: (message: SyslogMessage) => Buffer, log: Log): Syslog {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  let told = false;
  const lost = (error: Error | null) => {
    if (error !== null && !told)
      log.warn({ err: error, host, port }, 'heads of the audit log cannot be sent to syslog');
    told = error !== null;
  };
  socket.on('error', lost);
  socket.unref();
  return {
    send: (message) => socket.send(line(message), port, host, lost),
    [Symbol.asyncDispose]: () => new Promise((done) => socket.close(done)),
  };
}

function overTcp({ host, port }: SyslogTarget, line: (message: SyslogMessage) => Buffer, log: Log): Syslog {
  const held: Buffer[] = [];
  let socket: Socket | undefined;
  let ready = false;
  let closed = false;
  let told = false;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    while (ready && held.length > 0) {
      const next = held.shift()!;
      socket!.write(Buffer.concat([Buffer.from(`${next.length} `), next]));
    }
  };
  const open = () => {
    if (closed || socket !== undefined) return;
    const fresh = connect({ host, port });
    socket = fresh;
    fresh.setKeepAlive(true).unref();
    fresh.once('connect', () => {
      ready = true;
      told = false;
      flush();
    });
    fresh.resume();
    fresh.on('error', (error) => {
      if (!told) log.warn({ err: error, host, port }, 'heads of the audit log cannot be sent to syslog');
      told = true;
    });
    fresh.once('close', () => {
      ready = false;
      socket = undefined;
      if (!closed) timer = setTimeout(open, retryDelay).unref();
    });
  };
  return {
    send(message) {
      held.push(line(message));
      if (held.length > mostHeld) held.shift();
      if (ready) flush();
      else open();
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      clearTimeout(timer);
      if (socket === undefined) return;
      const ended = new Promise((done) => socket!.once('close', done));
      if (ready) socket.end();
      else socket.destroy();
      await Promise.race([ended, new Promise((done) => setTimeout(done, 1_000).unref())]);
      socket?.destroy();
    },
  };
}
