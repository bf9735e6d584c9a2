import type { DeviceName } from '../../identifiers/device-name.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { Actor } from '../ports.ts';
import { type DeviceFault, disallow } from './faults.ts';
import type { Phone } from './phone.ts';
import { lockPhone, type PhoneParts } from './phone-parts.ts';
import type { Owner } from './ports.ts';

/**
 * Whether a code is withheld from the owner that `actor` gives a phone. Who may see codes gives it away as they please. Who may not can prepare
 * a new phone for somebody (it is what they are there for), but not for themselves, and can hand no existing phone, whose code may be
 * live, to somebody else. Ways in that such people make are marked on the user: see UserService.
 */
export function ownerUnconfirmed(actor: Actor, owner: Owner | undefined, phone: 'new' | 'existing'): boolean {
  if (owner === undefined || actor.seesCodes !== false) return false;
  return phone === 'existing' || owner.userId.toLowerCase() === actor.name.toLowerCase();
}

/** Somebody who may see codes stands for it that this owner, who signs in and gets mail as now, may see the codes of the phone. @throws DeviceFault */
export async function confirmOwner(
  parts: PhoneParts,
  name: DeviceName,
  actor: Actor,
  ifVersion?: number,
): Promise<Phone> {
  const work = async (tx: Transaction) => {
    const phone = await lockPhone(parts, tx, name, ifVersion);
    if (phone.ownerUserId === undefined) throw disallow(say('no_owner_to_confirm', { name: phone.name }));
    if (!phone.codeWithheld) return phone;
    await parts.phones.confirmOwner(tx, phone.id);
    await parts.audit.append(tx, {
      actor,
      action: 'phone.owner-confirmed',
      objectKind: 'phone',
      objectId: phone.id,
      objectName: phone.name,
      detail: { owner: phone.ownerUserId },
    });
    return (await parts.phones.byId(phone.id, tx))!;
  };
  return parts.transactions.run(work);
}

/** What the owner is told instead of the code. */
export function codeWithheld(phone: Phone): DeviceFault {
  return disallow(say('code_withheld.yours', { name: phone.name }));
}
