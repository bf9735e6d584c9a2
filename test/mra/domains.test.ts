import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDomain, type DomainCheck } from '../../src/domain/mra/domain-check.ts';
import { assemblePhone } from '../../src/domain/provisioning/phone-configuration.ts';
import { readSurroundings, surroundingsOf } from '../../src/infra/database/activation-surroundings-store.ts';
import { auditLog } from '../../src/infra/database/audit-log.ts';
import { provisioningStore } from '../../src/infra/database/provisioning-store.ts';
import { edgeLookup } from '../../src/infra/dns/edge-lookup.ts';
import { edgeProbe } from '../../src/infra/dns/edge-probe.ts';
import { startDnsResponder } from '../../src/infra/dns-responder/responder.ts';
import { edgeZone } from '../../src/infra/dns-responder/zones.ts';
import { derToPem } from '../../src/infra/pki/identity.ts';
import { generateKey, issueCertificate } from '../../src/infra/pki/issue.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { writePhoneFile } from '../../src/protocol/phone-config/phone-file.ts';
import { readPhoneFile } from '../../src/protocol/phone-config/phone-file-reader.ts';
import { settingsServices } from '../../src/roles/unified-cm/settings-services.ts';
import { type TestCluster, testCluster, tester } from './support/cluster.ts';

let cluster: TestCluster;
let services: ReturnType<typeof settingsServices>['objects'];
beforeAll(async () => {
  cluster = await testCluster();
  const { db, transactions } = cluster.database;
  services = settingsServices({ db, transactions, audit: auditLog(db, 'node-a') }).objects;
});
afterAll(() => cluster[Symbol.asyncDispose]());

const add = (name: string, isDefault = false, domain = `${name.toLowerCase()}.example.org`) =>
  services.mraServiceDomains.add(tester, { name, domain, isDefault });
const defaults = async () =>
  (await services.mraServiceDomains.list({})).items.filter(({ value }) => value.isDefault).map(({ name }) => name);

describe('MRA service domains', () => {
  it('have exactly one default: the first, until another one is made it', async () => {
    await add('One');
    await add('Two');
    expect(await defaults()).toEqual(['One']);
    await services.mraServiceDomains.change(tester, 'Two', { isDefault: true }, undefined);
    expect(await defaults()).toEqual(['Two']);
    await add('Three', true);
    expect(await defaults()).toEqual(['Three']);
    await expect(
      services.mraServiceDomains.change(tester, 'Three', { isDefault: false }, undefined),
    ).rejects.toMatchObject({ code: 'protected', field: 'isDefault' });
    await expect(services.mraServiceDomains.remove(tester, 'Three', undefined)).rejects.toMatchObject({
      code: 'protected',
    });
    await expect(
      sql`update mra_service_domain set is_default = false`.execute(cluster.database.db),
    ).rejects.toMatchObject({ code: '23514' });
  });

  it('take the domain or the whole SRV record, each once', async () => {
    const added = await add('Four', false, '_collab-edge._tls.FOUR.example.org');
    expect(added.value.domain).toBe('four.example.org');
    await expect(add('Four again', false, 'four.example.org')).rejects.toMatchObject({
      code: 'name_taken',
      field: 'domain',
    });
    await expect(add('Four', false, 'another.example.org')).rejects.toMatchObject({
      code: 'name_taken',
      field: 'name',
    });
    for (const domain of ['example', '-a.example.org', 'a b.example.org', 'exämple.org', '1.2.3.4:8443'])
      await expect(add('Bad', false, domain), domain).rejects.toMatchObject({ code: 'invalid_value', field: 'domain' });
  });

  it('show what depends on them, with counts, and stay while something does', async () => {
    await services.devicePools.change(tester, 'Default', { mraServiceDomain: 'Two' }, undefined);
    const phones = await Promise.all(
      Array.from({ length: 3 }, () =>
        cluster.phones.phones.add({ model: 'Cisco 8845', mraServiceDomain: 'Two' }, tester),
      ),
    );
    expect(await services.mraServiceDomains.dependencies('Two')).toEqual([
      { kind: 'device-pool', count: 1, names: ['Default'] },
      { kind: 'phone', count: 3, names: phones.map(({ name }) => name).sort() },
    ]);
    await expect(services.mraServiceDomains.remove(tester, 'Two', undefined)).rejects.toMatchObject({ code: 'in_use' });
    await services.devicePools.change(tester, 'Default', { mraServiceDomain: null }, undefined);
    for (const { name } of phones) await cluster.phones.phones.change(name, { mraServiceDomain: null }, tester);
    await services.mraServiceDomains.remove(tester, 'Two', undefined);
    expect(await services.mraServiceDomains.dependencies('Three')).toEqual([]);
    await expect(
      services.devicePools.change(tester, 'Default', { mraServiceDomain: 'Two' }, undefined),
    ).rejects.toMatchObject({ code: 'unknown_reference', field: 'mraServiceDomain' });
    await expect(
      cluster.phones.phones.change(phones[0]!.name, { mraServiceDomain: 'Two' }, tester),
    ).rejects.toMatchObject({ code: 'mra_service_domain_not_found', field: 'mraServiceDomain' });
  });

  it('reach the phone in its file and under seal: its own before that of its pool before the default', async () => {
    const { db } = cluster.database;
    await sql`insert into service_parameter (service, name, value) values ('Device Activation Service', 'MRA Activation Domain', 'three.example.org')`.execute(
      db,
    );
    const phone = await cluster.phones.phones.add(
      { model: 'Cisco 8845', mac: '001122334455', requiresActivationCode: true, allowActivationCodeViaMra: true },
      tester,
    );
    await sql`update device set requires_activation_code = false, first_activated_at = now() where id = ${phone.id}::uuid`.execute(
      db,
    );
    const told = async () => {
      const facts = (await provisioningStore(db).phone(phone.name))!;
      const file = assemblePhone(facts)!;
      if (file.kind !== 'full') throw new Error('the phone is locked');
      const read = readPhoneFile(writePhoneFile(file));
      const { devicePoolId, own } = (
        await sql<{ devicePoolId: string; own: string | null }>`
          select device_pool_id as "devicePoolId", mra_service_domain_id as own from device where id = ${phone.id}::uuid`.execute(
          db,
        )
      ).rows[0]!;
      const snapshot = await readSurroundings(db, { id: '00000000-0000-0000-0000-000000000000' });
      const sealed = surroundingsOf(() => snapshot).mra(devicePoolId, own ?? undefined);
      expect(sealed?.activationDomain).toBe('three.example.org');
      const shown = (await cluster.phones.phones.find(phone.name)).mra.serviceDomain;
      expect(shown?.domain).toBe(sealed?.serviceDomain);
      return [
        read.kind === 'full' ? read.mra?.serviceDomain : undefined,
        sealed?.serviceDomain,
        shown?.from,
        facts.versionStamp,
      ];
    };
    const first = await told();
    expect(first.slice(0, 3)).toEqual(['three.example.org', 'three.example.org', 'default']);
    await services.devicePools.change(tester, 'Default', { mraServiceDomain: 'One' }, undefined);
    expect((await told()).slice(0, 3)).toEqual(['one.example.org', 'one.example.org', 'device-pool']);
    await cluster.phones.phones.change(phone.name, { mraServiceDomain: 'Four' }, tester);
    const last = await told();
    expect(last.slice(0, 3)).toEqual(['four.example.org', 'four.example.org', 'phone']);
    expect(last[3]).not.toBe(first[3]);
    await cluster.phones.phones.change(phone.name, { allowActivationCodeViaMra: false }, tester);
    const facts = (await provisioningStore(db).phone(phone.name))!;
    expect(facts.mraServiceDomain).toBeUndefined();
  });
});

describe('the live check', () => {
  let edge: Server;
  let dns: AsyncDisposable & { readonly port: number };
  let root: Buffer;
  let trusted: Uint8Array[] = [];
  let shows: 'good' | 'other-name' | 'ended' = 'good';
  const contexts: Record<string, { key: string; cert: string }> = {};

  beforeAll(async () => {
    const authority = await generateKey('p-256');
    const day = 86_400_000;
    const issue = async (
      name: string,
      from: number,
      to: number,
      more: object = {},
      issuer: Parameters<typeof issueCertificate>[1] = { self: authority },
    ) => {
      const keys = name === 'CA' ? authority : await generateKey('p-256');
      const der = await issueCertificate(
        {
          subject: [['CN', name]],
          publicKey: keys.publicKey,
          notBefore: new Date(Date.now() + from * day),
          notAfter: new Date(Date.now() + to * day),
          ...more,
        },
        issuer,
      );
      return { der, key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
    };
    root = (await issue('CA', -400, 400, { authority: { pathLength: 0 } })).der;
    const by = { certificate: root, privateKey: authority.privateKey };
    for (const [what, name, from, to] of [
      ['good', 'e1.good.example.org', -1, 90],
      ['other-name', 'e9.good.example.org', -1, 90],
      ['ended', 'e1.good.example.org', -90, -1],
    ] as const) {
      const leaf = await issue(name, from, to, { usages: ['server'], alternativeNames: [name] }, by);
      contexts[what] = { key: leaf.key, cert: derToPem(leaf.der) + derToPem(root) };
    }
    edge = createServer({ ...contexts['good'], requestCert: true, rejectUnauthorized: false });
    await new Promise<void>((done) => edge.listen(0, '127.0.0.1', done));
    const port = (edge.address() as AddressInfo).port;
    const zone = (domain: string, host: string, at: number) =>
      edgeZone({ domain, targets: [{ host, port: at, address: '127.0.0.1' }] });
    dns = await startDnsResponder({
      address: '127.0.0.1',
      port: 0,
      zones: [
        zone('good.example.org', 'e1.good.example.org', port),
        zone('closed.example.org', 'e2.closed.example.org', 1),
      ],
      log: silentLog,
    });
  });
  afterAll(async () => {
    edge.close();
    await dns[Symbol.asyncDispose]();
  });

  const check = (domain: string): Promise<DomainCheck> => {
    edge.setSecureContext(contexts[shows]!);
    return checkDomain(domain, {
      lookup: edgeLookup([`127.0.0.1:${dns.port}`]),
      probe: edgeProbe(async () => trusted),
      clock: { now: () => Date.now() },
    });
  };
  const codes = (result: DomainCheck) =>
    [...result.findings, ...result.targets.flatMap(({ findings }) => findings)].map(({ code }) => code);

  it('is content with a record whose edge phones trust by PhoneEdge-trust', async () => {
    trusted = [root];
    const result = await check('good.example.org');
    expect(result).toMatchObject({
      outcome: 'ok',
      record: '_collab-edge._tls.good.example.org',
      targets: [
        {
          host: 'e1.good.example.org',
          addresses: ['127.0.0.1'],
          certificate: { names: ['e1.good.example.org'], fitsHost: true, trust: 'phone-edge-trust' },
          findings: [],
        },
      ],
    });
  });

  it('says that the record is missing, that nobody answers there, or that DNS does not', async () => {
    expect(codes(await check('nowhere.good.example.org'))).toEqual(['srv_missing']);
    const closed = await check('closed.example.org');
    expect([closed.outcome, codes(closed)]).toEqual(['failed', ['edge_unreachable']]);
    const silent = await checkDomain('good.example.org', {
      lookup: { srv: async () => 'timed-out', addresses: async () => [] },
      probe: edgeProbe(async () => []),
      clock: { now: () => 0 },
    });
    expect(codes(silent)).toEqual(['srv_lookup_failed']);
  });

  it('says that the certificate is for another name, over, or by somebody phones do not trust', async () => {
    shows = 'other-name';
    expect(codes(await check('good.example.org'))).toEqual(['edge_certificate_name']);
    shows = 'ended';
    expect(codes(await check('good.example.org'))).toEqual(['edge_certificate_expired']);
    shows = 'good';
    trusted = [];
    expect(codes(await check('good.example.org'))).toEqual(['edge_certificate_untrusted']);
    const stranger = await generateKey('p-256');
    trusted = [
      await issueCertificate(
        {
          // The same name as the true authority, another key.
          subject: [['CN', 'CA']],
          publicKey: stranger.publicKey,
          notBefore: new Date(Date.now() - 1000),
          notAfter: new Date(Date.now() + 1e9),
          authority: { pathLength: 0 },
        },
        { self: stranger },
      ),
    ];
    expect(codes(await check('good.example.org'))).toEqual(['edge_certificate_untrusted']);
    trusted = [root];
  });
});
