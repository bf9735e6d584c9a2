import 'reflect-metadata';
import { createPrivateKey, hash, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as never);

/** Test certificates of every shape, good and bad. Authorities and MICs only for tests: real ones come from src/infra/pki. */
export interface Issued {
  readonly certificate: x509.X509Certificate;
  readonly der: Uint8Array;
  readonly pem: string;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly algorithm: KeyAlgorithm;
  /** PKCS#8. */
  readonly keyPem: string;
}

export type KeyAlgorithm = 'p256' | 'p384' | 'p521' | 'rsa1024' | 'rsa2048';
type HashName = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';

const key = (algorithm: KeyAlgorithm, hash: HashName) =>
  algorithm.startsWith('rsa')
    ? {
        name: 'RSASSA-PKCS1-v1_5',
        hash,
        publicExponent: new Uint8Array([1, 0, 1]),
        modulusLength: Number(algorithm.slice(3)),
      }
    : { name: 'ECDSA', hash, namedCurve: `P-${algorithm.slice(1)}` };

const day = 86_400_000;

interface Common {
  readonly algorithm?: KeyAlgorithm;
  /** Hash of the signature on this certificate. */
  readonly hash?: HashName;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly serialNumber?: string;
  readonly extensions?: readonly x509.Extension[];
}

async function issue(
  subject: string,
  issuer: Issued | undefined,
  options: Common,
  extensions: readonly x509.Extension[],
): Promise<Issued> {
  const algorithm = options.algorithm ?? 'p256';
  const hash = options.hash ?? 'SHA-256';
  const keys = (await webcrypto.subtle.generateKey(key(algorithm, hash), true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  let signingKey = (issuer?.keys ?? keys).privateKey;
  const signerAlgorithm = issuer?.algorithm ?? algorithm;
  if (signerAlgorithm.startsWith('rsa')) {
    // WebCrypto ties an RSA key to one hash.
    const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', signingKey);
    signingKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, key(signerAlgorithm, hash), true, ['sign']);
  }
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: issuer?.certificate.subject ?? subject,
    serialNumber: options.serialNumber ?? randomBytes(8).toString('hex').replace(/^./, '1'),
    notBefore: options.notBefore ?? new Date(Date.now() - day),
    notAfter: options.notAfter ?? new Date(Date.now() + 3650 * day),
    publicKey: keys.publicKey as never,
    signingKey: signingKey as never,
    signingAlgorithm: key(signerAlgorithm, hash) as never,
    extensions: [...extensions, ...(options.extensions ?? [])],
  });
  return {
    certificate,
    der: new Uint8Array(certificate.rawData),
    pem: certificate.toString('pem'),
    keys,
    algorithm,
    keyPem: KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

export interface AuthorityOptions extends Common {
  readonly name?: string;
  readonly issuer?: Issued;
  readonly pathLength?: number;
  /** false: no BasicConstraints CA flag. */
  readonly ca?: boolean;
  /** false: KeyUsage without keyCertSign. */
  readonly certSign?: boolean;
  /** false: KeyUsage without cRLSign. */
  readonly listSign?: boolean;
}

export function makeAuthority(options: AuthorityOptions = {}): Promise<Issued> {
  return issue(`CN=${options.name ?? 'Test Manufacturing Root'},O=Test`, options.issuer, options, [
    new x509.BasicConstraintsExtension(options.ca ?? true, options.pathLength, true),
    new x509.KeyUsagesExtension(
      (options.certSign === false ? x509.KeyUsageFlags.digitalSignature : x509.KeyUsageFlags.keyCertSign) |
        (options.listSign === false ? 0 : x509.KeyUsageFlags.cRLSign),
      true,
    ),
  ]);
}

export interface MicOptions extends Common {
  readonly issuer: Issued;
  readonly product?: string;
  readonly mac?: string;
  /** Overrides the whole subject. */
  readonly subject?: string;
  readonly clientAuth?: boolean;
}

export function makeMic(options: MicOptions): Promise<Issued> {
  const product = options.product ?? 'CP-8845';
  const subject =
    options.subject ?? `CN=${product}-SEP${options.mac ?? '001122334455'},2.5.4.5=PID:${product} SN:FCH12345678,O=Test`;
  return issue(
    subject,
    options.issuer,
    options,
    options.clientAuth === false ? [] : [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])],
  );
}

let fleetKeys: Promise<webcrypto.CryptoKeyPair> | undefined;

/** One RSA-2048 key for a whole fleet: benchmarks need many MICs soon, not many keys. */
export async function issueMicFor(
  issuer: Issued,
  mac: string,
): Promise<{ der: Uint8Array; pem: string; keyPem: string }> {
  const algorithm = key('rsa2048', 'SHA-256');
  fleetKeys ??= webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
  const keys = await fleetKeys;
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=CP-8845-SEP${mac},2.5.4.5=PID:CP-8845 SN:FCH12345678,O=Test`,
    issuer: issuer.certificate.subject,
    serialNumber: `10${mac}`,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 3650 * day),
    publicKey: keys.publicKey as never,
    signingKey: issuer.keys.privateKey as never,
    signingAlgorithm: algorithm as never,
    extensions: [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])],
  });
  return {
    der: new Uint8Array(certificate.rawData),
    pem: certificate.toString('pem'),
    keyPem: KeyObject.from(keys.privateKey as never).export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

export const extension = {
  extendedKeyUsage: (...oids: string[]) => new x509.ExtendedKeyUsageExtension(oids),
  keyUsage: (flags: number) => new x509.KeyUsagesExtension(flags, true),
  ca: () => new x509.BasicConstraintsExtension(true, undefined, true),
  unknown: (critical: boolean) => new x509.Extension('1.3.6.1.4.1.99999.1', critical, new Uint8Array([5, 0])),
};

/** SHA-256 over the SubjectPublicKeyInfo, hex: as the deny list and TVS name a key. */
export function keyFingerprint(issued: Issued): string {
  return hash('sha256', new X509Certificate(issued.der).publicKey.export({ type: 'spki', format: 'der' }), 'hex');
}

/** An authority whose certificate and key lie in PEM files, the laboratory's manufacturer for instance. */
export async function issuedFromFiles(certificateFile: string, keyFile: string): Promise<Issued> {
  const certificate = new x509.X509Certificate(x509.PemConverter.decodeFirst(readFileSync(certificateFile, 'utf8')));
  const keyPem = readFileSync(keyFile, 'utf8');
  const privateKey = createPrivateKey(keyPem);
  const algorithm = privateKey.asymmetricKeyType === 'rsa' ? 'rsa2048' : 'p256';
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const imported = await webcrypto.subtle.importKey('pkcs8', pkcs8, key(algorithm, 'SHA-256'), true, ['sign']);
  return {
    certificate,
    der: new Uint8Array(certificate.rawData),
    pem: certificate.toString('pem'),
    keys: { privateKey: imported, publicKey: imported },
    algorithm,
    keyPem,
  };
}
