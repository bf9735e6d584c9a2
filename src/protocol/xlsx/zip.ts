import { XlsxError } from './xlsx-error.ts';

/** One file in a ZIP archive (APPNOTE 4.3.12), not yet unpacked. */
export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  /** As the archive says; what comes out is counted as well. */
  readonly size: number;
  readonly packed: Uint8Array;
}

/** Unpacks raw deflate (RFC 1951). Rejects when more than `limit` octets come out, or the data is damaged. */
export type Inflate = (packed: Uint8Array, limit: number) => AsyncIterable<Uint8Array>;

const mostEntries = 1000;
const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const endLength = 22;

/** The directory of an archive that is wholly in memory. @throws XlsxError */
export function readZip(bytes: Uint8Array): readonly ZipEntry[] {
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf)
    throw new XlsxError('xls_or_password', 'This is an old .xls workbook, or one with a password.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const start = view.getUint32(end + 16, true);
  if (count > mostEntries) throw new XlsxError('too_large', `The archive has more than ${mostEntries} files.`);
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  for (let at = start, index = 0; index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== centralSignature)
      throw new XlsxError('damaged', 'The directory of the archive is damaged.');
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)).replaceAll('\\', '/');
    if (names.has(name)) throw new XlsxError('damaged', 'The archive holds one file twice.');
    names.add(name);
    entries.push(entryAt(bytes, view, at, name));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function findEnd(view: DataView): number {
  for (let at = view.byteLength - endLength; at >= Math.max(0, view.byteLength - endLength - 65_535); at--)
    if (view.getUint32(at, true) === endSignature) return at;
  throw new XlsxError('not_xlsx', 'This is not an .xlsx workbook.');
}

function entryAt(bytes: Uint8Array, view: DataView, at: number, name: string): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const packedSize = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const local = view.getUint32(at + 42, true);
  if (flags & 1) throw new XlsxError('xls_or_password', 'The workbook is encrypted.');
  if (method !== 0 && method !== 8) throw new XlsxError('damaged', 'The archive is packed in an unknown way.');
  if (local + 30 > bytes.length || view.getUint32(local, true) !== localSignature)
    throw new XlsxError('damaged', 'The archive is damaged.');
  const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (from + packedSize > bytes.length) throw new XlsxError('damaged', 'The archive ends too early.');
  return { name, deflated: method === 8, size, packed: bytes.subarray(from, from + packedSize) };
}

/** What is in the entry, at most `limit` octets. @throws XlsxError `too_large` before anything is unpacked where the archive admits it */
export async function* unpack(entry: ZipEntry, inflate: Inflate, limit: number): AsyncGenerator<Uint8Array> {
  if (entry.size > limit || (!entry.deflated && entry.packed.length > limit))
    throw new XlsxError('too_large', 'The workbook unpacks to more than is allowed.');
  if (entry.deflated) yield* inflate(entry.packed, limit);
  else yield entry.packed;
}

/** An archive of these files, not compressed. */
export function writeZip(files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const encoded = new TextEncoder().encode(name);
    const crc = crc32(bytes);
    // Version 2.0, UTF-8 names, stored; 1980-01-01, so that the same content gives the same bytes.
    const common = [
      20,
      0,
      0,
      8,
      0,
      0,
      0,
      0,
      33,
      0,
      ...u32(crc),
      ...u32(bytes.length),
      ...u32(bytes.length),
      ...u16(encoded.length),
      0,
      0,
    ];
    const local = Uint8Array.from([...u32(localSignature), ...common, ...encoded]);
    parts.push(local, bytes);
    directory.push(
      Uint8Array.from([
        ...u32(centralSignature),
        20,
        0,
        ...common,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        ...u32(offset),
        ...encoded,
      ]),
    );
    offset += local.length + bytes.length;
  }
  const directoryLength = directory.reduce((sum, each) => sum + each.length, 0);
  const count = u16(files.length);
  const end = Uint8Array.from([
    ...u32(endSignature),
    0,
    0,
    0,
    0,
    ...count,
    ...count,
    ...u32(directoryLength),
    ...u32(offset),
    0,
    0,
  ]);
  const whole = new Uint8Array(offset + directoryLength + end.length);
  let at = 0;
  for (const part of [...parts, ...directory, end]) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const u16 = (value: number) => [value & 0xff, (value >> 8) & 0xff];
const u32 = (value: number) => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff];

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let crc = n;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
