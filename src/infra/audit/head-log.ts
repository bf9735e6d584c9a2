import { hash as digest } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, rename, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type HeadLine,
  HeadReading,
  headLineHash,
  type KeptHead,
  noLine,
  writeHeadLine,
} from '../../domain/audit/head-line.ts';
import type { HeadKeeper, NewHead } from '../database/audit-sealer.ts';

const current = 'audit-heads.jsonl';
/** A file that has grown to this many octets is put aside and a new one goes on with the chain. */
const fullSize = 32 * 1024 * 1024;

const sha256 = (bytes: Uint8Array) => digest('sha256', bytes, 'buffer');

export interface HeadLog extends HeadKeeper, AsyncDisposable {
  /** Records that the database was put back to `head` on purpose; `head` undefined: to before the first event. */
  restored(head: KeptHead | undefined, by: string, reason: string): Promise<void>;
}

/**
 * The heads of the audit log as this node saw them, outside of the database's reach: JSON lines below the data directory, 0600, only ever added to,
 * each synced before the next rows are sealed, each holding the hash of the one before.
 */
export async function openHeadLog(directory: string, size = fullSize): Promise<HeadLog> {
  const path = join(directory, current);
  const names = await headFiles(directory);
  const newest = names.at(-1);
  const reading = newest === undefined ? new HeadReading(current, sha256) : await readHeadFile(newest, true);
  let file: FileHandle = await open(path, 'a', 0o600);
  let written = (await file.stat()).size;
  let last: HeadLine | undefined = reading.last;
  let previous = last === undefined ? noLine : reading.previous;
  let watermark = last?.watermark ?? undefined;

  const append = async (line: Omit<HeadLine, 'line' | 'at' | 'previous'>) => {
    if (written >= size && last !== undefined) {
      await file.close();
      await rename(path, join(directory, `audit-heads.${String(last.line).padStart(12, '0')}.jsonl`));
      file = await open(path, 'a', 0o600);
      written = 0;
    }
    const whole: HeadLine = { ...line, line: (last?.line ?? 0) + 1, at: new Date().toISOString(), previous };
    const text = writeHeadLine(whole);
    const start = written;
    try {
      await file.appendFile(`${text}\n`);
      await file.datasync();
    } catch (error) {
      // A full disk may have taken half a line.
      await file.truncate(start).catch(() => {});
      throw error;
    }
    written += Buffer.byteLength(text) + 1;
    last = whole;
    previous = headLineHash(text, sha256);
  };
  return {
    get last() {
      return last;
    },
    get watermark() {
      return watermark;
    },
    broken: reading.problems[0],
    async keep({ kind, seq, hash, complete }: NewHead) {
      watermark = complete ?? watermark;
      await append({
        kind: last === undefined ? 'began' : kind,
        seq,
        hash,
        ...(watermark === undefined ? {} : { watermark }),
      });
    },
    passed(complete) {
      watermark = complete;
    },
    async restored(head, by, reason) {
      watermark = undefined;
      const was = last === undefined ? undefined : { seq: last.seq, hash: last.hash };
      await append({ kind: 'restored', seq: head?.seq ?? 0, hash: head?.hash ?? noLine, restore: { by, reason, was } });
    },
    async [Symbol.asyncDispose]() {
      await file.close();
    },
  };
}

/** Heads files below a data directory, in the order they were written. */
export async function headFiles(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => /^audit-heads(\.\d+)?\.jsonl$/.test(name));
  // The one that is being written has no number and comes last.
  return names
    .sort((a, b) => (a === current ? 1 : b === current ? -1 : a < b ? -1 : 1))
    .map((name) => join(directory, name));
}

/** Reads the files as one log. `mend`: cuts off what a crash left of an unfinished last line. */
export async function readHeadFile(
  path: string,
  mend = false,
  reading = new HeadReading(path, sha256),
): Promise<HeadReading> {
  let held = '';
  let whole = 0;
  for await (const chunk of createReadStream(path, 'utf8')) {
    const parts = (held + (chunk as string)).split('\n');
    held = parts.pop()!;
    for (const text of parts) {
      reading.read(text);
      whole += Buffer.byteLength(text) + 1;
    }
  }
  if (held !== '' && mend) await truncate(path, whole);
  return reading;
}

/** All heads files of one node as one log. */
export async function readHeadFiles(paths: readonly string[]): Promise<HeadReading | undefined> {
  let reading: HeadReading | undefined;
  for (const path of paths) reading = await readHeadFile(path, false, reading);
  return reading;
}
