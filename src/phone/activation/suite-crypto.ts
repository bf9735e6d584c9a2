import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  type KeyObject,
  randomBytes,
  scrypt,
} from 'node:crypto';
import type { SuiteCrypto } from '../../protocol/activation/crypto.ts';
import type { KdfInput } from '../../protocol/activation/suite.ts';
import { rfc5054Group3072 } from '../../protocol/srp/group.ts';
import { octetsOf } from '../../protocol/srp/integer.ts';
import { derBits, derInteger, derObjectIdentifier, derOctets, derSequence } from '../identity/der.ts';

const { prime, length, generator } = rfc5054Group3072;
const g = octetsOf(BigInt(generator), length);
/** dhKeyAgreement with the suite's group. Keys made from DER skip the prime test that costs createDiffieHellman seconds. */
const algorithm = derSequence(
  derObjectIdentifier('1.2.840.113549.1.3.1'),
  derSequence(derInteger(octetsOf(prime, length)), derInteger(Uint8Array.of(generator))),
);

function privateKey(exponent: Uint8Array): KeyObject {
  const der = derSequence(derInteger(Uint8Array.of(0)), algorithm, derOctets(derInteger(exponent)));
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
}

function publicKey(value: Uint8Array): KeyObject {
  const der = derSequence(algorithm, derBits(derInteger(value)));
  return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
}

function padded(bytes: Uint8Array): Uint8Array {
  if (bytes.length === length) return bytes;
  const out = new Uint8Array(length);
  out.set(bytes, length - bytes.length);
  return out;
}

function isGenerator(base: Uint8Array): boolean {
  return base.length === length && Buffer.compare(base, g) === 0;
}

/** The phone's crypto port of AC-SRP-1, all of it in OpenSSL. */
export const phoneCrypto: SuiteCrypto = {
  randomBytes: (count) => randomBytes(count),
  sha256(...parts) {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
  },
  hmacSha256(key, ...parts) {
    const hmac = createHmac('sha256', createSecretKey(key));
    for (const part of parts) hmac.update(part);
    return hmac.digest();
  },
  modPow(base, exponent) {
    const key = privateKey(exponent);
    // Importing the key has computed g^x already: it is the end of its SubjectPublicKeyInfo.
    if (isGenerator(base)) {
      const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
      return padded(lastInteger(spki));
    }
    return padded(diffieHellman({ privateKey: key, publicKey: publicKey(base) }));
  },
  sealAesGcm(key, iv, plain, aad) {
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    cipher.setAAD(aad);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  },
  openAesGcm(key, iv, sealed, aad) {
    if (sealed.length < 16) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', key, iv);
    decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(sealed.length - 16));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - 16)), decipher.final()]);
    } catch {
      return undefined;
    }
  },
};

/** The public value: an INTEGER at the very end of the structure, at most one octet longer than the group. */
function lastInteger(spki: Uint8Array): Uint8Array {
  for (let size = length + 1; size > 0; size--) {
    const at = spki.length - size;
    const header = size < 128 ? [2, size] : size < 256 ? [2, 0x81, size] : [2, 0x82, size >> 8, size & 0xff];
    if (header.every((octet, i) => spki[at - header.length + i] === octet)) {
      const value = spki.subarray(at);
      return value[0] === 0 ? value.subarray(1) : value;
    }
  }
  throw new Error('a DH public key ends with its value');
}

/** scrypt of the suite in libuv's pool. */
export function runKdf(input: KdfInput): Promise<Uint8Array> {
  const { password, salt, cost, blockSize, parallelization } = input;
  return new Promise((resolve, reject) => {
    scrypt(password, salt, input.length, { N: cost, r: blockSize, p: parallelization }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
