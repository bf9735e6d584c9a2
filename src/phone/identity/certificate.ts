import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type DerElement, derChildren, derTag, readDer } from '../../kernel/der.ts';
import { MalformedError } from '../../kernel/errors.ts';
import {
  der,
  derBits,
  derBoolean,
  derInteger,
  derObjectIdentifier,
  derOctets,
  derPrintable,
  derSequence,
  derSet,
  derTime,
  derUtf8,
} from './der.ts';

/** A manufacturer that can sign: its certificate's own bytes and its key. */
export interface Issuer {
  /** DER of the subject: the MIC's issuer must repeat it octet for octet. */
  readonly subject: Uint8Array;
  readonly keyIdentifier: Uint8Array;
  readonly key: KeyObject;
}

export interface MicSubject {
  /** `CP-8845`. */
  readonly product: string;
  /** 12 upper-case hex digits. */
  readonly mac: string;
  readonly serial: string;
}

/** The parts of a certificate an issuer needs. Throws MalformedError. */
export function readIssuer(certificate: Uint8Array, key: KeyObject): Issuer {
  const [toBeSigned] = derChildren(readDer(certificate, derTag.sequence));
  const fields = toBeSigned === undefined ? [] : derChildren(toBeSigned);
  // version [0] may be absent; then: serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo.
  const at = fields[0]?.tag === 0xa0 ? 1 : 0;
  const subject = fields[at + 4];
  const publicKeyInfo = fields[at + 5];
  if (subject === undefined || publicKeyInfo === undefined) throw new MalformedError('not a certificate');
  return { subject: subject.encoded, keyIdentifier: ownIdentifier(fields) ?? keyHash(publicKeyInfo), key };
}

/** subjectKeyIdentifier, when the certificate has one. */
function ownIdentifier(fields: readonly DerElement[]): Uint8Array | undefined {
  const wrapper = fields.find((field) => field.tag === 0xa3);
  const list = wrapper === undefined ? undefined : derChildren(wrapper)[0];
  const wanted = derObjectIdentifier('2.5.29.14');
  for (const each of list === undefined ? [] : derChildren(list)) {
    const parts = derChildren(each);
    const value = parts.at(-1);
    if (value !== undefined && Buffer.compare(parts[0]!.encoded, wanted) === 0) return readDer(value.content).content;
  }
  return undefined;
}

/** RFC 5280 §4.2.1.2, method 1. */
function keyHash(publicKeyInfo: DerElement): Uint8Array {
  const key = derChildren(publicKeyInfo)[1];
  if (key === undefined) throw new MalformedError('not a public key');
  return createHash('sha1').update(key.content.subarray(1)).digest();
}

const attribute = (oid: string, value: Uint8Array) => derSet(derSequence(derObjectIdentifier(oid), value));

function subjectName({ product, mac, serial }: MicSubject): Uint8Array {
  return derSequence(
    attribute('2.5.4.5', derPrintable(`PID:${product} SN:${serial}`)),
    attribute('2.5.4.10', derUtf8('Firstring Lab')),
    attribute('2.5.4.11', derUtf8('Phones')),
    attribute('2.5.4.3', derUtf8(`${product}-SEP${mac}`)),
  );
}

function extension(oid: string, critical: boolean, value: Uint8Array): Uint8Array {
  return derSequence(derObjectIdentifier(oid), ...(critical ? [derBoolean(true)] : []), derOctets(value));
}

function signatureAlgorithm(key: KeyObject): { algorithm: Uint8Array; hash: string } {
  if (key.asymmetricKeyType === 'rsa') {
    return { algorithm: derSequence(derObjectIdentifier('1.2.840.113549.1.1.11'), der(0x05)), hash: 'sha256' };
  }
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve === 'prime256v1')
    return { algorithm: derSequence(derObjectIdentifier('1.2.840.10045.4.3.2')), hash: 'sha256' };
  if (curve === 'secp384r1')
    return { algorithm: derSequence(derObjectIdentifier('1.2.840.10045.4.3.3')), hash: 'sha384' };
  throw new MalformedError('a manufacturer signs with RSA, P-256 or P-384');
}

const dayMs = 86_400_000;

/** Signs a MIC for a phone's public key: ten years, clientAuth, no CA. DER. */
export function issueMic(issuer: Issuer, subject: MicSubject, publicKey: KeyObject, now: Date): Uint8Array {
  const { algorithm, hash } = signatureAlgorithm(issuer.key);
  const publicKeyInfo = publicKey.export({ format: 'der', type: 'spki' });
  const serialNumber = randomBytes(16);
  serialNumber[0]! &= 0x7f;
  const toBeSigned = derSequence(
    der(0xa0, derInteger(Uint8Array.of(2))),
    derInteger(serialNumber),
    algorithm,
    issuer.subject,
    derSequence(derTime(new Date(now.getTime() - dayMs)), derTime(new Date(now.getTime() + 3650 * dayMs))),
    subjectName(subject),
    publicKeyInfo,
    der(
      0xa3,
      derSequence(
        extension('2.5.29.19', true, derSequence()),
        extension('2.5.29.15', true, derBits(Uint8Array.of(0x80), 7)),
        extension('2.5.29.37', false, derSequence(derObjectIdentifier('1.3.6.1.5.5.7.3.2'))),
        extension('2.5.29.14', false, derOctets(keyHash(readDer(publicKeyInfo)))),
        extension('2.5.29.35', false, derSequence(der(0x80, issuer.keyIdentifier))),
      ),
    ),
  );
  return derSequence(toBeSigned, algorithm, derBits(sign(hash, toBeSigned, issuer.key)));
}
