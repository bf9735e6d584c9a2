import { createSocket } from 'node:dgram';
import { hostname } from 'node:os';
import type { Log } from '../../kernel/log.ts';
import { openSyslogStream, type SyslogOptions, type SyslogTarget } from './syslog-stream.ts';

/** `tls://logs.example.org:6514`, `tcp:`, `udp:`; the port may be left out (514, RFC 5425: 6514). Undefined: that is no such address. */
export function readSyslogTarget(text: string): SyslogTarget | undefined {
  const match = /^(udp|tcp|tls):\/\/(\[[0-9A-Fa-f:]+\]|[0-9A-Za-z.-]+)(?::(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const port = Number(match[3] ?? (match[1] === 'tls' ? 6514 : 514));
  if (port < 1 || port > 65_535) return undefined;
  return { transport: match[1] as SyslogTarget['transport'], host: match[2]!.replace(/^\[|\]$/g, ''), port };
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

/**
 * Sends to a syslog server: one datagram each over UDP, octet counting over TCP (RFC 6587) and TLS (RFC 5425). Never throws and never waits for the
 * receiver.
 */
export function openSyslog(target: SyslogTarget, options: SyslogOptions): Syslog {
  const line = (message: SyslogMessage) =>
    Buffer.from(syslogLine(message, new Date(), hostname().replace(/[^!-~]/g, '-') || '-', process.pid));
  if (target.transport === 'udp') return overUdp(target, line, options.log);
  const { send, [Symbol.asyncDispose]: dispose } = openSyslogStream(target, options);
  return { send: (message) => send(line(message)), [Symbol.asyncDispose]: dispose };
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
