import { type ChildProcess, spawn } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { root } from '../support/all-in-one.ts';
import { freePortBase } from '../support/ports.ts';
import { copyDirectory } from '../support/prepared-directory.ts';
import { realBrowser } from '../support/real-clients.ts';
import { runShare } from '../support/run-share.ts';

/** What a checkout needs to be developed in. */
const parts = [
  'src',
  'scripts',
  'migrations',
  'config',
  'prompts',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
];
const browserPath = realBrowser();
const patient = { timeout: 90_000, interval: 100 };

describe('npm run dev', () => {
  let checkout: string;
  let dataDirectory: string;
  let pages: string;
  let program: ChildProcess;
  let output = '';
  let ended: Promise<number | null>;

  beforeAll(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'firstring-develop-'));
    for (const part of parts) await cp(join(root, part), join(checkout, part), { recursive: true });
    await symlink(join(root, 'node_modules'), join(checkout, 'node_modules'));
    dataDirectory = join(checkout, '.firstring', 'dev');
    await mkdir(join(checkout, '.firstring'));
    await copyDirectory(await runShare.dataDirectory('node'), dataDirectory);
    const base = await freePortBase();
    // A leader of its own group, as what a terminal starts is: Ctrl-C reaches all of the group.
    program = spawn('sh', ['-c', `${await command()} --port-base ${base} --console-port 0`], {
      cwd: checkout,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', FIRSTRING_DAS_THREADS: '1', FIRSTRING_MRA_ENABLED: 'false' },
    });
    ended = new Promise((done) => program.once('exit', done));
    for (const stream of [program.stdout!, program.stderr!])
      stream.setEncoding('utf8').on('data', (part: string) => {
        output += part;
      });
    await starts(1);
    pages = /http:\/\/localhost:\d+/.exec(output)![0];
  }, 180_000);
  afterAll(async () => {
    if (program?.exitCode === null) process.kill(-program.pid!, 'SIGINT');
    await ended;
    await rm(checkout, { recursive: true, force: true });
  });

  /** What `npm run dev` carries out, but the installing: through the link it would empty the dependencies of this checkout. */
  async function command(): Promise<string> {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const [install, run] = scripts['dev']!.split(' && ');
    expect(install).toBe('node scripts/prepare.mjs --develop');
    return run!;
  }

  /** Waits until the node was ready so many times. */
  async function starts(count: number): Promise<void> {
    await vi.waitFor(
      () => expect(output.split('dev: the node is ready').length - 1, output.slice(-5_000)).toBe(count),
      patient,
    );
  }

  async function edit(path: string, change: (text: string) => string): Promise<void> {
    const file = join(checkout, path);
    const text = await readFile(file, 'utf8');
    expect(change(text)).not.toBe(text);
    await writeFile(file, change(text));
  }

  async function rest(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const password = (await readFile(join(dataDirectory, 'admin-password'), 'utf8')).trim();
    const answer = await fetch(`${pages}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() };
  }

  it('starts the node again when a source changes, on the same data, and its pages reach the new one', async () => {
    const title = async () => ((await rest('GET', '/openapi.json')).body as { info: { title: string } }).info.title;
    expect(await title()).toBe('Firstring REST API');
    const added = await rest('POST', '/phones', {
      model: 'Cisco 8845',
      mac: '001122334455',
      requiresActivationCode: false,
    });
    expect(added.status).toBe(201);
    await edit('src/endpoints/rest/openapi.ts', (text) => text.replace('Firstring REST API', 'Changed while it ran'));
    await starts(2);
    expect(await title()).toBe('Changed while it ran');
    expect((await rest('GET', '/phones/SEP001122334455')).status).toBe(200);
  });

  it('waits for the next change where a source cannot be run', async () => {
    const broken = 'const of nothing;\n';
    await edit('src/run.ts', (text) => text + broken);
    await vi.waitFor(() => expect(output).toContain('dev: the node ended by itself'), patient);
    await edit('src/run.ts', (text) => text.replace(broken, ''));
    await starts(3);
  });

  it.skipIf(browserPath === undefined)(
    'serves the console with hot reload: who is signed in stays so, and the page shows what changed by itself',
    async () => {
      const browser = await chromium.launch({ executablePath: browserPath!, args: ['--headless', '--no-sandbox'] });
      try {
        const page = await browser.newPage();
        const complaints: string[] = [];
        page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
        await page.goto(`${pages}/`, { timeout: 90_000 });
        await page
          .locator('input[autocomplete=username]')
          .fill('admin', { timeout: 90_000 })
          .catch((error) => Promise.reject(new Error(`${error}\n${complaints.join('\n')}\n${output.slice(-3_000)}`)));
        const password = await readFile(join(dataDirectory, 'admin-password'), 'utf8');
        await page.locator('input[autocomplete=current-password]').fill(password.trim());
        await page.locator('button[type=submit]').click();
        await page.locator('#page-title').waitFor({ timeout: 90_000 });
        await page.evaluate('globalThis.loadedOnce = true');
        await appendFile(join(checkout, 'src/web/styles/base.css'), '\n#page-title { letter-spacing: 7px; }\n');
        await page.waitForFunction(
          "getComputedStyle(document.getElementById('page-title')).letterSpacing === '7px'",
          undefined,
          { timeout: 90_000 },
        );
        expect(await page.evaluate('globalThis.loadedOnce')).toBe(true);
      } finally {
        await browser.close();
      }
      // Nothing of it was a reason for the node to start again.
      expect(output.split('dev: the node is ready').length - 1).toBe(3);
    },
  );

  it('takes requests of its own pages only', async () => {
    const answer = await fetch(`${pages}/api/v1/session`, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example', 'content-type': 'application/json' },
      body: JSON.stringify({ userId: 'admin', password: 'whatever it is' }),
    });
    expect(answer.status).toBe(403);
    expect(((await answer.json()) as { code: string }).code).toBe('cross_site_refused');
  });

  it('ends whole with one Ctrl-C', async () => {
    const runtime = JSON.parse(await readFile(join(dataDirectory, 'runtime.json'), 'utf8')) as { pid: number };
    process.kill(-program.pid!, 'SIGINT');
    await ended;
    expect(() => process.kill(runtime.pid, 0)).toThrow('ESRCH');
    // A clean stop takes it away; a kill would not.
    await expect(readFile(join(dataDirectory, 'runtime.json'))).rejects.toThrow('ENOENT');
    const refused = await new Promise((done) => {
      const socket = connect(Number(new URL(pages).port), 'localhost');
      socket.once('error', (error: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }) => done(error.code));
      socket.once('connect', () => done('connected'));
    });
    expect(refused).toBe('ECONNREFUSED');
  });
});
