import { fromUtf8, toHex } from '../../kernel/bytes.ts';
import {
  type DerElement,
  derBoolean,
  derChildren,
  derContext,
  derExpect,
  derNamedBits,
  derObjectIdentifier,
  derOctetAligned,
  derTag,
  derTime,
  derUnsigned,
  readDer,
} from '../../kernel/der.ts';
import { MalformedError } from '../../kernel/errors.ts';

/** What certificates and revocation lists have in common: an issuer's signature over the rest. */
export interface SignedByIssuer {
  /** What the issuer signed. */
  readonly tbs: Uint8Array;
  readonly signature: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithm;
}

/** What path validation looks at, read strictly from the DER (RFC 5280 §4). Views share the certificate's memory. */
export interface Certificate extends SignedByIssuer {
  readonly der: Uint8Array;
  /** Lower-case hex. */
  readonly serialNumber: string;
  /** Names as encoded: compared octet by octet. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly subjectAttributes: readonly NameAttribute[];
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo as encoded. */
  readonly spki: Uint8Array;
  readonly key: PublicKeyKind;
  readonly ca: boolean;
  readonly pathLength: number | undefined;
  /** Undefined: no such extension. */
  readonly keyUsage: KeyUsage | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
  /** Critical extensions that nothing here understands: such a certificate is not to be used (RFC 5280 §4.2). */
  readonly unknownCritical: readonly string[];
}

export interface SignatureAlgorithm {
  readonly kind: 'rsa' | 'rsa-pss' | 'ecdsa' | 'other';
  readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512' | 'other';
}

export interface NameAttribute {
  readonly type: string;
  /** Undefined when the value is not a text of a kind that names use. */
  readonly text: string | undefined;
  /** Which relative distinguished name of the subject it stands in, from 0. Most have one attribute; some have several. */
  readonly rdn: number;
}

export type PublicKeyKind =
  | { readonly kind: 'rsa'; readonly bits: number; readonly soundExponent: boolean }
  | { readonly kind: 'ec'; readonly curve: 'P-256' | 'P-384' | 'other' }
  | { readonly kind: 'other' };

export interface KeyUsage {
  readonly digitalSignature: boolean;
  readonly keyCertSign: boolean;
  readonly crlSign: boolean;
}

const signatureAlgorithms: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.2.840.113549.1.1.5': { kind: 'rsa', hash: 'sha1' },
  '1.2.840.113549.1.1.11': { kind: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { kind: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { kind: 'rsa', hash: 'sha512' },
  '1.2.840.10045.4.1': { kind: 'ecdsa', hash: 'sha1' },
  '1.2.840.10045.4.3.2': { kind: 'ecdsa', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { kind: 'ecdsa', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { kind: 'ecdsa', hash: 'sha512' },
};
const hashes: Readonly<Record<string, SignatureAlgorithm['hash']>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const rsaPss = '1.2.840.113549.1.1.10';
const rsaEncryption = '1.2.840.113549.1.1.1';
const ecPublicKey = '1.2.840.10045.2.1';
const curves: Readonly<Record<string, 'P-256' | 'P-384'>> = { '1.2.840.10045.3.1.7': 'P-256', '1.3.132.0.34': 'P-384' };

export function readSignatureAlgorithm(element: DerElement): SignatureAlgorithm {
  const [identifier, parameters] = derChildren(derExpect(element, derTag.sequence));
  const oid = derObjectIdentifier(identifier);
  if (oid !== rsaPss) return signatureAlgorithms[oid] ?? { kind: 'other', hash: 'other' };
  // RFC 4055 §3.1: the hash is [0], SHA-1 when absent.
  const first = parameters && derChildren(derExpect(parameters, derTag.sequence))[0];
  if (first?.tag !== derContext(0)) return { kind: 'rsa-pss', hash: 'sha1' };
  const hashOid = derObjectIdentifier(derChildren(derExpect(derChildren(first)[0], derTag.sequence))[0]);
  return { kind: 'rsa-pss', hash: hashes[hashOid] ?? 'other' };
}

function readKey(spki: DerElement): PublicKeyKind {
  const [algorithm, bits] = derChildren(spki);
  const [identifier, parameters] = derChildren(derExpect(algorithm, derTag.sequence));
  const key = derOctetAligned(bits);
  switch (derObjectIdentifier(identifier)) {
    case rsaEncryption:
    case rsaPss: {
      const [modulus, exponent] = derChildren(readDer(key, derTag.sequence)).map(derUnsigned);
      if (modulus === undefined || exponent === undefined) throw new MalformedError('RSA key');
      const e = exponent.length <= 4 ? exponent.reduce((sum, octet) => sum * 256 + octet, 0) : Number.NaN;
      return {
        kind: 'rsa',
        bits: modulus.length * 8 - Math.clz32(modulus[0]!) + 24,
        soundExponent: e >= 3 && e % 2 === 1,
      };
    }
    case ecPublicKey:
      return {
        kind: 'ec',
        curve: (parameters?.tag === derTag.objectIdentifier && curves[derObjectIdentifier(parameters)]) || 'other',
      };
    default:
      return { kind: 'other' };
  }
}

const textTags: readonly number[] = [derTag.utf8String, derTag.printableString, derTag.ia5String];

function readName(name: DerElement): readonly NameAttribute[] {
  const attributes: NameAttribute[] = [];
  for (const [rdn, set] of derChildren(name).entries()) {
    for (const pair of derChildren(derExpect(set, derTag.set))) {
      const [type, value] = derChildren(derExpect(pair, derTag.sequence));
      let text: string | undefined;
      if (value && textTags.includes(value.tag)) {
        try {
          text = fromUtf8(value.content);
        } catch {
          text = undefined;
        }
      }
      attributes.push({ type: derObjectIdentifier(type), text, rdn });
    }
  }
  return attributes;
}

interface Extensions {
  ca: boolean;
  pathLength: number | undefined;
  keyUsage: KeyUsage | undefined;
  extendedKeyUsage: readonly string[] | undefined;
  subjectKeyId: string | undefined;
  authorityKeyId: string | undefined;
  unknownCritical: string[];
}

/** Extensions that need no processing here even when they are critical: alternative names and policies say nothing a MIC check uses. */
const harmless = ['2.5.29.17', '2.5.29.32', '2.5.29.31', '1.3.6.1.5.5.7.1.1'];

function readExtensions(list: DerElement | undefined): Extensions {
  const found: Extensions = {
    ca: false,
    pathLength: undefined,
    keyUsage: undefined,
    extendedKeyUsage: undefined,
    subjectKeyId: undefined,
    authorityKeyId: undefined,
    unknownCritical: [],
  };
  const seen = new Set<string>();
  for (const extension of list ? derChildren(list) : []) {
    const parts = [...derChildren(derExpect(extension, derTag.sequence))];
    const oid = derObjectIdentifier(parts.shift());
    if (seen.has(oid)) throw new MalformedError('an extension appears twice');
    seen.add(oid);
    const critical = parts[0]?.tag === derTag.boolean ? derBoolean(parts.shift()) : false;
    const value = derExpect(parts[0], derTag.octetString).content;
    switch (oid) {
      case '2.5.29.19': {
        const [flag, ...rest] = derChildren(readDer(value, derTag.sequence));
        found.ca = flag?.tag === derTag.boolean && derBoolean(flag);
        const length = found.ca ? rest[0] : undefined;
        if (length) {
          const octets = derUnsigned(length);
          found.pathLength = octets.length === 1 ? octets[0]! : 255;
        }
        break;
      }
      case '2.5.29.15': {
        const bits = derNamedBits(readDer(value));
        found.keyUsage = {
          digitalSignature: bits[0] === true,
          keyCertSign: bits[5] === true,
          crlSign: bits[6] === true,
        };
        break;
      }
      case '2.5.29.37':
        found.extendedKeyUsage = derChildren(readDer(value, derTag.sequence)).map(derObjectIdentifier);
        break;
      case '2.5.29.14':
        found.subjectKeyId = toHex(readDer(value, derTag.octetString).content);
        break;
      case '2.5.29.35':
        found.authorityKeyId = readAuthorityKeyId(value);
        break;
      default:
        if (critical && !harmless.includes(oid)) found.unknownCritical.push(oid);
    }
  }
  return found;
}

/** The key identifier of an AuthorityKeyIdentifier extension, in lower-case hex. */
export function readAuthorityKeyId(value: Uint8Array): string | undefined {
  const id = derChildren(readDer(value, derTag.sequence)).find((part) => part.tag === derContext(0, false));
  return id && toHex(id.content);
}

/** A serial number as everything here compares it: lower-case hex of whole octets, without the sign octet. */
export function readSerialNumber(element: DerElement | undefined): string {
  return toHex(derExpect(element, derTag.integer).content).replace(/^00(?=.)/, '');
}

/** Largest certificate that is read, in octets. */
export const largestCertificate = 16 * 1024;

/** Throws MalformedError on anything that is not strictly an X.509 certificate. */
export function readCertificate(der: Uint8Array): Certificate {
  if (der.length > largestCertificate) throw new MalformedError('the certificate is too large');
  const [tbs, outerAlgorithm, signature, extra] = derChildren(readDer(der, derTag.sequence));
  if (tbs === undefined || outerAlgorithm === undefined || extra) throw new MalformedError('not a certificate');
  const fields = [...derChildren(derExpect(tbs, derTag.sequence))];
  if (fields[0]?.tag === derContext(0)) fields.shift();
  const [serial, innerAlgorithm, issuer, validity, subject, spki, ...optional] = fields;
  if (innerAlgorithm === undefined || toHex(innerAlgorithm.encoded) !== toHex(outerAlgorithm.encoded)) {
    throw new MalformedError('the two signature algorithms differ');
  }
  const [notBefore, notAfter] = derChildren(derExpect(validity, derTag.sequence));
  const extensions = optional.find((field) => field.tag === derContext(3));
  const subjectName = derExpect(subject, derTag.sequence);
  const keyInfo = derExpect(spki, derTag.sequence);
  return {
    der,
    tbs: tbs.encoded,
    signature: derOctetAligned(signature),
    signatureAlgorithm: readSignatureAlgorithm(outerAlgorithm),
    serialNumber: readSerialNumber(serial),
    issuer: derExpect(issuer, derTag.sequence).encoded,
    subject: subjectName.encoded,
    subjectAttributes: readName(subjectName),
    notBefore: derTime(notBefore),
    notAfter: derTime(notAfter),
    spki: keyInfo.encoded,
    key: readKey(keyInfo),
    ...readExtensions(extensions && derChildren(extensions)[0]),
  };
}
