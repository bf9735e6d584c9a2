import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../kernel/errors.ts';
import {
  readClusterStatus,
  readPhoneEdgeTrust,
  readSettings,
  writeClusterStatus,
  writePhoneEdgeTrust,
  writeSettings,
} from './cluster.ts';
import { parseCsrText, readEnrol, readEnrolled, readRenew, writeEnrol, writeEnrolled, writeRenew } from './enrol.ts';
import { readCloudKey } from './key.ts';
import {
  readAllocate,
  readAllocationPage,
  readAllocationStatus,
  readAllocations,
  writeAllocate,
  writeAllocationPage,
  writeAllocationStatus,
  writeAllocations,
} from './locators.ts';
import { cloudErrorStatus, readCloudProblem, writeCloudProblem } from './problem.ts';
import { readResolve, readResolveReply, writeResolve, writeResolveReply } from './resolve.ts';
import { parseVoucher, readVoucherReply, writeVoucher, writeVoucherReply } from './voucher.ts';

const octets = (length: number, most = length) => fc.uint8Array({ minLength: length, maxLength: most });
const locator = fc.integer({ min: 0, max: 9_999_999 }).map((n) => String(n).padStart(7, '0'));
const instant = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000);
const domain = fc.constantFrom('mra.example.org', 'a.b', 'x-1.example.co.uk');
const cloudKey = readCloudKey({
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
});
const allocation = fc.record({ locator, allocationId: fc.uuid() });
const allocationStatus = fc.record({
  locator,
  allocationId: fc.uuid(),
  allocatedAt: instant,
  resolves: fc.nat(1_000_000),
  lastResolve: fc.option(
    fc.record({
      at: instant,
      mac: fc.constantFrom('001122334455', 'AABBCCDDEEFF'),
      model: fc.constantFrom('CP-8845', 'CP-8851NR'),
      source: fc.constantFrom('192.0.2.1', '2001:db8::1', ''),
    }),
    { nil: undefined },
  ),
});

/** What is written is read back the same. */
function roundTrip<T>(
  name: string,
  value: fc.Arbitrary<T>,
  write: (value: T) => string,
  read: (text: string) => unknown,
) {
  it(`${name}: what is written is read back the same`, () => {
    fc.assert(
      fc.property(value, (each) => {
        expect(read(write(each))).toEqual(each);
      }),
    );
  });
}

describe('the messages of the cloud', () => {
  roundTrip('resolve', fc.record({ locator, cnonce: octets(32) }), writeResolve, readResolve);
  roundTrip(
    'its reply',
    fc.record({ answer: fc.constant('aaaa.bbbb.cccccccccc') }),
    writeResolveReply,
    readResolveReply,
  );
  roundTrip(
    'enrol',
    fc.record({ voucher: fc.constant('fsv1.x'), csr: octets(1, 900), name: fc.constantFrom('', 'Berlin', '柏林') }),
    writeEnrol,
    readEnrol,
  );
  roundTrip(
    'enrolled',
    fc.record({
      clusterId: fc.uuid(),
      certificateChain: fc.array(octets(1, 600), { maxLength: 4 }),
      notAfter: instant,
      cloudKey: fc.constant(cloudKey),
      issuer: fc.constant('https://cloud.example.org'),
    }),
    writeEnrolled,
    readEnrolled,
  );
  roundTrip('renew', fc.record({ csr: octets(1, 900) }), writeRenew, readRenew);
  roundTrip(
    'settings',
    fc.record({
      activationDomain: fc.option(domain, { nil: undefined }),
      enabled: fc.boolean(),
      clusterHint: octets(32),
    }),
    writeSettings,
    readSettings,
  );
  roundTrip(
    'PhoneEdge-trust',
    fc.record({ version: fc.nat(), certificates: fc.array(octets(1, 2000), { maxLength: 20 }) }),
    writePhoneEdgeTrust,
    readPhoneEdgeTrust,
  );
  roundTrip(
    'status',
    fc.record({
      clusterId: fc.uuid(),
      name: fc.constantFrom('Berlin', '柏林'),
      state: fc.constantFrom('active' as const, 'suspended' as const),
      activationDomain: fc.option(domain, { nil: undefined }),
      enabled: fc.boolean(),
      phoneEdgeTrust: fc.record({
        version: fc.nat(),
        sha256: fc.array(
          octets(32).map((bytes) => Buffer.from(bytes).toString('hex')),
          { maxLength: 5 },
        ),
      }),
      locators: fc.record({ allocated: fc.nat(1000), quarantined: fc.nat(1000), quota: fc.nat(1000) }),
      certificateNotAfter: instant,
      cloudKey: fc.constant(cloudKey),
      time: instant,
    }),
    writeClusterStatus,
    readClusterStatus,
  );
  roundTrip(
    'allocate',
    fc.record({ idempotencyKey: fc.constant('abcdefghijklmnop'), count: fc.integer({ min: 1, max: 1000 }) }),
    writeAllocate,
    readAllocate,
  );
  roundTrip('allocations', fc.array(allocation, { maxLength: 20 }), writeAllocations, readAllocations);
  roundTrip('an allocation', allocationStatus, writeAllocationStatus, readAllocationStatus);
  roundTrip(
    'a page of them',
    fc.record({ items: fc.array(allocationStatus, { maxLength: 5 }), next: fc.option(locator, { nil: undefined }) }),
    writeAllocationPage,
    readAllocationPage,
  );
  roundTrip(
    'a voucher',
    fc.record({ secret: octets(32), pin: fc.option(octets(32), { nil: undefined }) }),
    writeVoucher,
    parseVoucher,
  );
  roundTrip(
    'its reply',
    fc.record({ voucher: octets(32).map((secret) => writeVoucher({ secret, pin: undefined })), expiresAt: instant }),
    writeVoucherReply,
    readVoucherReply,
  );

  const readers = [
    readResolve,
    readResolveReply,
    readEnrol,
    readEnrolled,
    readRenew,
    readSettings,
    readPhoneEdgeTrust,
    readClusterStatus,
    readAllocate,
    readAllocations,
    readAllocationStatus,
    readAllocationPage,
    readVoucherReply,
  ];
  it('refuse anything else with MalformedError and nothing else', () => {
    const nonsense = fc.oneof(fc.string(), fc.json(), fc.constantFrom('', '{}', '[]', 'null', '{"v":1,"v":1}'));
    fc.assert(
      fc.property(fc.constantFrom(...readers), nonsense, (read, text) => {
        try {
          read(text);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
          return;
        }
        // Only what could have been written gets here.
        expect(text).toContain('"');
      }),
      { numRuns: 500 },
    );
  });

  it('refuse members they do not know, and members given twice', () => {
    const nonce = 'A'.repeat(43);
    expect(() => readResolve(`{"v":1,"locator":"1234567","cnonce":"${nonce}"}`)).not.toThrow();
    expect(() => readResolve(`{"v":1,"locator":"1234567","cnonce":"${nonce}","secret":"1"}`)).toThrow('unknown member');
    expect(() => readResolve(`{"v":1,"v":1,"locator":"1234567","cnonce":"${nonce}"}`)).toThrow('given twice');
    expect(() => readResolve(`{"v":2,"locator":"1234567","cnonce":"${nonce}"}`)).toThrow(MalformedError);
    expect(() => readResolve(`{"v":1,"locator":"123456","cnonce":"${nonce}"}`)).toThrow(MalformedError);
  });

  it('keep to the largest PhoneEdge-trust set', () => {
    const large = new Uint8Array(16 * 1024);
    expect(() =>
      readPhoneEdgeTrust(writePhoneEdgeTrust({ version: 1, certificates: Array(4).fill(large) })),
    ).not.toThrow();
    expect(() => readPhoneEdgeTrust(writePhoneEdgeTrust({ version: 1, certificates: Array(5).fill(large) }))).toThrow(
      '64 KiB',
    );
  });
});

describe('a voucher as people copy it', () => {
  const voucher = { secret: new Uint8Array(32).fill(200), pin: new Uint8Array(32).fill(100) };
  it('may have line ends and spaces in it, and nothing else', () => {
    const text = writeVoucher(voucher);
    expect(parseVoucher(`  ${text.slice(0, 20)}\r\n ${text.slice(20)}\n`)).toEqual(voucher);
    for (const wrong of [text.slice(0, -1), `${text}a`, text.replace('fsv1', 'fsv2'), '', text.replace('.', ',')]) {
      expect(parseVoucher(wrong)).toBeUndefined();
    }
  });
});

describe('a certificate request', () => {
  it('comes as PEM, base64 or base64url', () => {
    const der = new Uint8Array([0x30, 0x82, 0xff, 0xfe, 0xfb, 1]);
    const base64 = Buffer.from(der).toString('base64');
    const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${base64}\n-----END CERTIFICATE REQUEST-----\n`;
    for (const text of [
      base64,
      Buffer.from(der).toString('base64url'),
      pem,
      pem.replaceAll('CERTIFICATE', 'NEW CERTIFICATE'),
    ]) {
      expect(parseCsrText(text)).toEqual(der);
    }
    expect(() => parseCsrText('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toThrow(MalformedError);
  });
});

describe('refusals', () => {
  it('are read back, each with its status, and what is none of ours is not', () => {
    for (const error of Object.keys(cloudErrorStatus) as (keyof typeof cloudErrorStatus)[]) {
      expect(cloudErrorStatus[error]).toBeGreaterThanOrEqual(400);
      const problem = { error, message: 'Why.', ref: 'abc123' };
      expect(readCloudProblem(writeCloudProblem(problem))).toEqual(problem);
      expect(readCloudProblem(writeCloudProblem({ ...problem, retryAfter: 60 }))).toEqual({
        ...problem,
        retryAfter: 60,
      });
    }
    for (const text of ['<html>', '{}', '{"error":"toString","message":"","ref":""}', ''])
      expect(readCloudProblem(text)).toBeUndefined();
  });
});
