import type { Caller } from '../../domain/access/permissions.ts';
import { DeviceFault } from '../../domain/devices/faults.ts';
import type { Phone } from '../../domain/devices/phone.ts';
import type { PhoneService } from '../../domain/devices/phone-service.ts';
import { type DeviceName, parseDeviceName } from '../../identifiers/device-name.ts';

/** The name in the path, in any case. @throws DeviceFault `phone_not_found`: what is no name is no phone's name */
export function readDeviceName(text: string): DeviceName {
  const name = parseDeviceName(text);
  if (name !== undefined) return name;
  throw new DeviceFault('caller', 'phone_not_found', `There is no phone ${JSON.stringify(text)}.`, {
    field: 'name',
    remedy: 'A device name is SEP or BAT and 12 hex digits.',
  });
}

/** The phone, if the caller may see it. For others it does not exist. */
export async function findVisible(phones: PhoneService, text: string, caller: Caller): Promise<Phone> {
  const name = readDeviceName(text);
  if (caller.can('phones.read')) return phones.find(name);
  const phone = await phones.find(name).catch((error: unknown) => {
    if (error instanceof DeviceFault && error.code === 'phone_not_found') return undefined;
    throw error;
  });
  if (phone === undefined || !owns(caller, phone)) {
    throw new DeviceFault('caller', 'phone_not_found', `There is no phone ${name}.`, {
      field: 'name',
      remedy: 'Check the device name.',
    });
  }
  return phone;
}

/** The caller's own phone. For others it does not exist. */
export async function findOwn(phones: PhoneService, text: string, caller: Caller): Promise<Phone> {
  const phone = await findVisible(phones, text, caller);
  if (owns(caller, phone)) return phone;
  throw new DeviceFault('caller', 'phone_not_found', `${phone.name} is not a phone of yours.`, {
    field: 'name',
    remedy: 'Check the device name.',
  });
}

export function owns(caller: Caller, phone: Phone): boolean {
  return phone.ownerUserId !== undefined && phone.ownerUserId === caller.userId;
}
