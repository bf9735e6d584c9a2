import { concat, utf8 } from '../../kernel/bytes.ts';

/** Writes the few DER forms a certificate and a key need (X.690); src/kernel/der.ts reads them. */

export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concat(...content);
  const { length } = body;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : length < 0x10000
          ? [tag, 0x82, length >> 8, length & 0xff]
          : [tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return concat(Uint8Array.from(head), body);
}

export const derSequence = (...items: readonly Uint8Array[]) => der(0x30, ...items);
export const derSet = (...items: readonly Uint8Array[]) => der(0x31, ...items);
export const derOctets = (content: Uint8Array) => der(0x04, content);
export const derBits = (content: Uint8Array, unused = 0) => der(0x03, Uint8Array.of(unused), content);
export const derBoolean = (value: boolean) => der(0x01, Uint8Array.of(value ? 0xff : 0));
export const derUtf8 = (text: string) => der(0x0c, utf8(text));
export const derPrintable = (text: string) => der(0x13, utf8(text));

/** An unsigned big-endian number of any length. */
export function derInteger(bytes: Uint8Array): Uint8Array {
  let at = 0;
  while (at < bytes.length - 1 && bytes[at] === 0) at++;
  const value = bytes.subarray(at);
  return (value[0] ?? 0) & 0x80 ? der(0x02, Uint8Array.of(0), value) : der(0x02, value);
}

export function derObjectIdentifier(dotted: string): Uint8Array {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [first! * 40 + second!];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return der(0x06, Uint8Array.from(bytes));
}

/** UTCTime until 2049, GeneralizedTime after (RFC 5280 §4.1.2.5). */
export function derTime(at: Date): Uint8Array {
  const text = at.toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return at.getUTCFullYear() < 2050 ? der(0x17, utf8(`${text.slice(2)}Z`)) : der(0x18, utf8(`${text}Z`));
}
