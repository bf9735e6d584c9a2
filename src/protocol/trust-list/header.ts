import { concat } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { asNumber, containerHead, TlvReader, text, tlv, u16, u32 } from './tlv.ts';

/** Header tags. Source: reference/field-facts.md §3.1. */
export const headerTag = {
  version: 1,
  headerLength: 2,
  signerInfo: 3,
  signerName: 4,
  serialNumber: 5,
  issuerName: 6,
  signatureInfo: 7,
  hashAlgorithm: 8,
  signatureAlgorithmInfo: 9,
  signatureAlgorithm: 10,
  signatureModulus: 11,
  signature: 12,
  padding: 13,
  fileName: 14,
  timestamp: 15,
  signerVersion: 28,
} as const;

export type HashAlgorithm = 'sha1' | 'sha256' | 'sha512';
const hashNumbers: readonly [number, HashAlgorithm][] = [
  [1, 'sha1'],
  [2, 'sha256'],
  [3, 'sha512'],
];
/** Index on the wire → bits of the signer's RSA modulus. */
const modulusBits = [512, 1024, 2048, 4096] as const;
export type ModulusBits = (typeof modulusBits)[number];

/** Who signed: names in RFC 4514 form, serial number as minimal big-endian octets. */
export interface SignerIdentity {
  readonly name: string;
  readonly serialNumber: Uint8Array;
  readonly issuer: string;
}

export interface SignedHeader {
  /** `1.2` for .tlv, `1.0` for .sgn. */
  readonly version: '1.2' | '1.0';
  /** Only in .tlv: `1.1` lets phones use EC keys and HTTPS provisioning. */
  readonly signerVersion: '1.0' | '1.1' | undefined;
  readonly signer: SignerIdentity;
  readonly hash: HashAlgorithm;
  readonly modulusBits: ModulusBits;
  readonly fileName: string;
  /** Seconds since the epoch, u32. */
  readonly timestamp: number;
}

export interface DecodedHeader extends SignedHeader {
  /** Octets from the file's start to the first record or to the content. */
  readonly headerLength: number;
  readonly signature: Uint8Array;
  /** The whole file without the signature element: what the signature is over. */
  readonly signedBytes: Uint8Array;
}

/**
 * The header around a signature that does not exist yet. The signature is over `prefix | suffix | content` (the header length in it already
 * counts the signature element), so: sign that, then `assemble(signature)`.
 */
export function layOutHeader(
  header: SignedHeader,
  content: Uint8Array,
): { toBeSigned: Uint8Array; assemble(signature: Uint8Array): Uint8Array } {
  const signatureLength = header.modulusBits / 8;
  const signerInfo = concat(
    tlv(headerTag.signerName, text(header.signer.name)),
    tlv(headerTag.serialNumber, header.signer.serialNumber),
    tlv(headerTag.issuerName, text(header.signer.issuer)),
  );
  const hashNumber = hashNumbers.find(([, name]) => name === header.hash)![0];
  const beforeSignature = concat(
    header.signerVersion === undefined
      ? new Uint8Array(0)
      : tlv(headerTag.signerVersion, versionBytes(header.signerVersion)),
    containerHead(headerTag.signerInfo, signerInfo.length),
    signerInfo,
    containerHead(headerTag.signatureInfo, 15),
    tlv(headerTag.hashAlgorithm, Uint8Array.of(hashNumber)),
    containerHead(headerTag.signatureAlgorithmInfo, 8),
    tlv(headerTag.signatureAlgorithm, Uint8Array.of(0)),
    tlv(headerTag.signatureModulus, Uint8Array.of(modulusBits.indexOf(header.modulusBits))),
  );
  const afterSignature = concat(
    tlv(headerTag.fileName, text(header.fileName)),
    tlv(headerTag.timestamp, u32(header.timestamp)),
  );
  const versionAndLength = 5 + 5;
  const bare = versionAndLength + beforeSignature.length + 3 + signatureLength + afterSignature.length;
  const padding = (4 - (bare % 4)) % 4;
  const prefix = concat(
    tlv(headerTag.version, versionBytes(header.version)),
    tlv(headerTag.headerLength, u16(bare + padding)),
    beforeSignature,
  );
  const suffix = concat(afterSignature, new Uint8Array(padding).fill(headerTag.padding));
  return {
    toBeSigned: concat(prefix, suffix, content),
    assemble(signature) {
      if (signature.length !== signatureLength) throw new RangeError(`signature must have ${signatureLength} octets`);
      return concat(prefix, tlv(headerTag.signature, signature), suffix, content);
    },
  };
}

/** Reads a signed file's header strictly, in the one order that is written. Throws MalformedError. */
export function decodeHeader(file: Uint8Array, versions: readonly SignedHeader['version'][]): DecodedHeader {
  const reader = new TlvReader(file);
  const version = readVersion(reader.expect(headerTag.version, 2));
  if (!isOneOf(version, versions)) throw new MalformedError(`version ${version} is not ${versions.join(' or ')}`, 0);
  const headerLength = asNumber(reader.expect(headerTag.headerLength, 2));
  if (headerLength > file.length || headerLength % 4 !== 0) throw new MalformedError('bad header length', 5);
  let signerVersion: '1.0' | '1.1' | undefined;
  if (reader.peek() === headerTag.signerVersion) {
    const found = readVersion(reader.expect(headerTag.signerVersion, 2));
    if (found !== '1.0' && found !== '1.1') throw new MalformedError(`signer version ${found} is unknown`, reader.at);
    signerVersion = found;
  }
  const signerEnd = reader.enter(headerTag.signerInfo);
  const name = reader.expectText(headerTag.signerName);
  const serialNumber = reader.expect(headerTag.serialNumber);
  if (serialNumber.length === 0 || serialNumber.length > 20) throw new MalformedError('bad serial number', reader.at);
  const issuer = reader.expectText(headerTag.issuerName);
  reader.leave(signerEnd);
  const signatureEnd = reader.enter(headerTag.signatureInfo);
  const hashNumber = asNumber(reader.expect(headerTag.hashAlgorithm, 1));
  const hash = hashNumbers.find(([number]) => number === hashNumber)?.[1];
  if (hash === undefined) throw new MalformedError(`hash algorithm ${hashNumber} is unknown`, reader.at);
  const algorithmEnd = reader.enter(headerTag.signatureAlgorithmInfo);
  if (asNumber(reader.expect(headerTag.signatureAlgorithm, 1)) !== 0) throw new MalformedError('not RSA', reader.at);
  const bits = modulusBits[asNumber(reader.expect(headerTag.signatureModulus, 1))];
  if (bits === undefined) throw new MalformedError('unknown modulus size', reader.at);
  reader.leave(algorithmEnd);
  reader.leave(signatureEnd);
  const signatureStart = reader.at;
  const signature = reader.expect(headerTag.signature, bits / 8);
  const signatureStop = reader.at;
  const fileName = reader.expectText(headerTag.fileName);
  const timestamp = asNumber(reader.expect(headerTag.timestamp, 4));
  while (reader.at < headerLength) {
    if (reader.u8() !== headerTag.padding) throw new MalformedError('padding expected', reader.at - 1);
  }
  if (reader.at !== headerLength) throw new MalformedError('header length does not fit the header', reader.at);
  const signedBytes = concat(file.subarray(0, signatureStart), file.subarray(signatureStop));
  return {
    version,
    signerVersion,
    signer: { name, serialNumber, issuer },
    hash,
    modulusBits: bits,
    fileName,
    timestamp,
    headerLength,
    signature,
    signedBytes,
  };
}

function versionBytes(version: string): Uint8Array {
  const [major, minor] = version.split('.');
  return Uint8Array.of(Number(major), Number(minor));
}

function readVersion(bytes: Uint8Array): string {
  return `${bytes[0]}.${bytes[1]}`;
}

function isOneOf<T extends string>(text: string, allowed: readonly T[]): text is T {
  return (allowed as readonly string[]).includes(text);
}
