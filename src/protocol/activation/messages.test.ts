import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../kernel/errors.ts';
import { parseStrictJson } from '../json/strict-json.ts';
import { readPlainError, writePlainError } from './answers.ts';
import {
  readChallenge,
  readConfirm,
  readProve,
  readProveReply,
  readStart,
  UnsupportedSuiteError,
  writeChallenge,
  writeConfirm,
  writeProve,
  writeProveReply,
  writeStart,
} from './messages.ts';
import { readResult, type SealedResult, writeResult } from './result.ts';
import { micAlgorithms, modes } from './suite.ts';

const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const digits = (length: number, alphabet: string) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length });
const hex64 = digits(64, '0123456789abcdef');
const mac = digits(12, '0123456789ABCDEF');

const start = fc.record({
  locator: digits(7, '0123456789'),
  model: fc.constantFrom('CP-8845', 'CP-8851NR', 'CP-8832-NR'),
  mac,
  fw: fc.constantFrom('sip8845_65.14-2-1', 'sip88xx.12-5-1SR3-74'),
  mode: fc.constantFrom(...modes),
  cnonce: octets(32),
});
const challenge = fc.record({
  sid: octets(16),
  salt: octets(16),
  B: octets(384),
  snonce: octets(32),
  dasId: fc.stringMatching(/^[a-z0-9.-]{1,40}$/),
  ttl: fc.integer({ min: 1, max: 600 }),
});
const prove = fc.record({
  sid: octets(16),
  A: octets(384),
  M1: octets(32),
  micAlg: fc.constantFrom(...micAlgorithms),
  micSig: fc.uint8Array({ minLength: 8, maxLength: 512 }),
});
const host = fc.constantFrom('node-a.example.org', '192.0.2.7', '[2001:db8::1]');
const port = fc.integer({ min: 1, max: 65535 });
const instant = fc.constantFrom('2026-01-02T03:04:05Z', '2026-01-02T03:04:05.678Z');
const result: fc.Arbitrary<SealedResult> = fc.oneof(
  fc.record({
    status: fc.constant('refused' as const),
    reason: fc.constantFrom('code_expired' as const, 'mac_mismatch' as const),
  }),
  fc.record(
    {
      status: fc.constant('activated' as const),
      activationId: fc.uuid(),
      already: fc.boolean(),
      deviceName: mac.map((text) => `SEP${text}`),
      dasId: fc.string({ minLength: 1 }),
      serverTime: instant,
      trust: fc.record({
        itlSha256: hex64,
        tvs: fc.array(fc.record({ host, port, spkiSha256: hex64 }), { maxLength: 5 }),
        phoneEdgeTrustSha256: fc.array(hex64, { maxLength: 5 }),
      }),
      tftp: fc.array(fc.string(), { maxLength: 5 }),
      configUrl: fc.webUrl(),
      sip: fc.record(
        {
          transport: fc.constantFrom('tls' as const, 'tcp' as const, 'udp' as const),
          servers: fc.array(fc.record({ host, port }), { maxLength: 5 }),
          digest: fc.record({ username: fc.string(), password: fc.string() }),
        },
        { requiredKeys: ['transport', 'servers'] },
      ),
      mra: fc.record({ activationDomain: fc.domain(), serviceDomain: fc.domain() }),
      oauth: fc.record({
        accessToken: fc.string(),
        refreshToken: fc.string(),
        tokenType: fc.constant('DPoP'),
        expiresIn: fc.nat(),
      }),
      confirmBy: instant,
    },
    {
      requiredKeys: [
        'status',
        'activationId',
        'already',
        'deviceName',
        'dasId',
        'serverTime',
        'trust',
        'tftp',
        'configUrl',
        'sip',
        'confirmBy',
      ],
    },
  ),
);

describe('every message', () => {
  it('survives the way there', () => {
    const same = <T>(values: fc.Arbitrary<T>, write: (value: T) => string, read: (text: string) => T) =>
      fc.assert(
        fc.property(values, (value) => {
          expect(read(write(value))).toEqual(value);
        }),
      );
    same(start, writeStart, readStart);
    same(challenge, writeChallenge, readChallenge);
    same(prove, writeProve, readProve);
    same(
      fc.record({ M2: octets(32), sealed: fc.uint8Array({ minLength: 16, maxLength: 900 }) }),
      writeProveReply,
      readProveReply,
    );
    same(fc.record({ activationId: fc.uuid(), conf: octets(32) }), writeConfirm, readConfirm);
    fc.assert(
      fc.property(result, (value) => {
        expect(readResult(writeResult(value))).toEqual(value);
      }),
    );
  });

  it('is refused with one member more, one less, one twice, or one of another type', () => {
    const readers: [string, (text: string) => unknown][] = [
      [writeStart(fc.sample(start, 1)[0]!), readStart],
      [writeChallenge(fc.sample(challenge, 1)[0]!), readChallenge],
      [writeProve(fc.sample(prove, 1)[0]!), readProve],
      [writeConfirm({ activationId: '6f1f9d1e-6f58-4d5e-9a0e-2f1b7f0c1a11', conf: new Uint8Array(32) }), readConfirm],
      [writeProveReply({ M2: new Uint8Array(32), sealed: new Uint8Array(20) }), readProveReply],
    ];
    for (const [text, read] of readers) {
      expect(() => read(text)).not.toThrow();
      const members = Object.entries(JSON.parse(text) as object);
      expect(() => read(text.replace(/}$/, ',"extra":1}'))).toThrow(MalformedError);
      expect(() => read(text.replace(/}$/, ',"__proto__":1}'))).toThrow(MalformedError);
      for (const [name, value] of members) {
        const others = Object.fromEntries(members.filter(([other]) => other !== name));
        expect(() => read(JSON.stringify(others)), name).toThrow(MalformedError);
        expect(() => read(text.replace(/}$/, `,${JSON.stringify(name)}:${JSON.stringify(value)}}`)), name).toThrow(
          /twice/,
        );
        for (const wrong of [null, true, 1.5, [], {}, [value]]) {
          expect(() => read(JSON.stringify({ ...others, [name]: wrong })), name).toThrow(MalformedError);
        }
        if (typeof value === 'string' && name !== 'das_id') {
          expect(() => read(JSON.stringify({ ...others, [name]: `${value}=` })), name).toThrow(MalformedError);
        }
      }
    }
  });

  it('never throws anything but MalformedError, whatever the text', () => {
    const readers = [
      readStart,
      readChallenge,
      readProve,
      readConfirm,
      readProveReply,
      (text: string) => readResult(Buffer.from(text)),
    ];
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.json(),
      start.map(writeStart),
      prove.map(writeProve),
    );
    fc.assert(
      fc.property(texts, fc.nat(), fc.string({ maxLength: 3 }), (text, at, splice) => {
        const cut = at % (text.length + 1);
        for (const candidate of [text, text.slice(0, cut) + splice + text.slice(cut + 1)]) {
          for (const read of readers) {
            try {
              read(candidate);
            } catch (error) {
              expect(error).toBeInstanceOf(MalformedError);
            }
          }
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('start', () => {
  const good = {
    locator: '1234567',
    model: 'CP-8845',
    mac: '001122334455',
    fw: 'a',
    mode: 'onprem' as const,
    cnonce: new Uint8Array(32),
  };

  it('tells another suite from a bad message, before it looks at other members', () => {
    const other = JSON.stringify({ v: 2, suite: 'AC-SRP-2', surprise: true });
    expect(() => readStart(other)).toThrow(UnsupportedSuiteError);
  });

  it.each([
    ['locator', '123456'],
    ['locator', '12345678'],
    ['locator', '123456a'],
    ['model', '8845'],
    ['model', 'CP-8845-'],
    ['model', 'cp-8845'],
    ['mac', '00112233445'],
    ['mac', '00112233445a'],
    ['mac', '00:11:22:33:44:55'],
    ['mode', 'cloud'],
    ['fw', ''],
    ['fw', 'a b'],
    ['v', 2],
    ['v', '1'],
    ['cnonce', 'AAAA'],
    ['cnonce', `${'A'.repeat(42)}B`],
  ])('refuses %s = %j', (name, value) => {
    const message = { ...(JSON.parse(writeStart(good)) as object), [name]: value };
    expect(() => readStart(JSON.stringify(message))).toThrow(MalformedError);
  });
});

describe('dpop_jwk', () => {
  const base = {
    sid: new Uint8Array(16),
    A: new Uint8Array(384),
    M1: new Uint8Array(32),
    micAlg: micAlgorithms[0]!,
    micSig: new Uint8Array(256),
  };
  const withJwk = (jwk: unknown) =>
    readProve(JSON.stringify({ ...(JSON.parse(writeProve(base)) as object), dpop_jwk: jwk }));
  const point = 'A'.repeat(43);

  it('becomes the text RFC 7638 hashes: required members only, in order', () => {
    expect(withJwk({ y: point, alg: 'ES256', x: point, crv: 'P-256', kty: 'EC' }).jktInput).toBe(
      `{"crv":"P-256","kty":"EC","x":"${point}","y":"${point}"}`,
    );
    expect(withJwk({ kty: 'OKP', crv: 'Ed25519', x: point }).jktInput).toBe(
      `{"crv":"Ed25519","kty":"OKP","x":"${point}"}`,
    );
  });

  it('is refused with a private part or of an unknown kind', () => {
    expect(() => withJwk({ kty: 'EC', crv: 'P-256', x: point, y: point, d: point })).toThrow(MalformedError);
    expect(() => withJwk({ kty: 'oct', k: point })).toThrow(MalformedError);
    expect(() => withJwk({ kty: 'EC', crv: 'secp256k1', x: point, y: point })).toThrow(MalformedError);
  });
});

describe('strict JSON', () => {
  it('agrees with the platform on everything without a repeated member', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(JSON.stringify(parseStrictJson(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it.each([
    '',
    ' ',
    '{',
    '[1,]',
    '{"a":1,}',
    '01',
    '1.',
    '+1',
    '.5',
    'nul',
    '"\u0001"',
    '"\\x"',
    '{"a" 1}',
    '[1 2]',
    '{} {}',
    '\ufeff{}',
    "{'a':1}",
  ])('refuses %j', (text) => expect(() => parseStrictJson(text)).toThrow(MalformedError));

  it('refuses a member given twice, also when one of them is escaped', () => {
    expect(() => parseStrictJson('{"sid":1,"s\\u0069d":2}')).toThrow(/twice/);
  });

  it('refuses nesting deeper than it ever needs', () => {
    expect(() => parseStrictJson('['.repeat(9) + ']'.repeat(9))).toThrow(/deep/);
    expect(() => parseStrictJson('['.repeat(100_000))).toThrow(MalformedError);
  });
});

describe('plain errors', () => {
  it('are read back, and a stranger’s page is not mistaken for one', () => {
    const body = { error: 'mic_expired' as const, message: 'The certificate has expired.', ref: 'ab12' };
    expect(readPlainError(writePlainError(body))).toEqual(body);
    expect(readPlainError('<html>')).toBeUndefined();
    expect(readPlainError('{"error":"teapot","message":"","ref":""}')).toBeUndefined();
  });
});
