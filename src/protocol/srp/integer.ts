import { toHex } from '../../kernel/bytes.ts';

/** OS2IP of RFC 8017 §4.2. */
export function integerOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`);
}

/** I2OSP of RFC 8017 §4.1: left-padded to `length` octets. Throws RangeError when the value does not fit. */
export function octetsOf(value: bigint, length: number): Uint8Array {
  const words = Math.ceil(length / 8);
  const out = new Uint8Array(words * 8);
  const view = new DataView(out.buffer);
  let rest = value;
  for (let at = words - 1; at >= 0; at--) {
    view.setBigUint64(at * 8, BigInt.asUintN(64, rest));
    rest >>= 64n;
  }
  const lead = words * 8 - length;
  for (let i = 0; i < lead; i++) if (out[i] !== 0) throw new RangeError('integer does not fit');
  if (rest !== 0n) throw new RangeError('integer does not fit');
  return lead === 0 ? out : out.subarray(lead);
}
