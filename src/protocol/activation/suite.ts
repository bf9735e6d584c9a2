import { concat, utf8 } from '../../kernel/bytes.ts';
import { rfc5054Group3072 } from '../srp/group.ts';
import { type Srp6a, srp6a } from '../srp/srp6a.ts';
import type { SuiteCrypto } from './crypto.ts';

/** Suite `AC-SRP-1`: spec §2. One id for all parts; they are not negotiated. */
export const suiteId = 'AC-SRP-1';

export type Mode = 'onprem' | 'mra';
export const modes: readonly Mode[] = ['onprem', 'mra'];

/** RFC 9266. */
export const channelBindingType = 'tls-exporter';
export const channelBindingLabel = 'EXPORTER-Channel-Binding';
export const channelBindingLength = 32;

export type MicAlgorithm = 'rsa_pss_rsae_sha256' | 'ecdsa_secp256r1_sha256' | 'ecdsa_secp384r1_sha384';
export const micAlgorithms: readonly MicAlgorithm[] = [
  'rsa_pss_rsae_sha256',
  'ecdsa_secp256r1_sha256',
  'ecdsa_secp384r1_sha384',
];

/** lp(z) of spec §2: 4-octet big-endian length, then z. */
export function lengthPrefixed(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(4 + bytes.length);
  new DataView(out.buffer).setUint32(0, bytes.length);
  out.set(bytes, 4);
  return out;
}

/** I of spec §2. */
export function srpIdentity(locator: string): Uint8Array {
  return utf8(`ac1:${locator}`);
}

export interface KdfInput {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  /** scrypt's N, r, p and dkLen. */
  readonly cost: 4096;
  readonly blockSize: 8;
  readonly parallelization: 1;
  readonly length: 32;
}

/** What scrypt gets so that its output is x (spec §2). `code`: the 16 digits; `salt`: 16 octets. */
export function kdfInput(code: string, salt: Uint8Array): KdfInput {
  const identity = srpIdentity(code.slice(0, 7));
  return {
    password: utf8(code),
    salt: concat(utf8('AC-SRP-1 x\0'), lengthPrefixed(identity), lengthPrefixed(salt)),
    cost: 4096,
    blockSize: 8,
    parallelization: 1,
    length: 32,
  };
}

const suites = new WeakMap<SuiteCrypto, Srp6a>();

/** The SRP core of the suite over a crypto port; made once per port. */
export function suiteSrp(crypto: SuiteCrypto): Srp6a {
  let srp = suites.get(crypto);
  if (!srp) {
    srp = srp6a(rfc5054Group3072, { modPow: crypto.modPow, hash: crypto.sha256 });
    suites.set(crypto, srp);
  }
  return srp;
}
