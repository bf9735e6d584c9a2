import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { sealer } from '../crypto/sealer.ts';
import { issueMic, labIssuer, openLabManufacturer } from './lab-manufacturer.ts';
import { loadNodeIdentity } from './node-identity.ts';

describe('node identity', () => {
  let database: TestDatabase;
  const seal = sealer(randomBytes(32));
  const nodeRow = async (name: string, address = '127.0.0.1') =>
    database.db
      .insertInto('node')
      .values({ name, address, ports: '{}' })
      .returning(['id', 'name', 'address'])
      .executeTakeFirstOrThrow();
  const load = (node: { id: string; name: string; address: string }) =>
    loadNodeIdentity({ db: database.db, transactions: database.transactions, sealer: seal, node });
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  it('is the same after a restart', async () => {
    const node = await nodeRow('ucm-a');
    const [first, second] = [await load(node), await load(node)];
    expect(second.tomcat.certificate).toEqual(first.tomcat.certificate);
    expect(second.callManager.privateKey.equals(first.callManager.privateKey)).toBe(true);
  });

  it('shares the cluster’s CA and signers between nodes that start at once, not their own certificates', async () => {
    await database.db.deleteFrom('node_certificate').execute();
    const nodes = await Promise.all([nodeRow('ucm-c'), nodeRow('ucm-d')]);
    const [c, d] = await Promise.all(nodes.map(load));
    expect(c!.clusterCa).toEqual(d!.clusterCa);
    expect(c!.itlRecovery.certificate).toEqual(d!.itlRecovery.certificate);
    expect(c!.callManagerSigning.certificate).toEqual(d!.callManagerSigning.certificate);
    expect(c!.tvs.certificate).not.toEqual(d!.tvs.certificate);
  });

  it('is issued by the cluster CA with keys the phones can read', async () => {
    const identity = await load(await nodeRow('ucm-e', '192.0.2.7'));
    const ca = new X509Certificate(identity.clusterCa);
    for (const each of [
      identity.itlRecovery,
      identity.callManagerSigning,
      identity.callManager,
      identity.tvs,
      identity.tomcat,
    ]) {
      const certificate = new X509Certificate(each.certificate);
      expect(certificate.verify(ca.publicKey)).toBe(true);
      expect(certificate.checkIssued(ca)).toBe(true);
      expect(certificate.checkPrivateKey(each.privateKey)).toBe(true);
      expect(certificate.subject).toMatch(/CN=.*\n?.*OU=|OU=.*\n?.*CN=/s);
    }
    expect(identity.tvs.privateKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
    expect(identity.tomcat.privateKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' });
    expect(new X509Certificate(identity.tomcat.certificate).checkIP('192.0.2.7')).toBe('192.0.2.7');
    expect(new X509Certificate(identity.tomcat.certificate).checkHost('ucm-e')).toBe('ucm-e');
  });

  it('renews the node’s certificates when its address changes, and only those', async () => {
    const node = await nodeRow('ucm-f');
    const before = await load(node);
    const after = await load({ ...node, address: '192.0.2.8' });
    expect(after.tomcat.certificate).not.toEqual(before.tomcat.certificate);
    expect(after.itlRecovery.certificate).toEqual(before.itlRecovery.certificate);
  });

  it('renews what ends soon', async () => {
    const node = await nodeRow('ucm-g');
    const before = await load(node);
    await database.db
      .updateTable('node_certificate')
      .set({ not_after: new Date(Date.now() + 24 * 3600 * 1000) })
      .where('node_id', '=', node.id)
      .where('purpose', '=', 'tvs')
      .execute();
    const after = await load(node);
    expect(after.tvs.certificate).not.toEqual(before.tvs.certificate);
    expect(after.tomcat.certificate).toEqual(before.tomcat.certificate);
  });

  it('refuses another key-encryption key', async () => {
    const node = await nodeRow('ucm-h');
    await load(node);
    const other = loadNodeIdentity({
      db: database.db,
      transactions: database.transactions,
      sealer: sealer(randomBytes(32)),
      node,
    });
    await expect(other).rejects.toMatchObject({ code: 'sealed_value_unreadable' });
  });
});

describe('lab manufacturer', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'firstring-lab-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('issues MICs whose chain verifies and whose subject is that of a real phone', async () => {
    const lab = await openLabManufacturer(directory);
    for (const kind of ['rsa-2048', 'p-256'] as const) {
      const mic = await issueMic(await labIssuer(lab), { product: 'CP-8845', mac: '001122334455', kind });
      const certificate = new X509Certificate(mic.certificate);
      expect(certificate.subject.split('\n')).toEqual(
        expect.arrayContaining(['CN=CP-8845-SEP001122334455', 'serialNumber=PID:CP-8845 SN:LAB22334455']),
      );
      expect(certificate.checkIssued(new X509Certificate(lab.issuing))).toBe(true);
      expect(certificate.verify(new X509Certificate(lab.issuing).publicKey)).toBe(true);
      expect(certificate.ca).toBe(false);
    }
    const issuing = new X509Certificate(lab.issuing);
    expect(issuing.verify(new X509Certificate(lab.root).publicKey)).toBe(true);
    expect(issuing.ca).toBe(true);
  });

  it('is kept, with its key readable by its owner only', async () => {
    const first = await openLabManufacturer(directory);
    expect((await openLabManufacturer(directory)).root).toEqual(first.root);
    expect((await stat(first.keyFile)).mode & 0o777).toBe(0o600);
    expect(await readFile(first.certFile, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });
});
