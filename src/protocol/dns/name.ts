import { MalformedError } from '../../kernel/errors.ts';

/** Domain names on the wire (RFC 1035 §3.1, §4.1.4). As text: labels joined by dots, no final dot, the root is the empty text. */

const maximumLabel = 63;
const maximumName = 255;
/** Host names, and the underscore of service labels (RFC 2782). Whatever else a label may hold on the wire names nothing here. */
const label = /^[0-9A-Za-z_](?:[0-9A-Za-z_-]*[0-9A-Za-z_])?$/;

/** Whether text can stand in a question or a record. */
export function isDomainName(text: string): boolean {
  if (text.length + 2 > maximumName) return false;
  return text === '' || text.split('.').every((each) => each.length <= maximumLabel && label.test(each));
}

/** Names compare without regard to case (RFC 4343). */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Whether `name` is `zone` or lies below it. */
export function isWithin(name: string, zone: string): boolean {
  const [inner, outer] = [name.toLowerCase(), zone.toLowerCase()];
  return inner === outer || outer === '' || inner.endsWith(`.${outer}`);
}

/** Appends a name at `at` and remembers where its parts stand, for pointers. `known`: name in lower case → offset. */
export function writeName(out: number[], name: string, known: Map<string, number> | undefined): void {
  if (!isDomainName(name)) throw new RangeError(`${name} is not a domain name`);
  let rest = name;
  while (rest !== '') {
    const key = rest.toLowerCase();
    const at = known?.get(key);
    if (at !== undefined) {
      out.push(0xc0 | (at >> 8), at & 0xff);
      return;
    }
    // A pointer has 14 bits.
    if (out.length < 0x4000) known?.set(key, out.length);
    const dot = rest.indexOf('.');
    const first = dot < 0 ? rest : rest.slice(0, dot);
    out.push(first.length);
    for (let i = 0; i < first.length; i++) out.push(first.charCodeAt(i));
    rest = dot < 0 ? '' : rest.slice(dot + 1);
  }
  out.push(0);
}

/** Reads a name; `next` is the offset behind it. Every pointer must lead further back, so reading ends. Throws MalformedError. */
export function readName(bytes: Uint8Array, start: number): { readonly name: string; readonly next: number } {
  const labels: string[] = [];
  let length = 1;
  let at = start;
  let next: number | undefined;
  let lowest = start;
  for (;;) {
    const octet = bytes[at];
    if (octet === undefined) throw new MalformedError('a name runs past the end', at);
    if (octet === 0) return { name: labels.join('.'), next: next ?? at + 1 };
    if (octet >= 0xc0) {
      const low = bytes[at + 1];
      if (low === undefined) throw new MalformedError('a name runs past the end', at);
      const target = ((octet & 0x3f) << 8) | low;
      if (target >= lowest) throw new MalformedError('a name points forward or at itself', at);
      next ??= at + 2;
      lowest = target;
      at = target;
      continue;
    }
    if (octet > maximumLabel) throw new MalformedError('a label of an unknown kind', at);
    if (at + 1 + octet > bytes.length) throw new MalformedError('a name runs past the end', at);
    length += octet + 1;
    if (length > maximumName) throw new MalformedError('a name is too long', at);
    const text = String.fromCharCode(...bytes.subarray(at + 1, at + 1 + octet));
    if (!label.test(text)) throw new MalformedError('a label that names no host', at);
    labels.push(text);
    at += 1 + octet;
  }
}
