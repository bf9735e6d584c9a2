import { concat, utf8 } from '../../kernel/bytes.ts';
import type { Certificate } from './certificate.ts';

/** What manufacturers revoked, however many lists say so. */
export interface RevokedCertificates {
  has(certificate: Pick<Certificate, 'issuer' | 'serialNumber'>): boolean;
}

/** Octets of SHA-256 that stand for one revoked certificate. */
export const fingerprintLength = 16;

/**
 * What is hashed to name a certificate by its issuer and serial number (RFC 5280 §4.1.2.2). Serial numbers are hex, so that nothing else reads
 * the same.
 */
export function revocationName({ issuer, serialNumber }: Pick<Certificate, 'issuer' | 'serialNumber'>): Uint8Array {
  return concat(utf8(serialNumber), Uint8Array.of(0), issuer);
}

function compareAt(packed: Uint8Array, at: number, fingerprint: Uint8Array): number {
  for (let i = 0; i < fingerprintLength; i++) {
    const difference = packed[at + i]! - fingerprint[i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether `fingerprint` is one of those in `packed`: sorted and next to each other, as packFingerprints makes it. */
export function packedHas(packed: Uint8Array, fingerprint: Uint8Array): boolean {
  let from = 0;
  let to = Math.floor(packed.length / fingerprintLength);
  while (from < to) {
    const middle = (from + to) >>> 1;
    const order = compareAt(packed, middle * fingerprintLength, fingerprint);
    if (order === 0) return true;
    if (order < 0) from = middle + 1;
    else to = middle;
  }
  return false;
}

/** Sorted, each once. */
export function packFingerprints(fingerprints: readonly Uint8Array[]): Uint8Array {
  const sorted = fingerprints.toSorted((a, b) => compareAt(a, 0, b));
  const once = sorted.filter((each, index) => index === 0 || compareAt(sorted[index - 1]!, 0, each) !== 0);
  // Not by concat: a hundred thousand are too many arguments.
  const packed = new Uint8Array(once.length * fingerprintLength);
  for (const [index, each] of once.entries()) packed.set(each, index * fingerprintLength);
  return packed;
}

/** Of lists as packFingerprints makes them. `fingerprint`: the first octets of SHA-256 over its argument. */
export function revokedBy(
  lists: readonly Uint8Array[],
  fingerprint: (name: Uint8Array) => Uint8Array,
): RevokedCertificates {
  const telling = lists.filter(({ length }) => length > 0);
  return {
    has(certificate) {
      if (telling.length === 0) return false;
      const wanted = fingerprint(revocationName(certificate));
      return telling.some((list) => packedHas(list, wanted));
    },
  };
}
