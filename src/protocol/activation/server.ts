import { equalBytes, toBase64url, utf8 } from '../../kernel/bytes.ts';
import type { SuiteCrypto } from './crypto.ts';
import { type ProveRequest, type StartRequest, writeChallenge, writeProveReply } from './messages.ts';
import { type SealedResult, writeResult } from './result.ts';
import { suiteSrp } from './suite.ts';
import {
  clientProof,
  deriveKeys,
  type HandshakeKeys,
  micProofInput,
  sealResult,
  serverProof,
  transcriptHash,
} from './transcript.ts';

/** Server side of the handshake. Lives in the process that holds the connection, from start to prove, and is used once. */
export interface ServerHandshake {
  readonly request: StartRequest;
  readonly salt: Uint8Array;
  readonly verifier: Uint8Array;
  readonly sid: Uint8Array;
  readonly snonce: Uint8Array;
  readonly dasId: string;
  readonly B: Uint8Array;
  /** Overwritten once used. */
  readonly b: Uint8Array;
}

export interface ChallengeInput {
  readonly request: StartRequest;
  /** 16 octets. */
  readonly salt: Uint8Array;
  /** 384 octets; the record's, or a fake one that costs the same. */
  readonly verifier: Uint8Array;
  /** 16 octets. */
  readonly sid: Uint8Array;
  readonly dasId: string;
  /** Seconds. */
  readonly ttl: number;
}

/** Answers a start. `body` is the JSON text of the 200. */
export function challengePhone(
  crypto: SuiteCrypto,
  input: ChallengeInput,
): { handshake: ServerHandshake; body: string } {
  const srp = suiteSrp(crypto);
  const snonce = crypto.randomBytes(32);
  let b = crypto.randomBytes(32);
  let B = srp.serverPublic(input.verifier, b);
  while (B === undefined) {
    b = crypto.randomBytes(32);
    B = srp.serverPublic(input.verifier, b);
  }
  const { request, salt, verifier, sid, dasId } = input;
  return {
    handshake: { request, salt, verifier, sid, snonce, dasId, B, b },
    body: writeChallenge({ sid, salt, B, snonce, dasId, ttl: input.ttl }),
  };
}

/** True when A is what a phone may send: 1 < A < N-1, 384 octets. */
export function acceptableA(crypto: SuiteCrypto, A: Uint8Array): boolean {
  return suiteSrp(crypto).acceptable(A);
}

export interface ProvenPhone {
  readonly th: Uint8Array;
  readonly m1: Uint8Array;
  readonly m2: Uint8Array;
  readonly keys: HandshakeKeys;
  /** What mic_sig must sign. */
  readonly micProofInput: Uint8Array;
}

/** What the server knows of the channel, by its own eyes. */
export interface ChannelFacts {
  /** 32 octets: RFC 9266 `tls-exporter`. */
  readonly channelBinding: Uint8Array;
  /** SHA-256 of the MIC's DER. */
  readonly micSha256: Uint8Array;
}

/**
 * Steps 4 and 5 of spec §5: S, keys, constant-time compare. Undefined: the code is wrong (or the record is a fake one).
 * The work is the same either way. Call once per handshake: b is overwritten.
 */
export function evaluateProof(
  crypto: SuiteCrypto,
  handshake: ServerHandshake,
  prove: ProveRequest,
  channel: ChannelFacts,
): ProvenPhone | undefined {
  const { request, salt, verifier, sid, snonce, dasId, B, b } = handshake;
  const { A, M1: m1 } = prove;
  const S = suiteSrp(crypto).serverSecret({ A, B, verifier, b });
  b.fill(0);
  const th = transcriptHash(crypto, {
    locator: request.locator,
    salt,
    A,
    B,
    sid,
    cnonce: request.cnonce,
    snonce,
    channelBinding: channel.channelBinding,
    micSha256: channel.micSha256,
    model: request.model,
    mac: request.mac,
    mode: request.mode,
    dasId,
    jkt: prove.jktInput === undefined ? '' : toBase64url(crypto.sha256(utf8(prove.jktInput))),
  });
  if (S === undefined) return undefined;
  const keys = deriveKeys(crypto, th, S);
  S.fill(0);
  if (!equalBytes(clientProof(crypto, keys, th), m1)) return undefined;
  return { th, m1, m2: serverProof(crypto, keys, th, m1), keys, micProofInput: micProofInput(crypto, th, m1) };
}

/** The JSON text of prove's 200. The key and IV serve this one message. */
export function sealReply(crypto: SuiteCrypto, proven: ProvenPhone, result: SealedResult): string {
  return writeProveReply({
    M2: proven.m2,
    sealed: sealResult(crypto, proven.keys, proven.th, proven.m2, writeResult(result)),
  });
}
