import { join, resolve } from 'node:path';
import { canonicalHost, isUnspecified, urlHost } from '../../identifiers/host.ts';
import { Fault } from '../../kernel/errors.ts';
import { list, refuseSamePort, syslogFiles, tlsFiles, unknown, warnOfOthers } from './checks.ts';
import { type FileValue, readFileValues } from './file.ts';
import { aloneAt, type ListenerName, listeners, listenersOf } from './listeners.ts';
import { openFileLimit } from './open-files.ts';
import type { ConfigurationProblem } from './problem.ts';
import { readValue, type Value } from './read-value.ts';
import type { Role } from './role.ts';
import { type LogLevel, type Setting, settings } from './settings.ts';

/** What a process runs with. Complete: nobody reads a file, the environment or an option after this. */
export interface Configuration {
  readonly role: Role;
  /** Absolute. */
  readonly dataDirectory: string;
  /** Whom the process belongs to once it listens, when root starts it; undefined: whom it finds. */
  readonly account: string | undefined;
  readonly node: { readonly name: string; readonly address: string };
  readonly listen: {
    readonly address: string;
    /** Of the consoles of cloud, Expressway-E and -C: an inside address. Undefined: where the rest listens. */
    readonly consoleAddress: string | undefined;
    /** Where Expressway-C dials Expressway-E. */
    readonly tunnelAddress: string | undefined;
    /** Metrics and health have no sign-in. */
    readonly metricsAddress: string;
  };
  /** Whether SIP and TVS also take what phones of before about 2015 know of TLS. */
  readonly tls: { readonly oldPhones: boolean };
  /** Of connections to this process. */
  readonly limits: {
    /** Over all listeners. */
    readonly connections: number;
    /** To one listener from one source; undefined: what is usual there. */
    readonly connectionsPerSource: number | undefined;
    /** The same, without TLS or anything said. */
    readonly strangersPerSource: number | undefined;
  };
  readonly ports: Readonly<Record<ListenerName, number>>;
  readonly database: {
    /** What the program connects with. None: the embedded PostgreSQL. */
    readonly url?: string;
    /** The owner of the schema, for migrations. None: `url` is the owner, or migrations are run by hand. */
    readonly migrationUrl?: string;
    readonly connections: number;
  };
  /** `mounted`: the file is a container's secret. */
  readonly kek: { readonly file: string; readonly mounted: boolean; readonly value?: string };
  /** 0: one per processor. */
  readonly das: { readonly threads: number };
  /** Of the user at the SMTP server; wins over the one set by REST. */
  readonly mail: { readonly password?: string };
  readonly mra: {
    /** Whether all-in-one runs the cloud and the edges too. */
    readonly enabled: boolean;
    /** DNS servers (`host:port`) that the live check of MRA service domains asks; none: those of the operating system. */
    readonly dnsServers: readonly string[];
  };
  readonly cloud: {
    /** DNS names and addresses by which it is reached. */
    readonly hostNames: readonly string[];
    readonly publicUrl: string | undefined;
    readonly selfService: boolean;
    /** Files, absolute. */
    readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  };
  readonly edge: {
    /** The name phones find in DNS. */
    readonly hostName: string | undefined;
    readonly domains: readonly string[];
    /** Where Expressway-C reaches the tunnel listener: host:port. */
    readonly tunnelPublicAddress: string | undefined;
    /** Where phones reach it when that is not where it listens. */
    readonly publicPorts: { readonly https: number | undefined; readonly sip: number | undefined };
    /** TURN servers phones are offered: host:port. */
    readonly turnServers: readonly string[];
    /** Connections of an Expressway-C to each E. */
    readonly tunnels: number;
  };
  readonly audit: {
    /** Where heads of the audit log go as well: udp://host:port, tcp://host:port or tls://host:port. */
    readonly syslog: string | undefined;
    /** Files, absolute, for tls: what its certificate chains to (undefined: what the system trusts), and what we show. */
    readonly syslogTls: {
      readonly ca: string | undefined;
      readonly client: { readonly certificate: string; readonly key: string } | undefined;
    };
  };
  readonly outbound: {
    /** Host names, addresses and networks of this machine or its link that webhooks may reach. */
    readonly allow: readonly string[];
  };
  readonly lab: boolean;
  readonly log: { readonly level: LogLevel; readonly json: boolean };
  /** Things that look like a mistake but do not stop the start. */
  readonly warnings: readonly string[];
}

/** The configuration cannot be used; `problems` names every wrong field. */
export class ConfigurationFault extends Fault<'configuration_invalid'> {
  readonly problems: readonly ConfigurationProblem[];
  constructor(problems: readonly ConfigurationProblem[]) {
    super('caller', 'configuration_invalid', problems.map((p) => `${p.place}: ${p.field}: ${p.message}`).join('\n'), {
      remedy: 'Correct the fields named above.',
      ...(problems[0] === undefined ? {} : { field: problems[0].field }),
    });
    this.problems = problems;
  }
}

export interface ConfigurationSources {
  /** Path of a YAML file. */
  readonly file?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** By setting path: `{'listen.portBase': '20000'}`. */
  readonly options?: Readonly<Record<string, string | boolean | undefined>>;
}

/** File, then environment `FIRSTRING_*`, then options: the later wins. Throws ConfigurationFault with every problem found. */
export async function readConfiguration(sources: ConfigurationSources): Promise<Configuration> {
  const problems: ConfigurationProblem[] = [];
  const warnings: string[] = [];
  const values = new Map<string, Value>();
  const take = (setting: Setting, raw: unknown, place: string, field: string) => {
    const read = readValue(setting, raw);
    if ('wrong' in read) problems.push({ place, field, message: read.wrong });
    else values.set(setting.path, read.value);
  };
  const file = sources.file ?? sources.environment['FIRSTRING_CONFIG'];
  for (const found of file === undefined ? [] : await readFileValues(file, problems))
    takeFromFile(found, take, problems);
  for (const setting of settings) {
    const raw = sources.environment[setting.environment];
    if (raw !== undefined && raw !== '') take(setting, raw, 'environment', setting.environment);
  }
  for (const name of Object.keys(sources.environment)) {
    if (!name.startsWith('FIRSTRING_') || name.startsWith('FIRSTRING_TEST_') || name === 'FIRSTRING_CONFIG') continue;
    if (!settings.some((setting) => setting.environment === name))
      warnings.push(
        unknown(
          name,
          settings.map((s) => s.environment),
        ),
      );
  }
  for (const setting of settings) {
    const raw = sources.options?.[setting.path];
    if (raw !== undefined) take(setting, raw, 'command line', setting.path);
  }
  const configuration = assemble(values, problems, warnings);
  if (problems.length > 0) throw new ConfigurationFault(problems);
  return configuration;
}

function takeFromFile(
  found: FileValue,
  take: (setting: Setting, raw: unknown, place: string, field: string) => void,
  problems: ConfigurationProblem[],
): void {
  const setting = settings.find((each) => each.path === found.path);
  if (setting !== undefined) take(setting, found.value, found.place, found.path);
  else
    problems.push({
      place: found.place,
      field: found.path,
      message: unknown(
        'this field',
        settings.map((s) => s.path),
        found.path,
      ),
    });
}

function assemble(values: Map<string, Value>, problems: ConfigurationProblem[], warnings: string[]): Configuration {
  const get = (path: string): Value | undefined =>
    values.get(path) ?? settings.find((each) => each.path === path)?.default;
  const text = (path: string) => get(path) as string | undefined;
  const host = (path: string) => {
    const value = text(path);
    return value === undefined ? undefined : canonicalHost(value);
  };
  const role = text('role') as Role;
  const alone = role === 'all-in-one';
  const required = (path: string) => {
    const value = text(path);
    if (value === undefined && problems.length === 0) {
      const { environment } = settings.find((each) => each.path === path)!;
      problems.push({
        place: 'configuration',
        field: path,
        message: `role ${role} needs it (in the file, or ${environment})`,
      });
    }
    return value ?? '';
  };
  const base = get('listen.portBase') as number | undefined;
  const ports = Object.fromEntries(
    listeners.map((name, index) => {
      const path = `ports.${name}`;
      if (values.has(path)) return [name, values.get(path)];
      if (base !== undefined) return [name, base + index];
      return [name, (alone ? undefined : aloneAt[name]) ?? get(path)];
    }),
  ) as Record<ListenerName, number>;
  refuseSamePort(ports, listenersOf(role), problems);
  warnOfOthers(values, role, warnings);
  const listenAddress = canonicalHost(text('listen.address') ?? (alone ? '127.0.0.1' : '0.0.0.0'));
  // A laboratory on one machine is where it listens.
  const ownAddress = alone ? loopbackFor(listenAddress) : '127.0.0.1';
  const dataDirectory = resolve(text('dataDirectory')!);
  const url = role === 'unified-cm' ? required('database.url') : text('database.url');
  const migrationUrl = text('database.migrationUrl');
  if (migrationUrl !== undefined && url === undefined)
    warnings.push(
      'database.migrationUrl does nothing without database.url: the embedded PostgreSQL has an owner of its own',
    );
  const kek = text('kek.value');
  const mailPassword = text('mail.password');
  const enabled = alone && ((get('mra.enabled') as boolean | undefined) ?? get('lab') === true);
  const named = list(text('mra.dnsServers'));
  return {
    role,
    dataDirectory,
    account: text('account'),
    node: {
      name: role === 'unified-cm' ? required('node.name') : (text('node.name') ?? (alone ? 'ucm-a' : role)),
      address: canonicalHost(role === 'unified-cm' ? required('node.address') : (text('node.address') ?? ownAddress)),
    },
    listen: {
      address: listenAddress,
      consoleAddress: host('listen.consoleAddress'),
      tunnelAddress: host('listen.tunnelAddress'),
      metricsAddress: host('listen.metricsAddress')!,
    },
    tls: { oldPhones: get('tls.oldPhones') as boolean },
    limits: connectionLimits(get, problems),
    ports,
    database: {
      connections: get('database.connections') as number,
      ...(url === undefined ? {} : { url }),
      ...(url === undefined || migrationUrl === undefined ? {} : { migrationUrl }),
    },
    kek: {
      file: resolve(text('kek.file') ?? join(dataDirectory, 'kek')),
      mounted: get('kek.mounted') as boolean,
      ...(kek === undefined ? {} : { value: kek }),
    },
    das: { threads: get('das.threads') as number },
    mail: mailPassword === undefined ? {} : { password: mailPassword },
    mra: {
      enabled,
      dnsServers: named.length > 0 || !enabled ? named : [`${urlHost(loopbackFor(listenAddress))}:${ports.dns}`],
    },
    cloud: {
      hostNames: list(text('cloud.hostNames')),
      publicUrl: text('cloud.publicUrl'),
      selfService: get('cloud.selfService') as boolean,
      tls: tlsFiles('cloud.tls', text, problems),
    },
    edge: {
      hostName: role === 'expressway-e' ? required('edge.hostName') : text('edge.hostName'),
      domains: list(role === 'expressway-e' ? required('edge.domains') : text('edge.domains')),
      tunnelPublicAddress: text('edge.tunnelPublicAddress'),
      publicPorts: {
        https: get('edge.publicPorts.https') as number | undefined,
        sip: get('edge.publicPorts.sip') as number | undefined,
      },
      turnServers: list(text('edge.turnServers')),
      tunnels: get('edge.tunnels') as number,
    },
    audit: {
      syslog: text('audit.syslog'),
      syslogTls: syslogFiles(text, problems),
    },
    outbound: { allow: list(text('outbound.allow')) },
    lab: get('lab') as boolean,
    log: { level: text('log.level') as LogLevel, json: get('log.json') as boolean },
    warnings,
  };
}

/** Of the descriptors, for connections; the rest is for the database, files and what a role opens itself. */
const part = 0.75;

function connectionLimits(
  get: (path: string) => Value | undefined,
  problems: ConfigurationProblem[],
): Configuration['limits'] {
  const files = openFileLimit();
  const most = Math.floor(files * part);
  const wanted = get('limits.connections') as number | undefined;
  if (wanted !== undefined && wanted > most) {
    problems.push({
      place: 'configuration',
      field: 'limits.connections',
      message: `must be at most ${most}, three quarters of the ${files} descriptors this process may open; raise that limit (ulimit -n, LimitNOFILE)`,
    });
  }
  return {
    connections: wanted ?? most,
    connectionsPerSource: get('limits.connectionsPerSource') as number | undefined,
    strangersPerSource: get('limits.strangersPerSource') as number | undefined,
  };
}

/** Where this machine reaches a listener itself. */
export function loopbackFor(address: string): string {
  return isUnspecified(address) ? '127.0.0.1' : address;
}
