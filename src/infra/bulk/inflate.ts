import { createInflateRaw } from 'node:zlib';
import { XlsxError } from '../../protocol/xlsx/xlsx-error.ts';
import type { Inflate } from '../../protocol/xlsx/zip.ts';

/** Raw deflate in zlib's own threads, counted on the way out: a bomb is dropped as soon as it is one. */
export const inflateRaw: Inflate = async function* (packed, limit) {
  const stream = createInflateRaw({ chunkSize: 64 * 1024 });
  stream.end(packed);
  let out = 0;
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      out += piece.length;
      if (out > limit) throw new XlsxError('too_large', 'The workbook unpacks to more than is allowed.');
      yield piece;
    }
  } catch (error) {
    if (error instanceof XlsxError || !String((error as { code?: unknown }).code ?? '').startsWith('Z_')) throw error;
    throw new XlsxError('damaged', 'The archive is damaged.');
  } finally {
    stream.destroy();
  }
};
