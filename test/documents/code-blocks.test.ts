import { globSync, readFileSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLine } from '../../src/commands/program.ts';
import { type RunningProgram, root, runNode, runProgram, startAllInOne } from '../support/all-in-one.ts';
import { testDatabase } from '../support/database.ts';

interface Block {
  /** `docs/integrations.md:31` */
  readonly place: string;
  /** `yaml`, `ts`, `sh`, or empty: what is shown is printed by something, not run. */
  readonly language: string;
  readonly text: string;
}

const documents = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root })];
const read = (file: string) => readFileSync(join(root, file), 'utf8');

function blocksOf(file: string): readonly Block[] {
  const found: Block[] = [];
  let open: { language: string; line: number; lines: string[] } | undefined;
  for (const [i, line] of read(file).split('\n').entries()) {
    const fence = /^```(\w*)\s*$/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { language: fence[1]!, line: i + 1, lines: [] };
    else {
      found.push({ place: `${file}:${open.line}`, language: open.language, text: open.lines.join('\n') });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`${file}:${open.line}: the block never ends`);
  return found;
}

const blocks = documents.flatMap(blocksOf);
const ofLanguage = (language: string) => blocks.filter((block) => block.language === language);

describe('the code in the documents', () => {
  let program: RunningProgram;
  const folder = join(root, 'dist', 'documents');
  beforeAll(async () => {
    program = await startAllInOne({ lab: false });
    await mkdir(folder, { recursive: true });
  });
  afterAll(async () => {
    await program?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('is of a kind that is run below', () => {
    const unknown = blocks.filter((block) => !['', 'mermaid', 'sh', 'sql', 'ts', 'yaml'].includes(block.language));
    expect(unknown.map(({ place, language }) => `${place} ${language}`)).toEqual([]);
    expect(ofLanguage('yaml').length).toBeGreaterThan(0);
    expect(ofLanguage('ts').length).toBeGreaterThan(0);
  });

  it.each(ofLanguage('yaml'))('$place is brought about by `firstring apply`, and is right then', async ({ text }) => {
    const file = join(folder, 'state.yaml');
    await writeFile(file, text);
    const apply = (...options: string[]) =>
      runProgram(['apply', file, '--data-dir', program.dataDirectory, ...options]);
    const done = await apply('--yes');
    expect(done.code, done.output).toBe(0);
    const again = await apply('--dry-run');
    expect(again.code, again.output).toBe(0);
  });

  it.each(ofLanguage('ts'))('$place runs, against a node of its own', async ({ text }) => {
    const file = join(folder, 'example.ts');
    const real = text
      .replaceAll('https://ucm.example.org:8443', program.endpoints['https']!)
      .replaceAll("user: 'admin', password: '…'", `user: 'admin', password: ${JSON.stringify(program.admin.password)}`);
    expect(real).not.toBe(text);
    // As installed there from dist/client.
    await mkdir(join(folder, 'node_modules'), { recursive: true });
    await rm(join(folder, 'node_modules/firstring-client'), { force: true });
    await symlink(join(root, 'dist/client'), join(folder, 'node_modules/firstring-client'));
    const authority = join(folder, 'cluster-ca.pem');
    await writeFile(authority, program.clusterCa);
    await writeFile(file, real);
    const ran = await runNode([file], { NODE_EXTRA_CA_CERTS: authority });
    expect(ran.code, ran.output).toBe(0);
    expect((await program.rest('GET', '/phones')).body.total).toBeGreaterThan(0);
  });

  it.each(ofLanguage('sql'))('$place is taken by PostgreSQL', async ({ text }) => {
    await using database = await testDatabase();
    const suffix = `documents_${process.pid}`;
    // Roles and databases belong to the whole server: names of their own, and gone again.
    const real = text.replaceAll(/\bfirstring(_owner)?\b/g, (name) => `${name}_${suffix}`).replaceAll('…', 'secret');
    const made = [...real.matchAll(/^CREATE (ROLE|DATABASE) (\w+)/gm)].map(([, kind, name]) => `DROP ${kind} ${name}`);
    expect(made.length).toBeGreaterThan(0);
    const statements = real.split(/;\s*/).filter((each) => each.trim() !== '');
    await database.asOwner(...statements, ...made.toReversed());
  });

  it.each(ofLanguage('sh'))('$place names scripts that there are', ({ text }) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
      const script = /^npm (?:run )?([\w:-]+)/.exec(line)?.[1];
      expect(script !== undefined && scripts[script] !== undefined, line).toBe(true);
    }
  });
});

describe('the commands in the documents', () => {
  it('exist, with the options they are shown with', async () => {
    const line = await commandLine('0');
    const problems: string[] = [];
    let seen = 0;
    for (const file of documents)
      for (const [, shown] of read(file).matchAll(/`(?:scripts\/)?firstring ([a-z][^`]*)`/g)) {
        seen++;
        const problem = problemOf(line, shown!.split(/\s+/));
        if (problem !== undefined) problems.push(`${file}: firstring ${shown}: ${problem}`);
      }
    expect(problems).toEqual([]);
    expect(seen).toBeGreaterThan(20);
  });
});

function problemOf(line: Command, words: readonly string[]): string | undefined {
  let command = line;
  for (const word of words) {
    if (word.startsWith('--')) {
      const name = word.replace(/[=,;].*$/, '');
      const known = [
        '--help',
        ...command.options.map((option) => option.long ?? ''),
        ...line.options.map((o) => o.long ?? ''),
      ];
      if (!known.includes(name)) return `no option ${name}`;
      continue;
    }
    const next = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (next !== undefined) command = next;
    else if (/^[a-z-]+$/.test(word) && command.commands.length > 0) return `no command ${word}`;
  }
  return undefined;
}
