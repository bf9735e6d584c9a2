/** G.711: 8,000 samples a second, one octet each. Tables of ITU-T G.711, by its segments. */

export type G711 = 'PCMU' | 'PCMA';

/** Octet of silence. */
export const silence: Readonly<Record<G711, number>> = { PCMU: 0xff, PCMA: 0xd5 };

const bias = 0x84;
const clip = 32_635;

/** Signed 16-bit sample → μ-law octet. */
export function ulawOf(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(Math.trunc(sample)), clip) + bias;
  const exponent = 31 - Math.clz32(magnitude >> 7);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

/** μ-law octet → signed sample of at most 14 bits, scaled to 16. */
export function sampleOfUlaw(octet: number): number {
  const bits = ~octet & 0xff;
  const exponent = (bits >> 4) & 0x07;
  const magnitude = ((((bits & 0x0f) << 3) + bias) << exponent) - bias;
  return (bits & 0x80) !== 0 ? -magnitude : magnitude;
}

/** Signed 16-bit sample → A-law octet. */
export function alawOf(sample: number): number {
  const negative = sample < 0;
  const magnitude = Math.min(negative ? ~Math.trunc(sample) : Math.trunc(sample), 32_767) >> 3;
  const exponent = magnitude < 32 ? 0 : 31 - Math.clz32(magnitude) - 4;
  const mantissa = exponent === 0 ? (magnitude >> 1) & 0x0f : (magnitude >> exponent) & 0x0f;
  return (((negative ? 0 : 0x80) | (exponent << 4) | mantissa) ^ 0x55) & 0xff;
}

/** A-law octet → signed 16-bit sample. */
export function sampleOfAlaw(octet: number): number {
  const bits = (octet ^ 0x55) & 0xff;
  const exponent = (bits >> 4) & 0x07;
  const base = ((bits & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? base : (base + 0x100) << (exponent - 1);
  return (bits & 0x80) !== 0 ? magnitude : -magnitude;
}

const alawOfUlaw = Uint8Array.from({ length: 256 }, (_, octet) => alawOf(sampleOfUlaw(octet)));

/** μ-law octets in the wanted form. */
export function fromUlaw(octets: Uint8Array, wanted: G711): Uint8Array {
  return wanted === 'PCMU' ? octets : octets.map((octet) => alawOfUlaw[octet]!);
}
