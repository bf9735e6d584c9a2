import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority } from '../support/certificates.ts';
import { browserPath, openStage, type Stage } from './support/visitor.ts';

const pages = [
  '/',
  '/onboarding/strangers',
  '/system/device-pools',
  '/system/device-pools/new',
  '/system/device-pools/Default',
  '/system/call-manager-groups',
  '/system/call-manager-groups/Default',
  '/system/enterprise-parameters',
  '/system/service-parameters',
  '/call-routing/lines',
  '/call-routing/lines/1001',
  '/call-routing/route-partitions',
  '/device/phones',
  '/device/phones/new',
  '/device/phones/new-from-template',
  '/device/phones/SEP001122334455',
  '/device/registrations',
  '/device/defaults',
  '/device/universal-device-templates',
  '/device/universal-device-templates/new',
  '/device/universal-line-templates',
  '/device/universal-line-templates/new',
  '/device/phone-button-templates',
  '/device/phone-button-templates/Standard%208845%20SIP',
  '/device/phone-security-profiles',
  '/device/phone-security-profiles/new',
  '/device/sip-profiles',
  '/device/sip-profiles/Standard%20SIP%20Profile',
  '/device/common-phone-profiles',
  '/device/common-phone-profiles/Standard%20Common%20Phone%20Profile',
  '/bulk/files',
  '/bulk/files?upload=yes',
  '/bulk/phone-templates',
  '/bulk/phone-templates/new',
  '/bulk/insert-phones',
  '/bulk/update-phones',
  '/bulk/delete-phones',
  '/bulk/export-phones',
  '/bulk/activation-codes',
  '/bulk/jobs',
  '/bulk/jobs/1',
  '/bulk/taps',
  '/system/auto-registration',
  '/advanced-features/expressways',
  '/users',
  '/users/new',
  '/users/admin',
  '/serviceability/service-activation',
  '/certificates/callmanager-trust',
  '/serviceability/tftp-files',
  '/serviceability/webhooks',
  '/certificates/phone-edge-trust',
  '/certificates/denied',
  '/certificates/itl',
  '/audit',
  '/lab',
  '/no/such/page',
  '/selfcare',
] as const;
/** On a phone's screen: one page of each kind. */
const narrow = pages.filter((path) =>
  /^\/$|strangers|pools\/Default|enterprise|phones|jobs|taps|auto-reg|tftp|denied|defaults$|users|service-|expressways|trust|itl|audit|selfcare/.test(
    path,
  ),
);

describe.skipIf(browserPath === undefined)('every page', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    await stage.program.rest('POST', '/phones', {
      model: 'Cisco 8845',
      mac: '001122334455',
      ownerUserId: 'admin',
      lines: [{ directoryNumber: '1001' }],
      requiresActivationCode: true,
    });
    const job = { selection: { names: ['SEP001122334455'] }, change: { description: 'Desk' }, dryRun: true };
    expect((await stage.program.rest('POST', '/bulk/jobs/update-phones', job)).status).toBe(202);
    const expressway = { name: 'expressway-c-1', certificate: (await makeAuthority({ name: 'expressway-c-1' })).pem };
    expect((await stage.program.rest('POST', '/expressways', expressway)).status).toBe(201);
    const denial = { kind: 'mac', value: '00BBCCDDEEFF', reason: 'Stolen' };
    expect((await stage.program.rest('POST', '/mic-deny-list', denial)).status).toBe(201);
  });
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
  });

  for (const [language, colours, width] of [
    ['en', 'light', 1360],
    ['zh-CN', 'dark', 1360],
    ['en', 'dark', 320],
  ] as const)
    it(`has no barriers and no complaints in ${language}, ${colours}, ${width} wide`, {
      timeout: 240_000,
    }, async () => {
      await using visitor = await stage.visit({ language, colours, width });
      await visitor.enter();
      const found: string[] = [];
      for (const path of width < 500 ? narrow : pages) {
        await visitor.move(path);
        found.push(...(await visitor.barriers()).map((each) => `${path}: ${each}`));
        const wide = await visitor.page.evaluate('document.documentElement.scrollWidth - innerWidth');
        if (Number(wide) > 0) found.push(`${path}: hangs over the edge by ${wide} px`);
        found.push(...visitor.complaints.splice(0).map((each) => `${path}: ${each}`));
      }
      expect(found).toEqual([]);
    });

  it('comes with at most 250 kB of packed script before anything can be done', async () => {
    await using visitor = await stage.visit();
    await visitor.signIn();
    expect(visitor.scriptKilobytes()).toBeGreaterThan(50);
    expect(visitor.scriptKilobytes()).toBeLessThan(250);
  });

  it('says everything in Chinese that it says in English', async () => {
    await using visitor = await stage.visit({ language: 'zh-CN' });
    await visitor.enter();
    const { page } = visitor;
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh-CN');
    for (const path of [
      '/',
      '/device/phones/SEP001122334455',
      '/serviceability/service-activation',
      '/audit',
      '/users/admin',
    ]) {
      await visitor.open(path);
      // Names, product words and addresses are the same in every language; sentences are not.
      // biome-ignore lint/performance/useDomNodeTextContent: lines as they are seen are what counts here
      const text = await page.locator('main').innerText();
      const english = text.split('\n').filter((line) => /^[A-Z][a-z]+(?: [a-z]+){2,}/.test(line));
      expect({ path, english }).toEqual({ path, english: [] });
    }
    await page.getByRole('button', { name: '语言' }).click();
    await page.getByRole('menuitem', { name: 'English' }).click();
    await page.getByRole('navigation', { name: 'Main menu' }).waitFor();
  });
});
