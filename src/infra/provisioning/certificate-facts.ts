import { X509Certificate } from 'node:crypto';
import { fromHex } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { TrustRecord, TrustRole } from '../../protocol/trust-list/trust-list.ts';

/** A certificate's facts as a trust list states them. Throws MalformedError for octets that are no certificate of a kind phones know. */
export function trustRecordOf(der: Uint8Array, role: TrustRole): TrustRecord {
  const certificate = parse(der);
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    serialNumber: serialOf(certificate),
    role,
    publicKey: publicKeyOf(certificate),
    signature: signatureOf(der),
    certificate: der,
  };
}

/** Names and serial number as the header of a signed file states its signer. */
export function signerOf(der: Uint8Array): { name: string; issuer: string; serialNumber: Uint8Array } {
  const certificate = parse(der);
  return {
    name: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    serialNumber: serialOf(certificate),
  };
}

function parse(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw Object.assign(new MalformedError('not a certificate'), { cause });
  }
}

/** Node writes one attribute a line, in certificate order, escaped as RFC 4514 wants. */
function oneLine(name: string): string {
  return name.split('\n').join(',');
}

function serialOf(certificate: X509Certificate): Uint8Array {
  const hex = certificate.serialNumber;
  const bytes = fromHex(hex.length % 2 === 0 ? hex : `0${hex}`);
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  return bytes.subarray(start);
}

function publicKeyOf(certificate: X509Certificate): Uint8Array {
  const { publicKey } = certificate;
  if (publicKey.asymmetricKeyType === 'rsa') return publicKey.export({ type: 'pkcs1', format: 'der' });
  if (publicKey.asymmetricKeyType === 'ec') {
    const { x, y } = publicKey.export({ format: 'jwk' });
    return Buffer.concat([Buffer.of(4), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')]);
  }
  throw new MalformedError(`phones know no ${publicKey.asymmetricKeyType} keys`);
}

/** Certificate ::= SEQUENCE { tbs SEQUENCE, algorithm SEQUENCE, signature BIT STRING } (RFC 5280 §4.1). */
function signatureOf(der: Uint8Array): Uint8Array {
  const outer = elementAt(der, 0, 0x30);
  const tbs = elementAt(der, outer.start, 0x30);
  const algorithm = elementAt(der, tbs.end, 0x30);
  const signature = elementAt(der, algorithm.end, 0x03);
  // The first octet of a BIT STRING counts its unused bits.
  return der.subarray(signature.start + 1, signature.end);
}

function elementAt(der: Uint8Array, at: number, tag: number): { start: number; end: number } {
  const first = der[at + 1];
  if (der[at] !== tag || first === undefined) throw new MalformedError('unexpected DER element', at);
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    length = 0;
    const octets = first & 0x7f;
    if (octets === 0 || octets > 3) throw new MalformedError('bad DER length', at);
    for (let i = 0; i < octets; i++) length = length * 256 + (der[start++] ?? 0);
  }
  if (start + length > der.length) throw new MalformedError('DER element longer than its input', at);
  return { start, end: start + length };
}
