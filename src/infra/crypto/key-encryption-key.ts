import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { Fault } from '../../kernel/errors.ts';
import { exposure } from './key-file-exposure.ts';

export type KeyEncryptionKeyFaultCode =
  | 'key_encryption_key_missing'
  | 'key_encryption_key_invalid'
  | 'key_encryption_key_exposed';

/** The start stops with it, before any listener opens. */
export class KeyEncryptionKeyFault extends Fault<KeyEncryptionKeyFaultCode> {}

/** 32 octets, given as 64 hex digits or as base64 (either alphabet, padding optional). Throws KeyEncryptionKeyFault. */
export function parseKeyEncryptionKey(text: string, from: string): Uint8Array {
  const trimmed = text.trim();
  const bytes = /^[0-9a-fA-F]{64}$/.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)
      ? Buffer.from(trimmed, 'base64')
      : undefined;
  if (bytes?.length !== 32) {
    throw new KeyEncryptionKeyFault(
      'caller',
      'key_encryption_key_invalid',
      `The key-encryption key from ${from} is not 32 octets in hex or base64.`,
      {
        remedy: 'Give back the key this system was set up with; a new system makes its own.',
      },
    );
  }
  return bytes;
}

/**
 * Reads a key file. It is for its owner alone (0600), or root's and read by the group of the service (0640, 0440). `mounted`: a container's secret,
 * which all in the container may read (0444), on a mount that is read-only or in memory. Throws KeyEncryptionKeyFault.
 */
export function readKeyEncryptionKeyFile(path: string, { mounted = false } = {}): Uint8Array {
  let text: string;
  try {
    const exposed = exposure(path, mounted);
    if (exposed !== undefined) {
      throw new KeyEncryptionKeyFault('caller', 'key_encryption_key_exposed', exposed.message, {
        remedy: exposed.remedy,
      });
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof KeyEncryptionKeyFault) throw error;
    throw new KeyEncryptionKeyFault(
      'caller',
      'key_encryption_key_missing',
      `The key-encryption key cannot be read from ${path}.`,
      {
        remedy:
          'Restore the key file from your backup, or set FIRSTRING_KEK. Without the key the stored codes and private keys cannot be used.',
        cause: error,
      },
    );
  }
  return parseKeyEncryptionKey(text, path);
}

/** Makes a key file, 0600, on disk when it returns. Throws when the file is already there. */
export function createKeyEncryptionKeyFile(path: string): Uint8Array {
  const key = randomBytes(32);
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${key.toString('hex')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(path, 0o600);
  return key;
}

/** A key for one purpose, derived from the key-encryption key (HKDF-SHA256); equal on every node that has the same key. */
export function derivedKey(keyEncryptionKey: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', keyEncryptionKey, new Uint8Array(0), `firstring ${purpose}`, 32));
}

/** HMAC-SHA256. */
export function keyedHash(key: Uint8Array): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => createHmac('sha256', key).update(bytes).digest();
}

/** Names the key without telling anything about it. 4 octets. */
export function keyId(keyEncryptionKey: Uint8Array): Uint8Array {
  return createHmac('sha256', keyEncryptionKey).update('firstring key id').digest().subarray(0, 4);
}
