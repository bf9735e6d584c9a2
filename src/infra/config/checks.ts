import { resolve } from 'node:path';
import { isStream, type ListenerName } from './listeners.ts';
import type { ConfigurationProblem } from './problem.ts';
import type { Role } from './role.ts';
import { settings } from './settings.ts';

/** Of a text with commas; lower case. */
export function list(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '');
}

/** Absolute. */
export function tlsFiles(
  prefix: string,
  text: (path: string) => string | undefined,
  problems: ConfigurationProblem[],
): { readonly certificate: string; readonly key: string } | undefined {
  const [certificate, key] = [text(`${prefix}Certificate`), text(`${prefix}Key`)];
  if (certificate !== undefined && key !== undefined) return { certificate: resolve(certificate), key: resolve(key) };
  if (certificate !== undefined || key !== undefined) {
    const field = certificate === undefined ? `${prefix}Certificate` : `${prefix}Key`;
    problems.push({ place: 'configuration', field, message: 'a TLS certificate and its key are given together' });
  }
  return undefined;
}

/** They mean something to `tls:` only; elsewhere somebody believes in a protection that is not there. */
export function syslogFiles(text: (path: string) => string | undefined, problems: ConfigurationProblem[]) {
  const ca = text('audit.syslogCa');
  const client = tlsFiles('audit.syslog', text, problems);
  const field = ca !== undefined ? 'audit.syslogCa' : client !== undefined ? 'audit.syslogCertificate' : undefined;
  if (field !== undefined && text('audit.syslog')?.startsWith('tls:') !== true)
    problems.push({ place: 'configuration', field, message: 'needs audit.syslog to be tls://host:port' });
  return { ca: ca === undefined ? undefined : resolve(ca), client };
}

/** A field of another role is probably in the wrong file. */
export function warnOfOthers(values: ReadonlyMap<string, unknown>, role: Role, warnings: string[]): void {
  for (const path of values.keys()) {
    const meant = settings.find((each) => each.path === path)?.roles;
    if (meant !== undefined && !meant.includes(role)) warnings.push(`${path} means nothing to role ${role}`);
  }
}

export function refuseSamePort(
  ports: Readonly<Record<ListenerName, number>>,
  names: readonly ListenerName[],
  problems: ConfigurationProblem[],
): void {
  const seen = new Map<number, string>();
  for (const name of names) {
    // Those of datagrams only may share their number with a TCP listener.
    if (!isStream(name)) continue;
    const other = seen.get(ports[name]);
    if (other !== undefined) {
      problems.push({
        place: 'configuration',
        field: `ports.${name}`,
        message: `port ${ports[name]} is already that of ports.${other}`,
      });
    }
    seen.set(ports[name], name);
  }
}

/** What is wrong with a name, and which one may have been meant. */
export function unknown(what: string, known: readonly string[], written: string = what): string {
  const near = known
    .map((name) => ({ name, distance: editDistance(name.toLowerCase(), written.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const hint = near !== undefined && near.distance <= 4 ? `, did you mean ${near.name}?` : '';
  return `${what} is not known here${hint}`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
