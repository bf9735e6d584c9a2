const cr = 0x0d;
const lf = 0x0a;

/** RFC 764 NVT form as RFC 1350 mode `netascii` wants it: LF becomes CR LF, a lone CR becomes CR NUL. */
export function toNetascii(bytes: Uint8Array): Uint8Array {
  let extra = 0;
  for (const byte of bytes) if (byte === lf || byte === cr) extra++;
  if (extra === 0) return bytes;
  const out = new Uint8Array(bytes.length + extra);
  let at = 0;
  for (const byte of bytes) {
    if (byte === lf) out[at++] = cr;
    out[at++] = byte;
    if (byte === cr) out[at++] = 0;
  }
  return out;
}

/** Undoes toNetascii. A CR before anything else than LF or NUL is kept. */
export function fromNetascii(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let at = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    const next = bytes[i + 1];
    if (byte === cr && next === lf) {
      out[at++] = lf;
      i++;
    } else if (byte === cr && next === 0) {
      out[at++] = cr;
      i++;
    } else {
      out[at++] = byte;
    }
  }
  return out.subarray(0, at);
}
