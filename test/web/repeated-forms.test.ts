import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, openStage, type Stage } from './support/visitor.ts';

describe.skipIf(browserPath === undefined)('a form whose answer got lost', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
  });

  it('makes one thing when it is sent again, and another one when it is filled in anew', async () => {
    await using visitor = await stage.visit();
    const { page } = visitor;
    const keys: (string | undefined)[] = [];
    await page.route(/\/api\/v1\/phones[^/]*$/, async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      return route.abort('connectionreset');
    });
    const fill = async () => {
      await page.getByRole('combobox', { name: 'Phone Type' }).fill('Cisco 8845');
      await page.getByRole('option', { name: 'Cisco 8845' }).click();
      await page.getByLabel('Description').fill('Front desk');
    };
    const add = page.getByRole('button', { name: 'Add', exact: true });
    const phones = async () =>
      ((await stage.program.rest('GET', '/phones')).body.items as { description: string }[]).filter(
        ({ description }) => description === 'Front desk',
      ).length;
    await visitor.enter('/device/phones/new');
    await fill();
    await add.click();
    await expect.poll(phones, { timeout: 20_000 }).toBe(1);
    await expect.poll(() => add.isEnabled(), { timeout: 20_000 }).toBe(true);
    await add.click();
    await page.waitForURL(/\/device\/phones\/BAT[0-9A-F]{12}$/);
    expect(await phones()).toBe(1);

    await visitor.enter('/device/phones/new');
    await fill();
    await add.click();
    await page.waitForURL(/\/device\/phones\/BAT[0-9A-F]{12}$/);
    expect(await phones()).toBe(2);
    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });
});
