import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSurroundings } from '../../src/infra/database/activation-surroundings-store.ts';
import { derToPem } from '../../src/infra/pki/identity.ts';
import { generateKey, issueCertificate } from '../../src/infra/pki/issue.ts';
import { type CloudBench, cloudBench } from '../cloud/cloud-bench.ts';
import { makeAuthority } from '../support/certificates.ts';
import { type TestCluster, testCluster, tester } from './support/cluster.ts';

const noNode = '00000000-0000-0000-0000-000000000000';

let cloud: CloudBench;
let cluster: TestCluster;
let authorityPem: string;
let nonsense: { server: Server; url: string; pem: string; answer: (path: string) => [number, string] };

beforeAll(async () => {
  [cloud, cluster] = await Promise.all([cloudBench(), testCluster()]);
  authorityPem = derToPem(cloud.cloud.authority);
  await cluster.enrol({
    url: cloud.cloud.endpoints.cloud,
    authorityPem,
    voucher: await cloud.cloud.makeVoucher('test'),
  });
  const keys = await generateKey('p-256');
  const der = await issueCertificate(
    {
      subject: [['CN', 'localhost']],
      publicKey: keys.publicKey,
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + 3_600_000),
      usages: ['server'],
      alternativeNames: ['localhost'],
    },
    { self: keys },
  );
  const pem = derToPem(der);
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const server = createServer({ cert: pem, key }, (request, response) => {
    const [status, text] = nonsense.answer(request.url!);
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `https://localhost:${(server.address() as AddressInfo).port}`;
  nonsense = { server, url, pem, answer: () => [200, '{}'] };
});
afterAll(async () => {
  nonsense.server.close();
  await cluster[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

const change = (wanted: Parameters<TestCluster['mra']['onboarding']['change']>[1]) =>
  cluster.mra.onboarding.change(tester, wanted);

describe('PhoneEdge-trust', () => {
  it('goes to the cloud as a whole and from there to phones; what is deleted goes too', async () => {
    const [one, two] = await Promise.all([makeAuthority({ name: 'Edge One' }), makeAuthority({ name: 'Edge Two' })]);
    await cluster.mra.edgeTrust.add(tester, one.pem, 'first');
    const second = await cluster.mra.edgeTrust.add(tester, Buffer.from(two.der).toString('base64'), 'second');
    await cluster.mra.sync.run();
    const phone = await cluster.phones.phones.add(
      { model: 'Cisco 8845', requiresActivationCode: true, allowActivationCodeViaMra: true },
      tester,
    );
    const { code } = await cluster.phones.phoneCodes.view(phone.name, tester, { reveal: true });
    const told = async () => {
      const { claims } = await cloud.resolve(await cloud.phone(), code!.slice(0, 7));
      return claims!.phoneEdgeTrust.map((der) => Buffer.from(der).toString('hex')).sort();
    };
    const hex = (der: Uint8Array) => Buffer.from(der).toString('hex');
    expect(await told()).toEqual([hex(one.der), hex(two.der)].sort());
    const { db } = cluster.database;
    const sealed = async () => (await readSurroundings(db, { id: noNode })).phoneEdgeTrustSha256;
    const before = await sealed();
    expect(before).toHaveLength(2);
    await cluster.mra.edgeTrust.remove(tester, second.sha256);
    // Phones compare what the cluster says with what the cloud said: it changes when the cloud has it, not before.
    expect(await sealed()).toEqual(before);
    await cluster.mra.sync.run();
    expect(await sealed()).toEqual([Buffer.from(createHash('sha256').update(one.der).digest()).toString('hex')]);
    expect(await told()).toEqual([hex(one.der)]);
    const { version, sentVersion, items } = await cluster.mra.edgeTrust.list();
    expect([sentVersion, items.length]).toEqual([version, 1]);
  });

  it('takes a number the cloud takes when this side was set back to an older state', async () => {
    const { db } = cluster.database;
    await sql`update cloud_connection set trust_version = 1, trust_sent_version = 1`.execute(db);
    await cluster.mra.edgeTrust.add(tester, (await makeAuthority({ name: 'Edge Three' })).pem, '');
    await cluster.mra.sync.run();
    await cluster.mra.sync.run();
    const { version, sentVersion } = await cluster.mra.edgeTrust.list();
    expect(sentVersion).toBe(version);
    expect((await cluster.mra.onboarding.show()).state).toBe('connected');
  });

  it('refuses what is no certificate, one that is there, and a twenty-first', async () => {
    await expect(cluster.mra.edgeTrust.add(tester, 'nothing', '')).rejects.toMatchObject({
      code: 'certificate_unreadable',
    });
    const weak = await makeAuthority({ name: 'weak', algorithm: 'rsa1024' });
    const over = await makeAuthority({ name: 'over', notBefore: new Date(0), notAfter: new Date(86_400_000) });
    for (const unfit of [weak, over])
      await expect(cluster.mra.edgeTrust.add(tester, unfit.pem, '')).rejects.toMatchObject({
        code: 'certificate_unfit',
      });
    const again = await makeAuthority({ name: 'again' });
    await cluster.mra.edgeTrust.add(tester, again.pem, '');
    await expect(cluster.mra.edgeTrust.add(tester, again.pem, '')).rejects.toMatchObject({ code: 'name_taken' });
    const { items } = await cluster.mra.edgeTrust.list();
    for (let n = items.length; n < 20; n++)
      await cluster.mra.edgeTrust.add(tester, (await makeAuthority({ name: `Edge ${n}` })).pem, '');
    await expect(
      cluster.mra.edgeTrust.add(tester, (await makeAuthority({ name: 'one too many' })).pem, ''),
    ).rejects.toMatchObject({ code: 'trust_store_full' });
  });
});

describe('a cloud that talks nonsense', () => {
  it.each<[string, [number, string], string]>([
    ['no JSON', [200, '<html>'], 'cloud_answer_unreadable'],
    ['another shape', [200, '{"cluster_id":7}'], 'cloud_answer_unreadable'],
    ['a page of a proxy', [404, '<html>not here</html>'], 'cloud_answer_unreadable'],
    ['a gateway that times out', [504, ''], 'cloud_unreachable'],
    ['far too much', [200, 'x'.repeat(400_000)], 'cloud_answer_unreadable'],
    [
      'a certificate that it does not know',
      [403, '{"error":"client_certificate_not_accepted","message":"no","ref":"1"}'],
      'cloud_identity_refused',
    ],
    ['a failure of its own', [500, '{"error":"internal","message":"oh","ref":"1"}'], 'cloud_failed'],
  ])('is noted in plain words: %s', async (_, answer, code) => {
    nonsense.answer = () => answer;
    await change({ address: nonsense.url, certificateAuthority: nonsense.pem });
    const shown = await cluster.mra.onboarding.check();
    expect(shown).toMatchObject({ state: 'failing', connection: { lastErrorCode: code } });
    expect(shown.remedy).toBeTruthy();
    await change({ address: cloud.cloud.endpoints.cloud, certificateAuthority: authorityPem });
    expect((await cluster.mra.onboarding.check()).state).toBe('connected');
  });

  it('rings the alarm when nothing has worked for a quarter of an hour', async () => {
    nonsense.answer = () => [500, '{"error":"internal","message":"oh","ref":"1"}'];
    await change({ address: nonsense.url, certificateAuthority: nonsense.pem });
    await cluster.mra.sync.run();
    expect(cluster.alarms).toBe(0);
    await sql`update cloud_connection set failing_since = now() - interval '20 minutes'`.execute(cluster.database.db);
    await cluster.mra.sync.run();
    expect(cluster.alarms).toBe(1);
    await change({ address: cloud.cloud.endpoints.cloud, certificateAuthority: authorityPem });
    await cluster.mra.sync.run();
  });
});

describe('the certificate of this cluster at the cloud', () => {
  it('is renewed a month before it ends, with a new key', async () => {
    const before = (await cluster.mra.onboarding.show()).connection.enrolled!;
    await sql`update cloud_connection set certificate_not_after = now() + interval '20 days'`.execute(
      cluster.database.db,
    );
    expect(await cluster.mra.sync.run()).toBe('done');
    const after = (await cluster.mra.onboarding.show()).connection.enrolled!;
    expect(after.certificateChain[0]).not.toEqual(before.certificateChain[0]);
    expect(after.clusterId).toBe(before.clusterId);
    expect(after.notAfter.getTime()).toBeGreaterThan(Date.now() + 60 * 24 * 3600 * 1000);
    expect(await cluster.mra.sync.run()).toBe('done');
  });
});
