import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noteDatabaseLife } from '../../src/infra/cluster/database-life.ts';
import { readSurroundings } from '../../src/infra/database/activation-surroundings-store.ts';
import { provisioningStore } from '../../src/infra/database/provisioning-store.ts';
import { orderOf } from '../../src/phone/boot/order.ts';
import { decodeTrustList } from '../../src/protocol/trust-list/trust-list.ts';
import { fileLab } from './support/lab.ts';

let lab: Awaited<ReturnType<typeof fileLab>>;
let a: Awaited<ReturnType<typeof lab.startNode>>;
const name = 'SEP001122334455';
const order = async () => orderOf((await provisioningStore(lab.db).phone(name))!.versionStamp)!;
const list = async () => {
  a.files.notice('*');
  return (await a.get('ITLFile.tlv')) as Uint8Array;
};
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  lab = await fileLab();
  a = await lab.startNode('node-a');
  await lab.addPhone({ name, directoryNumber: '1001' });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

describe('the number of a versionStamp', () => {
  it('grows with every change of the phone, also with several in one second', async () => {
    const seen = [await order()];
    for (const text of ['a', 'b', 'c', 'a']) {
      await sql`UPDATE device SET description = ${text} WHERE name = ${name}`.execute(lab.db);
      seen.push(await order());
    }
    expect(seen).toEqual([...new Set(seen)].sort((x, y) => x - y));
    expect(seen).toHaveLength(5);
  });

  it.each([
    ['its line', sql`UPDATE line SET directory_number = '1002' WHERE directory_number = '1001'`],
    [
      'what it shares with others',
      sql`UPDATE common_phone_profile SET vendor_config = vendor_config || '{"webAccess":"1"}'`,
    ],
    ['the addresses of a node', sql`UPDATE node SET description = description || '.'`],
  ])('does not shrink with a change of %s, and takes the time of the change', async (_, change) => {
    await sql`UPDATE device SET config_epoch = 1 WHERE name = ${name}`.execute(lab.db);
    await sql`UPDATE line SET config_epoch = 1`.execute(lab.db);
    await sql`DELETE FROM config_change`.execute(lab.db);
    expect(await order()).toBe(1);
    await change.execute(lab.db);
    const { rows } = await sql<{ now: string }>`SELECT extract(epoch FROM now())::bigint AS now`.execute(lab.db);
    expect(Math.abs((await order()) - Number(rows[0]!.now))).toBeLessThan(600);
  });

  it('stays where it is when the clock was set back, and grows from there', async () => {
    await sql`UPDATE device SET config_epoch = 4000000000 WHERE name = ${name}`.execute(lab.db);
    await sql`UPDATE device SET description = 'later' WHERE name = ${name}`.execute(lab.db);
    expect(await order()).toBe(4_000_000_001);
    await sql`UPDATE device SET config_epoch = 1 WHERE name = ${name}`.execute(lab.db);
  });

  it('is the same where nothing changed', async () => {
    const before = await order();
    await sql`UPDATE node SET last_seen_at = now()`.execute(lab.db);
    await sql`UPDATE device_pool SET name = name`.execute(lab.db);
    expect(await order()).toBe(before);
  });
});

describe('a database that was restored', () => {
  it('gives files and trust lists a later order than any before, once', async () => {
    await noteDatabaseLife(lab.db);
    expect(await noteDatabaseLife(lab.db)).toBe(false);
    const [file, trust] = [await order(), decodeTrustList(await list())];
    expect(await list()).toEqual(await list());
    // As it is after a restore: the same content under another timeline, and stamps from before.
    await sql`UPDATE database_life SET fingerprint = 'another'`.execute(lab.db);
    expect(await noteDatabaseLife(lab.db)).toBe(true);
    const renewed = decodeTrustList(await list());
    expect(renewed.records).toEqual(trust.records);
    expect(renewed.timestamp).toBeGreaterThan(trust.timestamp);
    expect(await order()).toBeGreaterThanOrEqual(file);
    expect(await noteDatabaseLife(lab.db)).toBe(false);
    expect(decodeTrustList(await list()).timestamp).toBe(renewed.timestamp);
  });
});

describe('a trust list from before', () => {
  const told = async () => {
    const node = await lab.db.selectFrom('node').select('id').executeTakeFirstOrThrow();
    return await readSurroundings(lab.db, node);
  };

  it('is still good when a node joined, for a quarter of an hour', async () => {
    const before = await list();
    await lab.addNode('node-b');
    const after = await list();
    expect(await told()).toMatchObject({ itlSha256: sha256(after) });
    const good = (await told()).itlBefore.find((each) => each.sha256 === sha256(before))!;
    const { rows } = await sql<{ now: Date }>`SELECT now() AS now`.execute(lab.db);
    expect(good.until - rows[0]!.now.getTime()).toBeGreaterThan(13 * 60_000);
    expect(good.until - rows[0]!.now.getTime()).toBeLessThanOrEqual(15 * 60_000);
    await sql`UPDATE trust_list SET built_at = built_at - interval '16 minutes'`.execute(lab.db);
    expect((await told()).itlBefore).toEqual([]);
  });

  it('is good no more as soon as a certificate has left', async () => {
    const before = await list();
    await sql`DELETE FROM node_certificate WHERE purpose = 'tvs' AND node_id = (SELECT id FROM node WHERE name = 'node-b')`.execute(
      lab.db,
    );
    const after = await list();
    expect(after).not.toEqual(before);
    expect(await told()).toMatchObject({ itlSha256: sha256(after), itlBefore: [] });
  });
});
