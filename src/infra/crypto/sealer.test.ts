import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { utf8 } from '../../kernel/bytes.ts';
import { createKeyEncryptionKeyFile, parseKeyEncryptionKey, readKeyEncryptionKeyFile } from './key-encryption-key.ts';
import { SealFault, sealer } from './sealer.ts';

const kek = randomBytes(32);

describe('sealer', () => {
  it('opens what it sealed, under the same purpose only', () => {
    const box = sealer(kek);
    fc.assert(
      fc.property(fc.string(), fc.uint8Array(), (purpose, plain) => {
        const sealed = box.seal(purpose, plain);
        expect(new Uint8Array(box.open(purpose, sealed))).toEqual(plain);
        expect(() => box.open(`${purpose}.`, sealed)).toThrow(SealFault);
      }),
    );
  });

  it('refuses every damaged octet', () => {
    const box = sealer(kek);
    const sealed = box.seal('code', utf8('4273819502648313'));
    for (let i = 0; i < sealed.length; i++) {
      const damaged = Uint8Array.from(sealed);
      damaged[i]! ^= 1;
      expect(() => box.open('code', damaged), `octet ${i}`).toThrow(SealFault);
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(() => box.open('code', sealed.subarray(0, length))).toThrow(SealFault);
    }
  });

  it('says so when the key is another one', () => {
    const sealed = sealer(kek).seal('code', utf8('x'));
    expect(() => sealer(randomBytes(32)).open('code', sealed)).toThrow(
      /was sealed under key [0-9a-f]{8}, but this node has key/,
    );
  });

  it('never gives the same octets twice', () => {
    const box = sealer(kek);
    expect(box.seal('code', utf8('x'))).not.toEqual(box.seal('code', utf8('x')));
  });
});

describe('key-encryption key', () => {
  const directory = () => {
    const path = mkdtempSync(join(tmpdir(), 'firstring-kek-'));
    onTestFinished(() => rmSync(path, { recursive: true }));
    return path;
  };

  it('is made 0600 and read back', () => {
    const path = join(directory(), 'kek');
    const made = createKeyEncryptionKeyFile(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(new Uint8Array(readKeyEncryptionKeyFile(path))).toEqual(new Uint8Array(made));
    expect(() => createKeyEncryptionKeyFile(path)).toThrow(/EEXIST/);
  });

  it('is refused when others can read it, when it is missing, and when it is no key', () => {
    const path = join(directory(), 'kek');
    expect(() => readKeyEncryptionKeyFile(path)).toThrow(
      expect.objectContaining({ code: 'key_encryption_key_missing' }),
    );
    writeFileSync(path, 'short', { mode: 0o600 });
    expect(() => readKeyEncryptionKeyFile(path)).toThrow(
      expect.objectContaining({ code: 'key_encryption_key_invalid' }),
    );
    chmodSync(path, 0o644);
    expect(() => readKeyEncryptionKeyFile(path)).toThrow(
      expect.objectContaining({ code: 'key_encryption_key_exposed' }),
    );
  });

  it('is taken in hex and in base64', () => {
    expect(parseKeyEncryptionKey(kek.toString('hex'), 'test')).toEqual(kek);
    expect(parseKeyEncryptionKey(`${kek.toString('base64')}\n`, 'test')).toEqual(kek);
    expect(parseKeyEncryptionKey(kek.toString('base64url'), 'test')).toEqual(kek);
  });
});
