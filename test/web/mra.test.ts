import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, openStage, type Stage, type Visitor } from './support/visitor.ts';

describe.skipIf(browserPath === undefined)('the pages of Mobile & Remote Access', () => {
  let stage: Stage;
  let visitor: Visitor;
  beforeAll(async () => {
    stage = await openStage({ mra: true });
    visitor = await stage.visit();
    await visitor.signIn();
  }, 180_000);
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await stage?.[Symbol.asyncDispose]();
  });
  const state = async () => (await stage.program.rest('GET', '/cloud-onboarding')).body;

  it('Cloud Onboarding shows how it is with the cloud, and checks it when asked', async () => {
    await visitor.open('/advanced-features/cloud-onboarding');
    await visitor.page.getByText('Connected', { exact: true }).waitFor();
    await visitor.page.getByText('the cloud knows them, and they work inside as well', { exact: false }).waitFor();
    expect(await visitor.page.getByLabel('MRA Activation Domain').inputValue()).toBe('mra.firstring.test');
    const before = (await state()).connection.lastSuccessAt;
    await visitor.page.getByRole('button', { name: 'Check now' }).click();
    await expect.poll(async () => (await state()).connection.lastSuccessAt).not.toBe(before);
    expect(await visitor.barriers()).toEqual([]);
  });

  it('"Allow MRA Onboarding" is ticked and grey while Device Defaults use auto-registration', async () => {
    const method = (onPremiseOnboardingMethod: string) =>
      stage.program.rest('PUT', '/device-defaults/Cisco%207811', { onPremiseOnboardingMethod });
    await visitor.open('/advanced-features/cloud-onboarding');
    const box = visitor.page.getByRole('checkbox', { name: 'Allow MRA Onboarding' });
    expect(await box.isEnabled()).toBe(true);
    await method('AutoRegistration');
    await visitor.open('/advanced-features/cloud-onboarding');
    expect([await box.isDisabled(), await box.isChecked()]).toEqual([true, true]);
    await visitor.page.getByText('Stays ticked while Device Defaults use auto-registration (Cisco 7811)').waitFor();
    expect(await visitor.barriers()).toEqual([]);
    await method('ActivationCode');
  });

  it('says that phones outside are refused while OAuth is off', async () => {
    const oauth = (value: string) =>
      stage.program.rest('PUT', '/enterprise-parameters/OAuth%20with%20Refresh%20Login%20Flow', { value });
    await oauth('Disabled');
    await visitor.open('/advanced-features/cloud-onboarding');
    await visitor.page.getByText('Phones outside are refused', { exact: false }).waitFor();
    expect(await visitor.barriers()).toEqual([]);
    await oauth('Enabled');
  });

  it('says at the field what is wrong with a setting', async () => {
    await visitor.open('/advanced-features/cloud-onboarding');
    await visitor.page.getByLabel('MRA Activation Domain').fill('not a domain');
    await visitor.page.getByRole('button', { name: 'Save' }).click();
    await visitor.page.getByText('is not a domain', { exact: false }).first().waitFor();
    await visitor.page.getByRole('button', { name: 'Undo' }).click();
    await visitor.page.getByText('Everything is saved').waitFor();
  });

  it('leaves the cloud and comes back by one click', async () => {
    await visitor.open('/advanced-features/cloud-onboarding');
    await visitor.page.getByRole('button', { name: 'Disconnect from the cloud' }).click();
    await visitor.page.getByRole('dialog').getByRole('button', { name: 'Disconnect from the cloud' }).click();
    await visitor.page.getByText('Not enrolled', { exact: true }).waitFor();
    expect((await state()).enrolment).toBe(null);
    await visitor.page.getByLabel('Voucher of the operator').fill('fsv1.nonsense');
    await visitor.page.getByRole('button', { name: 'Use this voucher' }).click();
    await visitor.page.getByText('That is not a voucher', { exact: false }).waitFor();
    await visitor.page.getByLabel('Voucher of the operator').fill('');
    await visitor.page.getByRole('button', { name: 'Generate Voucher' }).click();
    await visitor.page.getByText('Connected', { exact: true }).waitFor();
    expect((await state()).readiness).toBe('ready');
  });

  it('MRA Service Domains: the list, one more, the live check, and what depends on it', async () => {
    await visitor.open('/advanced-features/mra-service-domains');
    await visitor.page.getByRole('link', { name: 'mra.firstring.test' }).waitFor();
    expect(await visitor.barriers()).toEqual([]);
    await visitor.open('/advanced-features/mra-service-domains/mra.firstring.test');
    await visitor.page.getByRole('button', { name: 'Check now' }).click();
    await visitor.page.getByText('Phones outside find the edge and trust it.').waitFor();
    await visitor.page.getByText('trusted by PhoneEdge-trust', { exact: false }).waitFor();
    expect(await visitor.barriers()).toEqual([]);
    await visitor.open('/advanced-features/mra-service-domains/new');
    await visitor.page.getByLabel('Name').fill('Nowhere');
    await visitor.page.getByLabel('SRV Record or Domain').fill('_collab-edge._tls.nowhere.mra.firstring.test');
    await visitor.page.getByRole('button', { name: 'Add', exact: true }).click();
    await visitor.page.getByRole('link', { name: 'Nowhere' }).waitFor();
    await visitor.open('/advanced-features/mra-service-domains/Nowhere');
    await visitor.page.getByRole('button', { name: 'Check now' }).click();
    await visitor.page.getByText('There is no SRV record _collab-edge._tls.nowhere.mra.firstring.test.').waitFor();
    await stage.program.rest('PATCH', '/device-pools/Default', { mraServiceDomain: 'Nowhere' });
    await visitor.open('/advanced-features/mra-service-domains/Nowhere');
    await visitor.page.getByText('Default', { exact: false }).first().waitFor();
    await visitor.open('/system/device-pools/Default');
    expect(await visitor.page.getByLabel('MRA Service Domain').first().inputValue()).toBe('Nowhere');
    await stage.program.rest('PATCH', '/device-pools/Default', { mraServiceDomain: null });
    expect(visitor.complaints.filter((each) => !each.includes('422'))).toEqual([]);
  });

  it('a phone shows what the cloud knows of its code, and its owner what to do outside', async () => {
    const { body } = await stage.program.rest('POST', '/phones', {
      model: 'Cisco 8845',
      ownerUserId: 'admin',
      requiresActivationCode: true,
      allowActivationCodeViaMra: true,
    });
    await visitor.open(`/device/phones/${body.name}`);
    await visitor.page.getByText('It works outside too: the cloud knows its first seven digits.').waitFor();
    await visitor.page.getByText('mra.firstring.test (the default)').waitFor();
    await visitor.page.getByText('None that are good', { exact: false }).waitFor();
    expect(await visitor.barriers()).toEqual([]);
    await visitor.open('/selfcare');
    await visitor.page.getByText('It needs nothing but the Internet, no VPN.', { exact: false }).first().waitFor();
  });

  it('a code that waits for the cloud says so, until the cloud is back', async () => {
    const { rest } = stage.program;
    const { address } = await state();
    await rest('PATCH', '/cloud-onboarding', { address: 'https://127.0.0.1:1' });
    let waiting: { name: string; activationCode: { state: string } } | undefined;
    for (let n = 0; n < 60 && waiting?.activationCode.state !== 'draft'; n++)
      waiting = (
        await rest('POST', '/phones', {
          model: 'Cisco 7841',
          requiresActivationCode: true,
          allowActivationCodeViaMra: true,
        })
      ).body;
    await visitor.open(`/device/phones/${waiting!.name}`);
    await visitor.page.getByText('This code waits for the cloud', { exact: false }).waitFor();
    expect(await visitor.barriers()).toEqual([]);
    await visitor.open('/advanced-features/cloud-onboarding');
    await visitor.page.getByText('1 code waits for the cloud', { exact: false }).waitFor();
    await visitor.page.getByText('cannot be reached', { exact: false }).first().waitFor();
    expect(await visitor.barriers()).toEqual([]);
    await rest('PATCH', '/cloud-onboarding', { address });
    await visitor.open(`/device/phones/${waiting!.name}`);
    await visitor.page.getByText('It works outside too', { exact: false }).waitFor();
  });

  it('says the same in Chinese, without barriers', async () => {
    await using reader = await stage.visit({ language: 'zh-CN', colours: 'dark' });
    await reader.signIn();
    for (const path of [
      '/advanced-features/cloud-onboarding',
      '/advanced-features/mra-service-domains',
      '/advanced-features/mra-service-domains/mra.firstring.test',
    ]) {
      await reader.open(path);
      expect(await reader.barriers(), path).toEqual([]);
    }
    await reader.page.getByRole('button', { name: '立即检查' }).click();
    await reader.page.getByText('外部电话能找到边缘并信任它。').waitFor();
    expect(reader.complaints).toEqual([]);
  });
});
