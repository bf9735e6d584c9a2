import { fromBase64url } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { jwkThumbprintInput } from '../activation/jwk.ts';
import { asObject, textField } from '../json/fields.ts';
import type { JsonValue } from '../json/strict-json.ts';

/** The two algorithms of a resolve answer; which one counts is said by the pinned key, never by the answer. */
export const answerAlgorithms = ['ES256', 'EdDSA'] as const;
export type AnswerAlgorithm = (typeof answerAlgorithms)[number];

/** The cloud's public key as a phone pins it and as a cluster learns it at enrolment. */
export interface CloudKey {
  readonly alg: AnswerAlgorithm;
  /** Public members only. */
  readonly jwk: { readonly kty: string; readonly crv: string; readonly x: string; readonly y?: string };
  /** What SHA-256 makes the key id of (RFC 7638 §3). */
  readonly thumbprintInput: string;
}

/** EC P-256 (ES256) or Ed25519 (EdDSA); MalformedError for anything else, a private key included. */
export function readCloudKey(value: JsonValue | undefined): CloudKey {
  const jwk = asObject(value, 'cloud_key');
  const thumbprintInput = jwkThumbprintInput(jwk);
  const kty = textField(jwk, 'kty');
  const crv = kty === 'RSA' ? '' : textField(jwk, 'crv');
  const x = crv === '' ? '' : textField(jwk, 'x');
  if (crv === 'P-256') return { alg: 'ES256', jwk: { kty, crv, x, y: textField(jwk, 'y') }, thumbprintInput };
  if (crv === 'Ed25519') return { alg: 'EdDSA', jwk: { kty, crv, x }, thumbprintInput };
  throw new MalformedError('cloud_key must be on P-256 or Ed25519');
}

/** Signs for the cloud. 64 octets: r and s of ES256 (RFC 7518 §3.4), or Ed25519 (RFC 8032). */
export interface AnswerSigner {
  readonly alg: AnswerAlgorithm;
  readonly kid: string;
  sign(input: Uint8Array): Uint8Array;
}

/** One pinned key. `verify` is given 64 octets of signature. */
export interface AnswerVerifier {
  readonly alg: AnswerAlgorithm;
  /** RFC 7638 thumbprint; without one the key is tried whatever the answer names. */
  readonly kid?: string;
  verify(input: Uint8Array, signature: Uint8Array): boolean;
}

/** A compact JWS has three parts (RFC 7515 §7.1). */
export function splitCompact(text: string): {
  header: Uint8Array;
  payload: Uint8Array;
  signature: Uint8Array;
  signed: string;
} {
  const parts = text.split('.');
  const [header, payload, signature] = parts.map(fromBase64url);
  if (parts.length !== 3 || !header || !payload || !signature)
    throw new MalformedError('the answer is not a compact JWS');
  return { header, payload, signature, signed: `${parts[0]}.${parts[1]}` };
}
