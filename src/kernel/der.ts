import { MalformedError } from './errors.ts';

/** Strict DER (X.690 §10): one way to write a thing, or it is refused. Only what certificates need; tag numbers below 31. */
export interface DerElement {
  /** The identifier octet: class, constructed bit, number. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** Identifier, length and content. */
  readonly encoded: Uint8Array;
}

export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const;

/** Context-specific tag [number], constructed unless said otherwise. */
export function derContext(number: number, constructed = true): number {
  return 0x80 | (constructed ? 0x20 : 0) | number;
}

function elementAt(bytes: Uint8Array, at: number): { element: DerElement; next: number } {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw new MalformedError('DER: cut short', at);
  if ((tag & 0x1f) === 0x1f) throw new MalformedError('DER: long tag', at);
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const octets = first & 0x7f;
    if (octets === 0 || octets > 3) throw new MalformedError('DER: length form', at + 1);
    length = 0;
    for (let i = 0; i < octets; i++) {
      const octet = bytes[start++];
      if (octet === undefined) throw new MalformedError('DER: cut short', start);
      length = length * 256 + octet;
    }
    if (length < 0x80 || length < 2 ** (8 * (octets - 1))) throw new MalformedError('DER: length not minimal', at + 1);
  }
  const next = start + length;
  if (next > bytes.length) throw new MalformedError('DER: cut short', at);
  return { element: { tag, content: bytes.subarray(start, next), encoded: bytes.subarray(at, next) }, next };
}

/** Exactly one element and nothing behind it. Throws MalformedError. */
export function readDer(bytes: Uint8Array, tag?: number): DerElement {
  const { element, next } = elementAt(bytes, 0);
  if (next !== bytes.length) throw new MalformedError('DER: something follows', next);
  if (tag !== undefined && element.tag !== tag) throw new MalformedError('DER: unexpected tag', 0);
  return element;
}

/** The elements inside a constructed one, one after the other. Throws MalformedError. */
export function* derElements(element: DerElement): Generator<DerElement, void, undefined> {
  if ((element.tag & 0x20) === 0) throw new MalformedError('DER: not constructed');
  for (let at = 0; at < element.content.length; ) {
    const { element: child, next } = elementAt(element.content, at);
    yield child;
    at = next;
  }
}

/** The elements inside a constructed one. Throws MalformedError. */
export function derChildren(element: DerElement): readonly DerElement[] {
  return [...derElements(element)];
}

/** `expected` tag or MalformedError. */
export function derExpect(element: DerElement | undefined, tag: number): DerElement {
  if (element?.tag !== tag) throw new MalformedError('DER: unexpected structure');
  return element;
}

/** `1.2.840.113549.1.1.11`. */
export function derObjectIdentifier(element: DerElement | undefined): string {
  const { content } = derExpect(element, derTag.objectIdentifier);
  if (content.length === 0 || content.length > 64 || (content[content.length - 1]! & 0x80) !== 0) {
    throw new MalformedError('DER: object identifier');
  }
  const arcs: number[] = [];
  let value = 0;
  let begins = true;
  for (const octet of content) {
    if (begins && octet === 0x80) throw new MalformedError('DER: object identifier');
    value = value * 128 + (octet & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER) throw new MalformedError('DER: object identifier');
    begins = (octet & 0x80) === 0;
    if (begins) {
      arcs.push(value);
      value = 0;
    }
  }
  const first = Math.min(2, Math.floor(arcs[0]! / 40));
  return [first, arcs[0]! - first * 40, ...arcs.slice(1)].join('.');
}

/** Content octets of a non-negative INTEGER without its sign octet. */
export function derUnsigned(element: DerElement | undefined): Uint8Array {
  const { content } = derExpect(element, derTag.integer);
  const [first, second] = content;
  if (first === undefined || first & 0x80) throw new MalformedError('DER: integer is negative or empty');
  if (first === 0 && content.length > 1) {
    if (!(second! & 0x80)) throw new MalformedError('DER: integer not minimal');
    return content.subarray(1);
  }
  return content;
}

export function derBoolean(element: DerElement | undefined): boolean {
  const { content } = derExpect(element, derTag.boolean);
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw new MalformedError('DER: boolean');
  return content[0] === 0xff;
}

/** Octets of a BIT STRING that has whole octets (keys, signatures). */
export function derOctetAligned(element: DerElement | undefined): Uint8Array {
  const { content } = derExpect(element, derTag.bitString);
  if (content[0] !== 0) throw new MalformedError('DER: bit string with unused bits');
  return content.subarray(1);
}

/** Named bits (X.690 §11.2.2): bit 0 first. */
export function derNamedBits(element: DerElement | undefined): readonly boolean[] {
  const { content } = derExpect(element, derTag.bitString);
  const unused = content[0];
  if (unused === undefined || unused > 7 || (content.length === 1 && unused > 0))
    throw new MalformedError('DER: bit string');
  const bits: boolean[] = [];
  for (let i = 1; i < content.length; i++)
    for (let bit = 7; bit >= 0; bit--) bits.push(((content[i]! >> bit) & 1) === 1);
  const spare = bits.splice(bits.length - unused);
  if (spare.includes(true)) throw new MalformedError('DER: unused bits set');
  return bits;
}

/** UTCTime or GeneralizedTime as RFC 5280 §4.1.2.5 writes them; milliseconds since the epoch. */
export function derTime(element: DerElement | undefined): number {
  if (element === undefined) throw new MalformedError('DER: time missing');
  const text = String.fromCharCode(...element.content.subarray(0, 20));
  const generalized = element.tag === derTag.generalizedTime;
  if (!generalized && element.tag !== derTag.utcTime) throw new MalformedError('DER: not a time');
  const match = (
    generalized ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
  ).exec(text);
  if (!match) throw new MalformedError('DER: time form');
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const fullYear = generalized ? year : year < 50 ? 2000 + year : 1900 + year;
  const at = new Date(0);
  at.setUTCFullYear(fullYear, month - 1, day);
  at.setUTCHours(hour, minute, second);
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) {
    throw new MalformedError('DER: no such time');
  }
  return at.getTime();
}
