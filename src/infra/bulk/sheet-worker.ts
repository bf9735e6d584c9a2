import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { FileRefused } from '../../domain/bulk/bulk-fault.ts';
import type { TransactionType } from '../../domain/bulk/columns.ts';
import type { RawRecord, ReadFile, SourceAbout } from '../../domain/bulk/file-source.ts';
import { readPhoneFile } from '../../domain/bulk/read-file.ts';
import type { LocatedError } from '../../domain/bulk/row-error.ts';
import { recordsOf } from './read-upload.ts';

/** Reads one file in a thread of its own and ends. Each batch of rows waits until it is asked for the next. */

export interface SheetJob {
  readonly content: Uint8Array;
  readonly transaction: TransactionType;
}

export type SheetMessage =
  | { readonly kind: 'rows'; readonly rows: readonly RawRecord[] }
  | { readonly kind: 'end'; readonly file: ReadFile }
  | { readonly kind: 'refused'; readonly errors: readonly LocatedError[]; readonly errorCount: number };

// On Linux 0 is the calling thread; elsewhere it would be the whole process. Phones come first.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);

async function read({ content, transaction }: SheetJob, port: MessagePort): Promise<void> {
  const say = (message: SheetMessage) => port.postMessage(message);
  const hash = createHash('sha256');
  let about: SourceAbout | undefined;
  try {
    const summary = await readPhoneFile(
      recordsOf(content, (told) => {
        about = told;
      }),
      transaction,
      async (rows) => {
        for (const { fields } of rows) hash.update(`${JSON.stringify(fields)}\n`);
        say({ kind: 'rows', rows });
        await once(port, 'message');
      },
      () => about,
    );
    hash.update(JSON.stringify(summary.columns.map(({ field, heading }) => field ?? heading)));
    say({ kind: 'end', file: { ...summary, rowsSha256: new Uint8Array(hash.digest()) } });
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    say({ kind: 'refused', errors: error.errors, errorCount: error.errorCount });
  }
}

const port = parentPort!;
await read(workerData as SheetJob, port);
port.close();
