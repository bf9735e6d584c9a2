import type { Caller } from '../../domain/access/permissions.ts';
import { DeviceFault } from '../../domain/devices/faults.ts';
import type { Phone } from '../../domain/devices/phone.ts';
import type { PhoneService } from '../../domain/devices/phone-service.ts';
import { type DeviceName, parseDeviceName } from '../../identifiers/device-name.ts';
import { say } from '../../texts/say.ts';

/** The name in the path, in any case. @throws DeviceFault `phone_not_found`: what is no name is no phone's name */
export function readDeviceName(text: string): DeviceName {
  const name = parseDeviceName(text);
  if (name !== undefined) return name;
  throw new DeviceFault('caller', say('phone_not_found.not_a_name', { text }), { field: 'name' });
}

const idForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The phone of that name or id, if the caller may see it. For others it does not exist. */
export async function findVisible(phones: PhoneService, text: string, caller: Caller): Promise<Phone> {
  const find = () => (idForm.test(text) ? phones.findById(text) : phones.find(readDeviceName(text)));
  if (caller.can('phones.read')) return find();
  const phone = await find().catch((error: unknown) => {
    if (error instanceof DeviceFault && error.code === 'phone_not_found') return undefined;
    throw error;
  });
  if (phone === undefined || !owns(caller, phone)) {
    await noteForeign(phones, phone ?? { name: text, id: undefined }, caller);
    throw new DeviceFault('caller', say('phone_not_found.at_address', { text }), { field: 'name' });
  }
  return phone;
}

/** The caller's own phone. For others it does not exist. */
export async function findOwn(phones: PhoneService, text: string, caller: Caller): Promise<Phone> {
  const phone = await findVisible(phones, text, caller);
  if (owns(caller, phone)) return phone;
  await noteForeign(phones, phone, caller);
  throw new DeviceFault('caller', say('phone_not_found.not_yours', { name: phone.name }), { field: 'name' });
}

const noteForeign = (
  phones: PhoneService,
  phone: { readonly name: string; readonly id: string | undefined },
  caller: Caller,
) => phones.foreign.note(caller.actor, { name: phone.name.slice(0, 64), id: phone.id }, performance.now());

export function owns(caller: Caller, phone: Phone): boolean {
  return phone.ownerUserId !== undefined && phone.ownerUserId === caller.userId;
}
