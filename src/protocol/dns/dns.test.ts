import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { formatIpv6, parseIpv4, parseIpv6 } from './address.ts';
import {
  type DnsMessage,
  dnsQuery,
  dnsResponse,
  fitDns,
  maximumUdpMessage,
  readDns,
  recordTypes,
  writeDns,
} from './message.ts';
import { isDomainName, isWithin, readName } from './name.ts';
import type { DnsRecord } from './record.ts';
import { type ServiceRecord, serviceOrder } from './service-order.ts';

const label = fc.stringMatching(/^[a-z_][a-z0-9]{0,10}$/);
const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'));
const word = fc.integer({ min: 0, max: 0xffff });
const ttl = fc.integer({ min: 0, max: 0x7fffffff });
const ipv4 = fc.ipV4();
const ipv6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(formatIpv6);
const record: fc.Arbitrary<DnsRecord> = fc.oneof(
  fc.record({ type: fc.constant('A' as const), name, ttl, address: ipv4 }),
  fc.record({ type: fc.constant('AAAA' as const), name, ttl, address: ipv6 }),
  fc.record({ type: fc.constant('SRV' as const), name, ttl, priority: word, weight: word, port: word, target: name }),
  fc.record({ type: fc.constant('CNAME' as const), name, ttl, target: name }),
  fc.record({ type: fc.constant('SOA' as const), name, ttl, primary: name, mailbox: name, serial: ttl, minimum: ttl }),
);
const message: fc.Arbitrary<DnsMessage> = fc.record({
  id: word,
  response: fc.boolean(),
  opcode: fc.integer({ min: 0, max: 15 }),
  authoritative: fc.boolean(),
  truncated: fc.boolean(),
  recursionDesired: fc.boolean(),
  recursionAvailable: fc.boolean(),
  code: fc.integer({ min: 0, max: 15 }),
  questions: fc.array(fc.record({ name, type: word }), { maxLength: 2 }),
  answers: fc.array(record, { maxLength: 4 }),
  authority: fc.array(record, { maxLength: 2 }),
  additional: fc.array(record, { maxLength: 2 }),
});
const srv = (changes: Partial<ServiceRecord> = {}): ServiceRecord => ({
  type: 'SRV',
  name: '_collab-edge._tls.example.org',
  ttl: 60,
  priority: 10,
  weight: 10,
  port: 8443,
  target: 'e1.example.org',
  ...changes,
});

describe('DNS messages', () => {
  it('read back as they were written', () => {
    fc.assert(
      fc.property(message, (each) => {
        expect(readDns(writeDns(each))).toEqual(each);
      }),
    );
  });

  it('ask as the wire form of RFC 1035 has it', () => {
    const bytes = dnsQuery(0x1234, '_collab-edge._tls.a.test', 'SRV');
    const name = [12, ...utf8('_collab-edge'), 4, ...utf8('_tls'), 1, ...utf8('a'), 4, ...utf8('test'), 0];
    expect([...bytes]).toEqual([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...name, 0, 33, 0, 1]);
  });

  it('point back to names that stand there already, but not from the target of an SRV record', () => {
    const query = readDns(dnsQuery(1, 'a.example.org', 'SRV'));
    const answer = { ...dnsResponse(query, 0), answers: [srv({ name: 'A.EXAMPLE.org', target: 'e.example.org' })] };
    const bytes = writeDns(answer);
    expect([...bytes.subarray(31, 33)]).toEqual([0xc0, 12]);
    expect(bytes.length).toBe(12 + 19 + 12 + 6 + 15);
    expect(readDns(bytes).answers[0]).toMatchObject({ name: 'a.example.org', target: 'e.example.org' });
  });

  it('say that they were cut when they do not fit into one datagram', () => {
    const query = readDns(dnsQuery(1, '_collab-edge._tls.example.org', 'SRV'));
    const answers = Array.from({ length: 30 }, (_, i) => srv({ target: `edge-number-${i}.example.org` }));
    const fitted = fitDns({ ...dnsResponse(query, 0), answers }, maximumUdpMessage);
    expect(fitted.length).toBeLessThanOrEqual(maximumUdpMessage);
    expect(readDns(fitted)).toMatchObject({ truncated: true, answers: [], questions: query.questions });
  });

  it('leave records out that mean nothing here', () => {
    const bytes = writeDns({ ...dnsResponse(readDns(dnsQuery(1, 'a.b', 'A')), 0), answers: [srv({ name: 'a.b' })] });
    const text = Uint8Array.from(bytes);
    // 12 header, 5 name, 4 type and class, 2 pointer: the answer's type.
    text[24] = 16;
    expect(readDns(text).answers).toEqual([]);
  });

  it('end in a clear error for any junk', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          readDns(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
      }),
    );
  });

  it('end in a clear error when any octet of a good one is changed or the end is missing', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.boolean(), (each, at, octet, cut) => {
        const bytes = writeDns(each);
        const hurt = cut ? bytes.slice(0, at % bytes.length) : bytes.with(at % bytes.length, octet);
        try {
          readDns(hurt);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
      }),
    );
  });
});

describe('names', () => {
  it.each([
    ['points at itself', [0xc0, 0]],
    ['points forward', [0xc0, 4, 0, 0, 1, 97, 0]],
    ['never ends', [1, 97]],
    ['has a label of an unknown kind', [0x80, 97, 0]],
    ['has a dot inside a label', [3, 97, 46, 98, 0]],
    ['is longer than 255 octets', [...Array.from({ length: 5 }, () => [63, ...Array(63).fill(97)]).flat(), 0]],
  ])('are refused when one %s', (_, octets) => {
    expect(() => readName(Uint8Array.from(octets as number[]), 0)).toThrow(MalformedError);
  });

  it('are refused when two pointers chase each other', () => {
    expect(() => readName(Uint8Array.of(0xc0, 2, 0xc0, 0), 2)).toThrow(MalformedError);
  });

  it.each(['', 'a', '_collab-edge._tls.example.org', 'xn--bcher-kva.example'])('%j is one', (text) => {
    expect(isDomainName(text)).toBe(true);
  });

  it.each(['.', 'a..b', 'a.', 'a b', '-a', 'bücher', 'a'.repeat(64), 'a.'.repeat(127)])('%j is none', (text) => {
    expect(isDomainName(text)).toBe(false);
  });

  it('lie within a zone by whole labels', () => {
    expect(isWithin('E1.Example.org', 'example.ORG')).toBe(true);
    expect(isWithin('badexample.org', 'example.org')).toBe(false);
  });
});

describe('addresses', () => {
  it.each([
    ['::1', 1],
    ['2001:db8::8:800:200c:417a', 0x7a],
    ['::', 0],
    ['1:0:2:3:4:5:6:7', 7],
  ])('%s is read and written alike', (text, last) => {
    const octets = parseIpv6(text);
    expect(octets[15]).toBe(last);
    expect(formatIpv6(Uint8Array.from(octets))).toBe(text);
  });

  it.each(['1::2::3', '1:2:3', 'g::', '1:2:3:4:5:6:7:8:9', '::ffff:1.2.3.4'])('%s is no IPv6 address', (text) => {
    expect(() => parseIpv6(text)).toThrow(RangeError);
  });

  it.each(['1.2.3', '1.2.3.256', '1.2.3.4.5', 'a.b.c.d', '1.2.3.-4'])('%s is no IPv4 address', (text) => {
    expect(() => parseIpv4(text)).toThrow(RangeError);
  });
});

describe('the order of services', () => {
  const highest = { below: (bound: number) => bound - 1 };
  const lowest = { below: () => 0 };
  const targets = (records: readonly ServiceRecord[]) => records.map(({ target }) => target);

  it('takes lower priorities first, whatever their weight', () => {
    const records = [
      srv({ priority: 20, weight: 100, target: 'late' }),
      srv({ priority: 5, weight: 0, target: 'soon' }),
    ];
    expect(targets(serviceOrder(records, highest))).toEqual(['soon', 'late']);
  });

  it('draws by weight within a priority', () => {
    const records = [
      srv({ weight: 1, target: 'light' }),
      srv({ weight: 9, target: 'heavy' }),
      srv({ weight: 0, target: 'idle' }),
    ];
    expect(targets(serviceOrder(records, lowest))).toEqual(['idle', 'light', 'heavy']);
    expect(targets(serviceOrder(records, highest))[0]).toBe('heavy');
    let heavyFirst = 0;
    let seed = 7;
    const random = {
      below(bound: number) {
        seed = (seed * 48_271) % 0x7fffffff;
        return seed % bound;
      },
    };
    for (let i = 0; i < 1000; i++) if (targets(serviceOrder(records, random))[0] === 'heavy') heavyFirst += 1;
    expect(heavyFirst).toBeGreaterThan(700);
  });

  it('loses nobody and tries nobody twice', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ priority: word, weight: word }), { maxLength: 8 }), (each) => {
        const records = each.map((values, at) => srv({ ...values, target: `t${at}` }));
        expect(targets(serviceOrder(records, highest)).toSorted()).toEqual(targets(records).toSorted());
      }),
    );
  });

  it('is empty when the zone says that there is no such service', () => {
    expect(serviceOrder([srv({ target: '' })], lowest)).toEqual([]);
  });
});

it('knows the numbers of the types it asks for', () => {
  expect(recordTypes).toEqual({ A: 1, CNAME: 5, SOA: 6, AAAA: 28, SRV: 33 });
});
