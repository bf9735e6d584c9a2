import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootPhone, browserPath, openStage, type Stage } from './support/visitor.ts';

describe.skipIf(browserPath === undefined)('from the box to the first ring, on pages', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
  });

  it('an administrator adds a phone from a template, shows its code, and sees it come in live', async () => {
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.signIn();
    await visitor.open('/device/phones');
    await page.getByRole('link', { name: 'Add New From Template' }).first().click();
    await page.getByRole('heading', { name: 'Add New From Template' }).waitFor();
    await page.getByRole('combobox', { name: 'Phone Type' }).fill('Cisco 8845');
    await page.getByRole('option', { name: 'Cisco 8845' }).click();
    await page.getByLabel('Description').fill('Front desk');
    await page.getByRole('button', { name: 'New extension' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Directory Number').fill('1001');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.waitForURL(/\/device\/phones\/BAT[0-9A-F]{12}$/);
    await page.getByText('Waits for its code').first().waitFor();
    await page.getByRole('button', { name: 'View Activation Code' }).click();
    const shown = (await page.getByTestId('activation-code').textContent())!;
    expect(shown).toMatch(/^\d{4}-\d{4}-\d{4}-\d{4}$/);

    const exit = await bootPhone(stage.program, {
      model: '8845',
      mac: '00AA00000001',
      code: shown.replaceAll('-', ''),
    });

    expect(exit).toBe(0);
    // The record was renamed by the activation; the open page follows without a reload.
    await page.waitForURL('**/device/phones/SEP00AA00000001');
    await page.getByRole('heading', { name: 'SEP00AA00000001' }).waitFor();
    await page.getByText('Registered', { exact: true }).first().waitFor();
    await page.getByText('The phone is registered.').first().waitFor();
    expect(await page.getByLabel('Requires Activation Code for Onboarding').isChecked()).toBe(false);
    await visitor.open('/');
    await page.getByRole('link', { name: 'SEP00AA00000001' }).first().waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('a user finds the code in Self Care on a small screen, and the QR code of a screenshot lets the phone in', async () => {
    const ann = await stage.addUser('ann', ['end-user']);
    const added = await stage.program.rest('POST', '/phones', {
      model: 'Cisco 8865',
      ownerUserId: 'ann',
      description: 'My desk',
      lines: [{ directoryNumber: '1002' }],
      requiresActivationCode: true,
    });
    expect(added.status).toBe(201);
    await using visitor = await stage.visit({ width: 390, height: 844 });
    const { page } = visitor;
    await visitor.signIn(ann, '/selfcare');
    await page.getByTestId('activation-code').waitFor();
    const picture = PNG.sync.read(await page.screenshot({ fullPage: true }));
    const read = jsQR.default(new Uint8ClampedArray(picture.data), picture.width, picture.height);
    const digits = (await page.getByTestId('activation-code').textContent())!.replaceAll(/\D/g, '');
    expect(read?.data).toContain(digits);
    // Nothing hangs over the edge of a phone's screen.
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);

    const exit = await bootPhone(stage.program, { model: '8865', mac: '00AA00000002', code: read!.data });

    expect(exit).toBe(0);
    await page.getByText('Ready to use').waitFor();
    expect(await page.getByTestId('activation-code').count()).toBe(0);
    expect(visitor.complaints).toEqual([]);
  });

  it('says why a phone failed and what to do, on the front page and on the phone', async () => {
    const added = await stage.program.rest('POST', '/phones', { model: 'Cisco 7811', requiresActivationCode: true });
    const { name } = added.body;
    const { code } = (await stage.program.rest('GET', `/phones/${name}/activation-code`)).body;
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.signIn();

    const exit = await bootPhone(stage.program, { model: '8811', mac: '00AA00000003', code });

    expect(exit).not.toBe(0);
    await page.getByText('The code was made for another model.').first().waitFor();
    await page.getByRole('link', { name }).first().click();
    await page.locator('.fr-cause').getByText('The code was made for another model.').waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('shows no code in Self Care when "Show Phones Ready to Activate" is off', async () => {
    const bo = await stage.addUser('bo', ['end-user']);
    await stage.program.rest('POST', '/phones', {
      model: 'Cisco 8845',
      ownerUserId: 'bo',
      requiresActivationCode: true,
    });
    const parameter = `/enterprise-parameters/${encodeURIComponent('Show Phones Ready to Activate')}`;
    expect((await stage.program.rest('PUT', parameter, { value: false })).status).toBe(200);
    try {
      await using visitor = await stage.visit();
      await visitor.enter('/selfcare', bo);
      await visitor.page.getByRole('heading', { name: 'My phones' }).waitFor();
      await visitor.page.locator('.fr-loading').first().waitFor({ state: 'detached' });
      expect(await visitor.page.getByTestId('activation-code').count()).toBe(0);
      expect(await visitor.page.locator('.fr-qr').count()).toBe(0);
    } finally {
      await stage.program.rest('PUT', parameter, { value: null });
    }
  });
});
