import { createDiffieHellman, createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, fromHex, toHex, utf8 } from '../../kernel/bytes.ts';
import { rfc5054Group1024, rfc5054Group3072, type SrpGroup } from './group.ts';
import { integerOf, octetsOf } from './integer.ts';
import { type SrpArithmetic, srp6a } from './srp6a.ts';

const hex = (text: string) => fromHex(text.replace(/\s+/g, ''));
const digest = (algorithm: string) => (bytes: Uint8Array) =>
  new Uint8Array(createHash(algorithm).update(bytes).digest());

/** Square and multiply: for tests only, it leaks its exponent. */
function bigModPow(group: SrpGroup) {
  return (base: Uint8Array, exponent: Uint8Array) => {
    let result = 1n;
    let power = integerOf(base);
    for (let e = integerOf(exponent); e > 0n; e >>= 1n) {
      if (e & 1n) result = (result * power) % group.prime;
      power = (power * power) % group.prime;
    }
    return octetsOf(result, group.length);
  };
}

describe('RFC 5054 Appendix B', () => {
  const arithmetic: SrpArithmetic = { modPow: bigModPow(rfc5054Group1024), hash: digest('sha1') };
  const srp = srp6a(rfc5054Group1024, arithmetic);
  const salt = hex('BEB25379 D1A8581E B5A72767 3A2441EE');
  const sha1 = digest('sha1');
  const x = sha1(concat(salt, sha1(utf8('alice:password123'))));
  const a = hex('60975527 035CF2AD 1989806F 0407210B C81EDC04 E2762A56 AFD529DD DA2D4393');
  const b = hex('E487CB59 D31AC550 471E81F0 0F6928E0 1DDA08E9 74A004F4 9E61F5D1 05284D20');
  const v =
    hex(`7E273DE8 696FFC4F 4E337D05 B4B375BE B0DDE156 9E8FA00A 9886D812 9BADA1F1 822223CA 1A605B53 0E379BA4 729FDC59
    F105B478 7E5186F5 C671085A 1447B52A 48CF1970 B4FB6F84 00BBF4CE BFBB1681 52E08AB5 EA53D15C 1AFF87B2 B9DA6E04 E058AD51 CC72BFC9
    033B564E 26480D78 E955A5E2 9E7AB245 DB2BE315 E2099AFB`);
  const A =
    hex(`61D5E490 F6F1B795 47B0704C 436F523D D0E560F0 C64115BB 72557EC4 4352E890 3211C046 92272D8B 2D1A5358 A2CF1B6E 0BFCF99F
    921530EC 8E393561 79EAE45E 42BA92AE ACED8251 71E1E8B9 AF6D9C03 E1327F44 BE087EF0 6530E69F 66615261 EEF54073 CA11CF58 58F0EDFD
    FE15EFEA B349EF5D 76988A36 72FAC47B 0769447B`);
  const B =
    hex(`BD0C6151 2C692C0C B6D041FA 01BB152D 4916A1E7 7AF46AE1 05393011 BAF38964 DC46A067 0DD125B9 5A981652 236F99D9 B681CBF8
    7837EC99 6C6DA044 53728610 D0C6DDB5 8B318885 D7D82C7F 8DEB75CE 7BD4FBAA 37089E6F 9C6059F3 88838E7A 00030B33 1EB76840 910440B1
    B27AAEAE EB4012B7 D7665238 A8E3FB00 4B117B58`);
  const S =
    hex(`B0DC82BA BCF30674 AE450C02 87745E79 90A3381F 63B387AA F271A10D 233861E3 59B48220 F7C4693C 9AE12B0A 6F67809F 0876E2D0
    13800D6C 41BB59B6 D5979B5C 00A172B4 A2A5903A 0BDCAF8A 709585EB 2AFAFA8F 3499B200 210DCC1F 10EB3394 3CD67FC8 8A2F39A4 BE5BEC4E
    C0A3212D C346D7E4 74B29EDE 8A469FFE CA686E5A`);

  it('reproduces x, v, A, B and S on both sides', () => {
    expect(toHex(x)).toBe('94b7555aabe9127cc58ccf4993db6cf84d16c124');
    expect(srp.power(x)).toEqual(v);
    expect(srp.power(a)).toEqual(A);
    expect(srp.serverPublic(v, b)).toEqual(B);
    expect(srp.serverSecret({ A, B, verifier: v, b })).toEqual(S);
    expect(srp.clientSecret({ A, B, x, a })).toEqual(S);
  });
});

describe('the 3072-bit group', () => {
  it('is the prime of RFC 3526 group 15', () => {
    expect(rfc5054Group3072.length).toBe(384);
    const pi = createHash('sha256').update(octetsOf(rfc5054Group3072.prime, 384)).digest('hex');
    expect(pi).toBe(createHash('sha256').update(fromModp15()).digest('hex'));
  });

  it('refuses 0, 1, N-1, N and wrong lengths as public values', () => {
    const srp = srp6a(rfc5054Group3072, { modPow: bigModPow(rfc5054Group3072), hash: digest('sha256') });
    const { prime, length } = rfc5054Group3072;
    for (const bad of [0n, 1n, prime - 1n, prime]) expect(srp.acceptable(octetsOf(bad, length))).toBe(false);
    expect(srp.acceptable(octetsOf(2n, length))).toBe(true);
    expect(srp.acceptable(octetsOf(prime - 2n, length))).toBe(true);
    expect(srp.acceptable(octetsOf(2n, length - 1))).toBe(false);
    expect(srp.acceptable(octetsOf(2n, length + 1))).toBe(false);
  });

  it('gives both sides the same secret exactly when the password is the same', () => {
    const dh = createDiffieHellman(Buffer.from(fromModp15()), 5);
    const modPow = (base: Uint8Array, exponent: Uint8Array) => {
      dh.setPrivateKey(exponent);
      return new Uint8Array(dh.computeSecret(base));
    };
    const srp = srp6a(rfc5054Group3072, { modPow, hash: digest('sha256') });
    const secret = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => bytes[0]! > 0);
    fc.assert(
      fc.property(secret, secret, secret, secret, (a, b, x, other) => {
        const verifier = srp.power(x);
        const A = srp.power(a);
        const B = srp.serverPublic(verifier, b)!;
        const server = srp.serverSecret({ A, B, verifier, b });
        expect(srp.clientSecret({ A, B, x, a })).toEqual(server);
        if (toHex(other) !== toHex(x)) expect(srp.clientSecret({ A, B, x: other, a })).not.toEqual(server);
      }),
      { numRuns: 10 },
    );
  });
});

/** Built from its definition in RFC 3526 §4, not from the constant under test: 2^3072 - 2^3008 - 1 + 2^64 * (floor(2^2942 pi) + 1690314). */
function fromModp15(): Uint8Array {
  const bits = 2942n + 64n;
  const one = 1n << bits;
  const arctan = (inverse: bigint) => {
    let sum = 0n;
    let term = one / inverse;
    for (let n = 1n, sign = 1n; term > 0n; n += 2n, sign = -sign) {
      sum += (sign * term) / n;
      term /= inverse * inverse;
    }
    return sum;
  };
  const pi = (16n * arctan(5n) - 4n * arctan(239n)) >> 64n;
  return octetsOf((1n << 3072n) - (1n << 3008n) - 1n + (1n << 64n) * (pi + 1690314n), 384);
}
