import { callManagerGroups } from '../../contract/call-manager-groups.ts';
import { commonPhoneProfiles } from '../../contract/common-phone-profiles.ts';
import { devicePools } from '../../contract/device-pools.ts';
import { lines } from '../../contract/lines.ts';
import { phoneButtonTemplates } from '../../contract/phone-button-templates.ts';
import { phoneSecurityProfiles } from '../../contract/phone-security-profiles.ts';
import { routePartitions } from '../../contract/route-partitions.ts';
import { sipProfiles } from '../../contract/sip-profiles.ts';
import { universalDeviceTemplates } from '../../contract/universal-device-templates.ts';
import { universalLineTemplates } from '../../contract/universal-line-templates.ts';
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
} from '../../domain/settings/kinds.ts';
import type { ResourceService } from '../../domain/settings/resource.ts';
import type { SettingFaultCode } from '../../domain/settings/setting-fault.ts';
import type { ProblemTable } from './problem.ts';
import { resourceRoutes } from './resources.ts';
import type { RestModule } from './route.ts';

export const settingProblems = {
  not_found: { status: 404, title: 'There is no such thing' },
  name_taken: { status: 409, title: 'The name is taken' },
  unknown_reference: { status: 422, title: 'What the field names does not exist' },
  in_use: { status: 409, title: 'Something still depends on it' },
  protected: { status: 409, title: 'The system needs it' },
  version_conflict: { status: 412, title: 'It has changed since it was read' },
  invalid_value: { status: 400, title: 'A field has a value that is not allowed' },
  invalid_cursor: { status: 400, title: 'The cursor does not belong to this list' },
  certificate_unreadable: { status: 422, title: 'That is not a certificate' },
  certificate_not_a_ca: { status: 422, title: 'The certificate is not that of a certificate authority' },
  certificate_unfit: { status: 422, title: 'Phones could not use the certificate' },
  trust_store_full: { status: 409, title: 'The trust store is full' },
  crl_unreadable: { status: 422, title: 'That is not a certificate revocation list' },
  crl_unfit: { status: 422, title: 'The revocation list cannot be used' },
  crl_issuer_unknown: { status: 422, title: 'The revocation list is of no trusted manufacturer' },
  crl_forged: { status: 422, title: 'The signature of the revocation list is wrong' },
  crl_not_newer: { status: 409, title: 'A list that is as new is already there' },
  crl_too_large: { status: 413, title: 'The revocation lists are too large' },
  crl_reader_busy: { status: 503, title: 'Too many revocation lists at once' },
  service_needed: { status: 409, title: 'Another service needs it' },
  service_wanted: { status: 409, title: 'The service needs another one' },
} satisfies ProblemTable<SettingFaultCode>;

export interface SettingServices {
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

export function settingModules(services: SettingServices): readonly RestModule[] {
  const module = (tag: string, description: string, routes: RestModule['routes']): RestModule => ({
    tag,
    description,
    problems: settingProblems,
    routes,
  });
  return [
    module('System settings', 'What phones share: nodes in order, places, partitions', [
      ...resourceRoutes(devicePools, services.devicePools),
      ...resourceRoutes(callManagerGroups, services.callManagerGroups),
    ]),
    module('Device settings', 'What a phone is made of', [
      ...resourceRoutes(phoneButtonTemplates, services.phoneButtonTemplates),
      ...resourceRoutes(phoneSecurityProfiles, services.phoneSecurityProfiles),
      ...resourceRoutes(sipProfiles, services.sipProfiles),
      ...resourceRoutes(commonPhoneProfiles, services.commonPhoneProfiles),
      ...resourceRoutes(universalDeviceTemplates, services.universalDeviceTemplates),
    ]),
    module('Call routing', 'Numbers and where they are reached', [
      ...resourceRoutes(routePartitions, services.routePartitions),
      ...resourceRoutes(lines, services.lines, { readOnly: ({ name }) => ({ name }) }),
      ...resourceRoutes(universalLineTemplates, services.universalLineTemplates),
    ]),
  ];
}
