import { constants, createPrivateKey, sign } from 'node:crypto';
import type { Issued } from './certificates.ts';

/** Certificate revocation lists of every shape, good and bad, made octet by octet: what no library would make as well. */

const length = (octets: number): number[] => {
  if (octets < 0x80) return [octets];
  const bytes: number[] = [];
  for (let rest = octets; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
};
export const tlv = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...length(content.length)]), content]);
};
const sequence = (...parts: readonly Uint8Array[]) => tlv(0x30, ...parts);
const objectId = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const arcs = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift(0x80 | (left % 128));
    return digits;
  });
  return tlv(0x06, Buffer.from(arcs));
};
const positive = (value: bigint): Buffer => {
  let hex = value.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  return tlv(0x02, Buffer.from(/^[89a-f]/.test(hex) ? `00${hex}` : hex, 'hex'));
};
const time = (date: Date): Buffer => {
  const text = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(text.slice(2))) : tlv(0x18, Buffer.from(text));
};

export interface ListExtension {
  readonly id: string;
  readonly critical?: boolean;
  /** What is inside the OCTET STRING. */
  readonly value: Uint8Array;
}
const extension = ({ id, critical = false, value }: ListExtension) =>
  sequence(objectId(id), ...(critical ? [Buffer.from([1, 1, 0xff])] : []), tlv(0x04, value));

export interface ListEntry {
  /** Hex, as certificates are asked for: `issued.certificate.serialNumber`. */
  readonly serialNumber: string;
  readonly extensions?: readonly ListExtension[];
}

export interface ListOptions {
  readonly issuer: Issued;
  readonly entries?: readonly (string | ListEntry)[];
  /** CRL number; null: none. */
  readonly number?: bigint | number | null;
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | null;
  readonly extensions?: readonly ListExtension[];
  readonly hash?: 'sha1' | 'sha256';
  /** Whose key signs it. Default: the issuer's. */
  readonly signer?: Issued;
}

export const listExtension = {
  delta: { id: '2.5.29.27', critical: true, value: positive(1n) },
  unknown: { id: '1.3.6.1.4.1.99999.1', critical: true, value: Buffer.from([5, 0]) },
  /** IssuingDistributionPoint with one flag: 1 user certificates only, 2 authorities only, 4 indirect, 5 attribute certificates only. */
  scope: (flag: 1 | 2 | 4 | 5): ListExtension => ({
    id: '2.5.29.28',
    critical: true,
    value: sequence(tlv(0x80 | flag, Buffer.from([0xff]))),
  }),
  reason: (code: number): ListExtension => ({ id: '2.5.29.21', value: tlv(0x0a, Buffer.from([code])) }),
  certificateIssuer: { id: '2.5.29.29', critical: true, value: sequence() },
} as const;

const day = 86_400_000;

/** A list in DER. */
export function revocationList(options: ListOptions): Buffer {
  const { issuer, entries = [], number = 1, hash = 'sha256', signer = issuer, extensions = [] } = options;
  const thisUpdate = options.thisUpdate ?? new Date(Date.now() - day);
  const nextUpdate = options.nextUpdate === undefined ? new Date(Date.now() + 30 * day) : options.nextUpdate;
  const key = createPrivateKey(signer.keyPem);
  const rsa = key.asymmetricKeyType === 'rsa';
  const oids = rsa
    ? { sha1: '1.2.840.113549.1.1.5', sha256: '1.2.840.113549.1.1.11' }
    : { sha1: '1.2.840.10045.4.1', sha256: '1.2.840.10045.4.3.2' };
  const algorithm = sequence(objectId(oids[hash]), ...(rsa ? [Buffer.from([5, 0])] : []));
  const revoked = entries.map((entry) => {
    const { serialNumber, extensions: more = [] } = typeof entry === 'string' ? { serialNumber: entry } : entry;
    return sequence(
      positive(BigInt(`0x${serialNumber}`)),
      time(thisUpdate),
      ...(more.length === 0 ? [] : [sequence(...more.map(extension))]),
    );
  });
  const all = [...(number === null ? [] : [{ id: '2.5.29.20', value: positive(BigInt(number)) }]), ...extensions];
  const tbs = sequence(
    positive(1n),
    algorithm,
    Buffer.from(issuer.certificate.subjectName.toArrayBuffer()),
    time(thisUpdate),
    ...(nextUpdate === null ? [] : [time(nextUpdate)]),
    ...(revoked.length === 0 ? [] : [sequence(Buffer.concat(revoked))]),
    ...(all.length === 0 ? [] : [tlv(0xa0, sequence(...all.map(extension)))]),
  );
  const signature = sign(hash, tbs, rsa ? { key, padding: constants.RSA_PKCS1_PADDING } : key);
  return sequence(tbs, algorithm, tlv(0x03, Buffer.from([0]), signature));
}

export function pemOf(list: Uint8Array): string {
  const lines =
    Buffer.from(list)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN X509 CRL-----\n${lines.join('\n')}\n-----END X509 CRL-----\n`;
}
