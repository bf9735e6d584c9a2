import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRest, type TestRest } from '../rest/support/rest.ts';
import { makeAuthority } from '../support/certificates.ts';

let rest: TestRest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(() => rest[Symbol.asyncDispose]());

const refused = async (method: string, path: string, body: unknown, status: number, code: string, field?: string) => {
  const answer = await rest.call(method, path, { body });
  expect([answer.status, answer.body.code, answer.body.field], `${method} ${path}`).toEqual([status, code, field]);
  expect(answer.body.remedy).toBeTruthy();
};

describe('/cloud-onboarding', () => {
  it('is empty at first, and says what is missing', async () => {
    const { status, body, headers } = await rest.call('GET', '/cloud-onboarding');
    expect(status).toBe(200);
    expect(headers['etag']).toBe('"1"');
    expect(body).toMatchObject({
      address: '',
      enrolment: null,
      readiness: 'not_enrolled',
      allowMraOnboarding: true,
      allowMraOnboardingForced: false,
      oauthRefreshLoginFlow: false,
      connection: { state: 'not-set-up', remedy: null },
      locators: { stock: 0, drafts: 0 },
    });
  });

  it('refuses what cannot be, naming the field and what to do', async () => {
    await refused('POST', '/cloud-onboarding/enrolment', {}, 409, 'cloud_address_missing', 'address');
    await refused('POST', '/cloud-onboarding/check', undefined, 409, 'not_enrolled');
    await refused('DELETE', '/cloud-onboarding/enrolment', undefined, 409, 'not_enrolled');
    await refused(
      'PATCH',
      '/cloud-onboarding',
      { address: 'http://x.example' },
      422,
      'cloud_address_invalid',
      'address',
    );
    const domain = 'mraActivationDomain';
    await refused('PATCH', '/cloud-onboarding', { [domain]: 'x' }, 422, 'activation_domain_invalid', domain);
    const enable = { enableActivationCodeOnboarding: true };
    await refused('PATCH', '/cloud-onboarding', enable, 409, 'activation_domain_missing', domain);
    await refused('PATCH', '/cloud-onboarding', { voucher: 'x' }, 400, 'unknown_field', 'voucher');
  });

  it('is changed as it was read, or not at all', async () => {
    const change = { address: 'https://cloud.example.org:9447/', mraActivationDomain: 'MRA.example.org' };
    const changed = await rest.call('PATCH', '/cloud-onboarding', { body: change, headers: { 'if-match': '"1"' } });
    expect(changed.body).toMatchObject({
      address: 'https://cloud.example.org:9447',
      mraActivationDomain: 'mra.example.org',
      connection: { state: 'not-enrolled' },
    });
    const late = await rest.call('PATCH', '/cloud-onboarding', {
      body: { address: '' },
      headers: { 'if-match': '"1"' },
    });
    expect([late.status, late.body.code]).toEqual([412, 'version_conflict']);
    const parameter = '/service-parameters/Device%20Activation%20Service/MRA%20Activation%20Domain';
    expect((await rest.call('GET', parameter)).body.value).toBe('mra.example.org');
    await refused('PUT', parameter, { value: 'nonsense' }, 422, 'activation_domain_invalid', 'value');
  });
});

describe('/mra-service-domains', () => {
  it('holds the activation domain, which is the default and cannot be deleted', async () => {
    const { body } = await rest.call('GET', '/mra-service-domains');
    expect(body.items).toEqual([
      { name: 'mra.example.org', domain: 'mra.example.org', isDefault: true, version: expect.any(Number) },
    ]);
    await refused('DELETE', '/mra-service-domains/mra.example.org', undefined, 409, 'protected');
    const more = { name: 'APAC', domain: '_collab-edge._tls.apac.example.org', isDefault: true };
    expect((await rest.call('POST', '/mra-service-domains', { body: more })).status).toBe(201);
    const taken = await rest.call('DELETE', '/mra-service-domains/mra.example.org');
    expect([taken.status, taken.body.dependencies]).toEqual([
      409,
      [{ kind: 'cloud-onboarding', count: 1, names: ['MRA Activation Domain'] }],
    ]);
  });

  it('is what pools and phones refer to', async () => {
    const path = '/device-pools/Default';
    expect((await rest.call('PATCH', path, { body: { mraServiceDomain: 'APAC' } })).body.mraServiceDomain).toBe('APAC');
    await refused('PATCH', path, { mraServiceDomain: 'none' }, 422, 'unknown_reference', 'mraServiceDomain');
    const phone = await rest.call('POST', '/phones', {
      body: { model: 'Cisco 8845', mraServiceDomain: 'mra.example.org' },
    });
    expect(phone.body).toMatchObject({
      mraServiceDomain: 'mra.example.org',
      mra: { activatedVia: null, serviceDomain: 'mra.example.org', serviceDomainFrom: 'phone' },
    });
    const field = 'mraServiceDomain';
    const unknown = { model: 'Cisco 8845', [field]: 'nowhere' };
    await refused('POST', '/phones', unknown, 422, 'mra_service_domain_not_found', field);
    const { body } = await rest.call('GET', '/mra-service-domains/APAC/dependencies');
    expect(body.items).toEqual([{ kind: 'device-pool', count: 1, names: ['Default'] }]);
  });
});

describe('/phone-edge-trust', () => {
  it('takes PEM and DER, shows what it is and when it ends, and gives it up again', async () => {
    const authority = await makeAuthority({ name: 'Our edges' });
    const added = await rest.call('POST', '/phone-edge-trust', {
      body: { certificate: authority.pem, description: 'both sites' },
    });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({ subject: expect.stringContaining('Our edges'), expired: false });
    const again = { certificate: Buffer.from(authority.der).toString('base64') };
    await refused('POST', '/phone-edge-trust', again, 409, 'name_taken', 'certificate');
    await refused('POST', '/phone-edge-trust', { certificate: 'x' }, 422, 'certificate_unreadable', 'certificate');
    const list = await rest.call('GET', '/phone-edge-trust');
    expect([list.body.items.length, list.body.version > list.body.sentVersion]).toEqual([1, true]);
    expect((await rest.call('DELETE', `/phone-edge-trust/${added.body.sha256}`)).status).toBe(204);
    expect((await rest.call('GET', '/phone-edge-trust')).body.items).toEqual([]);
  });

  it('makes the same judgement at the door for all trust stores', async () => {
    const weak = await makeAuthority({ name: 'weak', algorithm: 'rsa1024' });
    const body = { purpose: 'PhoneEdge-trust', certificate: weak.pem, micRoot: false };
    await refused('POST', '/trust-certificates', body, 422, 'certificate_unfit', 'certificate');
  });
});
