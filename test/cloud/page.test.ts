import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/all-in-one.ts';
import { makeAuthority } from '../support/certificates.ts';
import { browserPath } from '../web/support/visitor.ts';
import { type CloudBench, cloudBench } from './cloud-bench.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(browserPath === undefined)("the operator's page", () => {
  let bench: CloudBench;
  let browser: Browser;
  beforeAll(async () => {
    const built = spawnSync(process.execPath, [join(root, 'scripts', 'build-web.mjs')], { encoding: 'utf8' });
    if (built.status !== 0) throw new Error(`the page could not be built: ${built.stderr}`);
    bench = await cloudBench({ webDirectory: join(root, 'dist', 'web') });
    browser = await chromium.launch({
      executablePath: browserPath!,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await bench?.[Symbol.asyncDispose]();
  });

  async function visit(
    language: 'en' | 'zh-CN',
  ): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: language, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const complaints: string[] = [];
    page.on('console', (message) => {
      // Nobody is signed in yet when the page asks who is.
      if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(bench.cloud.endpoints.cloudConsole);
    await page
      .locator('input[autocomplete=current-password]')
      .fill((await readFile(bench.cloud.passwordFile, 'utf8')).trim());
    await page.locator('button[type=submit]').click();
    await page.locator('[role=tablist]').waitFor();
    return { context, page, complaints };
  }
  const barriers = async (page: Page) => {
    await page.evaluate(axe);
    return (await page.evaluate(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
         .then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html.slice(0, 200)))`,
    )) as readonly string[];
  };

  it('leads an operator from the first voucher to a suspended cluster', async () => {
    const cluster = await bench.enrol('Berlin');
    await cluster.configure('mra.berlin.example');
    const { context, page, complaints } = await visit('en');
    const tab = (name: string) => page.getByRole('tab', { name }).click();

    await tab('Vouchers');
    await page.getByLabel('For whom').fill('Paris');
    await page.getByRole('button', { name: 'Make a voucher' }).click();
    const voucher = await page.locator('code').textContent();
    expect(voucher).toMatch(/^fsv1\./);
    await page.getByRole('button', { name: 'Revoke: Paris' }).click();
    await page.getByText('Revoked', { exact: true }).waitFor();

    await tab('Manufacturer roots');
    const authority = await makeAuthority({ algorithm: 'rsa2048', name: 'Page Manufacturer' });
    await page.getByLabel('Certificate (PEM)').fill('nonsense');
    await page.getByRole('button', { name: 'Add a certificate' }).click();
    await page.getByText('That is not exactly one X.509 certificate.').waitFor();
    await page.getByLabel('Certificate (PEM)').fill(authority.pem);
    await page.getByRole('button', { name: 'Add a certificate' }).click();
    await page.getByText('CN=Page Manufacturer').first().waitFor();

    await tab('Limits');
    await page.getByLabel('Questions of one phone an hour').fill('30');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(async () => ((await bench.rest('GET', '/limits')).body as { resolvesPerHour: number }).resolvesPerHour)
      .toBe(30);

    await tab('Clusters');
    await page.getByRole('button', { name: 'Berlin' }).click();
    await page.getByText('mra.berlin.example').last().waitFor();
    await page.getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('button', { name: 'Let it go on' }).waitFor();
    const [row] = ((await bench.rest('GET', '/clusters')).body as { items: { state: string }[] }).items;
    expect(row!.state).toBe('suspended');
    await page.getByRole('button', { name: 'Close' }).click();

    await tab('Audit');
    await page.getByText('cluster.suspended').waitFor();
    await page.reload();
    await page.getByText('cluster.suspended').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('input[autocomplete=current-password]').waitFor();
    // The refused certificate above is the one answer that a browser writes down.
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);
    await context.close();
  });

  it('says everything in Chinese too, without barriers on any tab', async () => {
    const { context, page, complaints } = await visit('zh-CN');
    for (const name of ['概览', '群集', '凭证', '厂商根证书', '限制', '审计']) {
      await page.getByRole('tab', { name, exact: true }).click();
      await page.locator('.fr-loading').first().waitFor({ state: 'detached' });
      expect([name, await barriers(page)]).toEqual([name, []]);
    }
    const words = (await page.locator('main').textContent()) ?? '';
    expect(words).toContain('操作者');
    await page.getByRole('button', { name: '更改密码' }).click();
    await page.getByLabel('当前密码').fill('not this one');
    const strength = page.getByTestId('password-strength');
    await page.getByLabel(/^新密码/).fill('短');
    await strength.getByText('太短').waitFor();
    await page.getByLabel(/^新密码/).fill('Summer2026!!');
    await strength.getByText('太容易猜到').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel(/^新密码/).fill('another long password');
    await strength.getByText('难以猜到').waitFor();
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('当前密码错误。').waitFor();
    expect(complaints.filter((text) => !text.includes('403'))).toEqual([]);
    await context.close();
  });

  it('serves its own page only: not the console of a cluster', async () => {
    const { context, page } = await visit('en');
    const console = await page.goto(`${bench.cloud.endpoints.cloudConsole}/index.html`);
    expect(await console!.text()).not.toContain('/assets/console-');
    await context.close();
  });
});
