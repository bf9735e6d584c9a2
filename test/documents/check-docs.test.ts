import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentProblems, documentsOf } from '../../scripts/documents/problems.ts';
import { root } from '../support/all-in-one.ts';

let tree: string;
beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'firstring-documents-'));
  for (const folder of ['src', 'docs', 'migrations']) await mkdir(join(tree, folder));
  await writeFile(join(tree, 'package.json'), '{"scripts":{"dev":"true"}}');
  await writeFile(
    join(tree, 'src/ring.ts'),
    `export async function ring(): Promise<void> {\n  answered();\n}\nexport class Bell {\n  async strike() {}\n  #quiet() {}\n}\nexport const tone = 1;\n`,
  );
  await writeFile(join(tree, 'migrations/0001.sql'), 'CREATE FUNCTION tell() RETURNS trigger AS $$ $$;\n');
});
afterAll(() => rm(tree, { recursive: true, force: true }));

async function problemsOf(text: string): Promise<readonly string[]> {
  await writeFile(join(tree, 'docs/page.md'), text);
  return documentProblems(tree, 'docs/page.md');
}

describe('a document', () => {
  it.each([
    '`src/ring.ts`',
    '`src/ring.ts › ring`',
    '`src/ring.ts › Bell.strike`',
    '`src/ring.ts › Bell.#quiet`',
    '`src/ring.ts › tone`',
    '`migrations/0001.sql › tell`',
    '`npm run dev`',
    '[itself](page.md#here)',
  ])('may name %s', async (text) => {
    expect(await problemsOf(text)).toEqual([]);
  });

  it.each([
    ['`src/bell.ts › ring`', '`src/bell.ts` does not exist'],
    ['`src/ring.ts › rang`', 'declares no `rang`'],
    ['what is only called: `src/ring.ts › answered`', 'declares no `answered`'],
    ['`src/ring.ts › Bell.break`', 'declares no `Bell.break`'],
    ['`src/ring.ts › Gong.strike`', 'declares no `Gong.strike`'],
    ['`migrations/0001.sql › toll`', 'declares no `toll`'],
    ['`npm run toString`', 'there is no'],
    ['[away](gone.md)', 'leads nowhere'],
  ])('may not name %s', async (text, problem) => {
    const found = await problemsOf(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });

  it('of ours names only what is there', () => {
    expect(documentsOf(root).flatMap((file) => documentProblems(root, file))).toEqual([]);
  });
});
