import type { BootFailure, DeviceConfiguration } from './types.ts';

/** The number of a versionStamp `<number>-<uuid>`: it only grows from one file of a phone to the next. Undefined: it has none. */
export function orderOf(versionStamp: string): number | undefined {
  const digits = /^(\d{1,15})-/.exec(versionStamp)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Why a file is not taken although it is rightly signed: the phone has a newer one, so somebody kept this one and offers it again. Undefined:
 * it is newer, or as new (two changes within one second carry one number).
 */
export function olderThan(
  held: DeviceConfiguration | undefined,
  offered: DeviceConfiguration,
): BootFailure | undefined {
  const [before, now] = [orderOf(held?.versionStamp ?? ''), orderOf(offered.versionStamp)];
  if (before === undefined || now === undefined || now >= before) return undefined;
  return {
    code: 'file_older',
    message: `An older file (${offered.versionStamp}) than the one this phone has (${held!.versionStamp}) was offered.`,
  };
}
