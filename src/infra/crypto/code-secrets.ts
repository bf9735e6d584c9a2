import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { type CodeFingerprints, type Decoys, decoySlots } from '../../domain/activation/ports.ts';
import { keptPurposes } from './kept-keys.ts';
import { derivedKey } from './key-encryption-key.ts';

/** HMAC of the 16 digits under a key of its own: without the key it cannot be searched. `kept`: that key, of a cluster whose key-encryption key was changed. */
export function codeFingerprints(
  keyEncryptionKey: Uint8Array,
  kept = derivedKey(keyEncryptionKey, keptPurposes.issuedCodes),
): CodeFingerprints {
  const key = createSecretKey(kept);
  return { of: (code) => createHmac('sha256', key).update(code).digest() };
}

/** Fake records (spec §4): SHAKE-256 over key and locator, so equal on all nodes, after restarts, and at every repeat. */
export function decoys(keyEncryptionKey: Uint8Array, key = derivedKey(keyEncryptionKey, keptPurposes.decoys)): Decoys {
  return {
    of(locator) {
      const bytes = createHash('shake256', { outputLength: 4 + 16 + 384 })
        .update(key)
        .update(locator)
        .digest();
      const verifier = bytes.subarray(20);
      // Below N, whose first 64 bits are all ones, and not 0.
      verifier[0]! &= 0x7f;
      verifier[383]! |= 2;
      return { slot: bytes.readUInt32BE(0) % decoySlots, salt: bytes.subarray(4, 20), verifier };
    },
  };
}
