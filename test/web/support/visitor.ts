import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import {
  launchProgram,
  type ProgramOptions,
  type RunningProgram,
  root,
  startAllInOne,
} from '../../support/all-in-one.ts';
import { realBrowser } from '../../support/real-clients.ts';

/** The system's browser; undefined where there is none. */
export const browserPath = realBrowser();

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The real program with the console built, and one browser that many visitors share. */
export interface Stage extends AsyncDisposable {
  readonly program: RunningProgram;
  readonly address: string;
  visit(options?: VisitOptions): Promise<Visitor>;
  /** Adds a user with a password that is long enough. */
  addUser(userId: string, roles: readonly string[]): Promise<{ userId: string; password: string }>;
}

export interface SomeUser {
  readonly userId: string;
  readonly password: string;
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
  /** Signs in on the page, as a person does. */
  signIn(as?: SomeUser, path?: string): Promise<void>;
  /** Opens a page signed in, without the page to sign in on: who signed in once on this stage stays so. */
  enter(path?: string, as?: SomeUser): Promise<void>;
  /** Opens a page by its address and waits until its heading and its data are there. */
  open(path: string): Promise<void>;
  /** As `open`, from the page that is open to another without loading the program anew, as a link does. */
  move(path: string): Promise<void>;
  /** Rules of WCAG 2.2 AA that the page breaks, with the first element that does. */
  barriers(): Promise<readonly string[]>;
}

export async function openStage(options: Pick<ProgramOptions, 'mra'> = {}): Promise<Stage> {
  const built = spawnSync(process.execPath, [join(root, 'scripts', 'build-web.mjs')], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the console could not be built: ${built.stderr}`);
  // Receivers of webhooks are this machine in tests.
  const program = await startAllInOne({ ...options, environment: { FIRSTRING_OUTBOUND_ALLOW: '127.0.0.1' } });
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
  const sessions: Sessions = new Map();
  return {
    program,
    address,
    visit: (options = {}) => visit(browser, program, address, sessions, options),
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

/** Cookies by user id. */
type Sessions = Map<string, Awaited<ReturnType<BrowserContext['cookies']>>>;

async function visit(
  browser: Browser,
  program: RunningProgram,
  address: string,
  sessions: Sessions,
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
  const open = async (path: string) => {
    await page.goto(address + path);
    await heading();
    await page.locator('.fr-loading').first().waitFor({ state: 'detached' });
  };
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
    open,
    async move(path) {
      await page.evaluate(`
        document.getElementById('page-title')?.setAttribute('data-left', '');
        history.pushState({}, '', ${JSON.stringify(path)});
        dispatchEvent(new PopStateEvent('popstate', { state: {} }));
      `);
      // Two addresses of one page share their heading: those are loaded.
      const arrived = page.locator('#page-title:not([data-left])').waitFor({ timeout: 5_000 });
      if (!(await arrived.then(() => true).catch(() => false))) return open(path);
      await page.locator('.fr-loading').first().waitFor({ state: 'detached' });
    },
    async enter(path = '/', as = { userId: program.admin.user, password: program.admin.password }) {
      let cookies = sessions.get(as.userId);
      if (cookies === undefined) {
        const answer = await context.request.post(`${address}/api/v1/session`, { data: as });
        if (!answer.ok()) throw new Error(`${as.userId} could not sign in: ${await answer.text()}`);
        cookies = await context.cookies();
        sessions.set(as.userId, cookies);
      } else await context.addCookies(cookies);
      // What the page keeps beside the cookie, once: a test may sign out.
      await page.addInitScript(`if (sessionStorage.getItem('entered') === null) {
        localStorage.setItem('firstring-signed-in', 'yes');
        sessionStorage.setItem('entered', 'yes');
      }`);
      await open(path);
    },
    async barriers() {
      if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe);
      const found = (await page.evaluate(
        `axe.run(document, { resultTypes: ['violations'], preload: false,
           runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
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
