import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followMraParameters } from '../../src/domain/mra/mra-parameters.ts';
import { ParameterService } from '../../src/domain/settings/parameter-service.ts';
import { auditLog } from '../../src/infra/database/audit-log.ts';
import { cloudConnectionStore } from '../../src/infra/database/mra-cloud-store.ts';
import { ParametersStore } from '../../src/infra/database/settings-parameters.ts';
import { derToPem } from '../../src/infra/pki/identity.ts';
import { settingsServices } from '../../src/roles/unified-cm/settings-services.ts';
import { type CloudBench, cloudBench } from '../cloud/cloud-bench.ts';
import { type TestCluster, testCluster, tester } from './support/cluster.ts';

let cloud: CloudBench;
let selfService: CloudBench;
let cluster: TestCluster;
let authorityPem: string;

beforeAll(async () => {
  [cloud, selfService, cluster] = await Promise.all([cloudBench(), cloudBench({ selfService: true }), testCluster()]);
  authorityPem = derToPem(cloud.cloud.authority);
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await Promise.all([cloud[Symbol.asyncDispose](), selfService[Symbol.asyncDispose]()]);
});

const change = (wanted: Parameters<TestCluster['mra']['onboarding']['change']>[1]) =>
  cluster.mra.onboarding.change(tester, wanted);
const enrol = (voucher?: string) => cluster.mra.onboarding.enrol(tester, voucher, 'test cluster');
const actions = async () =>
  (
    await cluster.database.db
      .selectFrom('audit_event')
      .select('action')
      .where('object_kind', '=', 'cloud-onboarding')
      .orderBy('ordinal')
      .execute()
  ).map(({ action }) => action);

describe('enrolment', () => {
  it('wants an address first, and takes none that is not https with a host', async () => {
    await expect(enrol()).rejects.toMatchObject({ code: 'cloud_address_missing', field: 'address' });
    for (const address of [
      'cloud.example.org',
      'http://cloud.example.org',
      'https://',
      'https://user:secret@cloud.example.org',
      'https://cloud.example.org/path',
      'https://cloud.example.org:0',
      'https://cloud.example.org:70000',
    ])
      await expect(change({ address }), address).rejects.toMatchObject({ code: 'cloud_address_invalid' });
    await expect(change({ certificateAuthority: 'that is no PEM' })).rejects.toMatchObject({
      code: 'cloud_authority_unreadable',
    });
  });

  it('does not send a voucher to a cloud that it cannot trust', async () => {
    await change({ address: selfService.cloud.endpoints.cloud, certificateAuthority: '' });
    await expect(enrol()).rejects.toMatchObject({ code: 'cloud_untrusted' });
    // A voucher of one cloud names its authority: the server of another one is not it.
    const voucher = await cloud.cloud.makeVoucher('for somebody else');
    await expect(enrol(voucher)).rejects.toMatchObject({ code: 'cloud_untrusted' });
    expect(await cluster.mra.onboarding.show()).toMatchObject({
      state: 'not-enrolled',
      connection: { lastErrorCode: 'cloud_untrusted' },
    });
    await change({ address: cloud.cloud.endpoints.cloud });
    const shown = await enrol(voucher);
    expect(shown.connection.enrolled?.clusterId).toMatch(/^[0-9a-f-]{36}$/);
    expect(shown.connection.authorityPem.trim()).toBe(authorityPem.trim());
    expect(shown.state).toBe('connected');
  });

  it('happens once: a second voucher is refused, and a voucher works once', async () => {
    await expect(enrol(await cloud.cloud.makeVoucher('second'))).rejects.toMatchObject({ code: 'already_enrolled' });
    const left = await cluster.mra.onboarding.leave(tester);
    expect(left).toMatchObject({ toldCloud: true, onboarding: { state: 'not-enrolled' } });
    const voucher = await cloud.cloud.makeVoucher('used twice');
    await enrol(voucher);
    await cluster.mra.onboarding.leave(tester);
    await expect(enrol(voucher)).rejects.toMatchObject({ code: 'voucher_not_accepted', field: 'voucher' });
    await expect(enrol('fsv1.short')).rejects.toMatchObject({ code: 'voucher_unreadable', field: 'voucher' });
  });

  it('asks for the voucher of the operator where the cloud gives none by itself', async () => {
    await expect(enrol()).rejects.toMatchObject({ code: 'voucher_needed' });
  });

  it('is one click where the cloud offers self-service', async () => {
    await change({
      address: selfService.cloud.endpoints.cloud,
      certificateAuthority: derToPem(selfService.cloud.authority),
    });
    expect((await enrol()).state).toBe('connected');
    expect(await actions()).toContain('cloud-onboarding.enrolled');
    const left = await cluster.mra.onboarding.leave(tester);
    expect(left.toldCloud).toBe(true);
  });

  it('of two administrators at once makes one cluster, and the other one is told', async () => {
    const both = await Promise.allSettled([enrol(), enrol()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'already_enrolled' } });
    await cluster.mra.onboarding.leave(tester);
  });

  it('keeps the key sealed: it is in no column as it is', async () => {
    await enrol();
    const row = await cluster.database.db.selectFrom('cloud_connection').selectAll().executeTakeFirstOrThrow();
    expect(row.key_sealed!.includes(Buffer.from([0x30, 0x81]))).toBe(false);
    const text = JSON.stringify(row);
    expect(text).not.toContain('PRIVATE KEY');
    await cluster.mra.onboarding.leave(tester);
  });

  it('forgets on this side when the cloud is gone for good', async () => {
    await enrol();
    await change({ address: 'https://127.0.0.1:1' });
    expect(await cluster.mra.onboarding.leave(tester)).toMatchObject({ toldCloud: false });
    await change({ address: cloud.cloud.endpoints.cloud, certificateAuthority: authorityPem });
  });
});

describe('the settings', () => {
  it('need an activation domain, and copy it to the service domains, where it stays', async () => {
    await enrol(await cloud.cloud.makeVoucher('settings'));
    await expect(change({ enableActivationCodeOnboarding: true })).rejects.toMatchObject({
      code: 'activation_domain_missing',
      field: 'mraActivationDomain',
    });
    await expect(change({ mraActivationDomain: 'not a domain' })).rejects.toMatchObject({
      code: 'activation_domain_invalid',
    });
    const shown = await change({
      mraActivationDomain: ' _collab-edge._tls.MRA.Example.org. ',
      enableActivationCodeOnboarding: true,
    });
    expect(shown).toMatchObject({ readiness: 'ready', facts: { activationDomain: 'mra.example.org' } });
    const { mraServiceDomains } = settingsServices({
      ...cluster.database,
      audit: auditLog(cluster.database.db, 'node-a'),
    }).objects;
    expect((await mraServiceDomains.get('mra.example.org')).value).toEqual({
      name: 'mra.example.org',
      domain: 'mra.example.org',
      isDefault: true,
    });
    await mraServiceDomains.add(tester, { name: 'EMEA', domain: 'emea.example.org', isDefault: true });
    await expect(mraServiceDomains.remove(tester, 'mra.example.org', undefined)).rejects.toMatchObject({
      code: 'in_use',
    });
    await expect(
      mraServiceDomains.change(tester, 'mra.example.org', { domain: 'other.example.org' }, undefined),
    ).rejects.toMatchObject({ code: 'protected' });
    await expect(change({ mraActivationDomain: null })).rejects.toMatchObject({ code: 'activation_domain_missing' });
  });

  it('reach the cloud', async () => {
    await cluster.mra.sync.run();
    const { connection } = await cluster.mra.onboarding.show();
    expect(connection.settingsSent).toMatchObject({ activationDomain: 'mra.example.org', enabled: true });
    const { rows } = await sql<{ activation_domain: string; enabled: boolean }>`
      select activation_domain, enabled from cluster where id = ${connection.enrolled!.clusterId}::uuid`.execute(
      cloud.database.db,
    );
    expect(rows).toEqual([{ activation_domain: 'mra.example.org', enabled: true }]);
  });

  it('are one truth with the service parameters, whichever door sets them', async () => {
    const { db, transactions } = cluster.database;
    const audit = auditLog(db, 'node-a');
    const parameters = new ParameterService(
      new ParametersStore(db),
      transactions,
      audit,
      followMraParameters(cloudConnectionStore(db), audit),
    );
    const das = 'Device Activation Service';
    await parameters.setService(tester, das, 'MRA Activation Domain', undefined, 'second.example.org');
    await parameters.setService(tester, das, 'Enable MRA Activation', undefined, 'false');
    expect(await cluster.mra.onboarding.show()).toMatchObject({
      allowMraOnboarding: false,
      readiness: 'mra_onboarding_off',
      facts: { activationDomain: 'second.example.org' },
    });
    const listed = await db.selectFrom('mra_service_domain').select('domain').orderBy('domain').execute();
    expect(listed.map(({ domain }) => domain)).toEqual(['emea.example.org', 'mra.example.org', 'second.example.org']);
    await expect(parameters.setService(tester, das, 'MRA Activation Domain', undefined, '')).rejects.toMatchObject({
      code: 'activation_domain_missing',
    });
    await change({ allowMraOnboarding: true, mraActivationDomain: 'mra.example.org' });
    expect((await parameters.service(das, 'Enable MRA Activation')).value).toBe('true');
    expect((await parameters.service(das, 'MRA Activation Domain')).value).toBe('mra.example.org');
  });

  it('"Allow MRA Onboarding" is on and stays on while Device Defaults use auto-registration', async () => {
    const { db, transactions } = cluster.database;
    await change({ allowMraOnboarding: false });
    const method = (value: string) =>
      sql`update device_default set on_premise_onboarding_method = ${value} where model = 'Cisco 8845'`.execute(db);
    await method('AutoRegistration');
    expect(await cluster.mra.onboarding.show()).toMatchObject({
      allowMraOnboarding: true,
      readiness: 'ready',
      facts: { autoRegistrationModels: ['Cisco 8845'] },
    });
    await expect(change({ allowMraOnboarding: false })).rejects.toMatchObject({
      code: 'mra_onboarding_forced',
      field: 'allowMraOnboarding',
    });
    const audit = auditLog(db, 'node-a');
    const follow = followMraParameters(cloudConnectionStore(db), audit);
    const parameters = new ParameterService(new ParametersStore(db), transactions, audit, follow);
    await expect(
      parameters.setService(tester, 'Device Activation Service', 'Enable MRA Activation', undefined, 'false'),
    ).rejects.toMatchObject({ code: 'mra_onboarding_forced' });
    await method('ActivationCode');
    expect((await cluster.mra.onboarding.show()).allowMraOnboarding).toBe(false);
    await change({ allowMraOnboarding: true });
  });

  it('refuse a change of what somebody else changed meanwhile', async () => {
    const { connection } = await cluster.mra.onboarding.show();
    await change({ enableActivationCodeOnboarding: false });
    await expect(
      cluster.mra.onboarding.change(tester, { enableActivationCodeOnboarding: true }, connection.version),
    ).rejects.toMatchObject({ code: 'version_conflict' });
    await change({ enableActivationCodeOnboarding: true });
  });
});
