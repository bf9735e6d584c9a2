import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { password, startRest, type TestRest } from './support/rest.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

let rest: TestRest;
/** A project of somebody else, outside the repository. */
let project: string;
beforeAll(async () => {
  await run('sh', ['scripts/node', 'scripts/build-client.mjs'], { cwd: root });
  rest = await startRest();
  project = await mkdtemp(join(tmpdir(), 'firstring-client-'));
  await mkdir(join(project, 'node_modules'));
  await cp(join(root, 'dist/client'), join(project, 'node_modules/firstring-client'), { recursive: true });
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
});
afterAll(async () => {
  await rest[Symbol.asyncDispose]();
  await rm(project, { recursive: true, force: true });
});

/** Plain JavaScript, as Node.js 20 runs it. The certificate of the test is signed by nobody. */
async function javascript(source: string): Promise<string> {
  await writeFile(join(project, 'program.js'), source);
  const { stdout } = await run(process.execPath, ['--no-experimental-strip-types', '--no-warnings', 'program.js'], {
    cwd: project,
    env: { PATH: process.env['PATH'], NODE_TLS_REJECT_UNAUTHORIZED: '0' },
  });
  return stdout;
}

/** What the compiler says against it in strict mode, the library's own types included. */
async function typescript(source: string): Promise<string> {
  await writeFile(join(project, 'program.ts'), source);
  const options = [
    '--noEmit',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--module',
    'nodenext',
    '--target',
    'es2022',
  ];
  const compiler = join(root, 'node_modules/typescript-7/bin/tsc');
  return run(process.execPath, [compiler, ...options, '--lib', 'es2022,dom', '--types', '', 'program.ts'], {
    cwd: project,
  }).then(
    () => '',
    (failed) => String(failed.stdout),
  );
}

async function documented(): Promise<string> {
  const text = await readFile(join(root, 'docs/integrations.md'), 'utf8');
  const example = /## REST from TypeScript[\s\S]*?```ts\n([\s\S]*?)```/.exec(text)?.[1];
  if (example === undefined) throw new Error('docs/integrations.md has no example');
  return example;
}

describe('the client as a package outside the repository', () => {
  it('runs as plain JavaScript against a node, as its document shows it', async () => {
    const example = (await documented())
      .replace('https://ucm.example.org:8443', rest.origin)
      .replace("user: 'admin', password: '…'", `user: 'super', password: '${password}'`);
    expect(example).toContain(rest.origin);
    expect(example).toContain(password);
    expect(await javascript(example)).toMatch(/^BAT[0-9A-F]{12} (\d{4}-){3}\d{4}\nphone_not_found /);
  });

  it('is taken by a strict compiler, as its document shows it', async () => {
    expect(await typescript(await documented())).toBe('');
  });

  it('lets the compiler find what the API does not have', async () => {
    const wrong = await typescript(
      `import { firstringClient } from 'firstring-client';
const client = firstringClient({ url: '' });
await client.call('GET /nothing');
await client.call('GET /phones/{name}');
await client.call('POST /phones', { body: { model: 1 } });
(await client.call('GET /phones')).body.none;
`,
    );
    expect(wrong.match(/^program\.ts\(\d+/gm)).toEqual([3, 4, 5, 6].map((line) => `program.ts(${line}`));
  });

  it('knows the APIs of the cloud and of the Expressways too', async () => {
    expect(
      await typescript(
        `import { type Cloud, type ExpresswayC, type ExpresswayE, firstringClient } from 'firstring-client';
const cloud = firstringClient<Cloud>({ url: '' });
const total: number = (await cloud.call('GET /clusters', { query: { limit: 5 } })).body.total;
const edge = firstringClient<ExpresswayE>({ url: '', tries: 0 });
const text: string = (await edge.call('POST /pairing-texts')).body.text;
await firstringClient<ExpresswayC>({ url: '', tries: 0 }).call('POST /edges', { body: { pairingText: text } });
console.log(total);
`,
      ),
    ).toBe('');
  });
});
