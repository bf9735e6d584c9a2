import { concat } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { type DecodedHeader, decodeHeader, layOutHeader, type SignedHeader } from './header.ts';
import { asNumber, asText, TlvReader, text, tlv, u16 } from './tlv.ts';

/** What a certificate in the list may be trusted for. Source: reference/field-facts.md §3.3. */
export const trustRole = { SAST: 0, CCM: 1, 'CCM+TFTP': 2, TFTP: 3, CAPF: 4, 'APP-SERVER': 7, TVS: 21 } as const;
export type TrustRole = keyof typeof trustRole;
const roleNames = new Map<number, TrustRole>(
  Object.entries(trustRole).map(([name, number]) => [number, name as TrustRole]),
);

/** The role behind its number on the wire; undefined when it is none we know. */
export function roleOf(number: number): TrustRole | undefined {
  return roleNames.get(number);
}

export interface TrustRecord {
  /** RFC 4514 attributes joined with commas, in certificate order. */
  readonly subject: string;
  readonly issuer: string;
  /** Minimal big-endian octets. */
  readonly serialNumber: Uint8Array;
  readonly role: TrustRole;
  /** RSA: PKCS#1 DER; EC: uncompressed point. */
  readonly publicKey: Uint8Array;
  /** The certificate's own signature value. */
  readonly signature: Uint8Array;
  /** DER. */
  readonly certificate: Uint8Array;
}

export interface TrustList extends DecodedHeader {
  readonly records: readonly TrustRecord[];
}

export const recordTag = {
  recordLength: 1,
  dnsName: 2,
  subject: 3,
  role: 4,
  issuer: 5,
  serialNumber: 6,
  publicKey: 7,
  signature: 8,
  certificate: 9,
  ipAddress: 10,
  certificateHash: 11,
  hashAlgorithm: 12,
} as const;

/** Above this phones fail to load the file (spec/security.md; reference/field-facts.md §3.4). */
export const maxTrustListLength = 60 * 1024;
export const maxSastRecords = 2;

/** One record as it stands in the file. */
export function encodeRecord(record: TrustRecord): Uint8Array {
  const body = concat(
    tlv(recordTag.subject, text(record.subject)),
    tlv(recordTag.issuer, text(record.issuer)),
    tlv(recordTag.serialNumber, record.serialNumber),
    tlv(recordTag.role, u16(trustRole[record.role])),
    tlv(recordTag.publicKey, record.publicKey),
    tlv(recordTag.signature, record.signature),
    tlv(recordTag.certificate, record.certificate),
  );
  return concat(tlv(recordTag.recordLength, u16(5 + body.length)), body);
}

/** All records in their order: the part of the file whose change makes a new list. */
export function encodeRecords(records: readonly TrustRecord[]): Uint8Array {
  return concat(...records.map(encodeRecord));
}

/**
 * A .tlv file around a signature to be made. Throws RangeError when the list breaks its limits or the signer is not among its SAST records.
 * Signing is the caller's: RSA PKCS#1 v1.5 over `toBeSigned` with the header's hash.
 */
export function layOutTrustList(
  header: Omit<SignedHeader, 'version'>,
  records: readonly TrustRecord[],
): { toBeSigned: Uint8Array; assemble(signature: Uint8Array): Uint8Array } {
  const sast = records.filter((record) => record.role === 'SAST');
  if (sast.length > maxSastRecords) throw new RangeError(`a trust list holds at most ${maxSastRecords} SAST records`);
  const body = encodeRecords(records);
  const laidOut = layOutHeader({ version: '1.2', ...header }, body);
  if (laidOut.toBeSigned.length + 3 + header.modulusBits / 8 > maxTrustListLength) {
    throw new RangeError(`a trust list holds at most ${maxTrustListLength} octets`);
  }
  return laidOut;
}

/** Strict: every octet is accounted for. Throws MalformedError. Does not verify the signature. */
export function decodeTrustList(file: Uint8Array): TrustList {
  if (file.length > maxTrustListLength) throw new MalformedError('larger than a trust list may be', maxTrustListLength);
  const header = decodeHeader(file, ['1.2']);
  const records: TrustRecord[] = [];
  let at = header.headerLength;
  while (at < file.length) {
    const outer = new TlvReader(file, at);
    const length = asNumber(outer.expect(recordTag.recordLength, 2));
    if (length < 5 || at + length > file.length) throw new MalformedError('bad record length', at);
    records.push(decodeRecord(new TlvReader(file, at + 5, at + length)));
    at += length;
  }
  if (records.filter((record) => record.role === 'SAST').length > maxSastRecords) {
    throw new MalformedError('more than two SAST records');
  }
  return { ...header, records };
}

function decodeRecord(reader: TlvReader): TrustRecord {
  const start = reader.at;
  const values = new Map<number, Uint8Array>();
  while (!reader.done) {
    const tag = reader.u8();
    if (tag < recordTag.dnsName || tag > recordTag.hashAlgorithm) {
      throw new MalformedError(`record tag ${tag} is unknown`, reader.at - 1);
    }
    if (values.has(tag)) throw new MalformedError(`record tag ${tag} is repeated`, reader.at - 1);
    values.set(tag, reader.take(reader.u16()));
  }
  const value = (tag: number): Uint8Array => {
    const found = values.get(tag);
    if (found === undefined) throw new MalformedError(`record lacks tag ${tag}`, start);
    return found;
  };
  const number = value(recordTag.role);
  const role = number.length === 2 ? roleOf(asNumber(number)) : undefined;
  if (role === undefined) throw new MalformedError('role is unknown', start);
  return {
    subject: asText(value(recordTag.subject), start),
    issuer: asText(value(recordTag.issuer), start),
    serialNumber: value(recordTag.serialNumber),
    role,
    publicKey: value(recordTag.publicKey),
    signature: value(recordTag.signature),
    certificate: value(recordTag.certificate),
  };
}
