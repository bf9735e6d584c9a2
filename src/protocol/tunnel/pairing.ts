import { concat, fromBase64url, fromUtf8, toBase64url, utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { booleanField, integerField, octetsField, onlyMembers, parseObject, textField } from '../json/fields.ts';

/**
 * How Expressway-C and Expressway-E come to know each other. E makes a short-lived text; a person carries it to C. It says where E's tunnel is, pins
 * E's certificate and its assertion key, and holds a secret that works once. C dials, and both prove over that very TLS connection that they know the
 * secret: E learns which certificate to pin for C.
 */
export interface PairingText {
  readonly name: string;
  /** Where the tunnel listener is: `203.0.113.5:7001`, `[2001:db8::5]:7001`, `e1.example.org:7001`. */
  readonly address: string;
  /** SHA-256 of the certificate E shows there, 32 octets. */
  readonly certificateSha256: Uint8Array;
  /** Raw Ed25519 public key, 32 octets. */
  readonly assertionKey: Uint8Array;
  /** 32 octets. */
  readonly secret: Uint8Array;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

const prefix = 'FREDGE1.';

export function writePairingText(text: PairingText): string {
  const json = {
    n: text.name,
    a: text.address,
    f: toBase64url(text.certificateSha256),
    k: toBase64url(text.assertionKey),
    s: toBase64url(text.secret),
    x: text.expiresAt,
  };
  return prefix + toBase64url(utf8(JSON.stringify(json)));
}

/** Spaces and line ends that copying added are forgiven. Throws MalformedError. */
export function readPairingText(given: string): PairingText {
  const text = given.replace(/\s+/g, '');
  const bytes = text.startsWith(prefix) && text.length < 2048 ? fromBase64url(text.slice(prefix.length)) : undefined;
  if (bytes === undefined) throw new MalformedError('this is not a pairing text');
  let message: ReturnType<typeof parseObject>;
  try {
    message = parseObject(fromUtf8(bytes));
  } catch {
    throw new MalformedError('this is not a pairing text');
  }
  onlyMembers(message, ['n', 'a', 'f', 'k', 's', 'x']);
  return {
    name: textField(message, 'n', edgeNameForm),
    address: textField(message, 'a', addressForm),
    certificateSha256: octetsField(message, 'f', 32),
    assertionKey: octetsField(message, 'k', 32),
    secret: octetsField(message, 's', 32),
    expiresAt: integerField(message, 'x', 0, 2 ** 40),
  };
}

export const edgeNameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const addressForm = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):[0-9]{1,5}$/;

/** ALPN names of the two things E's tunnel listener speaks. */
export const pairingProtocol = 'firstring-pair/1';
export const tunnelProtocol = 'firstring-tunnel/1';

/** HMAC-SHA256 under the secret is over this. `binding`: 32 octets of `tls-exporter` of the pairing connection. */
export function pairingProofInput(
  side: 'C' | 'E',
  binding: Uint8Array,
  certificates: { readonly c: Uint8Array; readonly e: Uint8Array },
): Uint8Array {
  return concat(utf8(`firstring pairing ${side}\0`), binding, certificates.c, certificates.e);
}

export interface PairingOffer {
  /** Name of the C. */
  readonly name: string;
  readonly proof: Uint8Array;
}

/** One line each way. */
export function writePairingOffer({ name, proof }: PairingOffer): string {
  return `${JSON.stringify({ name, proof: toBase64url(proof) })}\n`;
}

/** Throws MalformedError. */
export function readPairingOffer(line: string): PairingOffer {
  const message = parseObject(line);
  onlyMembers(message, ['name', 'proof']);
  return { name: textField(message, 'name', edgeNameForm), proof: octetsField(message, 'proof', 32) };
}

export type PairingAnswer = { readonly accepted: true; readonly proof: Uint8Array } | { readonly accepted: false };

export function writePairingAnswer(answer: PairingAnswer): string {
  return `${JSON.stringify(answer.accepted ? { accepted: true, proof: toBase64url(answer.proof) } : { accepted: false })}\n`;
}

/** Throws MalformedError. */
export function readPairingAnswer(line: string): PairingAnswer {
  const message = parseObject(line);
  return booleanField(message, 'accepted')
    ? { accepted: true, proof: octetsField(message, 'proof', 32) }
    : { accepted: false };
}
