import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAllInOne } from './all-in-one.ts';

/** What a first start made: the laboratory of a node alone, or with cloud and edges. */
export type PreparedKind = 'node' | 'node-with-outside';

/** Data directories after their first start, made when the first test of the run asks for one; most of a first start is keys and a PostgreSQL cluster. */
export class PreparedDirectories implements AsyncDisposable {
  readonly #made = new Map<PreparedKind, Promise<string>>();

  /** Path of a stopped data directory, to be copied. */
  make(kind: PreparedKind): Promise<string> {
    const made = this.#made.get(kind) ?? prepare(kind);
    this.#made.set(kind, made);
    return made;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const made of this.#made.values()) {
      const directory = await made.catch(() => undefined);
      if (directory !== undefined) await rm(join(directory, '..'), { recursive: true, force: true });
    }
  }
}

async function prepare(kind: PreparedKind): Promise<string> {
  const dataDirectory = join(await mkdtemp(join(tmpdir(), 'firstring-prepared-')), 'data');
  const program = await startAllInOne({ dataDirectory, fresh: true, mra: kind === 'node-with-outside' });
  await program.stop();
  // Where its PostgreSQL was to be reached.
  await rm(join(dataDirectory, 'postgres.socket'), { force: true });
  return dataDirectory;
}

/** Copies with owners and modes, sharing blocks where the file system can. */
export async function copyDirectory(from: string, to: string): Promise<void> {
  const copy = spawn('cp', ['-a', ...(process.platform === 'linux' ? ['--reflink=auto'] : []), from, to], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(copy, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`cannot copy ${from} to ${to}`);
}
