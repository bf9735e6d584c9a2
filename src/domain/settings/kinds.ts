import { isDirectoryNumber } from '../../identifiers/directory-number.ts';
import { parsePhoneModel } from '../../identifiers/phone-model.ts';
import { say } from '../../texts/say.ts';
import type { ResourceRules } from './resource.ts';
import { invalidValue, protectedObject } from './setting-fault.ts';

export interface DevicePool {
  readonly name: string;
  readonly callManagerGroup: string;
  readonly olsonTimeZone: string;
  readonly dateTemplate: string;
  readonly ntpServers: readonly string[];
  readonly userLocale: string;
  readonly connectionMonitorDuration: number;
  /** null: the cluster's default. */
  readonly mraServiceDomain: string | null;
}

export interface CallManagerGroup {
  readonly name: string;
  readonly tftpDefault: boolean;
  readonly autoRegistration: boolean;
  /** Priority 0 is tried first. */
  readonly members: readonly { readonly node: string; readonly priority: number }[];
}

export type ButtonKind = 'line' | 'speed-dial' | 'blf-speed-dial' | 'privacy' | 'service-url' | 'none';

export interface PhoneButtonTemplate {
  readonly name: string;
  /** null: any model. */
  readonly model: string | null;
  readonly buttons: readonly ButtonKind[];
}

export interface PhoneSecurityProfile {
  readonly name: string;
  readonly description: string;
  readonly deviceSecurityMode: 'non-secure' | 'authenticated' | 'encrypted';
  readonly transport: 'udp' | 'tcp' | 'tcp+udp' | 'tls';
  readonly digestAuthentication: boolean;
  readonly enableOauthAuthentication: boolean;
}

export interface SipProfile {
  readonly name: string;
  readonly description: string;
  readonly timerRegisterExpires: number;
  readonly timerRegisterDelta: number;
  readonly timerKeepAliveExpires: number;
  readonly timerInviteExpires: number;
  readonly timerT1: number;
  readonly timerT2: number;
  readonly retryInvite: number;
  readonly retryNonInvite: number;
  readonly startMediaPort: number;
  readonly stopMediaPort: number;
  readonly dtmfPayload: number;
  /** Its phones may ask other phones to pick up by themselves. */
  readonly intercomAllowed: boolean;
}

export interface CommonPhoneProfile {
  readonly name: string;
  readonly description: string;
  readonly backgroundImageAccess: boolean;
  readonly callLogBlfEnabled: boolean;
  /** Product specific settings: name → value. */
  readonly vendorConfig: Readonly<Record<string, string>>;
}

export interface UniversalDeviceTemplate {
  readonly name: string;
  readonly deviceDescription: string;
  readonly devicePool: string;
  /** null: the model's own. */
  readonly phoneButtonTemplate: string | null;
  readonly phoneSecurityProfile: string;
  readonly sipProfile: string;
  readonly commonPhoneProfile: string;
}

export interface UniversalLineTemplate {
  readonly name: string;
  readonly partition: string;
  readonly lineDescription: string;
  readonly alertingName: string;
  readonly maxCalls: number;
  readonly busyTrigger: number;
}

export interface RoutePartition {
  /** The empty name is <None>. */
  readonly name: string;
  readonly description: string;
}

export interface Line {
  readonly directoryNumber: string;
  /** The empty name is <None>. */
  readonly partition: string;
  readonly description: string;
  readonly alertingName: string;
}

/** How the partition without a name is written where a name is needed. */
export const nonePartition = '<None>';

const refuseNone = (name: string) => {
  if (name.trim() === '' || name === nonePartition) throw invalidValue('name', say('invalid_value.name', { name }));
};

const keepName = <T extends { name: string }>(needed: string, what: 'device' | 'line') => ({
  check(value: T, before: T | undefined) {
    refuseNone(value.name);
    if (before?.name === needed && value.name !== needed)
      throw protectedObject(say(`protected.keeps_name_${what}`), 'name');
  },
  checkRemoval(current: { name: string }) {
    if (current.name === needed) throw protectedObject(say(`protected.stays_${what}`));
  },
});

const named = { check: ({ name }: { name: string }) => refuseNone(name) };

export const devicePoolRules: ResourceRules<DevicePool> = {
  kind: 'device-pool',
  title: 'device pool',
  check(value) {
    refuseNone(value.name);
    if (!isTimeZone(value.olsonTimeZone))
      throw invalidValue('olsonTimeZone', say('invalid_value.time_zone', { name: value.olsonTimeZone }));
  },
};

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const callManagerGroupRules: ResourceRules<CallManagerGroup> = {
  kind: 'call-manager-group',
  title: 'Call Manager group',
  check(value, before) {
    refuseNone(value.name);
    if (new Set(value.members.map((each) => each.priority)).size < value.members.length)
      throw invalidValue('members', say('invalid_value.same_priority'));
    if (new Set(value.members.map((each) => each.node)).size < value.members.length)
      throw invalidValue('members', say('invalid_value.node_twice'));
    if (before?.tftpDefault === true && !value.tftpDefault)
      throw protectedObject(say('protected.tftp_default'), 'tftpDefault');
  },
  checkRemoval(current) {
    if (current.value.tftpDefault) throw protectedObject(say('protected.tftp_default_stays'));
  },
};

export const phoneButtonTemplateRules: ResourceRules<PhoneButtonTemplate> = {
  kind: 'phone-button-template',
  title: 'phone button template',
  check(value) {
    refuseNone(value.name);
    if (value.model !== null && parsePhoneModel(value.model)?.name !== value.model)
      throw invalidValue('model', say('invalid_value.model', { model: value.model }));
    if (value.buttons[0] !== 'line') throw invalidValue('buttons', say('invalid_value.first_button'));
  },
};

export const phoneSecurityProfileRules: ResourceRules<PhoneSecurityProfile> = {
  kind: 'phone-security-profile',
  title: 'phone security profile',
  check(value) {
    refuseNone(value.name);
    const secure = value.deviceSecurityMode !== 'non-secure';
    if (secure && value.transport !== 'tls') throw invalidValue('transport', say('invalid_value.secure_transport'));
    if (!secure && value.transport === 'tls') throw invalidValue('transport', say('invalid_value.plain_transport'));
    if (secure && value.digestAuthentication)
      throw invalidValue('digestAuthentication', say('invalid_value.secure_digest'));
  },
};

export const sipProfileRules: ResourceRules<SipProfile> = {
  kind: 'sip-profile',
  title: 'SIP profile',
  check(value) {
    refuseNone(value.name);
    if (value.startMediaPort >= value.stopMediaPort)
      throw invalidValue('stopMediaPort', say('invalid_value.media_ports'));
    if (value.timerT1 > value.timerT2) throw invalidValue('timerT2', say('invalid_value.timers'));
  },
};

export const commonPhoneProfileRules: ResourceRules<CommonPhoneProfile> = {
  kind: 'common-phone-profile',
  title: 'common phone profile',
  ...named,
};

export const universalDeviceTemplateRules: ResourceRules<UniversalDeviceTemplate> = {
  kind: 'universal-device-template',
  title: 'universal device template',
  ...keepName<UniversalDeviceTemplate>('Default Universal Device Template', 'device'),
};

export const universalLineTemplateRules: ResourceRules<UniversalLineTemplate> = {
  kind: 'universal-line-template',
  title: 'universal line template',
  ...keepName<UniversalLineTemplate>('Default Universal Line Template', 'line'),
};

export const routePartitionRules: ResourceRules<RoutePartition> = {
  kind: 'route-partition',
  title: 'route partition',
  check(value, before) {
    if (before?.name === '') {
      if (value.name !== '') throw protectedObject(say('protected.none_keeps_name'), 'name');
    } else refuseNone(value.name);
    // A line is called `1001@Partition`.
    if (value.name.includes('@')) throw invalidValue('name', say('invalid_value.partition_name'));
  },
  checkRemoval(current) {
    if (current.value.name === '') throw protectedObject(say('protected.none_stays'));
  },
};

export const lineRules: ResourceRules<Line> = {
  kind: 'line',
  title: 'line',
  nameOf: (value) => ({ name: lineName(value), field: 'directoryNumber' }),
  check(value) {
    if (!isDirectoryNumber(value.directoryNumber))
      throw invalidValue('directoryNumber', say('invalid_value.directory_number'));
  },
};

/** `1001` in no partition, `1001@Internal` in one. */
export function lineName(line: { directoryNumber: string; partition: string }): string {
  return line.partition === '' ? line.directoryNumber : `${line.directoryNumber}@${line.partition}`;
}

export function parseLineName(name: string): { directoryNumber: string; partition: string } {
  const at = name.indexOf('@');
  return at < 0
    ? { directoryNumber: name, partition: '' }
    : { directoryNumber: name.slice(0, at), partition: name.slice(at + 1) };
}
