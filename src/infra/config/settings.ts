/** Every setting there is, in one table: its place in the file, its environment variable, its kind, its default and what it means. */

export type Role = 'all-in-one' | 'unified-cm';
export const roles: readonly Role[] = ['all-in-one', 'unified-cm'];

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Listeners in the order in which `--port-base N` numbers them: N, N+1, … `sip` is UDP and TCP. */
export const listeners = [
  'https',
  'das',
  'tftp',
  'tftpHttp',
  'tftpHttps',
  'tvs',
  'sip',
  'sipTls',
  'sipOauth',
  'metrics',
] as const;
export type ListenerName = (typeof listeners)[number];

const standardPorts: Readonly<Record<ListenerName, number>> = {
  https: 8443,
  das: 9446,
  tftp: 6969,
  tftpHttp: 6970,
  tftpHttps: 6972,
  tvs: 2445,
  sip: 5060,
  sipTls: 5061,
  sipOauth: 5090,
  metrics: 9464,
};

export type Kind =
  | { readonly kind: 'text'; readonly pattern?: RegExp; readonly meaning: string }
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
}

const hostPattern = /^(?=.{1,253}$)[0-9A-Za-z]([0-9A-Za-z.:-]*[0-9A-Za-z])?$|^::1?$/;
const port: Kind = { kind: 'integer', from: 1, to: 65_535 };
const host: Kind = { kind: 'text', pattern: hostPattern, meaning: 'a host name or an IP address' };

export const settings: readonly Setting[] = [
  { path: 'role', environment: 'FIRSTRING_ROLE', kind: { kind: 'one-of', values: roles }, default: 'all-in-one' },
  { path: 'dataDirectory', environment: 'FIRSTRING_DATA_DIR', kind: { kind: 'path' }, default: 'data' },
  { path: 'node.name', environment: 'FIRSTRING_NODE_NAME', kind: host },
  { path: 'node.address', environment: 'FIRSTRING_NODE_ADDRESS', kind: host },
  { path: 'listen.address', environment: 'FIRSTRING_LISTEN_ADDRESS', kind: host },
  { path: 'listen.portBase', environment: 'FIRSTRING_PORT_BASE', kind: { kind: 'integer', from: 1, to: 65_500 } },
  ...listeners.map(
    (name): Setting => ({
      path: `ports.${name}`,
      environment: `FIRSTRING_PORT_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
      kind: port,
      default: standardPorts[name],
    }),
  ),
  {
    path: 'database.url',
    environment: 'FIRSTRING_DATABASE_URL',
    kind: {
      kind: 'text',
      pattern: /^postgres(ql)?:\/\//,
      meaning: 'a URL like postgresql://user:password@host:5432/firstring',
    },
    secret: true,
  },
  {
    path: 'database.connections',
    environment: 'FIRSTRING_DATABASE_CONNECTIONS',
    kind: { kind: 'integer', from: 4, to: 500 },
    default: 20,
  },
  { path: 'kek.file', environment: 'FIRSTRING_KEK_FILE', kind: { kind: 'path' } },
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
    path: 'das.threads',
    environment: 'FIRSTRING_DAS_THREADS',
    kind: { kind: 'integer', from: 0, to: 256 },
    default: 0,
  },
  {
    path: 'mail.password',
    environment: 'FIRSTRING_SMTP_PASSWORD',
    kind: { kind: 'text', pattern: /^[ -~\u00A0-\uFFFF]{1,256}$/, meaning: 'one line of at most 256 characters' },
    secret: true,
  },
  { path: 'lab', environment: 'FIRSTRING_LAB', kind: { kind: 'boolean' }, default: false },
  {
    path: 'log.level',
    environment: 'FIRSTRING_LOG_LEVEL',
    kind: { kind: 'one-of', values: logLevels },
    default: 'info',
  },
  { path: 'log.json', environment: 'FIRSTRING_LOG_JSON', kind: { kind: 'boolean' }, default: false },
];
