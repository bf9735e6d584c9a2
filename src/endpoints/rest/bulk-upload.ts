import { bulkLimits } from '../../domain/bulk/limits.ts';
import { concat } from '../../kernel/bytes.ts';
import { RequestFault } from './request-fault.ts';

/** The octets of an upload, bounded. @throws RequestFault `body_too_large` */
export async function wholeUpload(upload: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of upload) {
    length += part.length;
    if (length > bulkLimits.octets)
      throw new RequestFault('caller', 'body_too_large', 'The file is larger than 10 MiB.', {
        remedy: 'Split it into several files.',
      });
    parts.push(part);
  }
  return concat(...parts);
}
