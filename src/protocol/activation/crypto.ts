/**
 * What the suite needs of the outside, on either side. An implementation is about forty lines over node:crypto:
 * `modPow` on one Diffie-Hellman object per thread (`createDiffieHellman` would test the prime for seconds: src/infra/crypto), HMAC and SHA-256 one-shot.
 */
export interface SuiteCrypto {
  /** From a CSPRNG. */
  randomBytes(length: number): Uint8Array;
  sha256(...parts: readonly Uint8Array[]): Uint8Array;
  hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
  /** base^exponent mod the suite's prime in constant time; 384 octets in and out. Throws when base is 0, 1, N-1 or more. */
  modPow(base: Uint8Array, exponent: Uint8Array): Uint8Array;
  /** AES-256-GCM, 12-octet IV; the 16-octet tag is appended. */
  sealAesGcm(key: Uint8Array, iv: Uint8Array, plain: Uint8Array, aad: Uint8Array): Uint8Array;
  /** Undefined when the tag does not verify. */
  openAesGcm(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array | undefined;
}
