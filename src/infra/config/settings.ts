import {
  addressPortWrong,
  databaseUrlWrong,
  eachEntry,
  hostPortWrong,
  hostWrong,
  type Look,
  networkWrong,
  originWrong,
} from './entries.ts';
import { listeners, listenersOf, standardPorts } from './listeners.ts';
import { type Role, roles } from './role.ts';

/** Every setting there is, in one table: its place in the file, its environment variable, its kind, its default and what it means. */

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export type Kind =
  | { readonly kind: 'text'; readonly pattern?: RegExp; readonly meaning: string; readonly wrong?: Look }
  | { readonly kind: 'path' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer'; readonly from: number; readonly to: number }
  | { readonly kind: 'one-of'; readonly values: readonly string[] };

export interface Setting {
  /** Where it stands in the file: `ports.https`. */
  readonly path: string;
  readonly environment: string;
  readonly kind: Kind;
  readonly default?: string | number | boolean;
  /** Never shown. */
  readonly secret?: true;
  /** Roles it means something to; undefined: all. */
  readonly roles?: readonly Role[];
}

const clusterRoles: readonly Role[] = ['all-in-one', 'unified-cm'];
const hostPattern =
  /^(?=.{1,253}$)[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?$|^(?=[0-9A-Fa-f]*:[0-9A-Fa-f:]*:)(?!.*::.*::)[0-9A-Fa-f:.]{2,45}$/;
const port: Kind = { kind: 'integer', from: 1, to: 65_535 };
const host: Kind = { kind: 'text', pattern: hostPattern, meaning: 'a host name or an IP address', wrong: hostWrong };

/** Others are told it, so it cannot be every address of the machine. */
const toldHost: Kind = {
  kind: 'text',
  pattern: new RegExp(`^(?!(?:0\\.0\\.0\\.0|[0:]*)$)(?:${hostPattern.source})`),
  meaning: 'a host name or an IP address that phones reach, not 0.0.0.0 or ::',
  wrong: hostWrong,
};

const hostList: Kind = {
  kind: 'text',
  pattern: /^[0-9A-Za-z][0-9A-Za-z.:-]*(?:\s*,\s*[0-9A-Za-z][0-9A-Za-z.:-]*)*$/,
  meaning: 'host names or IP addresses, separated by commas',
  wrong: eachEntry(hostWrong),
};
const domainList: Kind = {
  kind: 'text',
  pattern:
    /^[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?(?:\.[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?)+(?:\s*,\s*[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?(?:\.[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?)+)*$/,
  meaning: 'domain names, separated by commas',
  wrong: eachEntry(hostWrong),
};

/** The cloud, the edge, and whether all-in-one runs them too. */
const remoteSettings: readonly Setting[] = [
  {
    path: 'mra.enabled',
    environment: 'FIRSTRING_MRA_ENABLED',
    kind: { kind: 'boolean' },
    roles: ['all-in-one'],
  },
  {
    path: 'listen.consoleAddress',
    environment: 'FIRSTRING_LISTEN_CONSOLE_ADDRESS',
    kind: host,
    roles: ['cloud', 'expressway-c', 'expressway-e'],
  },
  {
    path: 'listen.tunnelAddress',
    environment: 'FIRSTRING_LISTEN_TUNNEL_ADDRESS',
    kind: host,
    roles: ['expressway-e'],
  },
  {
    path: 'cloud.hostNames',
    environment: 'FIRSTRING_CLOUD_HOST_NAMES',
    kind: hostList,
    roles: ['cloud'],
  },
  {
    path: 'cloud.publicUrl',
    environment: 'FIRSTRING_CLOUD_PUBLIC_URL',
    kind: {
      kind: 'text',
      pattern: /^https:\/\/[^\s/?#@]+$/,
      meaning: 'an origin like https://activation.example.org',
      wrong: originWrong,
    },
    roles: ['cloud'],
  },
  {
    path: 'cloud.selfService',
    environment: 'FIRSTRING_CLOUD_SELF_SERVICE',
    kind: { kind: 'boolean' },
    default: false,
    roles: ['cloud'],
  },
  {
    path: 'cloud.tlsCertificate',
    environment: 'FIRSTRING_CLOUD_TLS_CERTIFICATE',
    kind: { kind: 'path' },
    roles: ['cloud'],
  },
  { path: 'cloud.tlsKey', environment: 'FIRSTRING_CLOUD_TLS_KEY', kind: { kind: 'path' }, roles: ['cloud'] },
  { path: 'edge.hostName', environment: 'FIRSTRING_EDGE_HOST_NAME', kind: host, roles: ['expressway-e'] },
  {
    path: 'edge.tunnelPublicAddress',
    environment: 'FIRSTRING_EDGE_TUNNEL_PUBLIC_ADDRESS',
    kind: {
      kind: 'text',
      pattern: /^(?:[0-9A-Za-z.-]+|\[[0-9A-Fa-f:]+\]):\d{1,5}$/,
      meaning: 'host:port',
      wrong: hostPortWrong,
    },
    roles: ['expressway-e'],
  },
  {
    path: 'edge.publicPorts.https',
    environment: 'FIRSTRING_EDGE_PUBLIC_PORT_HTTPS',
    kind: port,
    roles: ['expressway-e'],
  },
  { path: 'edge.publicPorts.sip', environment: 'FIRSTRING_EDGE_PUBLIC_PORT_SIP', kind: port, roles: ['expressway-e'] },
  {
    path: 'edge.turnServers',
    environment: 'FIRSTRING_EDGE_TURN_SERVERS',
    kind: {
      kind: 'text',
      pattern: /^[0-9A-Za-z.-]+:\d{1,5}(?:\s*,\s*[0-9A-Za-z.-]+:\d{1,5}){0,4}$/,
      meaning: 'one to five TURN servers as host:port, separated by commas',
      wrong: eachEntry(hostPortWrong),
    },
    roles: ['expressway-e'],
  },
  {
    path: 'edge.tunnels',
    environment: 'FIRSTRING_EDGE_TUNNELS',
    kind: { kind: 'integer', from: 1, to: 16 },
    default: 2,
    roles: ['expressway-c'],
  },
  { path: 'edge.domains', environment: 'FIRSTRING_EDGE_DOMAINS', kind: domainList, roles: ['expressway-e'] },
];

export const settings: readonly Setting[] = [
  { path: 'role', environment: 'FIRSTRING_ROLE', kind: { kind: 'one-of', values: roles }, default: 'all-in-one' },
  { path: 'dataDirectory', environment: 'FIRSTRING_DATA_DIR', kind: { kind: 'path' }, default: 'data' },
  {
    path: 'account',
    environment: 'FIRSTRING_ACCOUNT',
    kind: {
      kind: 'text',
      pattern: /^[A-Za-z_][A-Za-z0-9_.-]{0,31}\$?$/,
      meaning: 'the name of an account of this machine',
    },
  },
  { path: 'node.name', environment: 'FIRSTRING_NODE_NAME', kind: host },
  { path: 'node.address', environment: 'FIRSTRING_NODE_ADDRESS', kind: toldHost },
  { path: 'listen.address', environment: 'FIRSTRING_LISTEN_ADDRESS', kind: host },
  {
    path: 'listen.metricsAddress',
    environment: 'FIRSTRING_LISTEN_METRICS_ADDRESS',
    kind: host,
    default: '127.0.0.1',
    roles: ['all-in-one', 'unified-cm', 'cloud'],
  },
  { path: 'listen.portBase', environment: 'FIRSTRING_PORT_BASE', kind: { kind: 'integer', from: 1, to: 65_500 } },
  ...listeners.map(
    (name): Setting => ({
      path: `ports.${name}`,
      environment: `FIRSTRING_PORT_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
      kind: port,
      default: standardPorts[name],
      roles: [
        'all-in-one',
        ...(['unified-cm', 'cloud', 'expressway-c', 'expressway-e'] as const).filter((role) =>
          listenersOf(role).includes(name),
        ),
      ],
    }),
  ),
  {
    path: 'tls.oldPhones',
    environment: 'FIRSTRING_TLS_OLD_PHONES',
    kind: { kind: 'boolean' },
    default: false,
    roles: clusterRoles,
  },
  // Their defaults: three quarters of the process's descriptors, and endpoints/listen/connection-limits.ts.
  {
    path: 'limits.connections',
    environment: 'FIRSTRING_LIMITS_CONNECTIONS',
    kind: { kind: 'integer', from: 100, to: 1_000_000 },
  },
  {
    path: 'limits.connectionsPerSource',
    environment: 'FIRSTRING_LIMITS_CONNECTIONS_PER_SOURCE',
    kind: { kind: 'integer', from: 1, to: 1_000_000 },
  },
  {
    path: 'limits.strangersPerSource',
    environment: 'FIRSTRING_LIMITS_STRANGERS_PER_SOURCE',
    kind: { kind: 'integer', from: 1, to: 1_000_000 },
  },
  {
    path: 'database.url',
    environment: 'FIRSTRING_DATABASE_URL',
    kind: {
      kind: 'text',
      pattern: /^postgres(ql)?:\/\//,
      meaning: 'a URL like postgresql://user:password@host:5432/firstring',
      wrong: databaseUrlWrong,
    },
    secret: true,
  },
  {
    path: 'database.migrationUrl',
    environment: 'FIRSTRING_DATABASE_MIGRATION_URL',
    kind: {
      kind: 'text',
      pattern: /^postgres(ql)?:\/\//,
      meaning: 'a URL like postgresql://owner:password@host:5432/firstring',
      wrong: databaseUrlWrong,
    },
    secret: true,
    roles: ['all-in-one', 'unified-cm', 'cloud'],
  },
  {
    path: 'database.connections',
    environment: 'FIRSTRING_DATABASE_CONNECTIONS',
    kind: { kind: 'integer', from: 4, to: 500 },
    default: 20,
  },
  { path: 'kek.file', environment: 'FIRSTRING_KEK_FILE', kind: { kind: 'path' } },
  // The file is a secret of a container: readable by all in it, on a mount of its own that nobody can write or that is in memory.
  { path: 'kek.mounted', environment: 'FIRSTRING_KEK_MOUNTED', kind: { kind: 'boolean' }, default: false },
  {
    path: 'kek.value',
    environment: 'FIRSTRING_KEK',
    kind: {
      kind: 'text',
      pattern: /^[A-Za-z0-9+/_-]{43}=?$|^[0-9A-Fa-f]{64}$/,
      meaning: '32 random octets, as base64 or hex',
    },
    secret: true,
  },
  {
    path: 'mra.dnsServers',
    environment: 'FIRSTRING_MRA_DNS_SERVERS',
    kind: {
      kind: 'text',
      pattern: /^(?:(?:[0-9.]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?(?:,(?!$)|$))+$/,
      meaning: 'addresses with or without a port, separated by commas: 192.0.2.53,[2001:db8::53]:5353',
      wrong: eachEntry(addressPortWrong),
    },
  },
  {
    path: 'das.threads',
    environment: 'FIRSTRING_DAS_THREADS',
    kind: { kind: 'integer', from: 0, to: 256 },
    default: 0,
    roles: clusterRoles,
  },
  {
    path: 'mail.password',
    environment: 'FIRSTRING_SMTP_PASSWORD',
    kind: { kind: 'text', pattern: /^[ -~\u00A0-\uFFFF]{1,256}$/, meaning: 'one line of at most 256 characters' },
    secret: true,
    roles: clusterRoles,
  },
  {
    path: 'outbound.allow',
    environment: 'FIRSTRING_OUTBOUND_ALLOW',
    kind: {
      kind: 'text',
      pattern: /^(?:[0-9A-Za-z.:-]+(?:\/\d{1,3})?)(?:\s*,\s*[0-9A-Za-z.:-]+(?:\/\d{1,3})?)*$/,
      meaning: 'host names, addresses and networks, separated by commas',
      wrong: eachEntry(networkWrong),
    },
    roles: clusterRoles,
  },
  {
    path: 'audit.syslog',
    environment: 'FIRSTRING_AUDIT_SYSLOG',
    kind: {
      kind: 'text',
      pattern: /^(?:udp|tcp|tls):\/\/(?:\[[0-9A-Fa-f:]+\]|[0-9A-Za-z.-]+)(?::\d{1,5})?$/,
      meaning: 'a syslog server as udp://host:port, tcp://host:port or tls://host:port',
      wrong: originWrong,
    },
    roles: clusterRoles,
  },
  // Over tls: what the server's certificate chains to (default: what this system trusts), and what we show it.
  {
    path: 'audit.syslogCa',
    environment: 'FIRSTRING_AUDIT_SYSLOG_CA',
    kind: { kind: 'path' },
    roles: clusterRoles,
  },
  {
    path: 'audit.syslogCertificate',
    environment: 'FIRSTRING_AUDIT_SYSLOG_CERTIFICATE',
    kind: { kind: 'path' },
    roles: clusterRoles,
  },
  {
    path: 'audit.syslogKey',
    environment: 'FIRSTRING_AUDIT_SYSLOG_KEY',
    kind: { kind: 'path' },
    roles: clusterRoles,
  },
  ...remoteSettings,
  { path: 'lab', environment: 'FIRSTRING_LAB', kind: { kind: 'boolean' }, default: false },
  {
    path: 'log.level',
    environment: 'FIRSTRING_LOG_LEVEL',
    kind: { kind: 'one-of', values: logLevels },
    default: 'info',
  },
  { path: 'log.json', environment: 'FIRSTRING_LOG_JSON', kind: { kind: 'boolean' }, default: false },
];
