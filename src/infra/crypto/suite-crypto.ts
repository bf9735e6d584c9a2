import {
  createCipheriv,
  createDecipheriv,
  createDiffieHellman,
  createDiffieHellmanGroup,
  createHash,
  DiffieHellman,
  hash,
  randomBytes,
} from 'node:crypto';
import type { SuiteCrypto } from '../../protocol/activation/crypto.ts';
import { rfc5054Group3072 } from '../../protocol/srp/group.ts';
import { octetsOf } from '../../protocol/srp/integer.ts';

/** Written over the exponent after each use; any value serves. */
const noExponent = Buffer.from([2]);

/** The suite's crypto on OpenSSL. Make one per thread at start-up and keep it; it must not be shared between threads. */
export function openSslSuiteCrypto(): SuiteCrypto {
  const { setExponent, power } = exponentiation();

  return {
    randomBytes: (length) => randomBytes(length),
    sha256(...parts) {
      if (parts.length === 1) return hash('sha256', parts[0]!, 'buffer');
      const digest = createHash('sha256');
      for (const part of parts) digest.update(part);
      return digest.digest();
    },
    hmacSha256,
    modPow(base, exponent) {
      setExponent(exponent);
      try {
        const result = power(base);
        if (result.length === rfc5054Group3072.length) return result;
        const padded = Buffer.alloc(rfc5054Group3072.length);
        result.copy(padded, padded.length - result.length);
        return padded;
      } finally {
        setExponent(noExponent);
      }
    },
    sealAesGcm(key, iv, plain, aad) {
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      cipher.setAAD(aad);
      return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    openAesGcm(key, iv, sealed, aad) {
      if (sealed.length < 16) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
      decipher.setAAD(aad);
      decipher.setAuthTag(sealed.subarray(sealed.length - 16));
      const plain = decipher.update(sealed.subarray(0, sealed.length - 16));
      try {
        return Buffer.concat([plain, decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}

interface Exponentiation {
  setExponent(exponent: Uint8Array): void;
  /** base^exponent mod N, without leading zeros. */
  power(base: Uint8Array): Buffer;
}

/**
 * OpenSSL's modular exponentiation with the suite's prime. The prime is also that of RFC 3526 group 15, which is built in; an object of
 * createDiffieHellman would do the same, but tests the prime for two seconds of processor time first. Node keeps setPrivateKey from objects
 * of built-in groups, though they are the same inside: it is borrowed from the other class. Should a Node no longer allow that, the slow
 * object serves. The generator, in which the two differ, plays no part in this.
 */
export function exponentiation(
  borrowed: DiffieHellman['setPrivateKey'] = DiffieHellman.prototype.setPrivateKey,
): Exponentiation {
  const group = createDiffieHellmanGroup('modp15');
  const quick: Exponentiation = {
    setExponent: (exponent) => void Reflect.apply(borrowed, group, [exponent]),
    power: (base) => group.computeSecret(base),
  };
  try {
    quick.setExponent(Buffer.from([3]));
    if (quick.power(Buffer.from([5])).at(-1) === 125) return quick;
  } catch {
    // The slow one, then.
  }
  const own = createDiffieHellman(Buffer.from(octetsOf(rfc5054Group3072.prime, rfc5054Group3072.length)), 5);
  return { setExponent: (exponent) => void own.setPrivateKey(exponent), power: (base) => own.computeSecret(base) };
}

const block = 64;

/**
 * RFC 2104 over one-shot SHA-256. The keys of a handshake serve once or twice: making a KeyObject for each, or handing createHmac raw
 * bytes, costs three times as much on Node 24.
 */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const short = key.length > block ? hash('sha256', key, 'buffer') : key;
  let length = block;
  for (const part of parts) length += part.length;
  const inner = new Uint8Array(length);
  const outer = new Uint8Array(block + 32);
  for (let i = 0; i < block; i++) {
    const octet = i < short.length ? short[i]! : 0;
    inner[i] = octet ^ 0x36;
    outer[i] = octet ^ 0x5c;
  }
  let at = block;
  for (const part of parts) {
    inner.set(part, at);
    at += part.length;
  }
  outer.set(hash('sha256', inner, 'buffer'), block);
  const result = hash('sha256', outer, 'buffer');
  inner.fill(0);
  outer.fill(0);
  return result;
}
