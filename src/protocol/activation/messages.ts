import { toBase64url } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { integerField, octetsField, oneOf, onlyMembers, parseObject, textField } from '../json/fields.ts';
import { jwkThumbprintInput } from './jwk.ts';
import { type MicAlgorithm, type Mode, micAlgorithms, modes, suiteId } from './suite.ts';

/** The messages of spec §4. Readers throw MalformedError; texts are JSON. */

export const maximumBody = 16 * 1024;

/** The peer asks for another suite: its own answer, `unsupported_suite`. */
export class UnsupportedSuiteError extends MalformedError {}

export interface StartRequest {
  readonly locator: string;
  readonly model: string;
  readonly mac: string;
  readonly fw: string;
  readonly mode: Mode;
  readonly cnonce: Uint8Array;
}

const startMembers = ['v', 'suite', 'locator', 'model', 'mac', 'fw', 'mode', 'cnonce'];

export function readStart(text: string): StartRequest {
  const message = parseObject(text);
  // Before anything else: another suite may have other members.
  if (textField(message, 'suite') !== suiteId) throw new UnsupportedSuiteError(`the suite must be ${suiteId}`);
  onlyMembers(message, startMembers);
  integerField(message, 'v', 1, 1);
  return {
    locator: textField(message, 'locator', /^[0-9]{7}$/),
    model: textField(message, 'model', /^CP-[0-9A-Z]+(?:-[0-9A-Z]+)*$/),
    mac: textField(message, 'mac', /^[0-9A-F]{12}$/),
    fw: textField(message, 'fw', /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/),
    mode: oneOf(message, 'mode', modes),
    cnonce: octetsField(message, 'cnonce', 32),
  };
}

export function writeStart(start: StartRequest): string {
  const { locator, model, mac, fw, mode } = start;
  return JSON.stringify({ v: 1, suite: suiteId, locator, model, mac, fw, mode, cnonce: toBase64url(start.cnonce) });
}

export interface Challenge {
  readonly sid: Uint8Array;
  readonly salt: Uint8Array;
  readonly B: Uint8Array;
  readonly snonce: Uint8Array;
  readonly dasId: string;
  /** Seconds the handshake may take. */
  readonly ttl: number;
}

const challengeMembers = ['v', 'suite', 'sid', 'salt', 'B', 'snonce', 'das_id', 'ttl'];

export function readChallenge(text: string): Challenge {
  const message = parseObject(text);
  if (textField(message, 'suite') !== suiteId) throw new UnsupportedSuiteError(`the suite must be ${suiteId}`);
  onlyMembers(message, challengeMembers);
  integerField(message, 'v', 1, 1);
  return {
    sid: octetsField(message, 'sid', 16),
    salt: octetsField(message, 'salt', 16),
    B: octetsField(message, 'B', 384),
    snonce: octetsField(message, 'snonce', 32),
    dasId: textField(message, 'das_id', /^.{1,255}$/u),
    ttl: integerField(message, 'ttl', 1, 600),
  };
}

export function writeChallenge(challenge: Challenge): string {
  return JSON.stringify({
    v: 1,
    suite: suiteId,
    sid: toBase64url(challenge.sid),
    salt: toBase64url(challenge.salt),
    B: toBase64url(challenge.B),
    snonce: toBase64url(challenge.snonce),
    das_id: challenge.dasId,
    ttl: challenge.ttl,
  });
}

export interface ProveRequest {
  readonly sid: Uint8Array;
  readonly A: Uint8Array;
  readonly M1: Uint8Array;
  readonly micAlg: MicAlgorithm;
  readonly micSig: Uint8Array;
  /** What RFC 7638 hashes for the DPoP key's thumbprint; undefined without dpop_jwk. */
  readonly jktInput?: string;
}

export function readProve(text: string): ProveRequest {
  const message = parseObject(text);
  onlyMembers(message, ['sid', 'A', 'M1', 'mic_alg', 'mic_sig', 'dpop_jwk']);
  const jwk = message['dpop_jwk'];
  return {
    sid: octetsField(message, 'sid', 16),
    A: octetsField(message, 'A', 384),
    M1: octetsField(message, 'M1', 32),
    micAlg: oneOf(message, 'mic_alg', micAlgorithms),
    // ECDSA P-256 is at least 8 octets of DER; RSA 8192 has 1024.
    micSig: octetsField(message, 'mic_sig', 8, 1024),
    ...(jwk === undefined ? {} : { jktInput: jwkThumbprintInput(jwk) }),
  };
}

export interface ProveMessage {
  readonly sid: Uint8Array;
  readonly A: Uint8Array;
  readonly M1: Uint8Array;
  readonly micAlg: MicAlgorithm;
  readonly micSig: Uint8Array;
}

export function writeProve(prove: ProveMessage): string {
  return JSON.stringify({
    sid: toBase64url(prove.sid),
    A: toBase64url(prove.A),
    M1: toBase64url(prove.M1),
    mic_alg: prove.micAlg,
    mic_sig: toBase64url(prove.micSig),
  });
}

export interface ProveReply {
  readonly M2: Uint8Array;
  readonly sealed: Uint8Array;
}

export function readProveReply(text: string): ProveReply {
  const message = parseObject(text);
  onlyMembers(message, ['M2', 'sealed']);
  return { M2: octetsField(message, 'M2', 32), sealed: octetsField(message, 'sealed', 16, 64 * 1024) };
}

export function writeProveReply(reply: ProveReply): string {
  return JSON.stringify({ M2: toBase64url(reply.M2), sealed: toBase64url(reply.sealed) });
}

export interface ConfirmRequest {
  readonly activationId: string;
  readonly conf: Uint8Array;
}

export function readConfirm(text: string): ConfirmRequest {
  const message = parseObject(text);
  onlyMembers(message, ['activation_id', 'conf']);
  return {
    activationId: textField(message, 'activation_id', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    conf: octetsField(message, 'conf', 32),
  };
}

export function writeConfirm(confirm: ConfirmRequest): string {
  return JSON.stringify({ activation_id: confirm.activationId, conf: toBase64url(confirm.conf) });
}
