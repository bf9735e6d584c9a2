/**
 * How long before its making a certificate is good, milliseconds: whoever checks it goes by another clock. A phone without a battery, a node
 * whose clock was set back by some days, an edge that woke from a snapshot still take it.
 */
export const backdating = 30 * 24 * 3600 * 1000;

/** What `notBefore` says of a certificate made now. */
export function backdated(now: number = Date.now()): Date {
  return new Date(now - backdating);
}
