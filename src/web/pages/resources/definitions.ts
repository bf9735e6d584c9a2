import { phoneTemplates } from '../../../contract/bulk-phone-templates.ts';
import { callManagerGroups } from '../../../contract/call-manager-groups.ts';
import { commonPhoneProfiles } from '../../../contract/common-phone-profiles.ts';
import { devicePools } from '../../../contract/device-pools.ts';
import { lines } from '../../../contract/lines.ts';
import { mraServiceDomains } from '../../../contract/mra-service-domains.ts';
import { phoneButtonTemplates } from '../../../contract/phone-button-templates.ts';
import { phoneSecurityProfiles } from '../../../contract/phone-security-profiles.ts';
import { routePartitions } from '../../../contract/route-partitions.ts';
import { sipProfiles } from '../../../contract/sip-profiles.ts';
import { universalDeviceTemplates } from '../../../contract/universal-device-templates.ts';
import { universalLineTemplates } from '../../../contract/universal-line-templates.ts';
import { phoneModels } from '../../../identifiers/phone-model.ts';
import type { Key } from '../../i18n/texts.ts';

/** How a field is shown and filled in. */
export type FieldKind =
  | { readonly kind: 'text' }
  | { readonly kind: 'number' }
  | { readonly kind: 'switch' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** `none`: the value that stands for choosing nothing, and the text that says so. */
  | {
      readonly kind: 'reference';
      readonly path: string;
      readonly none?: { readonly value: null | ''; readonly text: Key };
    }
  | { readonly kind: 'model'; readonly none?: Key }
  | { readonly kind: 'timeZone' }
  | { readonly kind: 'texts' }
  | { readonly kind: 'buttons' }
  | { readonly kind: 'members' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'user' }
  | { readonly kind: 'templateLines' };

export type FieldDefinition = { readonly name: string } & FieldKind;

/** What the contract says about one field; what is not there does not bind. */
export interface FieldLimits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

/** One kind of object: its pages need nothing else. */
export interface ResourceDefinition {
  /** Also the family of its texts and the last part of its API path. */
  readonly id: string;
  /** Where its list is in the console. */
  readonly page: string;
  readonly title: Key;
  readonly lead: Key;
  readonly add: Key;
  readonly fields: readonly FieldDefinition[];
  readonly limits: Readonly<Record<string, FieldLimits>>;
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Fields shown in the list, beside the name. */
  readonly columns: readonly string[];
  readonly sorts: readonly string[];
  /** Who may change one. */
  readonly write: string;
  /** What one is called, in the list and on its page. */
  readonly nameOf: (item: Readonly<Record<string, unknown>>) => string;
}

interface Contract {
  readonly path: string;
  readonly fields: object;
  readonly defaults: object;
  readonly sorts: readonly string[];
}

const define = (
  contract: Contract,
  rest: Pick<ResourceDefinition, 'page' | 'title' | 'lead' | 'add' | 'fields' | 'columns'> &
    Partial<Pick<ResourceDefinition, 'nameOf' | 'write'>>,
): ResourceDefinition => ({
  id: contract.path,
  limits: contract.fields as Record<string, FieldLimits>,
  defaults: contract.defaults as Record<string, unknown>,
  sorts: contract.sorts,
  write: 'settings.write',
  nameOf: (item) => String(item['name']),
  ...rest,
});

const nonePartition = { value: '', text: 'field.none' } as const;
const partition: FieldDefinition = {
  name: 'partition',
  kind: 'reference',
  path: '/route-partitions',
  none: nonePartition,
};
const name: FieldDefinition = { name: 'name', kind: 'text' };
const description: FieldDefinition = { name: 'description', kind: 'text' };
const number = (field: string): FieldDefinition => ({ name: field, kind: 'number' });

export const modelNames: readonly string[] = phoneModels.map((each) => each.name);

const all: readonly ResourceDefinition[] = [
  define(devicePools, {
    page: '/system/device-pools',
    title: 'nav.devicePools',
    lead: 'devicePools.lead',
    add: 'devicePools.add',
    columns: ['callManagerGroup', 'olsonTimeZone', 'userLocale'],
    fields: [
      name,
      { name: 'callManagerGroup', kind: 'reference', path: '/call-manager-groups' },
      { name: 'olsonTimeZone', kind: 'timeZone' },
      {
        name: 'dateTemplate',
        kind: 'choice',
        choices: ['D/M/Y', 'D/M/YA', 'M/D/Y', 'M/D/YA', 'Y/M/D', 'Y/M/DA', 'D.M.Y', 'D-M-Y', 'Y-M-D'],
      },
      { name: 'ntpServers', kind: 'texts' },
      { name: 'userLocale', kind: 'text' },
      number('connectionMonitorDuration'),
      {
        name: 'mraServiceDomain',
        kind: 'reference',
        path: '/mra-service-domains',
        none: { value: null, text: 'field.none' },
      },
    ],
  }),
  define(mraServiceDomains, {
    page: '/advanced-features/mra-service-domains',
    title: 'nav.mraServiceDomains',
    lead: 'mraServiceDomains.lead',
    add: 'mraServiceDomains.add',
    columns: ['domain', 'isDefault'],
    fields: [name, { name: 'domain', kind: 'text' }, { name: 'isDefault', kind: 'switch' }],
  }),
  define(callManagerGroups, {
    page: '/system/call-manager-groups',
    title: 'nav.callManagerGroups',
    lead: 'callManagerGroups.lead',
    add: 'callManagerGroups.add',
    columns: ['members', 'tftpDefault', 'autoRegistration'],
    fields: [
      name,
      { name: 'members', kind: 'members' },
      { name: 'tftpDefault', kind: 'switch' },
      { name: 'autoRegistration', kind: 'switch' },
    ],
  }),
  define(lines, {
    page: '/call-routing/lines',
    title: 'nav.lines',
    lead: 'lines.lead',
    add: 'lines.addOne',
    columns: ['partition', 'description', 'alertingName'],
    fields: [{ name: 'directoryNumber', kind: 'text' }, partition, description, { name: 'alertingName', kind: 'text' }],
    nameOf: (item) => String(item['name']),
  }),
  define(routePartitions, {
    page: '/call-routing/route-partitions',
    title: 'nav.routePartitions',
    lead: 'routePartitions.lead',
    add: 'routePartitions.add',
    columns: ['description'],
    fields: [name, description],
    nameOf: (item) => (item['name'] === '' ? '<None>' : String(item['name'])),
  }),
  define(universalDeviceTemplates, {
    page: '/device/universal-device-templates',
    title: 'nav.universalDeviceTemplates',
    lead: 'universalDeviceTemplates.lead',
    add: 'universalDeviceTemplates.add',
    columns: ['devicePool', 'phoneSecurityProfile'],
    fields: [
      name,
      { name: 'deviceDescription', kind: 'text' },
      { name: 'devicePool', kind: 'reference', path: '/device-pools' },
      {
        name: 'phoneButtonTemplate',
        kind: 'reference',
        path: '/phone-button-templates',
        none: { value: null, text: 'field.ofModel' },
      },
      { name: 'phoneSecurityProfile', kind: 'reference', path: '/phone-security-profiles' },
      { name: 'sipProfile', kind: 'reference', path: '/sip-profiles' },
      { name: 'commonPhoneProfile', kind: 'reference', path: '/common-phone-profiles' },
    ],
  }),
  define(universalLineTemplates, {
    page: '/device/universal-line-templates',
    title: 'nav.universalLineTemplates',
    lead: 'universalLineTemplates.lead',
    add: 'universalLineTemplates.add',
    columns: ['partition', 'maxCalls', 'busyTrigger'],
    fields: [
      name,
      partition,
      { name: 'lineDescription', kind: 'text' },
      { name: 'alertingName', kind: 'text' },
      number('maxCalls'),
      number('busyTrigger'),
    ],
  }),
  define(phoneButtonTemplates, {
    page: '/device/phone-button-templates',
    title: 'nav.phoneButtonTemplates',
    lead: 'phoneButtonTemplates.lead',
    add: 'phoneButtonTemplates.add',
    columns: ['model', 'buttons'],
    fields: [name, { name: 'model', kind: 'model', none: 'field.anyModel' }, { name: 'buttons', kind: 'buttons' }],
  }),
  define(phoneSecurityProfiles, {
    page: '/device/phone-security-profiles',
    title: 'nav.phoneSecurityProfiles',
    lead: 'phoneSecurityProfiles.lead',
    add: 'phoneSecurityProfiles.add',
    columns: ['description', 'deviceSecurityMode', 'transport', 'digestAuthentication'],
    fields: [
      name,
      description,
      { name: 'deviceSecurityMode', kind: 'choice', choices: ['non-secure', 'authenticated', 'encrypted'] },
      { name: 'transport', kind: 'choice', choices: ['udp', 'tcp', 'tcp+udp', 'tls'] },
      { name: 'digestAuthentication', kind: 'switch' },
      { name: 'enableOauthAuthentication', kind: 'switch' },
    ],
  }),
  define(sipProfiles, {
    page: '/device/sip-profiles',
    title: 'nav.sipProfiles',
    lead: 'sipProfiles.lead',
    add: 'sipProfiles.add',
    columns: ['description', 'timerRegisterExpires', 'timerKeepAliveExpires'],
    fields: [
      name,
      description,
      number('timerRegisterExpires'),
      number('timerRegisterDelta'),
      number('timerKeepAliveExpires'),
      number('timerInviteExpires'),
      number('timerT1'),
      number('timerT2'),
      number('retryInvite'),
      number('retryNonInvite'),
      number('startMediaPort'),
      number('stopMediaPort'),
      number('dtmfPayload'),
      { name: 'intercomAllowed', kind: 'switch' },
    ],
  }),
  define(commonPhoneProfiles, {
    page: '/device/common-phone-profiles',
    title: 'nav.commonPhoneProfiles',
    lead: 'commonPhoneProfiles.lead',
    add: 'commonPhoneProfiles.add',
    columns: ['description', 'backgroundImageAccess', 'callLogBlfEnabled'],
    fields: [
      name,
      description,
      { name: 'backgroundImageAccess', kind: 'switch' },
      { name: 'callLogBlfEnabled', kind: 'switch' },
      { name: 'vendorConfig', kind: 'settings' },
    ],
  }),
  define(phoneTemplates, {
    page: '/bulk/phone-templates',
    title: 'nav.phoneTemplates',
    lead: 'phoneTemplates.lead',
    add: 'phoneTemplates.add',
    write: 'bulk.run',
    columns: ['model', 'requiresActivationCode', 'devicePool'],
    fields: [
      name,
      { name: 'model', kind: 'model' },
      description,
      { name: 'requiresActivationCode', kind: 'switch' },
      { name: 'allowActivationCodeViaMra', kind: 'switch' },
      { name: 'devicePool', kind: 'reference', path: '/device-pools' },
      {
        name: 'phoneButtonTemplate',
        kind: 'reference',
        path: '/phone-button-templates',
        none: { value: null, text: 'field.ofModel' },
      },
      { name: 'ownerUserId', kind: 'user' },
      { name: 'phoneSecurityProfile', kind: 'reference', path: '/phone-security-profiles' },
      { name: 'sipProfile', kind: 'reference', path: '/sip-profiles' },
      { name: 'commonPhoneProfile', kind: 'reference', path: '/common-phone-profiles' },
      {
        name: 'mraServiceDomain',
        kind: 'reference',
        path: '/mra-service-domains',
        none: { value: null, text: 'phone.mraServiceDomainNone' },
      },
      { name: 'enabled', kind: 'switch' },
      { name: 'lines', kind: 'templateLines' },
    ],
  }),
];

export const definitions: Readonly<Record<string, ResourceDefinition>> = Object.fromEntries(
  all.map((each) => [each.id, each]),
);
