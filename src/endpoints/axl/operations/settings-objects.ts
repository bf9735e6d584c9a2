import { commonPhoneProfiles } from '../../../contract/common-phone-profiles.ts';
import { devicePools } from '../../../contract/device-pools.ts';
import { lines } from '../../../contract/lines.ts';
import { phoneButtonTemplates } from '../../../contract/phone-button-templates.ts';
import { phoneSecurityProfiles } from '../../../contract/phone-security-profiles.ts';
import { routePartitions } from '../../../contract/route-partitions.ts';
import { sipProfiles } from '../../../contract/sip-profiles.ts';
import type { ObjectLookup } from '../../../domain/integrations/object-lookup.ts';
import type {
  CallManagerGroup,
  CommonPhoneProfile,
  DevicePool,
  Line,
  PhoneButtonTemplate,
  PhoneSecurityProfile,
  RoutePartition,
  SipProfile,
  UniversalDeviceTemplate,
  UniversalLineTemplate,
} from '../../../domain/settings/kinds.ts';
import { lineName } from '../../../domain/settings/kinds.ts';
import type { ResourceService } from '../../../domain/settings/resource.ts';
import type { XmlTree } from '../../../protocol/phone-config/xml-reader.ts';
import { text } from '../../../protocol/soap/elements.ts';
import { el } from '../../../protocol/soap/envelope.ts';
import { badValue } from '../axl-fault.ts';
import { type Elements, each } from '../elements.ts';
import type { AxlOperation } from '../operation.ts';
import {
  devicePoolElements,
  devicePoolTags,
  lineElements,
  lineTags,
  securityProfileElements,
} from '../other-elements.ts';
import { devicePoolOrder, lineOrder } from '../schema-order.ts';
import { boolean, integer, reference } from '../values.ts';
import { settingsObject } from './settings-object.ts';

export interface SettingsServices {
  readonly devicePools: ResourceService<DevicePool>;
  readonly callManagerGroups: ResourceService<CallManagerGroup>;
  readonly phoneButtonTemplates: ResourceService<PhoneButtonTemplate>;
  readonly phoneSecurityProfiles: ResourceService<PhoneSecurityProfile>;
  readonly sipProfiles: ResourceService<SipProfile>;
  readonly commonPhoneProfiles: ResourceService<CommonPhoneProfile>;
  readonly universalDeviceTemplates: ResourceService<UniversalDeviceTemplate>;
  readonly universalLineTemplates: ResourceService<UniversalLineTemplate>;
  readonly routePartitions: ResourceService<RoutePartition>;
  readonly lines: ResourceService<Line>;
}

const named: Elements = each('read', ['name', 'newName', 'description']);

/** Name and description, which most kinds have; `newName` renames. */
function common(tree: XmlTree): { name?: string; description?: string } {
  const name = text(tree, 'newName') || text(tree, 'name');
  const description = text(tree, 'description');
  return { ...(name && { name }), ...(description !== undefined && { description }) };
}

const said = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };

/** Device pools, profiles, templates, partitions and lines: what REST calls settings. */
export function settingsOperations(services: SettingsServices, lookup: ObjectLookup): readonly AxlOperation[] {
  const deviceSecurity = {
    'non-secure': 'Non Secure',
    authenticated: 'Authenticated',
    encrypted: 'Encrypted',
  } as const;
  const modeOf = (given: string | undefined) => {
    if (given === undefined || given === '') return undefined;
    const mode = Object.entries(deviceSecurity).find(([, shown]) => shown.toLowerCase() === given.toLowerCase())?.[0];
    if (mode !== undefined) return mode as PhoneSecurityProfile['deviceSecurityMode'];
    throw badValue('deviceSecurityMode', 'deviceSecurityMode is Non Secure, Authenticated or Encrypted.');
  };
  const transports: Readonly<Record<string, PhoneSecurityProfile['transport']>> = {
    tls: 'tls',
    tcp: 'tcp',
    udp: 'udp',
    'tcp+udp': 'tcp+udp',
  };
  const transportOf = (given: string | undefined) => {
    if (given === undefined || given === '') return undefined;
    const transport = transports[given.toLowerCase()];
    if (transport !== undefined) return transport;
    throw badValue('transportType', 'transportType is TLS, TCP, UDP or TCP+UDP.');
  };

  return [
    ...settingsObject<DevicePool>(
      {
        name: 'DevicePool',
        element: 'devicePool',
        what: 'Device Pool',
        kind: 'device-pool',
        service: services.devicePools,
        order: devicePoolOrder,
        elements: devicePoolElements,
        tags: devicePoolTags,
        contract: devicePools,
        references: (pool) => new Map([['call-manager-group', [pool.callManagerGroup]]]),
        fields: ({ value }, ids) => ({
          name: value.name,
          autoSearchSpaceName: null,
          dateTimeSettingName: value.olsonTimeZone,
          callManagerGroupName: {
            name: value.callManagerGroup,
            uuid: ids.get(`call-manager-group ${value.callManagerGroup}`),
          },
          regionName: 'Default',
          networkLocale: null,
          srstName: 'Disable',
          connectionMonitorDuration: value.connectionMonitorDuration,
          locationName: 'Hub_None',
          mraServiceDomain: value.mraServiceDomain,
        }),
        read(tree) {
          const zone = text(tree, 'dateTimeSettingName');
          const domain = reference(tree, 'mraServiceDomain');
          return {
            ...said('name', common(tree).name),
            ...said('callManagerGroup', reference(tree, 'callManagerGroupName')?.name || undefined),
            ...said('olsonTimeZone', zone === undefined ? undefined : timeZoneOf(zone)),
            ...said('connectionMonitorDuration', integer(tree, 'connectionMonitorDuration')),
            ...(domain === undefined ? {} : { mraServiceDomain: domain.name === '' ? null : domain.name }),
          };
        },
      },
      lookup,
    ),
    ...settingsObject<RoutePartition>(
      {
        name: 'RoutePartition',
        element: 'routePartition',
        what: 'Route Partition',
        kind: 'route-partition',
        service: services.routePartitions,
        order: ['name', 'description'],
        elements: named,
        contract: routePartitions,
        fields: ({ value }) => ({ name: value.name, description: value.description }),
        read: common,
      },
      lookup,
    ),
    ...settingsObject<Line>(
      {
        name: 'Line',
        element: 'line',
        what: 'Line',
        kind: 'line',
        service: services.lines,
        order: lineOrder,
        elements: lineElements,
        tags: lineTags,
        contract: lines,
        required: { directoryNumber: 'pattern' },
        keyElements: ['pattern', 'routePartitionName'],
        references: (line) => new Map([['route-partition', [line.partition]]]),
        keyOf(tree) {
          const directoryNumber = text(tree, 'pattern');
          if (!directoryNumber) return undefined;
          return lineName({ directoryNumber, partition: reference(tree, 'routePartitionName')?.name ?? '' });
        },
        fields: ({ value }, ids) => ({
          pattern: value.directoryNumber,
          description: value.description,
          usage: 'Device',
          routePartitionName: { name: value.partition, uuid: ids.get(`route-partition ${value.partition}`) },
          alertingName: value.alertingName,
        }),
        read(tree) {
          const partition =
            reference(tree, 'newRoutePartitionName')?.name ?? reference(tree, 'routePartitionName')?.name;
          return {
            ...said('directoryNumber', text(tree, 'newPattern') || text(tree, 'pattern') || undefined),
            ...said('partition', partition),
            ...said('description', text(tree, 'description')),
            ...said('alertingName', text(tree, 'alertingName')),
          };
        },
      },
      lookup,
    ),
    ...settingsObject<PhoneSecurityProfile>(
      {
        name: 'PhoneSecurityProfile',
        element: 'phoneSecurityProfile',
        what: 'Phone Security Profile',
        kind: 'phone-security-profile',
        service: services.phoneSecurityProfiles,
        order: [
          'phoneType',
          'protocol',
          'name',
          'description',
          'deviceSecurityMode',
          'transportType',
          'digestAuthentication',
          'EnableOAuthAuthentication',
        ],
        elements: securityProfileElements,
        contract: phoneSecurityProfiles,
        // A mode without its transport: the one that goes with it, as with the field's own defaults.
        derive: ({ deviceSecurityMode }) => (deviceSecurityMode === 'non-secure' ? { transport: 'tcp+udp' } : {}),
        fields: ({ value }) => ({
          phoneType: 'Universal Device Template',
          protocol: 'SIP',
          name: value.name,
          description: value.description,
          deviceSecurityMode: deviceSecurity[value.deviceSecurityMode],
          transportType: value.transport.toUpperCase(),
          digestAuthentication: value.digestAuthentication,
          EnableOAuthAuthentication: value.enableOauthAuthentication,
        }),
        read: (tree) => ({
          ...common(tree),
          ...said('deviceSecurityMode', modeOf(text(tree, 'deviceSecurityMode'))),
          ...said('transport', transportOf(text(tree, 'transportType'))),
          ...said('digestAuthentication', boolean(tree, 'digestAuthentication')),
          ...said('enableOauthAuthentication', boolean(tree, 'EnableOAuthAuthentication')),
        }),
      },
      lookup,
    ),
    ...settingsObject<PhoneButtonTemplate>(
      {
        name: 'PhoneButtonTemplate',
        element: 'phoneButtonTemplate',
        what: 'Phone Button Template',
        kind: 'phone-button-template',
        service: services.phoneButtonTemplates,
        order: ['name', 'isUserModifiable', 'buttons'],
        operations: ['get', 'list'],
        elements: {},
        contract: phoneButtonTemplates,
        fields: ({ value }) => ({
          name: value.name,
          isUserModifiable: true,
          buttons: value.buttons.map((button, index) =>
            el('button', [el('feature', button), el('label', ''), el('buttonNumber', String(index + 1))]),
          ),
        }),
        read: common,
      },
      lookup,
    ),
    ...settingsObject<SipProfile>(
      {
        name: 'SipProfile',
        element: 'sipProfile',
        what: 'SIP Profile',
        kind: 'sip-profile',
        service: services.sipProfiles,
        order: ['name', 'description', 'timerRegisterExpires', 'timerKeepAliveExpires'],
        operations: ['get', 'list', 'update', 'remove'],
        elements: { ...named, ...each('read', ['timerRegisterExpires', 'timerKeepAliveExpires']) },
        contract: sipProfiles,
        fields: ({ value }) => ({
          name: value.name,
          description: value.description,
          timerRegisterExpires: value.timerRegisterExpires,
          timerKeepAliveExpires: value.timerKeepAliveExpires,
        }),
        read: (tree) => ({
          ...common(tree),
          ...said('timerRegisterExpires', integer(tree, 'timerRegisterExpires')),
          ...said('timerKeepAliveExpires', integer(tree, 'timerKeepAliveExpires')),
        }),
      },
      lookup,
    ),
    ...settingsObject<CommonPhoneProfile>(
      {
        name: 'CommonPhoneConfig',
        element: 'commonPhoneConfig',
        what: 'Common Phone Configuration',
        kind: 'common-phone-profile',
        service: services.commonPhoneProfiles,
        order: ['name', 'description', 'backgroundImage'],
        elements: { ...named, backgroundImage: 'read' },
        contract: commonPhoneProfiles,
        fields: ({ value }) => ({
          name: value.name,
          description: value.description,
          backgroundImage: value.backgroundImageAccess,
        }),
        read: (tree) => ({ ...common(tree), ...said('backgroundImageAccess', boolean(tree, 'backgroundImage')) }),
      },
      lookup,
    ),
  ];
}

/** Date/time groups are not kept here: only their time zone is, by its own name. Empty, or the one every system ships: the default. */
function timeZoneOf(given: string): string | undefined {
  if (given === '' || /^(CMLocal|<None>)$/i.test(given)) return undefined;
  if (given.includes('/')) return given;
  throw badValue(
    'dateTimeSettingName',
    `There is no date/time group "${given.slice(0, 64)}" here; write a time zone of the time zone database, such as Europe/Berlin.`,
  );
}
