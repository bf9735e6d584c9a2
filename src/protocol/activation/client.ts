import { equalBytes } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { SuiteCrypto } from './crypto.ts';
import {
  type Challenge,
  readChallenge as decodeChallenge,
  readProveReply,
  type StartRequest,
  writeConfirm,
  writeProve,
  writeStart,
} from './messages.ts';
import { readResult as decodeResult, type SealedResult } from './result.ts';
import { type KdfInput, kdfInput, type MicAlgorithm, type Mode, suiteSrp } from './suite.ts';
import {
  clientProof,
  confirmation,
  deriveKeys,
  type HandshakeKeys,
  micProofInput,
  openResult,
  serverProof,
  transcriptHash,
} from './transcript.ts';

/** The phone's side of the handshake, in the order of the functions below. Nothing the server says is acted on before M2 verifies. */

export interface ActivationInput {
  /** The 16 digits, check digit already verified. Only the first 7 are sent. */
  readonly code: string;
  /** As the MIC says: `CP-8845`. */
  readonly model: string;
  /** 12 upper-case hex digits. */
  readonly mac: string;
  readonly fw: string;
  readonly mode: Mode;
}

export interface Begun {
  readonly code: string;
  readonly request: StartRequest;
}

/** `body`: JSON text for POST /das/v1/activation/start. */
export function beginActivation(crypto: SuiteCrypto, input: ActivationInput): { state: Begun; body: string } {
  const { code, model, mac, fw, mode } = input;
  const request: StartRequest = { locator: code.slice(0, 7), model, mac, fw, mode, cnonce: crypto.randomBytes(32) };
  return { state: { code, request }, body: writeStart(request) };
}

export interface Challenged {
  readonly request: StartRequest;
  readonly challenge: Challenge;
}

/** Reads start's 200. `kdf` goes through scrypt next; its output is `proveActivation`'s kdfOutput. Throws MalformedError. */
export function readChallenge(state: Begun, responseText: string): { state: Challenged; kdf: KdfInput } {
  const challenge = decodeChallenge(responseText);
  return { state: { request: state.request, challenge }, kdf: kdfInput(state.code, challenge.salt) };
}

export interface ProofInput {
  /** 32 octets from scrypt: x. */
  readonly kdfOutput: Uint8Array;
  /** `exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', empty)` of the connection that carries start and prove. */
  readonly channelBinding: Uint8Array;
  readonly micDer: Uint8Array;
  readonly micAlg: MicAlgorithm;
  /** Signs with the MIC's key; RSA-PSS with a 32-octet salt, ECDSA in DER. */
  readonly signMic: (input: Uint8Array) => Uint8Array;
}

export interface Proving {
  readonly th: Uint8Array;
  readonly m1: Uint8Array;
  readonly keys: HandshakeKeys;
}

/**
 * `body`: JSON text for POST /das/v1/activation/prove, on the same connection. Throws MalformedError when the server's B is none
 * (outside 1 < B < N-1, or it makes u or the base zero).
 */
export function proveActivation(
  crypto: SuiteCrypto,
  state: Challenged,
  input: ProofInput,
): { state: Proving; body: string } {
  const srp = suiteSrp(crypto);
  const { request, challenge } = state;
  const { B, salt, sid, snonce, dasId } = challenge;
  if (!srp.acceptable(B)) throw new MalformedError('B is out of range');
  const a = crypto.randomBytes(32);
  const A = srp.power(a);
  const S = srp.clientSecret({ A, B, x: input.kdfOutput, a });
  a.fill(0);
  if (S === undefined) throw new MalformedError('B is out of range');
  const th = transcriptHash(crypto, {
    locator: request.locator,
    salt,
    A,
    B,
    sid,
    cnonce: request.cnonce,
    snonce,
    channelBinding: input.channelBinding,
    micSha256: crypto.sha256(input.micDer),
    model: request.model,
    mac: request.mac,
    mode: request.mode,
    dasId,
    jkt: '',
  });
  const keys = deriveKeys(crypto, th, S);
  S.fill(0);
  const m1 = clientProof(crypto, keys, th);
  const micSig = input.signMic(micProofInput(crypto, th, m1));
  return { state: { th, m1, keys }, body: writeProve({ sid, A, M1: m1, micAlg: input.micAlg, micSig }) };
}

export type ProofReply =
  | { readonly kind: 'server_proof_failed' }
  /** confirmBody: JSON text for POST /das/v1/activation/confirm once the result is stored; absent when refused. */
  | { readonly kind: 'result'; readonly result: SealedResult; readonly confirmBody: string | undefined };

/** Reads prove's 200. Throws MalformedError when the text is no reply, or what an authentic server sealed is no result. */
export function readResult(crypto: SuiteCrypto, state: Proving, responseText: string): ProofReply {
  const { M2, sealed } = readProveReply(responseText);
  if (!equalBytes(M2, serverProof(crypto, state.keys, state.th, state.m1))) return { kind: 'server_proof_failed' };
  const plain = openResult(crypto, state.keys, state.th, M2, sealed);
  if (plain === undefined) return { kind: 'server_proof_failed' };
  const result = decodeResult(plain);
  if (result.status === 'refused') return { kind: 'result', result, confirmBody: undefined };
  const conf = confirmation(crypto, state.keys.finalConfirm, state.th, result.activationId);
  return { kind: 'result', result, confirmBody: writeConfirm({ activationId: result.activationId, conf }) };
}
