import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { printTrustList } from './print.ts';
import { decodeSignedFile, layOutSignedFile } from './signed-file.ts';
import {
  decodeTrustList,
  layOutTrustList,
  maxTrustListLength,
  roleOf,
  type TrustRecord,
  type TrustRole,
  trustRole,
} from './trust-list.ts';
import { findSigner, isSignedBy } from './verify.ts';

const vectors = new URL('../../../vectors/trust-list/', import.meta.url);
const file = (name: string) => Uint8Array.from(readFileSync(new URL(name, vectors)));
const expected = JSON.parse(readFileSync(new URL('expected.json', vectors), 'utf8'));
const itl = file('ITLFile.tlv');
const plain = file('SEP001122334455.cnf.xml');
const signed = file('SEP001122334455.cnf.xml.sgn');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('vectors/trust-list', () => {
  it('ITLFile.tlv reads as an independent reader read it', () => {
    const list = decodeTrustList(itl);
    const want = expected['ITLFile.tlv'];
    expect(list).toMatchObject({
      version: '1.2',
      signerVersion: '1.1',
      headerLength: want.headerLength,
      signer: { name: want.signerName, issuer: want.issuerName, serialNumber: fromHex(want.serialNumber) },
      hash: 'sha512',
      modulusBits: 2048,
      fileName: want.fileName,
      timestamp: want.timestamp,
    });
    expect(toHex(list.signature)).toBe(want.signature);
    expect(
      list.records.map((record) => ({
        subject: record.subject,
        issuer: record.issuer,
        serialNumber: toHex(record.serialNumber),
        role: trustRole[record.role],
        publicKeySha256: sha256(record.publicKey),
        signatureSha256: sha256(record.signature),
        certificateSha256: sha256(record.certificate),
      })),
    ).toEqual(want.records);
  });

  it('both files are written again octet for octet', () => {
    const list = decodeTrustList(itl);
    expect(layOutTrustList(list, list.records).assemble(list.signature)).toEqual(itl);
    const sgn = decodeSignedFile(signed);
    expect(sgn.content).toEqual(plain);
    expect(layOutSignedFile(sgn, sgn.content).assemble(sgn.signature)).toEqual(signed);
  });

  it('both signatures verify with the openssl command', () => {
    const folder = mkdtempSync(join(tmpdir(), 'firstring-vectors-'));
    try {
      for (const [decoded, signer] of [
        [decodeTrustList(itl), 'recovery.pem'],
        [decodeSignedFile(signed), 'signing.pem'],
      ] as const) {
        const key = new X509Certificate(file(signer)).publicKey;
        writeFileSync(join(folder, 'key'), key.export({ type: 'spki', format: 'pem' }));
        writeFileSync(join(folder, 'signature'), decoded.signature);
        writeFileSync(join(folder, 'signed'), decoded.signedBytes);
        const command = ['dgst', '-sha512', '-verify', 'key', '-signature', 'signature', 'signed'];
        expect(execFileSync('openssl', command, { cwd: folder }).toString().trim()).toBe('Verified OK');
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is printed with every record', () => {
    const { text } = printTrustList(itl);
    expect(text).toContain('01:02:03:04:05:06:07:08');
    expect(text.match(/^Record #/gm)).toHaveLength(5);
  });

  it('does not survive the change of any octet of its header or of a record’s frame', () => {
    fc.assert(
      fc.property(fc.nat(itl.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bad = itl.slice();
        bad[at]! ^= change;
        try {
          const list = decodeTrustList(bad);
          // What still parses says something else; the signature is what finds it out.
          expect(Buffer.compare(list.signedBytes, decodeTrustList(itl).signedBytes) === 0).toBe(
            Buffer.compare(list.signature, decodeTrustList(itl).signature) !== 0,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

const text = fc.string({ minLength: 1, maxLength: 40 }).filter((each) => !each.includes('\0') && each.isWellFormed());
const octets = (maxLength: number) => fc.uint8Array({ minLength: 1, maxLength });
const record = (roles: readonly TrustRole[]): fc.Arbitrary<TrustRecord> =>
  fc.record({
    subject: text,
    issuer: text,
    serialNumber: octets(20),
    role: fc.constantFrom(...roles),
    publicKey: octets(300),
    signature: octets(300),
    certificate: octets(1200),
  });
const header = fc.record({
  signerVersion: fc.constantFrom('1.0' as const, '1.1' as const, undefined),
  signer: fc.record({ name: text, serialNumber: octets(20), issuer: text }),
  hash: fc.constantFrom('sha1' as const, 'sha256' as const, 'sha512' as const),
  modulusBits: fc.constantFrom(1024 as const, 2048 as const),
  fileName: text,
  timestamp: fc.integer({ min: 0, max: 0xffffffff }),
});

describe('a trust list', () => {
  it('reads back what was written', () => {
    const records = fc.array(record(['CCM', 'CCM+TFTP', 'TFTP', 'CAPF', 'APP-SERVER', 'TVS']), { maxLength: 6 });
    fc.assert(
      fc.property(header, records, fc.array(record(['SAST']), { maxLength: 2 }), (head, others, sast) => {
        const all = [...sast, ...others];
        const laidOut = layOutTrustList(head, all);
        const signature = new Uint8Array(head.modulusBits / 8).fill(7);
        const list = decodeTrustList(laidOut.assemble(signature));
        expect(list).toMatchObject({ ...head, records: all, signature });
        expect(list.signedBytes).toEqual(laidOut.toBeSigned);
        expect(list.headerLength % 4).toBe(0);
      }),
    );
  });

  it('answers anything with a list or MalformedError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        for (const decode of [decodeTrustList, decodeSignedFile]) {
          try {
            decode(Uint8Array.from([1, 0, 2, 1, 2, ...bytes]));
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedError);
          }
        }
      }),
    );
  });

  const list = decodeTrustList(itl);
  const sast = list.records[0]!;
  it('has at most two SAST records, written or read', () => {
    expect(() => layOutTrustList(list, [sast, sast, sast])).toThrow(RangeError);
  });

  it('has at most 60 KiB', () => {
    const many = Array.from({ length: 60 }, () => list.records[4]!);
    expect(() => layOutTrustList(list, [sast, ...many])).toThrow(RangeError);
    expect(() => decodeTrustList(new Uint8Array(maxTrustListLength + 1))).toThrow(MalformedError);
  });

  it.each([
    ['cut short', itl.subarray(0, itl.length - 1)],
    ['with a tail', Uint8Array.from([...itl, 0])],
    ['empty', new Uint8Array(0)],
    ['that is a signed file', signed],
  ])('is refused %s', (_, bytes) => {
    expect(() => decodeTrustList(bytes)).toThrow(MalformedError);
  });

  it('is accepted only from a SAST record of the trusted list, over SHA-512', () => {
    const always = () => true;
    expect(isSignedBy(list, list.records, always)).toBe(true);
    expect(isSignedBy(list, list.records.slice(2), always)).toBe(false);
    expect(isSignedBy({ ...list, hash: 'sha1' }, list.records, always)).toBe(false);
    expect(isSignedBy(list, list.records, () => false)).toBe(false);
    expect(findSigner(decodeSignedFile(signed), list.records)?.subject).toContain('CallManager-signing');
  });

  it('knows the roles of the field', () => {
    expect([0, 1, 2, 3, 4, 7, 21, 99].map(roleOf)).toEqual([
      'SAST',
      'CCM',
      'CCM+TFTP',
      'TFTP',
      'CAPF',
      'APP-SERVER',
      'TVS',
      undefined,
    ]);
  });
});
