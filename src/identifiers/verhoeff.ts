/**
 * Verhoeff's dihedral check digit. It catches every single-digit error, every swap of neighbours and most jump and group swaps,
 * which is why the activation code uses it instead of Luhn (which misses every swap of two 4-digit groups).
 */
const multiply = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
].map((row) => [...row].map(Number));
const permute = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
].map((row) => [...row].map(Number));
const inverse = [0, 4, 3, 2, 1, 5, 6, 7, 8, 9];

function checksum(digits: string, offset: number): number {
  let c = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    c = multiply[c]![permute[(i + offset) % 8]![digit]!]!;
  }
  return c;
}

/** The digit to append to `digits` (ASCII digits only). 236 → 3, 12345 → 1. */
export function verhoeffDigit(digits: string): string {
  return String(inverse[checksum(digits, 1)]!);
}

/** True when the last digit is the check digit of those before it. */
export function verhoeffValid(digits: string): boolean {
  return checksum(digits, 0) === 0;
}
