import type { ChangePhone } from '../../../domain/devices/change-phone.ts';
import type { LineRequest } from '../../../domain/devices/lines.ts';
import type { Phone, PhoneLine } from '../../../domain/devices/phone.ts';
import { type DeviceName, macOf, parseDeviceName } from '../../../identifiers/device-name.ts';
import { parsePhoneModel } from '../../../identifiers/phone-model.ts';
import type { XmlTree } from '../../../protocol/phone-config/xml-reader.ts';
import { child, children, text } from '../../../protocol/soap/elements.ts';
import { el, type SoapElement } from '../../../protocol/soap/envelope.ts';
import { badValue } from '../axl-fault.ts';
import { type Fields, uuidAttribute } from '../reply.ts';
import { boolean, integer } from '../values.ts';

/** A device name of AXL: `SEP` or `BAT` and 12 hex digits. */
export function readDeviceName(given: string | undefined): DeviceName {
  const name = given === undefined ? undefined : parseDeviceName(given);
  if (name !== undefined) return name;
  throw badValue(
    'name',
    `"${(given ?? '').slice(0, 64)}" is not the name of a phone: it is SEP and its MAC address, or BAT and 12 hex digits.`,
  );
}

/** How a name decides about MAC and BAT name. */
export function identityOf(name: DeviceName): { mac: string | null; batName: DeviceName | undefined } {
  const mac = macOf(name);
  return mac === undefined ? { mac: null, batName: name } : { mac, batName: undefined };
}

/**
 * The fields of XPhone and UpdatePhoneReq that mean something here. Absent ones stay as they are (update) or get their default (add); empty
 * ones are the default. References by a uuid attribute are resolved by `nameOf`.
 */
export async function readPhoneFields(
  tree: XmlTree,
  nameOf: (element: string, kind: ReferenceKind) => Promise<string | undefined>,
): Promise<Omit<ChangePhone, 'mac' | 'batName'>> {
  const [
    devicePool,
    phoneButtonTemplate,
    phoneSecurityProfile,
    sipProfile,
    commonPhoneProfile,
    owner,
    mraServiceDomain,
  ] = await Promise.all([
    nameOf('devicePoolName', 'device-pool'),
    nameOf('phoneTemplateName', 'phone-button-template'),
    nameOf('securityProfileName', 'phone-security-profile'),
    nameOf('sipProfileName', 'sip-profile'),
    nameOf('commonPhoneConfigName', 'common-phone-profile'),
    nameOf('ownerUserName', 'user'),
    nameOf('mraServiceDomain', 'mra-service-domain'),
  ]);
  const description = text(tree, 'description');
  const requiresActivationCode = boolean(tree, 'enableActivationID');
  const allowActivationCodeViaMra = boolean(tree, 'allowMraMode');
  const lines = readLines(tree);
  return {
    ...(description !== undefined && { description }),
    ...(devicePool && { devicePool }),
    ...(phoneButtonTemplate && { phoneButtonTemplate }),
    ...(phoneSecurityProfile && { phoneSecurityProfile }),
    ...(sipProfile && { sipProfile }),
    ...(commonPhoneProfile && { commonPhoneProfile }),
    ...(owner !== undefined && { ownerUserId: owner === '' ? null : owner }),
    ...(mraServiceDomain !== undefined && { mraServiceDomain: mraServiceDomain === '' ? null : mraServiceDomain }),
    ...(requiresActivationCode !== undefined && { requiresActivationCode }),
    ...(allowActivationCodeViaMra !== undefined && { allowActivationCodeViaMra }),
    ...(lines !== undefined && { lines }),
  };
}

export type ReferenceKind =
  | 'device-pool'
  | 'phone-button-template'
  | 'phone-security-profile'
  | 'sip-profile'
  | 'common-phone-profile'
  | 'route-partition'
  | 'mra-service-domain'
  | 'user';

/** `lines/line` or `lines/lineIdentifier`, by index. Undefined: nothing is said about lines. */
export function readLines(tree: XmlTree, element = 'lines'): readonly LineRequest[] | undefined {
  const lines = child(tree, element);
  if (lines === undefined) return undefined;
  const full = children(lines, 'line').map((line, position) => ({
    index: integer(line, 'index') ?? position + 1,
    request: lineRequest(line),
  }));
  const short = children(lines, 'lineIdentifier').map((line, position) => ({
    index: full.length + position + 1,
    request: {
      directoryNumber: text(line, 'directoryNumber') ?? '',
      partition: text(line, 'routePartitionName') ?? '',
    },
  }));
  return [...full, ...short].sort((a, b) => a.index - b.index).map((each) => each.request);
}

function lineRequest(line: XmlTree): LineRequest {
  const dirn = child(line, 'dirn');
  if (dirn === undefined) throw badValue('dirn', 'A line needs dirn with a pattern.');
  const label = text(line, 'label');
  const display = text(line, 'display');
  const maxCalls = integer(line, 'maxNumCalls');
  const busyTrigger = integer(line, 'busyTrigger');
  return {
    directoryNumber: text(dirn, 'pattern') ?? '',
    partition: text(dirn, 'routePartitionName') ?? '',
    ...(label !== undefined && { label }),
    ...(display !== undefined && { display }),
    ...(maxCalls !== undefined && { maxCalls }),
    ...(busyTrigger !== undefined && { busyTrigger }),
  };
}

/** Everything of a phone that getPhone and listPhone may show; `ids`: `kind name` → uuid of what it refers to. */
export function phoneFields(phone: Phone, ids: ReadonlyMap<string, string>, vendorConfig: SoapElement[]): Fields {
  const reference = (kind: string, name: string) => ({ name, uuid: ids.get(`${kind} ${name}`) });
  const model = parsePhoneModel(phone.model);
  return {
    name: phone.name,
    description: phone.description,
    product: phone.model,
    model: phone.model,
    class: 'Phone',
    protocol: 'SIP',
    protocolSide: 'User',
    callingSearchSpaceName: null,
    devicePoolName: reference('device-pool', phone.devicePool),
    commonDeviceConfigName: null,
    commonPhoneConfigName: reference('common-phone-profile', phone.commonPhoneProfile),
    networkLocation: 'Use System Default',
    locationName: 'Hub_None',
    vendorConfig,
    securityProfileName: reference('phone-security-profile', phone.phoneSecurityProfile),
    sipProfileName: reference('sip-profile', phone.sipProfile),
    lines: phone.lines.map((line) => lineElement(line, ids)),
    numberOfButtons: model?.lines ?? 0,
    phoneTemplateName: reference('phone-button-template', phone.phoneButtonTemplate),
    ownerUserName: phone.ownerUserId === undefined ? null : reference('user', phone.ownerUserId),
    isActive: phone.enabled,
    enableActivationID: phone.requiresActivationCode,
    activationIDStatus: statusOf(phone),
    mraServiceDomain:
      phone.mraServiceDomain === undefined ? null : reference('mra-service-domain', phone.mraServiceDomain),
    allowMraMode: phone.allowActivationCodeViaMra,
  };
}

/** What references of these phones need their uuids looked up, by kind. */
export function referencesOf(phones: readonly Phone[]): ReadonlyMap<ReferenceKind, readonly string[]> {
  const names = (pick: (phone: Phone) => string | undefined) => [
    ...new Set(phones.map(pick).filter((each) => each !== undefined)),
  ];
  return new Map<ReferenceKind, readonly string[]>([
    ['device-pool', names((phone) => phone.devicePool)],
    ['phone-button-template', names((phone) => phone.phoneButtonTemplate)],
    ['phone-security-profile', names((phone) => phone.phoneSecurityProfile)],
    ['sip-profile', names((phone) => phone.sipProfile)],
    ['common-phone-profile', names((phone) => phone.commonPhoneProfile)],
    ['route-partition', [...new Set(phones.flatMap((phone) => phone.lines.map((line) => line.partition)))]],
    ['mra-service-domain', names((phone) => phone.mraServiceDomain)],
    ['user', names((phone) => phone.ownerUserId)],
  ]);
}

function lineElement(line: PhoneLine, ids: ReadonlyMap<string, string>): SoapElement {
  const partition = ids.get(`route-partition ${line.partition}`);
  return el('line', [
    el('index', String(line.index)),
    el('label', line.label),
    el('display', line.display),
    el(
      'dirn',
      [
        el('pattern', line.directoryNumber),
        el('routePartitionName', line.partition, partition === undefined ? undefined : uuidAttribute(partition)),
      ],
      uuidAttribute(line.lineId),
    ),
    el('maxNumCalls', String(line.maxCalls)),
    el('busyTrigger', String(line.busyTrigger)),
  ]);
}

/** Where onboarding stands, as a sentence. */
function statusOf(phone: Phone): string {
  const code = phone.activationCode;
  const stuck = phone.lastStep?.result === 'failed' ? ` Last attempt failed at ${phone.lastStep.step}.` : '';
  if (!phone.requiresActivationCode) return phone.firstActivatedAt === undefined ? '' : 'Activated';
  switch (code?.state) {
    case 'active':
      return `Waiting for the activation code, until ${code.expiresAt.toISOString()}.${stuck}`;
    case 'draft':
      return `The activation code waits for the cloud.${stuck}`;
    case 'expired':
      return `The activation code expired at ${code.expiresAt.toISOString()}.${stuck}`;
    case 'locked':
      return `The activation code was locked after too many wrong attempts.${stuck}`;
    default:
      return `There is no activation code.${stuck}`;
  }
}
