import type { Role } from './role.ts';

/** Listeners in the order in which `--port-base N` numbers them: N, N+1, … `sip` is UDP and TCP, `tftp` and `dns` are UDP. */
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
  'sipOauthMra',
  'edgeAccess',
  'cloud',
  'cloudConsole',
  'expresswayE',
  'expresswayESip',
  'expresswayETunnel',
  'expresswayEConsole',
  'expresswayCConsole',
  'expresswayE2',
  'expresswayE2Sip',
  'expresswayE2Tunnel',
  'expresswayE2Console',
  'expresswayC2Console',
  'dns',
] as const;
export type ListenerName = (typeof listeners)[number];

/** Of all-in-one; an edge on a host of its own takes the ports the field knows, see `aloneAt`. */
export const standardPorts: Readonly<Record<ListenerName, number>> = {
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
  sipOauthMra: 5091,
  edgeAccess: 8444,
  cloud: 9447,
  cloudConsole: 9448,
  expresswayE: 8453,
  expresswayESip: 5071,
  expresswayETunnel: 7001,
  expresswayEConsole: 7443,
  expresswayCConsole: 7444,
  expresswayE2: 8463,
  expresswayE2Sip: 5072,
  expresswayE2Tunnel: 7002,
  expresswayE2Console: 7445,
  expresswayC2Console: 7446,
  dns: 5353,
};

/** Reference: field-facts §10.1: phones look for an edge on 8443, and for its SIP on 5061. */
export const aloneAt: Readonly<Partial<Record<ListenerName, number>>> = { expresswayE: 8443, expresswayESip: 5061 };

const datagramsOnly: ReadonlySet<ListenerName> = new Set(['tftp', 'dns']);

/** Whether the listener shares its number with no TCP listener. */
export function isStream(name: ListenerName): boolean {
  return !datagramsOnly.has(name);
}

const ofUnifiedCm = listeners.slice(0, listeners.indexOf('cloud'));

/** The listeners a process of this role may open. */
export function listenersOf(role: Role): readonly ListenerName[] {
  switch (role) {
    case 'all-in-one':
      return listeners;
    case 'unified-cm':
      return ofUnifiedCm;
    case 'cloud':
      return ['cloud', 'cloudConsole', 'metrics'];
    case 'expressway-e':
      return ['expresswayE', 'expresswayESip', 'expresswayETunnel', 'expresswayEConsole'];
    case 'expressway-c':
      return ['expresswayCConsole'];
  }
}
