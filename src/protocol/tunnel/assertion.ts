import { fromBase64url, fromUtf8, toBase64url, utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { derOf, derText } from '../edge-access/der-text.ts';
import { integerField, listField, octetsField, oneOf, onlyMembers, parseObject, textField } from '../json/fields.ts';

/**
 * What Expressway-E states about one phone's connection (spec mra.md "E ↔ C ↔ cluster"): a compact JWS, EdDSA, by the key that Expressway-C learned
 * when the two were paired. It is given once per connection and tunnel, and again when it has grown old.
 */
export interface EdgeAssertion {
  /** Name of the E. */
  readonly issuer: string;
  /** Never used twice. */
  readonly id: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** One phone connection's name, never used again. */
  readonly connection: string;
  /** DER, the MIC first. Empty: the phone showed none. */
  readonly chain: readonly Uint8Array[];
  /** RFC 9266 `tls-exporter`, 32 octets. */
  readonly channelBinding: Uint8Array;
  readonly tls: 'TLSv1.3';
  readonly sourceAddress: string;
  readonly serverName?: string;
}

/** Seconds. */
export const assertionLife = 60;
/** Clocks of E and C may differ by this, in seconds. */
export const assertionTolerance = 10;
/** Octets: six certificates of 16 KiB, base64 in base64url. */
export const largestAssertion = 192 * 1024;

const header = toBase64url(utf8(JSON.stringify({ alg: 'EdDSA', typ: 'edge-assertion+jwt' })));
const members = ['iss', 'jti', 'iat', 'exp', 'conn', 'x5c', 'cb', 'tls', 'src_ip', 'sni'];
const latest = 2 ** 40;
const nameForm = /^[A-Za-z0-9._:-]{1,253}$/;

/** What is signed: ASCII. */
export function assertionInput(assertion: EdgeAssertion): string {
  const claims = {
    iss: assertion.issuer,
    jti: assertion.id,
    iat: assertion.issuedAt,
    exp: assertion.expiresAt,
    conn: assertion.connection,
    x5c: assertion.chain.map(derText),
    cb: toBase64url(assertion.channelBinding),
    tls: assertion.tls,
    src_ip: assertion.sourceAddress,
    ...(assertion.serverName !== undefined && { sni: assertion.serverName }),
  };
  return `${header}.${toBase64url(utf8(JSON.stringify(claims)))}`;
}

export function signedAssertion(input: string, signature: Uint8Array): string {
  return `${input}.${toBase64url(signature)}`;
}

export interface ReceivedAssertion {
  readonly assertion: EdgeAssertion;
  /** What the signature is over. */
  readonly input: Uint8Array;
  readonly signature: Uint8Array;
}

/** Throws MalformedError. The signature is not checked here. */
export function readAssertion(compact: string): ReceivedAssertion {
  if (compact.length > largestAssertion) throw new MalformedError('the assertion is too long');
  const [head, payload, signature, extra] = compact.split('.');
  // One algorithm, one type, one way to write them: nothing is chosen by whoever sends it.
  if (head !== header || payload === undefined || signature === undefined || extra !== undefined) {
    throw new MalformedError('not an edge assertion');
  }
  const bytes = fromBase64url(payload);
  const mark = fromBase64url(signature);
  if (bytes === undefined || mark?.length !== 64) throw new MalformedError('not an edge assertion');
  let text: string;
  try {
    text = fromUtf8(bytes);
  } catch {
    throw new MalformedError('the assertion is not UTF-8');
  }
  const claims = parseObject(text);
  onlyMembers(claims, members);
  return {
    input: utf8(`${head}.${payload}`),
    signature: mark,
    assertion: {
      issuer: textField(claims, 'iss', nameForm),
      id: textField(claims, 'jti', /^[A-Za-z0-9_-]{16,64}$/),
      issuedAt: integerField(claims, 'iat', 0, latest),
      expiresAt: integerField(claims, 'exp', 0, latest),
      connection: textField(claims, 'conn', /^[A-Za-z0-9._:-]{1,128}$/),
      chain: listField(
        claims,
        'x5c',
        (item) => {
          if (typeof item !== 'string') throw new MalformedError('x5c item is not a text');
          return derOf(item, 'x5c item');
        },
        6,
      ),
      channelBinding: octetsField(claims, 'cb', 32),
      tls: oneOf(claims, 'tls', ['TLSv1.3'] as const),
      sourceAddress: textField(claims, 'src_ip', /^[0-9A-Fa-f:.]{2,45}$/),
      ...(claims['sni'] !== undefined && { serverName: textField(claims, 'sni', nameForm) }),
    },
  };
}

export type AssertionProblem = 'wrong_issuer' | 'too_old' | 'from_the_future' | 'too_long_lived';

/** Undefined: good now. `now` in seconds since the epoch. */
export function judgeAssertion(
  { issuer, issuedAt, expiresAt }: EdgeAssertion,
  demand: { readonly issuer: string; readonly now: number },
): AssertionProblem | undefined {
  if (issuer !== demand.issuer) return 'wrong_issuer';
  if (expiresAt - issuedAt > assertionLife || expiresAt <= issuedAt) return 'too_long_lived';
  if (issuedAt > demand.now + assertionTolerance) return 'from_the_future';
  return expiresAt + assertionTolerance <= demand.now ? 'too_old' : undefined;
}
