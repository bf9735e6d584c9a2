/** First and last octet, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * One range of RFC 9110 §14.1.2. Undefined: the header asks for nothing we do (several ranges, another unit, nonsense), the whole file is the answer.
 * `unsatisfiable`: it lies outside the file.
 */
export function parseByteRange(header: string, size: number): ByteRange | 'unsatisfiable' | undefined {
  const found = /^bytes=(?:([0-9]{1,15})-([0-9]{0,15})|-([0-9]{1,15}))$/.exec(header.trim());
  if (found === null) return undefined;
  const [, from, to, suffix] = found;
  if (suffix !== undefined) {
    const length = Math.min(Number(suffix), size);
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' || to === undefined ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && to !== undefined && Number(to) < first) return undefined;
  return first >= size ? 'unsatisfiable' : { first, last };
}
