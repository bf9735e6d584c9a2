import { equalBytes, fromUtf8, toBase64url, utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { integerField, listField, octetsField, onlyMembers, parseObject, textField } from '../json/fields.ts';
import { domainForm, locatorForm, octetsItem, sha256Field } from './fields.ts';
import { type AnswerSigner, type AnswerVerifier, splitCompact } from './key.ts';
import { largestAnswer, largestTrustCertificate, longestAnswerLife, mostTrustCertificates } from './limits.ts';

/** What the cloud signs for a phone: spec/mra.md "Phone ↔ cloud". */
export interface ResolveClaims {
  /** The cloud's own name, an https URL. */
  readonly iss: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  /** At most 24 h after iat. */
  readonly exp: number;
  readonly locator: string;
  readonly cnonce: Uint8Array;
  readonly activationDomain: string;
  /** DER; empty: the edge's certificate must chain to a public root. */
  readonly phoneEdgeTrust: readonly Uint8Array[];
  /** SHA-256 of the das_id that will answer start. */
  readonly clusterHint: Uint8Array;
}

const members = ['iss', 'iat', 'exp', 'locator', 'cnonce', 'activation_domain', 'phone_edge_trust', 'cluster_hint'];

/** The compact JWS of these claims. */
export function writeAnswer(claims: ResolveClaims, signer: AnswerSigner): string {
  const header = JSON.stringify({ alg: signer.alg, typ: 'resolve+jwt', kid: signer.kid });
  const payload = JSON.stringify({
    iss: claims.iss,
    iat: claims.iat,
    exp: claims.exp,
    locator: claims.locator,
    cnonce: toBase64url(claims.cnonce),
    activation_domain: claims.activationDomain,
    phone_edge_trust: claims.phoneEdgeTrust.map(toBase64url),
    cluster_hint: toBase64url(claims.clusterHint),
  });
  const signed = `${toBase64url(utf8(header))}.${toBase64url(utf8(payload))}`;
  return `${signed}.${toBase64url(signer.sign(utf8(signed)))}`;
}

/** What the answer must match. */
export interface AskedFor {
  readonly locator: string;
  readonly cnonce: Uint8Array;
  /** Seconds since the epoch; undefined where the reader has no clock to trust yet: then only the nonce says that the answer is fresh. */
  readonly now: number | undefined;
}

/** Seconds that two clocks may differ. */
const leeway = 300;

/**
 * Verifies the signature under one of the pinned keys first and reads nothing before. Throws MalformedError when the answer is not by that key, has
 * another type or algorithm (RFC 8725 §3.1, §3.11), is out of its time, or answers another question.
 */
export function readAnswer(text: string, pinned: readonly AnswerVerifier[], asked: AskedFor): ResolveClaims {
  if (text.length > largestAnswer) throw new MalformedError('the answer is too large');
  const { header, payload, signature, signed } = splitCompact(text);
  const protectedHeader = parseObject(text8(header, 'header'));
  onlyMembers(protectedHeader, ['alg', 'typ', 'kid']);
  if (textField(protectedHeader, 'typ') !== 'resolve+jwt') throw new MalformedError('typ must be resolve+jwt');
  const alg = textField(protectedHeader, 'alg');
  const kid = textField(protectedHeader, 'kid', /^[A-Za-z0-9_-]{1,128}$/);
  const keys = pinned.filter((key) => key.alg === alg && (key.kid === undefined || key.kid === kid));
  const input = utf8(signed);
  if (signature.length !== 64 || !keys.some((key) => key.verify(input, signature))) {
    throw new MalformedError("the answer is not signed by the cloud's key");
  }
  const claims = readClaims(text8(payload, 'payload'));
  if (claims.locator !== asked.locator) throw new MalformedError('the answer is about another locator');
  if (!equalBytes(claims.cnonce, asked.cnonce)) throw new MalformedError('the answer is not to this question');
  if (asked.now !== undefined && (claims.exp + leeway < asked.now || claims.iat - leeway > asked.now)) {
    throw new MalformedError('the answer is out of its time');
  }
  return claims;
}

function readClaims(text: string): ResolveClaims {
  const message = parseObject(text);
  onlyMembers(message, members);
  const iat = integerField(message, 'iat', 0, 2 ** 40);
  return {
    iss: textField(message, 'iss', /^https:\/\/[\x21-\x7e]{1,255}$/),
    iat,
    exp: integerField(message, 'exp', iat, iat + longestAnswerLife),
    locator: textField(message, 'locator', locatorForm),
    cnonce: octetsField(message, 'cnonce', 32),
    activationDomain: textField(message, 'activation_domain', domainForm),
    phoneEdgeTrust: listField(
      message,
      'phone_edge_trust',
      (item) => octetsItem(item, 'phone_edge_trust', 1, largestTrustCertificate),
      mostTrustCertificates,
    ),
    clusterHint: sha256Field(message, 'cluster_hint'),
  };
}

function text8(bytes: Uint8Array, what: string): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw new MalformedError(`the answer's ${what} is not UTF-8`);
  }
}
