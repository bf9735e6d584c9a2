import { callManagerGroups } from '../../contract/call-manager-groups.ts';
import { commonPhoneProfiles } from '../../contract/common-phone-profiles.ts';
import { devicePools } from '../../contract/device-pools.ts';
import { lines } from '../../contract/lines.ts';
import { mraServiceDomains } from '../../contract/mra-service-domains.ts';
import { phoneButtonTemplates } from '../../contract/phone-button-templates.ts';
import { phoneSecurityProfiles } from '../../contract/phone-security-profiles.ts';
import type { ResourceContract } from '../../contract/resource.ts';
import { routePartitions } from '../../contract/route-partitions.ts';
import { sipProfiles } from '../../contract/sip-profiles.ts';
import { universalDeviceTemplates } from '../../contract/universal-device-templates.ts';
import { universalLineTemplates } from '../../contract/universal-line-templates.ts';
import { parseMacAddress } from '../../identifiers/mac-address.ts';
import type { Fields } from './fields.ts';

/** How one kind of object is described in a file and kept in REST. */
export interface Kind {
  /** Heading in the file: `devicePools`. */
  readonly section: string;
  /** In the plan: `device pool`. */
  readonly title: string;
  /** What is missing where `keyOf` gives nothing. */
  readonly keyWanted: string;
  readonly keyOf: (entry: Fields) => string | undefined;
  /** For sections written as names and values. */
  readonly fromMap?: (map: Fields) => readonly Fields[];
  /** Fields an entry may have; undefined: REST says. */
  readonly fields?: readonly string[];
  /** Where one is read. The key is percent-encoded already. */
  readonly readPath: (key: string, entry: Fields) => string;
  /** Of what was read: the object, where REST finds it in a list; undefined: it is not there. */
  readonly pick?: (answer: unknown, key: string) => Fields | undefined;
  readonly addPath?: string;
  readonly changeMethod: 'PATCH' | 'PUT';
  /** Where `found` is changed. */
  readonly changePath: (key: string, found: Fields) => string;
  readonly removePath?: (key: string, found: Fields) => string;
  /** Said when one is added and never compared: secrets, and what has done its work since. */
  readonly onlyWhenAdded?: readonly string[];
  /** Fields that name the object and are not sent in a change. */
  readonly keyFields: readonly string[];
}

const enc = encodeURIComponent;
const same = (path: string) => (key: string) => `${path}/${enc(key)}`;

function settings(section: string, title: string, contract: ResourceContract): Kind {
  const path = `/${contract.path}`;
  return {
    section,
    title,
    keyWanted: 'name is missing',
    keyOf: (entry) => text(entry['name']),
    fields: Object.keys(contract.fields),
    readPath: same(path),
    addPath: path,
    changeMethod: 'PATCH',
    changePath: same(path),
    removePath: same(path),
    keyFields: ['name'],
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const valued = (map: Fields): readonly Fields[] =>
  Object.entries(map).map(([name, value]) => ({ name, value: plain(value) }));
const plain = (value: unknown) => (value === null ? null : String(value));

/** In the order in which one may refer to another; removed the other way round. */
export const kinds: readonly Kind[] = [
  settings('routePartitions', 'route partition', routePartitions as unknown as ResourceContract),
  settings('callManagerGroups', 'Call Manager group', callManagerGroups as unknown as ResourceContract),
  settings('mraServiceDomains', 'MRA service domain', mraServiceDomains as unknown as ResourceContract),
  settings('devicePools', 'device pool', devicePools as unknown as ResourceContract),
  settings('phoneButtonTemplates', 'phone button template', phoneButtonTemplates as unknown as ResourceContract),
  settings('phoneSecurityProfiles', 'phone security profile', phoneSecurityProfiles as unknown as ResourceContract),
  settings('sipProfiles', 'SIP profile', sipProfiles as unknown as ResourceContract),
  settings('commonPhoneProfiles', 'common phone profile', commonPhoneProfiles as unknown as ResourceContract),
  settings(
    'universalDeviceTemplates',
    'universal device template',
    universalDeviceTemplates as unknown as ResourceContract,
  ),
  settings('universalLineTemplates', 'universal line template', universalLineTemplates as unknown as ResourceContract),
  {
    section: 'deviceDefaults',
    title: 'device defaults',
    keyWanted: 'the model is missing',
    keyOf: (entry) => text(entry['model']),
    fromMap: (map) => Object.entries(map).map(([model, fields]) => ({ model, ...(fields as Fields) })),
    readPath: same('/device-defaults'),
    changeMethod: 'PUT',
    changePath: same('/device-defaults'),
    keyFields: ['model'],
  },
  {
    section: 'serviceParameters',
    title: 'service parameter',
    keyWanted: 'service and name are missing',
    keyOf: (entry) =>
      text(entry['service']) && text(entry['name']) ? `${entry['service']}: ${entry['name']}` : undefined,
    fromMap: (map) =>
      Object.entries(map).flatMap(([service, values]) =>
        valued(values as Fields).map((each) => ({ service, ...each })),
      ),
    readPath: (_key, entry) => `/service-parameters/${enc(String(entry['service']))}/${enc(String(entry['name']))}`,
    changeMethod: 'PUT',
    changePath: (_key, found) => `/service-parameters/${enc(String(found['service']))}/${enc(String(found['name']))}`,
    keyFields: ['service', 'name'],
  },
  {
    section: 'enterpriseParameters',
    title: 'enterprise parameter',
    keyWanted: 'name is missing',
    keyOf: (entry) => text(entry['name']),
    fromMap: valued,
    readPath: same('/enterprise-parameters'),
    changeMethod: 'PUT',
    changePath: same('/enterprise-parameters'),
    keyFields: ['name'],
  },
  {
    section: 'users',
    title: 'user',
    keyWanted: 'userId is missing',
    keyOf: (entry) => text(entry['userId']),
    readPath: same('/users'),
    addPath: '/users',
    changeMethod: 'PATCH',
    changePath: same('/users'),
    removePath: same('/users'),
    onlyWhenAdded: ['password', 'pin'],
    keyFields: ['userId'],
  },
  {
    section: 'lines',
    title: 'line',
    keyWanted: 'directoryNumber is missing',
    keyOf: (entry) => lineKey(entry),
    fields: Object.keys(lines.fields),
    readPath: same('/lines'),
    addPath: '/lines',
    changeMethod: 'PATCH',
    changePath: same('/lines'),
    removePath: same('/lines'),
    keyFields: ['directoryNumber', 'partition'],
  },
  {
    section: 'phones',
    title: 'phone',
    keyWanted:
      'mac is missing; a phone whose MAC is not known yet is known by its description, which must then be there',
    keyOf: (entry) => phoneKey(entry),
    readPath: (key) => (key.startsWith('SEP') ? `/phones/${enc(key)}` : `/phones?limit=500&search=${enc(key)}`),
    // A phone that was described without a MAC has one once it was activated: its description stays.
    pick: (answer, key) =>
      key.startsWith('SEP')
        ? (answer as Fields)
        : (answer as { items: readonly Fields[] }).items.find((each) => each['description'] === key),
    addPath: '/phones',
    changeMethod: 'PATCH',
    changePath: (_key, found) => `/phones/${enc(String(found['name']))}`,
    removePath: (_key, found) => `/phones/${enc(String(found['name']))}`,
    // An activation unticks it: it must not lock the phone again at the next run.
    onlyWhenAdded: ['requiresActivationCode', 'digestPassword'],
    keyFields: ['mac', 'model'],
  },
];

function lineKey(entry: Fields): string | undefined {
  // YAML reads 1001 as a number.
  const number = entry['directoryNumber'];
  if (typeof number !== 'string' && typeof number !== 'number') return undefined;
  const partition = text(entry['partition']) ?? '';
  return partition === '' ? String(number) : `${number}@${partition}`;
}

function phoneKey(entry: Fields): string | undefined {
  const given = entry['mac'];
  if (given === undefined || given === null || given === '') return text(entry['description']);
  const mac = parseMacAddress(String(given));
  return mac === undefined ? undefined : `SEP${mac}`;
}
