import { createCipheriv, createDecipheriv, createDiffieHellman, createHash, createHmac, scryptSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromHex, fromUtf8, toHex, utf8 } from '../../kernel/bytes.ts';
import { rfc5054Group3072 } from '../srp/group.ts';
import { octetsOf } from '../srp/integer.ts';
import type { SuiteCrypto } from './crypto.ts';
import { kdfInput, type Mode, suiteId, suiteSrp } from './suite.ts';
import {
  clientProof,
  confirmation,
  deriveKeys,
  micProofInput,
  openResult,
  sealResult,
  serverProof,
  transcriptHash,
} from './transcript.ts';

interface Vector {
  readonly [name: string]: string;
}
const file = JSON.parse(readFileSync(new URL('../../../vectors/ac-srp-1.json', import.meta.url), 'utf8')) as {
  suite: string;
  vectors: Vector[];
};

const dh = createDiffieHellman(Buffer.from(octetsOf(rfc5054Group3072.prime, 384)), 5);
/** Straight from node:crypto, apart from the product's own implementation. */
const crypto: SuiteCrypto = {
  randomBytes: () => {
    throw new Error('vectors need no randomness');
  },
  sha256: (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest(),
  hmacSha256: (key, ...parts) => createHmac('sha256', key).update(Buffer.concat(parts)).digest(),
  modPow(base, exponent) {
    dh.setPrivateKey(exponent);
    return dh.computeSecret(base);
  },
  sealAesGcm(key, iv, plain, aad) {
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  },
  openAesGcm(key, iv, sealed, aad) {
    const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(aad).setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  },
};

const hex = (bytes: Uint8Array | undefined) => (bytes ? toHex(bytes) : undefined);

describe('vectors/ac-srp-1.json', () => {
  it('is for this suite', () => expect(file.suite).toBe(suiteId));

  it.each(file.vectors.map((vector) => [vector['code']!, vector] as const))(
    'reproduces every field for code %s',
    (_, v) => {
      const get = (name: string) => fromHex(v[name]!);
      const srp = suiteSrp(crypto);
      const kdf = kdfInput(v['code']!, get('salt'));
      const x = new Uint8Array(
        scryptSync(kdf.password, kdf.salt, kdf.length, { N: kdf.cost, r: kdf.blockSize, p: kdf.parallelization }),
      );
      const verifier = srp.power(x);
      const A = srp.power(get('a'));
      const B = srp.serverPublic(verifier, get('b'))!;
      const S = srp.serverSecret({ A, B, verifier, b: get('b') })!;
      const th = transcriptHash(crypto, {
        locator: v['code']!.slice(0, 7),
        salt: get('salt'),
        A,
        B,
        sid: utf8(v['sid_utf8']!),
        cnonce: get('cnonce'),
        snonce: get('snonce'),
        channelBinding: get('cb_data'),
        micSha256: crypto.sha256(utf8(v['mic_der_utf8']!)),
        model: v['model']!,
        mac: v['mac']!,
        mode: v['mode']! as Mode,
        dasId: v['das_id']!,
        jkt: v['jkt']!,
      });
      const keys = deriveKeys(crypto, th, S);
      const m1 = clientProof(crypto, keys, th);
      const m2 = serverProof(crypto, keys, th, m1);
      const sealed = sealResult(crypto, keys, th, m2, utf8(v['sealed_plaintext']!));

      expect({
        x: hex(x),
        v: hex(verifier),
        A: hex(A),
        B: hex(B),
        S: hex(S),
        TH: hex(th),
        Kc: hex(keys.clientConfirm),
        Ks: hex(keys.serverConfirm),
        Kf: hex(keys.finalConfirm),
        Ke: hex(keys.sealKey),
        IV: hex(keys.sealIv),
        M1: hex(m1),
        M2: hex(m2),
        mic_proof_input: hex(micProofInput(crypto, th, m1)),
        sealed: hex(sealed),
        conf: hex(confirmation(crypto, keys.finalConfirm, th, v['activation_id']!)),
      }).toEqual(
        Object.fromEntries(
          [
            'x',
            'v',
            'A',
            'B',
            'S',
            'TH',
            'Kc',
            'Ks',
            'Kf',
            'Ke',
            'IV',
            'M1',
            'M2',
            'mic_proof_input',
            'sealed',
            'conf',
          ].map((name) => [name, v[name]]),
        ),
      );
      expect(hex(srp.clientSecret({ A, B, x, a: get('a') }))).toBe(v['S']);
      expect(fromUtf8(openResult(crypto, keys, th, m2, sealed)!)).toBe(v['sealed_plaintext']);
    },
  );
});
