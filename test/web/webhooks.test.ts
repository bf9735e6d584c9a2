import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, openStage, type Stage } from './support/visitor.ts';

describe.skipIf(browserPath === undefined)('the page Webhooks', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
  });

  it('adds one, shows its secret once, sends a test, and tells what was told', async () => {
    const events: string[] = [];
    const receiver = createServer((request, response) => {
      events.push(String(request.headers['firstring-event']));
      request.resume().once('end', () => response.writeHead(204).end());
    });
    await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
    try {
      await using visitor = await stage.visit();
      await visitor.signIn();
      await visitor.open('/serviceability/webhooks');
      const { page } = visitor;
      await page.getByText('No system is told anything.').waitFor();
      await page.getByRole('button', { name: 'Add a webhook' }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('Service desk');
      await dialog.getByLabel('Address').fill('http://example.org/hook');
      await dialog.getByRole('checkbox', { name: 'A code was made' }).check();
      await dialog.getByRole('button', { name: 'Save' }).click();
      // What is wrong stands at its field.
      await dialog.getByText('That is no address a webhook can be sent to.').first().waitFor();
      await dialog.getByLabel('Address').fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('dialog', { name: 'The secret of Service desk' }).locator('pre').waitFor();
      const secret = await page.getByRole('dialog').locator('pre').textContent();
      expect(secret).toMatch(/^[\w-]{43}$/);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Send a test' }).click();
      await page.getByText('It took the test (status 204).').waitFor();
      await stage.program.rest('POST', '/phones', { model: 'Cisco 8845', requiresActivationCode: true });
      await page.getByRole('cell', { name: 'A code was made' }).waitFor();
      await page.getByRole('cell', { name: 'Delivered' }).nth(1).waitFor();
      expect(events).toEqual(expect.arrayContaining(['test', 'code.made']));
      expect(await page.content()).not.toContain(secret);
      if (process.env['FIRSTRING_TEST_PICTURES'])
        await page.screenshot({ path: `${process.env['FIRSTRING_TEST_PICTURES']}/webhooks.png`, fullPage: true });
      expect(await visitor.barriers()).toEqual([]);
      expect(visitor.complaints.filter((each) => !each.includes('400'))).toEqual([]);
    } finally {
      receiver.close();
    }
  });
});
