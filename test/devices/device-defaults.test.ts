import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phoneModels } from '../../src/identifiers/phone-model.ts';
import { type PhoneBench, phoneBench } from './phone-bench.ts';

let bench: PhoneBench;
beforeAll(async () => {
  bench = await phoneBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const put = (model: string, change: object, ifMatch?: string) =>
  bench.call('PUT', `/device-defaults/${encodeURIComponent(model)}`, change, ifMatch === undefined ? {} : { ifMatch });

describe('Device Defaults', () => {
  it('exist for every supported model, with activation codes in use', async () => {
    const { items } = (await bench.call('GET', '/device-defaults')).body;
    expect(items.map((each: { model: string }) => each.model)).toEqual(phoneModels.map((model) => model.name));
    for (const each of items)
      expect(each).toMatchObject({
        onPremiseOnboardingMethod: 'ActivationCode',
        loadInformation: '',
        inactiveLoadInformation: '',
        devicePool: 'Default',
      });
    expect((await bench.call('GET', '/phone-models')).body.items).toHaveLength(15);
  });

  it.each(['Cisco 8845', 'CP-8845', '8845'])('are found as %s', async (model) => {
    expect((await bench.call('GET', `/device-defaults/${encodeURIComponent(model)}`)).body).toMatchObject({
      model: 'Cisco 8845',
      phoneButtonTemplate: 'Standard 8845 SIP',
    });
  });

  it('of a model that cannot be onboarded do not exist', async () => {
    expect(await bench.call('GET', '/device-defaults/Cisco%207970')).toMatchObject({
      status: 422,
      body: { code: 'model_not_supported' },
    });
    expect((await put('Cisco 7970', { loadInformation: '' })).body.code).toBe('model_not_supported');
  });

  it('take a load of the family of the model only', async () => {
    const answer = await put('Cisco 8845', {
      loadInformation: 'sip8845_65.14-2-1-0101-7.loads',
      inactiveLoadInformation: 'sip8845_65.12-7-1-0001-393',
    });
    expect(answer.body).toMatchObject({
      loadInformation: 'sip8845_65.14-2-1-0101-7',
      inactiveLoadInformation: 'sip8845_65.12-7-1-0001-393',
      notices: [],
    });
    expect(await put('Cisco 8845', { loadInformation: 'sip88xx.14-2-1' })).toMatchObject({
      status: 422,
      body: { code: 'load_family_mismatch', field: 'loadInformation', remedy: expect.stringContaining('sip8845_65.') },
    });
    expect(await put('Cisco 8845', { inactiveLoadInformation: '../etc/passwd' })).toMatchObject({
      status: 422,
      body: { code: 'load_name_invalid', field: 'inactiveLoadInformation' },
    });
    expect((await put('Cisco 8845', { loadInformation: '' })).body.loadInformation).toBe('');
  });

  it('take a pool that exists and a button template that fits', async () => {
    expect(await put('Cisco 7841', { devicePool: 'Nowhere' })).toMatchObject({
      status: 422,
      body: { code: 'device_pool_not_found', field: 'devicePool' },
    });
    expect(await put('Cisco 7841', { phoneButtonTemplate: 'Standard 8845 SIP' })).toMatchObject({
      status: 422,
      body: { code: 'button_template_mismatch', field: 'phoneButtonTemplate' },
    });
    expect(await put('Cisco 7841', { onPremiseOnboardingMethod: 'Carrier Pigeon' })).toMatchObject({
      status: 400,
      body: { field: 'onPremiseOnboardingMethod' },
    });
  });

  it('give new phones what they say', async () => {
    await bench.database.db
      .insertInto('phone_button_template')
      .values({ name: 'Three lines', buttons: '["line","line","line"]' })
      .execute();
    await put('Cisco 8861', { phoneButtonTemplate: 'Three lines' });
    expect((await bench.call('POST', '/phones', { model: '8861' })).body.phoneButtonTemplate).toBe('Three lines');
  });

  it('switched to auto-registration say how many records must be deleted first', async () => {
    expect((await put('Cisco 7811', { onPremiseOnboardingMethod: 'AutoRegistration' })).body.notices).toEqual([]);
    await bench.call('POST', '/phones', { model: '7821' });
    const answer = await put('Cisco 7821', { onPremiseOnboardingMethod: 'AutoRegistration' });
    expect(answer.body).toMatchObject({
      phones: 1,
      notices: [{ code: 'existing_records_must_be_deleted', message: expect.stringContaining('deleted first') }],
    });
  });

  it('are refused when somebody else was faster, and audited when they change', async () => {
    const read = await bench.call('GET', '/device-defaults/8811');
    const etag = read.headers.get('etag')!;
    expect((await put('8811', { onPremiseOnboardingMethod: 'AutoRegistration' }, etag)).status).toBe(200);
    expect(await put('8811', { onPremiseOnboardingMethod: 'ActivationCode' }, etag)).toMatchObject({
      status: 412,
      body: { code: 'version_conflict' },
    });
    const rows = await bench.database.db
      .selectFrom('audit_event')
      .select('detail')
      .where('action', '=', 'device-default.changed')
      .where('object_name', '=', 'Cisco 8811')
      .execute();
    expect(rows).toEqual([
      { detail: { changed: { onPremiseOnboardingMethod: { from: 'ActivationCode', to: 'AutoRegistration' } } } },
    ]);
  });

  it('of several models change together or not at all', async () => {
    const items = [
      { model: '8865', loadInformation: 'sip8845_65.1' },
      { model: '8865NR', loadInformation: 'sip88xx.1' },
    ];
    expect(await bench.call('PUT', '/device-defaults', { items })).toMatchObject({
      status: 422,
      body: { code: 'load_family_mismatch', field: 'items[1].loadInformation' },
    });
    expect((await bench.call('GET', '/device-defaults/8865')).body.loadInformation).toBe('');
    const answer = await bench.call('PUT', '/device-defaults', {
      items: [items[0], { model: '8832NR', loadInformation: 'sip8832.1' }],
    });
    expect(answer.body.items).toMatchObject([
      { model: 'Cisco 8865', loadInformation: 'sip8845_65.1' },
      { model: 'Cisco 8832NR', loadInformation: 'sip8832.1' },
    ]);
  });
});
