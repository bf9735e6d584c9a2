import type { DeviceName } from '../../identifiers/device-name.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { Actor } from '../ports.ts';
import { type DeviceFault, disallow } from './faults.ts';
import { canReleaseCode, hasLiveCode, type Phone } from './phone.ts';
import { issueCode } from './phone-code-parts.ts';
import { endAccess, lockPhone, type PhoneParts } from './phone-parts.ts';
import type { PreparedDeviceCode } from './ports.ts';

/**
 * A new code for a phone whose row is locked. Ticks "Requires Activation Code" where it is not ticked: the phone is locked then (A7).
 * @throws DeviceFault `code_already_active` while one is live
 */
export async function makeCode(
  parts: PhoneParts,
  tx: Transaction,
  before: Phone,
  prepared: PreparedDeviceCode,
  actor: Actor,
  timeToLiveHours?: number,
): Promise<{ readonly locks: boolean }> {
  if (hasLiveCode(before)) {
    throw disallow(
      say('code_already_active.until', { name: before.name, until: before.activationCode!.expiresAt.toISOString() }),
      { detail: { expiresAt: before.activationCode!.expiresAt.toISOString() } },
    );
  }
  const locks = !before.requiresActivationCode;
  if (locks) {
    await endAccess(parts, tx, before);
    await parts.phones.update(tx, before.id, { requiresActivationCode: true });
    await parts.audit.append(tx, {
      actor,
      action: 'phone.locked',
      objectKind: 'phone',
      objectId: before.id,
      objectName: before.name,
    });
  }
  // An overdue code that nothing has swept up yet must not stand in the way.
  await parts.codes.releaseIfLive(tx, before.id, actor);
  await issueCode(parts, tx, before, prepared, actor, timeToLiveHours);
  return { locks };
}

/** Ends the code there is; returns the phone as it was. @throws DeviceFault `no_active_code`, `phone_not_found`, `version_conflict` */
export async function releaseCode(
  parts: PhoneParts,
  tx: Transaction,
  name: DeviceName,
  actor: Actor,
  ifVersion?: number,
): Promise<Phone> {
  const before = await lockPhone(parts, tx, name, ifVersion);
  if (!canReleaseCode(before)) throw noActiveCode(before);
  await parts.codes.releaseIfLive(tx, before.id, actor);
  return before;
}

export function noActiveCode(phone: Phone): DeviceFault {
  const last = phone.activationCode;
  const expired = last?.state === 'expired';
  const sentence = expired
    ? say('no_active_code.expired', { name: phone.name, since: last.expiresAt.toISOString() })
    : say('no_active_code', { name: phone.name });
  return disallow(
    sentence,
    last === undefined ? {} : { detail: { lastState: last.state, expiresAt: last.expiresAt.toISOString() } },
  );
}
