import 'reflect-metadata';
import { generateKeyPair, type KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as never);

export type KeyKind = 'rsa-2048' | 'p-256';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export interface Issuer {
  readonly certificate: Uint8Array;
  readonly privateKey: KeyObject;
}

export interface CertificateRequest {
  /** Relative names in certificate order: `[['CN', 'ucm-a'], ['O', 'Firstring']]`. Types as in RFC 4514, or a dotted OID. */
  readonly subject: readonly (readonly [type: string, value: string])[];
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** A CA certificate; `pathLength` further CAs below it. */
  readonly authority?: { readonly pathLength: number };
  readonly usages?: readonly ('server' | 'client')[];
  /** DNS names and IP addresses. */
  readonly alternativeNames?: readonly string[];
}

const generate = promisify(generateKeyPair);

/** RSA takes 50–200 ms on a pool thread, P-256 nothing. */
export async function generateKey(kind: KeyKind): Promise<KeyPair> {
  return kind === 'rsa-2048'
    ? generate('rsa', { modulusLength: 2048, publicExponent: 65_537 })
    : generate('ec', { namedCurve: 'P-256' });
}

/** DER of a certificate signed with SHA-256 by `issuer`, or by `self` as a root. */
export async function issueCertificate(
  request: CertificateRequest,
  issuer: Issuer | { readonly self: KeyPair },
): Promise<Buffer> {
  const signer = 'self' in issuer ? issuer.self.privateKey : issuer.privateKey;
  const publicKey = await importPublic(request.publicKey);
  const issuerCertificate = 'self' in issuer ? undefined : new x509.X509Certificate(issuer.certificate);
  const subject = x509Name(request.subject);
  const authority = request.authority;
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(authority !== undefined, authority?.pathLength, true),
    new x509.KeyUsagesExtension(
      authority === undefined
        ? x509.KeyUsageFlags.digitalSignature |
            (request.publicKey.asymmetricKeyType === 'rsa' ? x509.KeyUsageFlags.keyEncipherment : 0)
        : x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
      true,
    ),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
  ];
  if (issuerCertificate !== undefined)
    extensions.push(await x509.AuthorityKeyIdentifierExtension.create(issuerCertificate.publicKey));
  if (request.usages !== undefined && request.usages.length > 0) {
    const oids = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' };
    extensions.push(new x509.ExtendedKeyUsageExtension(request.usages.map((usage) => oids[usage])));
  }
  if (request.alternativeNames !== undefined && request.alternativeNames.length > 0) {
    const names = [...new Set(request.alternativeNames)].map(
      (name) => ({ type: isIP(name) === 0 ? 'dns' : 'ip', value: name }) as const,
    );
    extensions.push(new x509.SubjectAlternativeNameExtension(names));
  }
  const certificate = await x509.X509CertificateGenerator.create({
    // Positive, never zero, 127 random bits.
    serialNumber: Buffer.concat([Buffer.from([0x40 | (randomBytes(1)[0]! & 0x3f)]), randomBytes(15)]).toString('hex'),
    subject,
    issuer: issuerCertificate?.subjectName ?? subject,
    notBefore: wholeSeconds(request.notBefore),
    notAfter: wholeSeconds(request.notAfter),
    publicKey,
    signingKey: await importPrivate(signer),
    signingAlgorithm: algorithmOf(signer),
    extensions,
  });
  return Buffer.from(certificate.rawData);
}

function x509Name(parts: CertificateRequest['subject']): x509.Name {
  return new x509.Name(parts.map(([type, value]) => ({ [type === 'serialNumber' ? '2.5.4.5' : type]: [value] })));
}

type Algorithm = webcrypto.RsaHashedImportParams | (webcrypto.EcKeyImportParams & webcrypto.EcdsaParams);

function algorithmOf(key: KeyObject): Algorithm {
  return key.asymmetricKeyType === 'rsa'
    ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    : {
        name: 'ECDSA',
        namedCurve: key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'P-384' : 'P-256',
        hash: 'SHA-256',
      };
}

async function importPrivate(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const der = new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }));
  return await webcrypto.subtle.importKey('pkcs8', der, algorithmOf(key), false, ['sign']);
}

async function importPublic(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const der = new Uint8Array(key.export({ format: 'der', type: 'spki' }));
  return await webcrypto.subtle.importKey('spki', der, algorithmOf(key), true, ['verify']);
}

function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}
