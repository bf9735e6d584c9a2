import { PhoneFault } from '../boot/faults.ts';
import type { HostPort } from '../boot/types.ts';

/** One TFTP server of a cluster, with its HTTP twin where there is one. */
export interface FileServer {
  readonly tftp: HostPort;
  /** Undefined: files come by TFTP only. */
  readonly http: HostPort | undefined;
}

const httpPort = 6970;
/** Ports on which the field's TFTP services listen; beside these the HTTP twin is on 6970. */
const standardTftpPorts: ReadonlySet<number> = new Set([69, 6969]);

/**
 * `HOST`, `HOST:PORT` or `udp://HOST:PORT`, IPv6 in brackets. Beside a standard TFTP port (69, 6969) HTTP is tried on 6970 first, as phones
 * do. Beside any other port it is tried only where it is named: 6970 on that host may be another system's. Throws PhoneFault `usage`.
 */
export function fileServer(text: string, http?: HostPort): FileServer {
  const tftp = hostPort(text, 69);
  if (http !== undefined) return { tftp, http };
  return { tftp, http: standardTftpPorts.has(tftp.port) ? { host: tftp.host, port: httpPort } : undefined };
}

export function hostPort(text: string, defaultPort: number): HostPort {
  const match = /^(?:[a-z]+:\/\/)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?\/?$/.exec(text.trim());
  const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
  if (match === null || port < 1 || port > 65535) {
    throw new PhoneFault('usage', `${text} is not a host with an optional port.`);
  }
  return { host: match[1]!.replace(/^\[|\]$/g, ''), port };
}

export function hostPortText({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Servers set by hand come first and stay as they were set; learned ones follow where they name another host and port. */
export function mergeServers(byHand: readonly FileServer[], learned: readonly string[]): readonly FileServer[] {
  const merged = [...byHand];
  for (const text of learned) {
    const server = fileServer(text);
    if (!merged.some((each) => hostPortText(each.tftp) === hostPortText(server.tftp))) merged.push(server);
  }
  return merged;
}
