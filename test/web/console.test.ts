import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zhCN } from '../../src/web/i18n/zh-cn.ts';
import { bootPhone, browserPath, openStage, type Stage } from './support/visitor.ts';

describe.skipIf(browserPath === undefined)('the console', () => {
  let stage: Stage;
  let next = 1;
  /** A phone of its own for each test; `mac` in the form of a device name's digits. */
  const newPhone = async (more: Readonly<Record<string, unknown>> = {}) => {
    const mac = `00BB${String(next++).padStart(8, '0')}`;
    const { status, body } = await stage.program.rest('POST', '/phones', { model: 'Cisco 8845', mac, ...more });
    expect(status).toBe(201);
    return { name: body.name as string, mac };
  };
  const codeOf = async (name: string) =>
    (await stage.program.rest('GET', `/phones/${name}/activation-code`)).body.code as string;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
  });

  it('asks before a phone in service is locked, and locks it only then', async () => {
    const { name, mac } = await newPhone({ requiresActivationCode: true });
    expect(await bootPhone(stage.program, { model: '8845', mac, code: await codeOf(name) })).toBe(0);
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter(`/device/phones/${name}`);
    await page.getByLabel('Requires Activation Code for Onboarding').check();
    await page.getByRole('button', { name: 'Save' }).click();
    const question = page.getByRole('dialog');
    await question.getByText('goes out of service', { exact: false }).first().waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'hidden' });
    expect((await stage.program.rest('GET', `/phones/${name}`)).body.requiresActivationCode).toBe(false);

    await page.getByRole('button', { name: 'Save' }).click();
    await question.getByRole('button', { name: 'Go on' }).click();

    await page.getByText('Locked until the code is entered').first().waitFor();
    const locked = (await stage.program.rest('GET', `/phones/${name}`)).body;
    expect(locked).toMatchObject({
      requiresActivationCode: true,
      registration: null,
      activationCode: { state: 'active' },
    });
    expect(visitor.complaints).toEqual([]);
  });

  it('releases a code and generates a new one, which is another', async () => {
    const { name } = await newPhone({ requiresActivationCode: true });
    const former = await codeOf(name);
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter(`/device/phones/${name}`);
    await page.getByRole('button', { name: 'Release Activation Code' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Release Activation Code' }).click();
    await page.getByRole('button', { name: 'Generate New Activation Code' }).click();
    const shown = (await page.getByTestId('activation-code').textContent())!.replaceAll('-', '');
    expect(shown).toMatch(/^\d{16}$/);
    expect(shown).not.toBe(former);
    expect(shown).toBe(await codeOf(name));
    expect(visitor.complaints).toEqual([]);
  });

  it('hides codes from whoever may not see them, and changes from whoever may not make them', async () => {
    const { name } = await newPhone({ requiresActivationCode: true });
    const admin = await stage.addUser('dora', ['device-admin']);
    const auditor = await stage.addUser('otto', ['auditor']);
    await using dora = await stage.visit();
    await dora.enter(`/device/phones/${name}`, admin);
    await dora.page.getByText('Your roles do not show codes.').waitFor();
    expect(await dora.page.getByRole('button', { name: 'View Activation Code' }).count()).toBe(0);
    expect(await dora.page.getByRole('button', { name: 'Related Links' }).count()).toBe(0);
    await using otto = await stage.visit();
    await otto.enter(`/device/phones/${name}`, auditor);
    expect(await otto.page.getByRole('button', { name: 'Save' }).count()).toBe(0);
    expect(await otto.page.getByLabel('Description').isDisabled()).toBe(true);
    expect([...dora.complaints, ...otto.complaints]).toEqual([]);
  });

  it('sends an end user to Self Care', async () => {
    const user = await stage.addUser('emil', ['end-user']);
    await using visitor = await stage.visit();
    await visitor.signIn(user, '/device/phones');
    await visitor.page.waitForURL('**/selfcare');
    expect(await visitor.page.getByRole('navigation').count()).toBe(0);
  });

  it('shows what is wrong at the field it is about, and keeps what was typed', async () => {
    const { name } = await newPhone();
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter(`/device/phones/${name}`);
    await page.getByLabel('MAC Address').fill('not a mac');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('input[aria-invalid=true]').waitFor();
    expect(await page.getByLabel('MAC Address').inputValue()).toBe('not a mac');
    expect(await page.getByLabel('MAC Address').getAttribute('aria-invalid')).toBe('true');
  });

  it('tells of a conflicting change, shows theirs, keeps mine on top, and saves then', async () => {
    const { name } = await newPhone({ description: 'before' });
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter(`/device/phones/${name}`);
    // No refresh may tell the page before it saves.
    await page.route(/\/api\/v1\/phones\/[0-9a-f-]{36}$/, (route) =>
      route.request().method() === 'GET' ? route.abort() : route.continue(),
    );
    await page.getByLabel('Description').fill('mine');
    await stage.program.rest('PATCH', `/phones/${name}`, { enabled: false });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.unrouteAll();
    await page.getByText('Somebody else changed this meanwhile').waitFor();
    await page.getByText('Disabled', { exact: true }).first().waitFor();
    expect(await page.getByLabel('Description').inputValue()).toBe('mine');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Everything is saved').waitFor();
    const saved = (await stage.program.rest('GET', `/phones/${name}`)).body;
    expect(saved).toMatchObject({ description: 'mine', enabled: false });
  });

  it('keeps what was typed when the session ends, and goes on after signing in again', async () => {
    const { name } = await newPhone();
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter(`/device/phones/${name}`);
    await page.getByLabel('Description').fill('typed before the end');
    await page.context().clearCookies();
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    await dialog.locator('input[type=password]').fill(stage.program.admin.password);
    await dialog.getByRole('button', { name: 'Sign in again' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await page.getByLabel('Description').inputValue()).toBe('typed before the end');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Everything is saved').waitFor();
    expect((await stage.program.rest('GET', `/phones/${name}`)).body.description).toBe('typed before the end');
  });

  it('says that the connection is lost, loses nothing, and goes on by itself', async () => {
    const { name } = await newPhone();
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter(`/device/phones/${name}`);
    await page.getByLabel('Description').fill('typed before the cut');
    await page.context().setOffline(true);
    await page.getByText('No connection to the server.', { exact: false }).waitFor();
    await page.context().setOffline(false);
    await page.getByText('No connection to the server.', { exact: false }).waitFor({ state: 'detached' });
    expect(await page.getByLabel('Description').inputValue()).toBe('typed before the cut');
  });

  it('asks before leaving a page with changes that are not saved', async () => {
    const { name } = await newPhone();
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter(`/device/phones/${name}`);
    await page.getByLabel('Description').fill('half done');
    await page.getByRole('link', { name: 'Device Pools' }).click();
    await page.getByRole('button', { name: 'Stay' }).click();
    expect(page.url()).toContain(name);
    expect(await page.getByLabel('Description').inputValue()).toBe('half done');
    await page.getByRole('link', { name: 'Device Pools' }).click();
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.waitForURL('**/system/device-pools');
  });

  it('switches the onboarding method of many models at once, and names the records that are in the way', async () => {
    await newPhone({ model: 'Cisco 7821' });
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/device/defaults');
    await page.getByLabel('Choose Cisco 7811').check();
    await page.getByLabel('Choose Cisco 7821').check();
    await page.getByRole('button', { name: 'Use Auto Registration' }).click();
    await page.getByText('Cisco 7821 (1)', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Everything is saved').waitFor();
    for (const model of ['Cisco 7811', 'Cisco 7821']) {
      const { body } = await stage.program.rest('GET', `/device-defaults/${encodeURIComponent(model)}`);
      expect(body.onPremiseOnboardingMethod).toBe('AutoRegistration');
    }
    expect(visitor.complaints).toEqual([]);
  });

  it('adds a device pool, refuses to delete it while a phone is in it, and brings a deleted one back', async () => {
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/system/device-pools/new');
    await page.getByLabel('Name').fill('Berlin');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('link', { name: 'Berlin' }).waitFor();
    const { name } = await newPhone({ devicePool: 'Berlin' });
    await visitor.open('/system/device-pools/Berlin');
    const remove = async () => {
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    };
    await remove();
    await page.getByRole('alert').getByText(name, { exact: false }).waitFor();
    await stage.program.rest('DELETE', `/phones/${name}`);
    await remove();
    await page.waitForURL('**/system/device-pools');
    await page.getByRole('alert').getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'Berlin' }).waitFor();
    expect((await stage.program.rest('GET', '/device-pools/Berlin')).status).toBe(200);
  });

  it('is used without a mouse: skip link, command palette, a page by name, a phone by name', async () => {
    const { name } = await newPhone({ description: 'Keyboard only' });
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/audit');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Page, command, phone, number or user').fill('sip prof');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/device/sip-profiles');
    await page.locator('#page-title:focus').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Page, command, phone, number or user').fill('keyboard only');
    await page.getByText(name).first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/device/phones/${name}`);
    expect(visitor.complaints).toEqual([]);
  });

  it('verifies the audit log, and shows there who saw which code', async () => {
    const { name } = await newPhone({ requiresActivationCode: true });
    await codeOf(name);
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter(`/audit?action=activation-code&search=${name}`);
    await page.getByRole('button', { name: 'Activation code shown' }).first().waitFor();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('Nothing was changed, removed or cut off').waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('says while one types whether a new password will do, for the roles that are ticked', async () => {
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/users/new');
    const strength = page.getByTestId('password-strength');
    const type = (text: string) => page.getByLabel('New password').fill(text);
    await page.getByLabel('User ID').fill('tora');
    await type('kT9#mZ2');
    await strength.getByText('Too short: use at least 8 characters.').waitFor();
    await type('Summer2026');
    await strength.getByText('Too easy to guess', { exact: false }).waitFor();
    await type('kT9#mZ2q');
    await strength.getByText('Good: hard to guess.').waitFor();
    await page.getByRole('checkbox', { name: /^Device admin/i }).check();
    await strength.getByText('Too short: use at least 12 characters.').waitFor();
    await type('tora-tora-tora');
    await strength.getByText('Too easy to guess', { exact: false }).waitFor();
    await type('seven otters juggle');
    await strength.getByText('Good: hard to guess.').waitFor();
    expect(await visitor.barriers()).toEqual([]);
    expect(visitor.complaints).toEqual([]);
  });

  it('lets who may see codes confirm an owner from whom they are withheld', async () => {
    const dora = await stage.addUser('dora-2', ['device-admin']);
    const anna = await stage.addUser('anna-2', ['end-user']);
    const { name } = await newPhone({ requiresActivationCode: true });
    await using admin = await stage.visit();
    await admin.enter(`/device/phones/${name}`, dora);
    await admin.page.getByRole('combobox', { name: 'Owner User ID' }).fill(anna.userId);
    await admin.page.getByRole('button', { name: 'Save' }).click();
    await admin.page.getByText('anna-2 is shown no activation code', { exact: false }).waitFor();
    expect(await admin.page.getByRole('button', { name: 'Confirm the owner' }).count()).toBe(0);
    await using self = await stage.visit({ language: 'zh-CN' });
    await self.enter('/selfcare', anna);
    await self.page.getByText(`${name} 的激活代码不向您显示`, { exact: false }).waitFor();
    await using visitor = await stage.visit();
    await visitor.enter(`/device/phones/${name}`);
    await visitor.page.getByRole('button', { name: 'Confirm the owner' }).click();
    await visitor.page.getByRole('dialog').getByRole('button', { name: 'Confirm the owner' }).click();
    await visitor.page.getByText('The owner was confirmed.').waitFor();
    expect(await visitor.barriers()).toEqual([]);
    expect(visitor.complaints).toEqual([]);
  });

  it('knows every problem the server can answer with in Chinese', async () => {
    const { status, body } = await stage.program.rest('GET', '/problems');
    expect(status).toBe(200);
    const codes = (body.items as readonly { code: string }[]).map((each) => each.code);
    expect(codes.length).toBeGreaterThan(40);
    const texts: Readonly<Record<string, string>> = zhCN;
    // A code may have several sentences, `code.case`, of which an answer names its own.
    const said = new Set(Object.keys(texts).map((key) => key.split('.').slice(0, 2).join('.')));
    expect(codes.filter((code) => !said.has(`problem.${code}`) || !said.has(`remedy.${code}`))).toEqual([]);
  });
});
