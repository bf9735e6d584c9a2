import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/all-in-one.ts';
import { browserPath } from '../web/support/visitor.ts';
import { type EdgeBench, edgeBench, until } from './support/edge-bench.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(browserPath === undefined)('the pages of Expressway-C and Expressway-E', () => {
  let bench: EdgeBench;
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    const built = spawnSync(process.execPath, [join(root, 'scripts', 'build-web.mjs')], { encoding: 'utf8' });
    if (built.status !== 0) throw new Error(`the pages could not be built: ${built.stderr}`);
    const webDirectory = join(root, 'dist', 'web');
    bench = await edgeBench({ e: { webDirectory }, c: { webDirectory } });
    browser = await chromium.launch({
      executablePath: browserPath!,
      args: ['--headless', '--no-sandbox', '--disable-gpu'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await bench?.[Symbol.asyncDispose]();
  });

  async function visit(side: 'c' | 'e', locale = 'en'): Promise<Page> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    const url = side === 'e' ? bench.e.endpoints.expresswayEConsole : bench.c.endpoints.expresswayCConsole;
    await page.goto(url);
    await page.locator('input[type=password]').fill((await readFile(bench[side].consolePasswordFile, 'utf8')).trim());
    await page.locator('button[type=submit]').click();
    await page.getByRole('tablist').waitFor();
    return page;
  }

  async function barriers(page: Page): Promise<readonly string[]> {
    await page.evaluate(axe);
    return page.evaluate(async () => {
      const { axe: checker } = globalThis as unknown as {
        axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const { violations } = await checker.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
  }

  it('pair a second Expressway-E by carrying a text from one page to the other', async () => {
    const second = await bench.startE('e2', { webDirectory: join(root, 'dist', 'web') });
    try {
      const page = await visit('c');
      await page.getByText('Phones are served.').waitFor();
      await page.getByRole('tab', { name: 'Expressway-E' }).click();
      await page.getByLabel('Pairing text').fill('nonsense');
      await page.getByRole('button', { name: 'Pair' }).click();
      await page.getByText('This is not a pairing text of an Expressway-E.').waitFor();
      await page.getByLabel('Pairing text').fill(await second.pairingText());
      await page.getByRole('button', { name: 'Pair' }).click();
      await page.getByRole('cell', { name: /^e2/ }).waitFor();
      await until(() => second.connected());
      expect(await barriers(page)).toEqual([]);
      await page.getByRole('button', { name: 'Remove: e2' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('cell', { name: /^e2/ }).waitFor({ state: 'detached' });
      await page.context().close();
    } finally {
      await second[Symbol.asyncDispose]();
    }
  });

  it('change MRA access control, and say why a combination is not possible', async () => {
    const page = await visit('c', 'zh-CN');
    await page.getByRole('tab', { name: 'MRA 访问控制' }).click();
    const oauth = page.getByRole('checkbox', { name: '通过可刷新的 OAuth 令牌授权' });
    await oauth.uncheck();
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('激活代码自行激活需要', { exact: false }).waitFor();
    await oauth.check();
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Unified CM 服务器' }).click();
    await page.getByRole('cell', { name: 'ucm-a', exact: true }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.context().close();
  });

  it('show the certificate of E, make a signing request and a pairing text, and list the manufacturers', async () => {
    const page = await visit('e');
    await page.getByRole('button', { name: 'Make a pairing text' }).click();
    await page.getByText(/^FREDGE1\./).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Server certificate' }).click();
    await page.getByText('It fits the host name and the domains.').waitFor();
    await page.getByRole('button', { name: 'Make a signing request' }).click();
    await page.getByText('BEGIN CERTIFICATE REQUEST', { exact: false }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Activate code onboarding trusted CA certificates' }).click();
    await page
      .getByRole('cell', { name: /Test Manufacturing Root/ })
      .first()
      .waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.context().close();
  });

  it('say while one types whether a new password will do', async () => {
    const page = await visit('c');
    await page.getByRole('button', { name: 'Change password' }).click();
    const strength = page.getByTestId('password-strength');
    const type = (text: string) => page.getByLabel(/^New password/).fill(text);
    await type('short');
    await strength.getByText('Too short: use at least 12 characters.').waitFor();
    await type('admin-admin-admin');
    await strength.getByText('Too easy to guess', { exact: false }).waitFor();
    await page.getByLabel('Current password').fill('whatever it is');
    await type('seven otters juggle');
    await strength.getByText('Good: hard to guess.').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.context().close();
  });

  it('break no rule of the browser', () => {
    expect(complaints.filter((each) => !each.includes('422'))).toEqual([]);
  });
});
