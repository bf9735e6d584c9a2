import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { Sealer } from '../../domain/ports.ts';
import { equalBytes, toHex } from '../../kernel/bytes.ts';
import { Fault } from '../../kernel/errors.ts';
import { derivedKey, keyId } from './key-encryption-key.ts';

export class SealFault extends Fault<'sealed_value_unreadable'> {}

const format = 1;
const headerLength = 1 + 4 + 12;
const tagLength = 16;

/**
 * Sealed value: format (1 octet, 0x01) | key id (4) | IV (12, random) | AES-256-GCM ciphertext | tag (16).
 * AAD: format | key id | purpose in UTF-8, so that a value moved to another column or purpose does not open.
 * The data key is derived from the key-encryption key. Random IVs are safe for 2^32 values under one key.
 */
export function sealer(keyEncryptionKey: Uint8Array): Sealer {
  const key = createSecretKey(derivedKey(keyEncryptionKey, 'sealer'));
  const id = keyId(keyEncryptionKey);
  const head = Buffer.from([format, ...id]);
  const additional = (purpose: string) => Buffer.concat([head, Buffer.from(purpose)]);

  return {
    seal(purpose, plain) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      cipher.setAAD(additional(purpose));
      return Buffer.concat([head, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },

    open(purpose, sealed) {
      if (sealed.length < headerLength + tagLength || sealed[0] !== format) {
        throw new SealFault('ours', 'sealed_value_unreadable', `A stored secret (${purpose}) is damaged.`, {
          remedy: 'Restore the database from a backup.',
        });
      }
      const sealedUnder = sealed.subarray(1, 5);
      if (!equalBytes(sealedUnder, id)) {
        throw new SealFault(
          'ours',
          'sealed_value_unreadable',
          `A stored secret (${purpose}) was sealed under key ${toHex(sealedUnder)}, but this node has key ${toHex(id)}.`,
          { remedy: 'Start with the key-encryption key this database was set up with.' },
        );
      }
      const end = sealed.length - tagLength;
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(5, headerLength), {
        authTagLength: tagLength,
      });
      decipher.setAAD(additional(purpose));
      decipher.setAuthTag(sealed.subarray(end));
      const plain = decipher.update(sealed.subarray(headerLength, end));
      try {
        return Buffer.concat([plain, decipher.final()]);
      } catch (cause) {
        throw new SealFault(
          'ours',
          'sealed_value_unreadable',
          `A stored secret (${purpose}) does not open: it is damaged or was moved.`,
          {
            remedy: 'Restore the database from a backup.',
            cause,
          },
        );
      }
    },
  };
}
