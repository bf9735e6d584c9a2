/** A key of a phone. */
export type DtmfDigit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '*' | '#' | 'A' | 'B' | 'C' | 'D';

const inOrder = '0123456789*#ABCD';

export function isDtmfDigit(text: string): text is DtmfDigit {
  return text.length === 1 && inOrder.includes(text);
}

/** Event code of RFC 4733 §3.2 → key; undefined for tones that are none. */
export function digitOfEvent(event: number): DtmfDigit | undefined {
  return inOrder[event] as DtmfDigit | undefined;
}

export function eventOfDigit(digit: DtmfDigit): number {
  return inOrder.indexOf(digit);
}
