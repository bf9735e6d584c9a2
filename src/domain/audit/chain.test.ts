import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import {
  type AuditRecord,
  ChainVerifier,
  type Checkpoint,
  checkpointBytes,
  eventHash,
  genesis,
  type SealedRecord,
} from './chain.ts';
import { checkpointLine, eventLine, readExportLine } from './export.ts';

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
const { privateKey, publicKey } = generateKeyPairSync('ed25519');

function chain(length: number, every = 3): (SealedRecord | Checkpoint)[] {
  const items: (SealedRecord | Checkpoint)[] = [];
  let hash: Uint8Array = genesis;
  for (let seq = 1; seq <= length; seq++) {
    const record: AuditRecord = {
      id: `00000000-0000-0000-0000-${String(seq).padStart(12, '0')}`,
      at: '2026-11-21T18:00:00.123456Z',
      actor: 'anna',
      sourceAddress: '192.0.2.7',
      action: 'phone.created',
      objectKind: 'phone',
      objectId: String(seq),
      objectName: `SEP00112233${seq}`,
      detail: { z: seq, a: ['ü', null] },
      node: 'node-a',
    };
    const prevHash = hash;
    hash = eventHash(record, seq, prevHash, sha256);
    items.push({ ...record, seq, prevHash, hash });
    if (seq % every === 0 || seq === length) {
      const signature = new Uint8Array(sign(null, checkpointBytes(seq, hash), privateKey));
      items.push({ seq, hash, at: record.at, signature, keyId: 'k' });
    }
  }
  return items;
}

function check(items: readonly (SealedRecord | Checkpoint)[]) {
  const verifier = new ChainVerifier({
    sha256,
    verifies: (_, bytes, signature) => verify(null, bytes, publicKey, signature),
  });
  verifier.expectFirst(1);
  for (const item of items)
    if ('signature' in item) verifier.checkpoint(item);
    else verifier.event(item);
  return verifier.finish();
}

describe('the audit chain', () => {
  it('is intact as it was made', () => {
    expect(check(chain(10))).toMatchObject({ intact: true, events: 10, checkpoints: 4, firstSeq: 1, lastSeq: 10 });
    expect(check([])).toMatchObject({ intact: true, events: 0, head: undefined });
  });

  it('hashes to a known answer, so that another program can check it', () => {
    const [first] = chain(1) as [SealedRecord];
    expect(Buffer.from(first.hash).toString('hex')).toBe(
      createHash('sha256')
        .update('firstring-audit-event-1\0')
        .update(Buffer.alloc(32))
        .update(
          '{"action":"phone.created","actor":"anna","at":"2026-11-21T18:00:00.123456Z","detail":{"a":["ü",null],"z":1},' +
            '"id":"00000000-0000-0000-0000-000000000001","node":"node-a","objectId":"1","objectKind":"phone",' +
            '"objectName":"SEP001122331","seq":1,"sourceAddress":"192.0.2.7"}',
        )
        .digest('hex'),
    );
  });

  it('shows any single change, removal, repetition or swap', () => {
    const whole = chain(12);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.constantFrom('change', 'remove', 'repeat', 'swap'), (index, how) => {
        const item = whole[index]!;
        let spoilt: (SealedRecord | Checkpoint)[];
        if (how === 'change')
          spoilt = whole.with(index, 'signature' in item ? { ...item, hash: genesis } : { ...item, actor: 'eve' });
        else if (how === 'remove') {
          // A checkpoint in the middle guards nothing that the later ones do not.
          fc.pre(!('signature' in item) || index === whole.length - 1);
          spoilt = whole.toSpliced(index, 1);
        } else if (how === 'repeat') {
          fc.pre(!('signature' in item));
          spoilt = whole.toSpliced(index, 0, item);
        } else {
          const next = whole[index + 1];
          fc.pre(next !== undefined && !('signature' in item) && !('signature' in next));
          spoilt = whole.with(index, next!).with(index + 1, item);
        }
        expect(check(spoilt).intact).toBe(false);
      }),
    );
  });
});

describe('canonical JSON', () => {
  it('is the same for the same value, however its members are ordered', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('follows RFC 8785 in order, numbers and escapes', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    expect(canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])))).toBe(
      `{${sorted.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`,
    );
    expect(canonicalJson([1e30, 4.5, 2e-3, 1e-27, -0, 333333333.3333333])).toBe(
      '[1e+30,4.5,0.002,1e-27,0,333333333.3333333]',
    );
  });
});

describe('the lines of an export', () => {
  it('read back as they were written', () => {
    for (const item of chain(4)) {
      const line = JSON.stringify('signature' in item ? checkpointLine(item) : eventLine(item));
      expect(readExportLine(line)).toEqual('signature' in item ? { checkpoint: item } : { event: item });
    }
  });

  it.each([
    '',
    '{}',
    '[]',
    'null',
    '{"kind":"event","seq":1}',
    '{"kind":"checkpoint","seq":0,"hash":"00"}',
    '{"kind":"header","format":"other"}',
  ])('are refused when they are none: %s', (line) => expect(readExportLine(line)).toBeUndefined());

  it('are refused whatever they hold, without an exception', () => {
    fc.assert(fc.property(fc.json(), (text) => void readExportLine(text)));
  });
});
