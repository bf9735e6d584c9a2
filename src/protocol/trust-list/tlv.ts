import { concat, fromUtf8, utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';

/** Tag u8, length u16 big-endian, value; strings are UTF-8 ending in one NUL that counts. Source: reference/field-facts.md §3. */

export function u16(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff) throw new RangeError(`${value} does not fit 16 bits`);
  return Uint8Array.of(value >> 8, value & 0xff);
}

export function u32(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff)
    throw new RangeError(`${value} does not fit 32 bits`);
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

export function tlv(tag: number, value: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(tag), u16(value.length), value);
}

/** A container of `length` octets: only its head; its elements follow as if it were not there. */
export function containerHead(tag: number, length: number): Uint8Array {
  return concat(Uint8Array.of(tag), u16(length));
}

export function text(value: string): Uint8Array {
  if (value.includes('\0')) throw new RangeError('a text must not hold NUL');
  return concat(utf8(value), Uint8Array.of(0));
}

/** Walks octets from `at` to `end`, never beyond. Every method throws MalformedError with the offset. */
export class TlvReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  /** The next tag, without moving; -1 at the end. */
  peek(): number {
    return this.done ? -1 : this.bytes[this.at]!;
  }

  u8(): number {
    if (this.at >= this.end) throw new MalformedError('ends too early', this.at);
    return this.bytes[this.at++]!;
  }

  u16(): number {
    return (this.u8() << 8) | this.u8();
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.end) throw new MalformedError(`${length} octets announced, fewer there`, this.at);
    const value = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return value;
  }

  /** The value of an element that must be `tag`. */
  expect(tag: number, length?: number): Uint8Array {
    const start = this.at;
    const found = this.u8();
    if (found !== tag) throw new MalformedError(`tag ${tag} expected, ${found} found`, start);
    const announced = this.u16();
    if (length !== undefined && announced !== length) {
      throw new MalformedError(`tag ${tag} must have ${length} octets, not ${announced}`, start);
    }
    return this.take(announced);
  }

  /** Enters a container: checks its tag, returns the offset at which it must end. */
  enter(tag: number): number {
    const start = this.at;
    const found = this.u8();
    if (found !== tag) throw new MalformedError(`tag ${tag} expected, ${found} found`, start);
    const length = this.u16();
    if (this.at + length > this.end) throw new MalformedError('container longer than the file', start);
    return this.at + length;
  }

  leave(end: number): void {
    if (this.at !== end) throw new MalformedError('container length does not fit its elements', this.at);
  }

  expectText(tag: number): string {
    const start = this.at;
    return asText(this.expect(tag), start);
  }
}

export function asText(value: Uint8Array, offset: number): string {
  if (value.length === 0 || value[value.length - 1] !== 0) throw new MalformedError('a text lacks its NUL', offset);
  const body = value.subarray(0, value.length - 1);
  if (body.includes(0)) throw new MalformedError('a text holds a NUL', offset);
  try {
    return fromUtf8(body);
  } catch {
    throw new MalformedError('a text is not UTF-8', offset);
  }
}

export function asNumber(value: Uint8Array): number {
  let number = 0;
  for (const byte of value) number = number * 256 + byte;
  return number;
}
