import { Fault } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';
import { isUploadName } from './served-name.ts';

/** A file an administrator uploaded for phones: firmware load, image, locale, tones. */
export interface FirmwareFile {
  readonly id: string;
  readonly name: string;
  /** Octets. */
  readonly size: number;
  readonly sha256: Uint8Array;
  readonly createdAt: Date;
}

export type FirmwareFaultCode =
  | 'firmware_name_invalid'
  | 'firmware_too_large'
  | 'firmware_empty'
  | 'firmware_exists'
  | 'firmware_incomplete'
  | 'firmware_in_use';

export class FirmwareFault extends Fault<FirmwareFaultCode> {}

/** 200 MiB. */
export const maxFirmwareSize = 200 * 1024 * 1024;

/** Throws FirmwareFault `firmware_name_invalid`. */
export function requireFirmwareName(name: string): void {
  if (isUploadName(name)) return;
  throw new FirmwareFault('caller', say('firmware_name_invalid'), { field: 'name' });
}
