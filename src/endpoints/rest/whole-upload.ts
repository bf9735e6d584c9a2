import { bulkLimits } from '../../domain/bulk/limits.ts';
import { concat } from '../../kernel/bytes.ts';
import { say } from '../../texts/say.ts';
import { RequestFault } from './request-fault.ts';

/** The octets of a table of phones. @throws RequestFault `body_too_large` */
export function wholeTable(upload: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return wholeUpload(upload, bulkLimits.octets, 'Split it into several files.');
}

/** The octets of an upload, bounded. @throws RequestFault `body_too_large` with this remedy */
export async function wholeUpload(
  upload: AsyncIterable<Uint8Array>,
  most: number,
  remedy: string,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of upload) {
    length += part.length;
    if (length > most)
      throw new RequestFault('caller', say('body_too_large.file', { most: most / 1024 / 1024 }), { remedy });
    parts.push(part);
  }
  return concat(...parts);
}
