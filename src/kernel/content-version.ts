const mask = (1n << 64n) - 1n;

/**
 * A version for things that keep none: a number made from what they hold (FNV-1a of 64 bits, its upper 52), the same for the same
 * content. Sent as ETag and taken as If-Match like a counted version. `content`: JSON whose members are always in the same order.
 */
export function contentVersion(content: unknown): number {
  let hash = 0xcbf29ce484222325n;
  for (const octet of new TextEncoder().encode(JSON.stringify(content)))
    hash = ((hash ^ BigInt(octet)) * 0x100000001b3n) & mask;
  return Number(hash >> 12n);
}
