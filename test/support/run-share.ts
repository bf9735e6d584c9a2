import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { PreparedKind } from './prepared-directory.ts';

/** Environment variable that tells the workers of one test run where to ask for what they share. */
const addressVariable = 'FIRSTRING_TEST_SHARE';

export interface DatabaseUrls {
  readonly url: string;
  readonly ownerUrl: string;
}

/** What all files of one run share: one PostgreSQL, data directories after their first start, and numbers of which each is given once. */
export interface RunShare {
  /** A fresh database, migrated and seeded unless `empty`. */
  database(options: { readonly empty?: boolean }): Promise<DatabaseUrls>;
  /** Path of a stopped data directory, to be copied. */
  dataDirectory(kind: PreparedKind): Promise<string>;
  /** 0, 1, 2 … */
  portRange(): Promise<number>;
}

type Question = { [Name in keyof RunShare]: readonly [Name, ...Parameters<RunShare[Name]>] }[keyof RunShare];

/** Whether a run is under way that shares; without one (benches) everybody makes what they need. */
export function sharesRun(): boolean {
  return process.env[addressVariable] !== undefined;
}

/** Asks the run. */
export const runShare: RunShare = {
  database: (options) => ask(['database', options]),
  dataDirectory: (kind) => ask(['dataDirectory', kind]),
  portRange: () => ask(['portRange']),
};

async function ask<T>(question: Question): Promise<T> {
  const socket = connect(process.env[addressVariable]!);
  socket.write(`${JSON.stringify(question)}\n`);
  const answer = JSON.parse(await text(socket)) as { readonly value: T; readonly error?: string };
  if (answer.error !== undefined) throw new Error(`the test run cannot give a ${question[0]}: ${answer.error}`);
  return answer.value;
}

/** Serves on a Unix socket: one line of JSON asked, one line answered. */
export async function serveRunShare(share: RunShare): Promise<{ close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'firstring-share-'));
  const address = join(directory, 'socket');
  const answer = ([name, ...words]: Question): Promise<unknown> =>
    (share[name] as (...words: readonly unknown[]) => Promise<unknown>)(...words);
  const server = createServer((socket) => {
    let asked = '';
    socket.setEncoding('utf8').on('error', () => {});
    socket.on('data', (part: string) => {
      asked += part;
      if (!asked.endsWith('\n')) return;
      answer(JSON.parse(asked) as Question).then(
        (value) => socket.end(JSON.stringify({ value })),
        (error: Error) => socket.end(JSON.stringify({ error: error.stack })),
      );
    });
  });
  await new Promise<void>((ready) => server.listen(address, ready));
  process.env[addressVariable] = address;
  return {
    async close() {
      delete process.env[addressVariable];
      await new Promise((done) => server.close(done));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
