import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { launchProgram, type RunningProgram, root, startAllInOne } from '../../support/all-in-one.ts';
import { realClient } from '../../support/real-clients.ts';

/** The system's browser; undefined where there is none. */
export const browserPath = realClient('chromium');

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The real program with the console built, and one browser that many visitors share. */
export interface Stage extends AsyncDisposable {
  readonly program: RunningProgram;
  readonly address: string;
  visit(options?: VisitOptions): Promise<Visitor>;
  /** Adds a user with a password that is long enough. */
  addUser(userId: string, roles: readonly string[]): Promise<{ userId: string; password: string }>;
}

export interface VisitOptions {
  readonly language?: 'en' | 'zh-CN';
  readonly colours?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

export interface Visitor extends AsyncDisposable {
  readonly page: Page;
  /** What the browser complained about: console errors, uncaught errors, refusals by the content security policy. */
  readonly complaints: string[];
  /** Kilobytes of script fetched so far, as they travelled. */
  readonly scriptKilobytes: () => number;
  signIn(as?: { userId: string; password: string }, path?: string): Promise<void>;
  /** Opens a page by its address and waits until its heading and its data are there. */
  open(path: string): Promise<void>;
  /** Rules of WCAG 2.2 AA that the page breaks, with the first element that does. */
  barriers(): Promise<readonly string[]>;
}

export async function openStage(): Promise<Stage> {
  const built = spawnSync(process.execPath, [join(root, 'scripts', 'build-web.mjs')], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the console could not be built: ${built.stderr}`);
  const program = await startAllInOne();
  const browser = await chromium.launch({
    executablePath: browserPath!,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const address = program.endpoints['https']!;
  return {
    program,
    address,
    visit: (options = {}) => visit(browser, program, address, options),
    async addUser(userId, roles) {
      const password = `long-enough-for-${userId}`;
      const { status } = await program.rest('POST', '/users', { userId, password, roles, lastName: userId });
      if (status !== 201) throw new Error(`adding the user ${userId} was answered with ${status}`);
      return { userId, password };
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await program[Symbol.asyncDispose]();
    },
  };
}

async function visit(
  browser: Browser,
  program: RunningProgram,
  address: string,
  options: VisitOptions,
): Promise<Visitor> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    locale: options.language ?? 'en',
    colorScheme: options.colours ?? 'light',
    reducedMotion: 'reduce',
    viewport: { width: options.width ?? 1360, height: options.height ?? 900 },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  let octets = 0;
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) octets += Number(response.headers()['content-length'] ?? 0);
  });
  const heading = () => page.locator('#page-title').waitFor();
  return {
    page,
    complaints,
    scriptKilobytes: () => octets / 1024,
    async signIn(as = { userId: program.admin.user, password: program.admin.password }, path = '/') {
      await page.goto(address + path);
      await page.locator('input[autocomplete=username]').fill(as.userId);
      await page.locator('input[autocomplete=current-password]').fill(as.password);
      await page.locator('button[type=submit]').click();
      await heading();
    },
    async open(path) {
      await page.goto(address + path);
      await heading();
      await page.locator('.fr-loading').first().waitFor({ state: 'detached' });
    },
    async barriers() {
      await page.evaluate(axe);
      const found = (await page.evaluate(
        `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
           .then(({ violations }) => violations.map(({ id, help, nodes }) => id + ': ' + help + ' — ' + nodes[0].html.slice(0, 200)
             + ' ' + (nodes[0].any[0]?.message ?? '').slice(0, 160)))`,
      )) as readonly string[];
      return found;
    },
    async [Symbol.asyncDispose]() {
      await context.close();
    },
  };
}

/** Boots the reference phone with a code (digits or QR payload) until it is registered; resolves to its exit code. */
export function bootPhone(
  program: RunningProgram,
  phone: { model: string; mac: string; code: string },
): Promise<number | null> {
  const { ended } = launchProgram([
    'phone',
    '--runtime',
    join(program.dataDirectory, 'runtime.json'),
    '--model',
    phone.model,
    '--mac',
    phone.mac,
    '--code',
    phone.code,
    '--json',
  ]);
  return ended;
}
