import { concat, utf8 } from '../../kernel/bytes.ts';
import type { SuiteCrypto } from './crypto.ts';
import { channelBindingType, type Mode, srpIdentity, suiteId } from './suite.ts';

/** Everything both sides saw. Octets, except the names. */
export interface TranscriptInput {
  readonly locator: string;
  readonly salt: Uint8Array;
  readonly A: Uint8Array;
  readonly B: Uint8Array;
  readonly sid: Uint8Array;
  readonly cnonce: Uint8Array;
  readonly snonce: Uint8Array;
  readonly channelBinding: Uint8Array;
  /** SHA-256 of the MIC's DER. */
  readonly micSha256: Uint8Array;
  /** `CP-8845`. */
  readonly model: string;
  /** 12 upper-case hex digits. */
  readonly mac: string;
  readonly mode: Mode;
  readonly dasId: string;
  /** RFC 7638 thumbprint as text, or empty. */
  readonly jkt: string;
}

const label = utf8('AC-SRP-1 transcript\0');
const suiteName = utf8(suiteId);
const bindingName = utf8(channelBindingType);

/** TH of spec §2. */
export function transcriptHash(crypto: SuiteCrypto, input: TranscriptInput): Uint8Array {
  const parts = [
    suiteName,
    srpIdentity(input.locator),
    input.salt,
    input.A,
    input.B,
    input.sid,
    input.cnonce,
    input.snonce,
    bindingName,
    input.channelBinding,
    input.micSha256,
    utf8(input.model),
    utf8(input.mac),
    utf8(input.mode),
    utf8(input.dasId),
    utf8(input.jkt),
  ];
  let length = label.length;
  for (const part of parts) length += 4 + part.length;
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  out.set(label);
  let at = label.length;
  for (const part of parts) {
    view.setUint32(at, part.length);
    out.set(part, at + 4);
    at += 4 + part.length;
  }
  return crypto.sha256(out);
}

export interface HandshakeKeys {
  readonly clientConfirm: Uint8Array;
  readonly serverConfirm: Uint8Array;
  readonly finalConfirm: Uint8Array;
  readonly sealKey: Uint8Array;
  /** 12 octets. Used for one message only. */
  readonly sealIv: Uint8Array;
}

// HKDF-Expand for at most one block: T(1) = HMAC(PRK, info | 0x01), RFC 5869 §2.3.
const info = (text: string) => utf8(`${text}\x01`);
const clientConfirmInfo = info('AC-SRP-1 client confirm');
const serverConfirmInfo = info('AC-SRP-1 server confirm');
const finalConfirmInfo = info('AC-SRP-1 final confirm');
const sealKeyInfo = info('AC-SRP-1 seal s2c key');
const sealIvInfo = info('AC-SRP-1 seal s2c iv');

/** The key schedule of spec §2. `secret`: S padded to 384 octets. */
export function deriveKeys(crypto: SuiteCrypto, th: Uint8Array, secret: Uint8Array): HandshakeKeys {
  const prk = crypto.hmacSha256(th, secret);
  const keys = {
    clientConfirm: crypto.hmacSha256(prk, clientConfirmInfo),
    serverConfirm: crypto.hmacSha256(prk, serverConfirmInfo),
    finalConfirm: crypto.hmacSha256(prk, finalConfirmInfo),
    sealKey: crypto.hmacSha256(prk, sealKeyInfo),
    sealIv: crypto.hmacSha256(prk, sealIvInfo).subarray(0, 12),
  };
  prk.fill(0);
  return keys;
}

export function clientProof(crypto: SuiteCrypto, keys: HandshakeKeys, th: Uint8Array): Uint8Array {
  return crypto.hmacSha256(keys.clientConfirm, th);
}

export function serverProof(crypto: SuiteCrypto, keys: HandshakeKeys, th: Uint8Array, m1: Uint8Array): Uint8Array {
  return crypto.hmacSha256(keys.serverConfirm, th, m1);
}

const micProofPrefix = concat(new Uint8Array(64).fill(0x20), utf8('AC-SRP-1 MIC proof\0'));

/** What the MIC's key signs: 64 spaces | label | 0x00 | SHA-256(TH | M1), in the manner of RFC 8446 §4.4.3. */
export function micProofInput(crypto: SuiteCrypto, th: Uint8Array, m1: Uint8Array): Uint8Array {
  return concat(micProofPrefix, crypto.sha256(th, m1));
}

/** sealed of spec §2. */
export function sealResult(
  crypto: SuiteCrypto,
  keys: HandshakeKeys,
  th: Uint8Array,
  m2: Uint8Array,
  plain: Uint8Array,
): Uint8Array {
  return crypto.sealAesGcm(keys.sealKey, keys.sealIv, plain, concat(th, m2));
}

export function openResult(
  crypto: SuiteCrypto,
  keys: HandshakeKeys,
  th: Uint8Array,
  m2: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  return crypto.openAesGcm(keys.sealKey, keys.sealIv, sealed, concat(th, m2));
}

/** conf of spec §2: proves that the phone stored the result of this activation. `finalConfirm`: Kf. */
export function confirmation(
  crypto: SuiteCrypto,
  finalConfirm: Uint8Array,
  th: Uint8Array,
  activationId: string,
): Uint8Array {
  return crypto.hmacSha256(finalConfirm, th, utf8(activationId));
}
