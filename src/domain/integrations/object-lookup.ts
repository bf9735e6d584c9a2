import type { Locator } from '../../identifiers/activation-code.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { Phone } from '../devices/phone.ts';

/** Kinds of objects that tools of the field look up by pattern or uuid. */
export const lookupKinds = [
  'phone',
  /** Codes that wait to be entered; the name is that of their device. */
  'activation-code',
  'user',
  'line',
  'device-pool',
  'call-manager-group',
  'route-partition',
  'phone-button-template',
  'phone-security-profile',
  'sip-profile',
  'common-phone-profile',
  'universal-device-template',
  'universal-line-template',
  'mra-service-domain',
  'node',
] as const;
export type LookupKind = (typeof lookupKinds)[number];

/** By what each kind can be searched; the words of AXL. What is the same for all of a kind (a phone's protocol) is told apart as well. */
export const lookupCriteria = {
  phone: ['name', 'description', 'protocol', 'devicePoolName', 'securityProfileName'],
  'activation-code': ['phoneName', 'userId'],
  user: ['userid', 'firstName', 'lastName'],
  line: ['pattern', 'description', 'usage', 'routePartitionName'],
  'device-pool': ['name', 'callManagerGroupName', 'regionName'],
  'call-manager-group': ['name'],
  'route-partition': ['name', 'description'],
  'phone-button-template': ['name'],
  'phone-security-profile': ['name', 'description'],
  'sip-profile': ['name', 'description'],
  'common-phone-profile': ['name', 'description'],
  'universal-device-template': ['name'],
  'universal-line-template': ['name'],
  'mra-service-domain': ['name', 'serviceDomains'],
  node: ['name', 'description'],
} as const satisfies Readonly<Record<LookupKind, readonly string[]>>;

/** Field → SQL LIKE pattern, any case. `%` and `%%` fit everything, nothing included. A field that the kind is not searched by is an error of ours. */
export type Patterns = Readonly<Record<string, string>>;

export interface FoundObject {
  readonly id: string;
  /** As the services take it; a line's is `1001@Partition`. */
  readonly name: string;
}

/** Reads that tools need and pages do not: by uuid, and by patterns over a whole table. */
export interface ObjectLookup {
  byId(kind: LookupKind, id: string): Promise<FoundObject | undefined>;
  byName(kind: LookupKind, name: string): Promise<FoundObject | undefined>;
  /** Names → ids, for references in a list; what does not exist is left out. */
  idsOf(kind: LookupKind, names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** All that fit every pattern, by name. */
  like(
    kind: LookupKind,
    patterns: Patterns,
    page: { readonly skip: number; readonly first: number },
  ): Promise<{ readonly found: readonly FoundObject[]; readonly total: number }>;
  /** The device whose live code begins with this locator. */
  deviceByLocator(locator: Locator): Promise<FoundObject | undefined>;
  phones(ids: readonly string[]): Promise<readonly Phone[]>;
}

/** What a tool stored with a phone that means nothing to this system, kept and given back as it was. */
export interface DeviceExtras {
  /** XML of the element's content; empty: none. */
  vendorConfig(deviceId: string): Promise<string>;
  /** False: it was that already. */
  keepVendorConfig(tx: Transaction, deviceId: string, xml: string): Promise<boolean>;
}
