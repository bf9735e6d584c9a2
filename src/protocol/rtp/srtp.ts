import { MalformedError } from '../../kernel/errors.ts';

/** Secure RTP (RFC 3711) with AES-CM-128 and HMAC-SHA1: one stream, one direction, no MKI, key derivation rate 0. */

/** What the ciphers come from. */
export interface SrtpCrypto {
  /** AES-128 in counter mode from a 16-octet counter block. */
  aesCtr(key: Uint8Array, counter: Uint8Array, data: Uint8Array): Uint8Array;
  hmacSha1(key: Uint8Array, data: Uint8Array): Uint8Array;
}

export const srtpSuites = ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const;
export type SrtpSuite = (typeof srtpSuites)[number];

/** Octets of master key and master salt together. */
export const masterLength = 30;

const tagLengths: Readonly<Record<SrtpSuite, number>> = { AES_CM_128_HMAC_SHA1_80: 10, AES_CM_128_HMAC_SHA1_32: 4 };
const headerLength = 12;
/** How far back a packet may come late. */
const window = 64;

interface SessionKeys {
  readonly cipher: Uint8Array;
  readonly salt: Uint8Array;
  readonly authentication: Uint8Array;
}

/** RFC 3711 §4.3. `master`: 16 octets of key, 14 of salt. */
export function sessionKeys(crypto: SrtpCrypto, master: Uint8Array): SessionKeys {
  if (master.length !== masterLength) throw new MalformedError('an SRTP master key and salt have 30 octets');
  const derive = (label: number, length: number): Uint8Array => {
    const counter = new Uint8Array(16);
    counter.set(master.subarray(16));
    counter[7]! ^= label;
    return crypto.aesCtr(master.subarray(0, 16), counter, new Uint8Array(length));
  };
  return { cipher: derive(0, 16), authentication: derive(1, 20), salt: derive(2, 14) };
}

/** RFC 3711 §4.1.1: salt, SSRC and packet index in one counter block. */
function counterOf(salt: Uint8Array, ssrc: Uint8Array, roc: number, sequence: number): Uint8Array {
  const counter = new Uint8Array(16);
  counter.set(salt);
  for (let i = 0; i < 4; i++) counter[4 + i]! ^= ssrc[i]!;
  const index = new DataView(new ArrayBuffer(6));
  index.setUint32(0, roc);
  index.setUint16(4, sequence);
  for (let i = 0; i < 6; i++) counter[8 + i]! ^= index.getUint8(i);
  return counter;
}

function tagOf(crypto: SrtpCrypto, keys: SessionKeys, packet: Uint8Array, roc: number, length: number): Uint8Array {
  const signed = new Uint8Array(packet.length + 4);
  signed.set(packet);
  new DataView(signed.buffer).setUint32(packet.length, roc);
  return crypto.hmacSha1(keys.authentication, signed).subarray(0, length);
}

/** Packets of ours, in order. */
export class SrtpSender {
  readonly #crypto: SrtpCrypto;
  readonly #keys: SessionKeys;
  readonly #tagLength: number;
  #roc = 0;
  #last: number | undefined;

  constructor(crypto: SrtpCrypto, suite: SrtpSuite, master: Uint8Array) {
    this.#crypto = crypto;
    this.#keys = sessionKeys(crypto, master);
    this.#tagLength = tagLengths[suite];
  }

  /** `packet`: RTP as `writeRtp` makes it, with growing sequence numbers. */
  protect(packet: Uint8Array): Uint8Array {
    const sequence = (packet[2]! << 8) | packet[3]!;
    if (this.#last !== undefined && sequence < this.#last) this.#roc = (this.#roc + 1) >>> 0;
    this.#last = sequence;
    const counter = counterOf(this.#keys.salt, packet.subarray(8, 12), this.#roc, sequence);
    const out = new Uint8Array(packet.length + this.#tagLength);
    out.set(packet.subarray(0, headerLength));
    out.set(this.#crypto.aesCtr(this.#keys.cipher, counter, packet.subarray(headerLength)), headerLength);
    const sealed = out.subarray(0, packet.length);
    out.set(tagOf(this.#crypto, this.#keys, sealed, this.#roc, this.#tagLength), packet.length);
    return out;
  }
}

/** Packets of the other side: authenticated, each once. */
export class SrtpReceiver {
  readonly #crypto: SrtpCrypto;
  readonly #keys: SessionKeys;
  readonly #tagLength: number;
  #ssrc: number | undefined;
  #roc = 0;
  #highest: number | undefined;
  readonly #seen = new Set<number>();

  constructor(crypto: SrtpCrypto, suite: SrtpSuite, master: Uint8Array) {
    this.#crypto = crypto;
    this.#keys = sessionKeys(crypto, master);
    this.#tagLength = tagLengths[suite];
  }

  /** The RTP packet. @throws MalformedError when it was changed, is somebody else's, or came before */
  unprotect(bytes: Uint8Array): Uint8Array {
    const end = bytes.length - this.#tagLength;
    if (end < headerLength) throw new MalformedError('shorter than an SRTP packet');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const start = headerLength + (view.getUint8(0) & 0x0f) * 4 + extensionLength(bytes, view, end);
    if (start > end) throw new MalformedError('the header is longer than the packet', start);
    const [sequence, ssrc] = [view.getUint16(2), view.getUint32(8)];
    // Another source is another stream with a count of its own (RFC 3711 §3.2.3).
    const fresh = this.#ssrc !== ssrc;
    const roc = fresh ? 0 : this.#guess(sequence);
    const index = roc * 0x1_0000 + sequence;
    if (!fresh && (this.#seen.has(index) || index + window <= this.#newest())) {
      throw new MalformedError('the packet came before');
    }
    const expected = tagOf(this.#crypto, this.#keys, bytes.subarray(0, end), roc, this.#tagLength);
    let difference = 0;
    for (let i = 0; i < expected.length; i++) difference |= expected[i]! ^ bytes[end + i]!;
    if (difference !== 0) throw new MalformedError('the packet is not authentic');
    this.#accept(fresh, ssrc, roc, sequence, index);
    const out = bytes.slice(0, end);
    const counter = counterOf(this.#keys.salt, bytes.subarray(8, 12), roc, sequence);
    out.set(this.#crypto.aesCtr(this.#keys.cipher, counter, bytes.subarray(start, end)), start);
    return out;
  }

  /** RFC 3711 §3.3.1. */
  #guess(sequence: number): number {
    const highest = this.#highest!;
    if (highest < 0x8000) return sequence - highest > 0x8000 ? Math.max(0, this.#roc - 1) : this.#roc;
    return highest - 0x8000 > sequence ? this.#roc + 1 : this.#roc;
  }

  #newest(): number {
    return this.#roc * 0x1_0000 + this.#highest!;
  }

  #accept(fresh: boolean, ssrc: number, roc: number, sequence: number, index: number): void {
    if (fresh) {
      this.#ssrc = ssrc;
      this.#seen.clear();
    }
    if (fresh || index > this.#newest()) {
      this.#roc = roc;
      this.#highest = sequence;
    }
    this.#seen.add(index);
    for (const old of this.#seen) if (old + window <= this.#newest()) this.#seen.delete(old);
  }
}

function extensionLength(bytes: Uint8Array, view: DataView, end: number): number {
  if ((bytes[0]! & 0x10) === 0) return 0;
  const at = headerLength + (bytes[0]! & 0x0f) * 4;
  if (at + 4 > end) throw new MalformedError('the extension is cut off', at);
  return 4 + view.getUint16(at + 2) * 4;
}
