import { isMacAddress, type MacAddress } from '../../identifiers/mac-address.ts';
import type { NameAttribute } from './certificate.ts';

/** Who a manufacturer-installed certificate says the phone is. */
export interface MicSubject {
  /** `CP-8845-SEP001122334455`. */
  readonly commonName: string;
  /** `CP-8845`. */
  readonly product: string;
  readonly mac: MacAddress;
  /** From serialNumber; empty when the certificate has none. */
  readonly hardwareSerial: string;
}

const commonNameType = '2.5.4.3';
const serialNumberType = '2.5.4.5';
const commonNameForm = /^(CP-[0-9A-Z]+(?:-[0-9A-Z]+)*)-SEP([0-9A-F]{12})$/;
const serialNumberForm = /^PID:(CP-[0-9A-Z]+(?:-[0-9A-Z]+)*) SN:([0-9A-Z]{1,32})$/;

/**
 * Spec §9: exactly one CN of the known form with a unicast MAC, in a relative distinguished name of its own: one that shares it with another
 * attribute is another name, and not each reader finds the same CN in it. serialNumber, where the manufacturer wrote one, must name the same product.
 * Undefined when the subject is anything else.
 */
export function readMicSubject(attributes: readonly NameAttribute[]): MicSubject | undefined {
  const names = attributes.filter(({ type }) => type === commonNameType);
  const serials = attributes.filter(({ type }) => type === serialNumberType);
  const match = names.length === 1 ? commonNameForm.exec(names[0]!.text ?? '') : null;
  if (!match || serials.length > 1) return undefined;
  if (attributes.some((each) => each !== names[0] && each.rdn === names[0]?.rdn)) return undefined;
  const [commonName, product, mac] = match as unknown as [string, string, string];
  if (!isMacAddress(mac)) return undefined;
  if (serials.length === 0) return { commonName, product, mac, hardwareSerial: '' };
  const serial = serialNumberForm.exec(serials[0]!.text ?? '');
  if (serial?.[1] !== product) return undefined;
  return { commonName, product, mac, hardwareSerial: serial[2]! };
}
