import {
  constants,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import { isMacAddress, type MacAddress } from '../../identifiers/mac-address.ts';
import { type PhoneModel, phoneModelOfProduct } from '../../identifiers/phone-model.ts';
import type { MicAlgorithm } from '../../protocol/activation/suite.ts';
import { PhoneFault } from '../boot/faults.ts';
import { issueMic, readIssuer } from './certificate.ts';

/** A phone's manufacturer-installed certificate, ready for TLS and for the handshake. */
export interface Mic {
  /** PEM of the chain, the phone's own certificate first. */
  readonly chainPem: string;
  readonly certificate: Uint8Array;
  readonly key: KeyObject;
  readonly algorithm: MicAlgorithm;
  /** Signs the handshake's proof. */
  readonly sign: (input: Uint8Array) => Uint8Array;
  readonly product: string;
  readonly mac: string;
  /** For every connection on which the phone shows its certificate; making one costs milliseconds. */
  readonly tls: SecureContext;
}

const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

export function certificatesOf(pem: string): readonly X509Certificate[] {
  return (pem.match(pemBlock) ?? []).map((block) => new X509Certificate(block));
}

/** Reads a MIC and its key from PEM files. The certificate file may carry the chain. Throws PhoneFault `mic_unusable`. */
export async function loadMic(certificateFile: string, keyFile: string): Promise<Mic> {
  const [certificates, key] = await Promise.all([readText(certificateFile), readText(keyFile)]);
  return micOf(certificates, key);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new PhoneFault('mic_unusable', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

export function micOf(chainPem: string, keyPem: string): Mic {
  try {
    const chain = certificatesOf(chainPem);
    const key = createPrivateKey(keyPem);
    const own = chain.find((certificate) => certificate.checkPrivateKey(key));
    if (own === undefined) throw new Error('no certificate in the file belongs to the key');
    const ordered = [own, ...chain.filter((each) => each !== own)];
    return assemble(ordered.map(String).join(''), own.raw, key, own.subject);
  } catch (cause) {
    if (cause instanceof PhoneFault) throw cause;
    throw new PhoneFault('mic_unusable', `The phone's certificate cannot be used: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function assemble(chainPem: string, certificate: Uint8Array, key: KeyObject, subject: string): Mic {
  // A certificate that names no phone is sent as it is: to refuse it is the server's part.
  const name = /^CN=CP-([0-9A-Z-]+)-SEP([0-9A-F]{12})$/m.exec(subject);
  let tls: SecureContext | undefined;
  return {
    chainPem,
    certificate,
    key,
    get tls() {
      tls ??= contextOf(chainPem, key);
      return tls;
    },
    product: name === null ? '' : `CP-${name[1]}`,
    mac: name?.[2] ?? '',
    ...proofOf(key),
  };
}

/** Throws PhoneFault `mic_unusable`: OpenSSL refuses keys that are too weak. */
function contextOf(chainPem: string, key: KeyObject): SecureContext {
  try {
    return createSecureContext({
      cert: chainPem,
      key: key.export({ format: 'pem', type: 'pkcs8' }),
      minVersion: 'TLSv1.2',
    });
  } catch (cause) {
    throw new PhoneFault(
      'mic_unusable',
      `The phone's certificate cannot be used in TLS: ${(cause as Error).message}.`,
      { cause },
    );
  }
}

function proofOf(key: KeyObject): Pick<Mic, 'algorithm' | 'sign'> {
  if (key.asymmetricKeyType === 'rsa') {
    const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    return { algorithm: 'rsa_pss_rsae_sha256', sign: (input) => sign('sha256', input, options) };
  }
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve === 'prime256v1') {
    return { algorithm: 'ecdsa_secp256r1_sha256', sign: (input) => sign('sha256', input, key) };
  }
  if (curve === 'secp384r1')
    return { algorithm: 'ecdsa_secp384r1_sha384', sign: (input) => sign('sha384', input, key) };
  throw new PhoneFault('mic_unusable', "A phone's key is RSA, P-256 or P-384.");
}

/** What the MIC says of the phone; undefined when it names no supported phone. */
export function identityOf(mic: Mic): { readonly model: PhoneModel; readonly mac: MacAddress } | undefined {
  const model = phoneModelOfProduct(mic.product);
  return model !== undefined && isMacAddress(mic.mac) ? { model, mac: mic.mac } : undefined;
}

/** Makes MICs as a manufacturer would, for phones of a lab. */
export interface MicMaker {
  make(model: PhoneModel, mac: MacAddress): Mic;
  /** Whether a certificate is one of this manufacturer's. */
  made(mic: Mic): boolean;
}

export type MicKeyType = 'p256' | 'rsa2048';

/** `certificatePem` may hold the chain up to the root; the certificate of the key signs. Throws PhoneFault `mic_unusable`. */
export function micMaker(certificatePem: string, keyPem: string, keyType: MicKeyType = 'p256'): MicMaker {
  const manufacturer = micOf(certificatePem, keyPem);
  const issuer = readIssuer(manufacturer.certificate, manufacturer.key);
  // The server knows the root; it only needs what lies between.
  const between = certificatesOf(manufacturer.chainPem).filter((each) => each.subject !== each.issuer);
  const chainPem = between.map(String).join('');
  return {
    made: (mic) => new X509Certificate(mic.certificate).verify(new X509Certificate(manufacturer.certificate).publicKey),
    make(model, mac) {
      const { publicKey, privateKey } =
        keyType === 'p256'
          ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
          : generateKeyPairSync('rsa', { modulusLength: 2048 });
      const serial = `FRL${randomBytes(4).toString('hex').toUpperCase()}`;
      const certificate = issueMic(issuer, { product: model.product, mac, serial }, publicKey, new Date());
      const own = `-----BEGIN CERTIFICATE-----\n${wrapped(certificate)}\n-----END CERTIFICATE-----\n`;
      return assemble(own + chainPem, certificate, privateKey, `CN=${model.product}-SEP${mac}`);
    },
  };
}

function wrapped(bytes: Uint8Array): string {
  return (
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n');
}

/** A maker from the files of a lab manufacturer. */
export async function loadMicMaker(certificateFile: string, keyFile: string, keyType: MicKeyType): Promise<MicMaker> {
  return micMaker(await readText(certificateFile), await readText(keyFile), keyType);
}
