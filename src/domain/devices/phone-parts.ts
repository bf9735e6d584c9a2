import { type DeviceName, macOf } from '../../identifiers/device-name.ts';
import { toBase64url, utf8 } from '../../kernel/bytes.ts';
import type { Random } from '../../kernel/random.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor, OnboardingEvent, Sealer, Timeline } from '../ports.ts';
import { digestPasswordPurpose } from './digest-password.ts';
import { DeviceFault, disallow, refuse } from './faults.ts';
import type { ButtonTemplate, WantedLine } from './lines.ts';
import type { Phone } from './phone.ts';
import type {
  DeviceAccess,
  DeviceCodes,
  FoundReferences,
  Owner,
  PhoneReferenceStore,
  PhoneReferences,
  PhoneStore,
  ServiceControl,
} from './ports.ts';

/** What the services of this folder work with. */
export interface PhoneParts {
  readonly transactions: Transactions;
  readonly phones: PhoneStore;
  readonly references: PhoneReferenceStore;
  readonly codes: DeviceCodes;
  readonly access: DeviceAccess;
  readonly serviceControl: ServiceControl;
  readonly audit: AuditLog;
  readonly timeline: Timeline;
  readonly sealer: Sealer;
  readonly random: Random;
}

/** A random password, or the one an administrator chose for a client that never goes through an activation. */
export function newDigestPassword({ sealer, random }: PhoneParts, chosen?: string): Uint8Array {
  return sealer.seal(digestPasswordPurpose, utf8(chosen ?? toBase64url(random.bytes(18))));
}

/** The phone with code and row locked. @throws DeviceFault `phone_not_found`, `version_conflict` */
export async function lockPhone(
  parts: PhoneParts,
  tx: Transaction,
  name: DeviceName,
  ifVersion?: number,
): Promise<Phone> {
  const phone = await parts.phones.lock(tx, name);
  if (phone === undefined) throw await phoneNotFound(parts, name);
  if (ifVersion !== undefined && ifVersion !== phone.version) {
    throw disallow(say('version_conflict.phone', { name }), { detail: { version: phone.version } });
  }
  return phone;
}

/** Says what the phone is called today when the asked name is a former one. */
export async function phoneNotFound({ phones }: PhoneParts, name: DeviceName): Promise<DeviceFault> {
  const today = await phones.nameToday(name);
  return today === undefined
    ? new DeviceFault('caller', say('phone_not_found', { name }), { field: 'name' })
    : new DeviceFault('caller', say('phone_not_found.renamed', { name, today }), {
        field: 'name',
        detail: { nameToday: today },
      });
}

/** What the phone holds stops working, in this transaction: registration, tokens, digest password. */
export async function endAccess(parts: PhoneParts, tx: Transaction, phone: Phone): Promise<void> {
  await parts.access.end(tx, phone.id, phone.name);
  await parts.phones.update(tx, phone.id, { digestPasswordSealed: newDigestPassword(parts) });
}

/** @throws DeviceFault `user_not_found` */
export async function findOwner(
  { references }: PhoneParts,
  tx: Transaction,
  userId: string | null | undefined,
): Promise<Owner | undefined> {
  if (userId === undefined || userId === null || userId === '') return undefined;
  const owner = await references.owner(tx, userId);
  if (owner !== undefined) return owner;
  throw refuse('ownerUserId', say('user_not_found', { user: userId.slice(0, 128) }));
}

/** @throws DeviceFault `mra_service_domain_not_found` */
export async function mraServiceDomainId(
  { references }: PhoneParts,
  tx: Transaction,
  name: string | null | undefined,
): Promise<string | null> {
  if (name === undefined || name === null || name === '') return null;
  const id = await references.mraServiceDomain(tx, name);
  if (id !== undefined) return id;
  throw noSuchMraServiceDomain(name);
}

export const noSuchMraServiceDomain = (name: string) =>
  refuse('mraServiceDomain', say('mra_service_domain_not_found', { name: name.slice(0, 253) }));

/** @throws DeviceFault `partition_not_found` */
export async function setLines(
  { phones, audit }: PhoneParts,
  tx: Transaction,
  id: string,
  lines: readonly WantedLine[],
  actor: Actor,
  options: { readonly fresh?: boolean } = {},
): Promise<void> {
  const outcome = await phones.setLines(tx, id, lines, options);
  if (outcome.kind === 'missing-partition') {
    throw refuse(
      `lines[${outcome.index}].partition`,
      say('partition_not_found', { name: lines[outcome.index]!.partition.slice(0, 64) }),
    );
  }
  for (const line of outcome.made) {
    await audit.append(tx, {
      actor,
      action: 'line.created',
      objectKind: 'line',
      objectId: line.id,
      objectName: lineText(line),
    });
  }
}

/** `1001` or `1001 in Internal`. */
export function lineText(line: { readonly directoryNumber: string; readonly partition: string }): string {
  return line.partition === '' ? line.directoryNumber : `${line.directoryNumber} in ${line.partition}`;
}

export interface RequiredReferences {
  readonly template: ButtonTemplate;
  readonly ids: {
    readonly devicePoolId: string;
    readonly phoneButtonTemplateId: string;
    readonly phoneSecurityProfileId: string;
    readonly sipProfileId: string;
    readonly commonPhoneProfileId: string;
  };
}

/** A fault for each thing that is named and does not exist. */
export function missingReferences(found: FoundReferences, wanted: PhoneReferences): DeviceFault[] {
  const faults: DeviceFault[] = [];
  if (found.devicePoolId === undefined) faults.push(missing('device_pool_not_found', 'devicePool', wanted.devicePool));
  if (found.phoneButtonTemplate === undefined)
    faults.push(missing('phone_button_template_not_found', 'phoneButtonTemplate', wanted.phoneButtonTemplate));
  if (found.phoneSecurityProfileId === undefined)
    faults.push(missing('phone_security_profile_not_found', 'phoneSecurityProfile', wanted.phoneSecurityProfile));
  if (found.sipProfileId === undefined) faults.push(missing('sip_profile_not_found', 'sipProfile', wanted.sipProfile));
  if (found.commonPhoneProfileId === undefined)
    faults.push(missing('common_phone_profile_not_found', 'commonPhoneProfile', wanted.commonPhoneProfile));
  return faults;
}

/** @throws DeviceFault `…_not_found` naming the field */
export function requireReferences(found: FoundReferences, wanted: PhoneReferences): RequiredReferences {
  const [fault] = missingReferences(found, wanted);
  if (fault !== undefined) throw fault;
  const devicePoolId = found.devicePoolId!;
  const phoneButtonTemplate = found.phoneButtonTemplate!;
  const phoneSecurityProfileId = found.phoneSecurityProfileId!;
  const sipProfileId = found.sipProfileId!;
  const commonPhoneProfileId = found.commonPhoneProfileId!;
  return {
    template: phoneButtonTemplate,
    ids: {
      devicePoolId,
      phoneButtonTemplateId: phoneButtonTemplate.id,
      phoneSecurityProfileId,
      sipProfileId,
      commonPhoneProfileId,
    },
  };
}

function missing(
  code:
    | 'device_pool_not_found'
    | 'phone_button_template_not_found'
    | 'phone_security_profile_not_found'
    | 'sip_profile_not_found'
    | 'common_phone_profile_not_found',
  field: string,
  name: string | undefined,
): DeviceFault {
  return refuse(
    field,
    name === undefined ? say(`${code}.standard`, { field }) : say(code, { name: name.slice(0, 64) }),
  );
}

export function nameTaken(name: DeviceName): DeviceFault {
  return disallow(say('device_exists', { name }), { field: 'mac' });
}

export function namesExhausted(): DeviceFault {
  return new DeviceFault('ours', say('device_name_exhausted'));
}

/** One line of the phone's story, told after the commit. */
export function tell(
  { timeline }: PhoneParts,
  phone: Pick<Phone, 'id' | 'name' | 'model'>,
  step: string,
  detail?: OnboardingEvent['detail'],
): void {
  const mac = macOf(phone.name);
  timeline.record({
    deviceId: phone.id,
    deviceName: phone.name,
    model: phone.model,
    ...(mac === undefined ? {} : { mac }),
    step,
    result: 'info',
    ...(detail === undefined ? {} : { detail }),
  });
}
