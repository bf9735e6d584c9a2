import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutstandingCodeView } from '../../src/contract/phone-codes.ts';
import { type PhoneBench, phoneBench } from './phone-bench.ts';

let bench: PhoneBench;
beforeAll(async () => {
  bench = await phoneBench();
  await bench.addUser('ann', ['end-user'], { firstName: 'Ann', lastName: 'Example' });
  await bench.addUser('operator', ['device-admin']);
  const add = (phone: object) => bench.call('POST', '/phones', phone);
  await add({ model: '8845', mac: '00A1B4000001', description: 'Lobby', lines: [{ directoryNumber: '1001' }] });
  await add({
    model: '8845',
    mac: '00A1B4000002',
    description: 'Kitchen 100%',
    ownerUserId: 'ann',
    requiresActivationCode: true,
  });
  await add({ model: '7841', mac: '00A1B4000003', description: 'lobby two', ownerUserId: 'ann' });
  await add({ model: '7841', mac: '00A1B4000004', description: '', requiresActivationCode: true });
  await add({ model: '8851', mac: '00A1B4000005', requiresActivationCode: true });
  await bench.database.db
    .updateTable('activation_code')
    .set({ expires_at: new Date(0) })
    .where('device_name', '=', 'SEP00A1B4000004')
    .execute();
  await bench.call('DELETE', '/phones/SEP00A1B4000005/activation-code');
  await sql`INSERT INTO node (name, address) VALUES ('node-a', '127.0.0.1')`.execute(bench.database.db);
  await sql`
    INSERT INTO registration (device_id, contact, node_id, device_name, directory_numbers, transport, source_address, source_port, call_id, cseq, expires_at)
    SELECT d.id, 'sip:x@127.0.0.1:5060', n.id, d.name, ARRAY['1001'], 'tls', '127.0.0.1', 5060, 'c', 1,
           now() + make_interval(secs => CASE d.name WHEN 'SEP00A1B4000001' THEN 60 ELSE -60 END)
    FROM device d, node n WHERE d.name IN ('SEP00A1B4000001', 'SEP00A1B4000003')`.execute(bench.database.db);
});
afterAll(() => bench[Symbol.asyncDispose]());

const last = (name: string) => name.slice(-1);
const list = async (query: string, as = 'admin') => {
  const answer = await bench.call('GET', `/phones${query}`, undefined, { as });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return {
    total: answer.body.total,
    phones: answer.body.items.map((phone: { name: string }) => last(phone.name)).join(''),
  };
};

describe('the list of phones', () => {
  it.each([
    ['', 5, '12345'],
    ['?sort=-name', 5, '54321'],
    ['?search=lobby', 2, '13'],
    ['?search=b4000002', 1, '2'],
    ['?search=100%25', 1, '2'],
    ['?search=_', 0, ''],
    ['?search=1001', 1, '1'],
    ['?search=AN', 2, '23'],
    ['?model=Cisco%207841', 2, '34'],
    ['?model=7841', 2, '34'],
    ['?devicePool=Default', 5, '12345'],
    ['?devicePool=Nowhere', 0, ''],
    ['?ownerUserId=Ann', 2, '23'],
    ['?codeState=active', 1, '2'],
    ['?codeState=expired', 1, '4'],
    ['?codeState=none', 3, '135'],
    ['?codeState=locked', 0, ''],
    ['?registered=true', 1, '1'],
    ['?registered=false', 4, '2345'],
    ['?requiresActivationCode=true', 3, '245'],
    ['?model=8845&registered=false&ownerUserId=ann', 1, '2'],
    ['?sort=model', 5, '34125'],
  ])('filtered and sorted by %j has %i', async (query, total, phones) => {
    const found = await list(query);
    expect(found.total).toBe(total);
    // Phones equal in the sorted field come in any steady order.
    expect(query === '?sort=model' ? [...found.phones].sort().join('') : found.phones).toBe(
      query === '?sort=model' ? '12345' : phones,
    );
  });

  it.each(['name', 'description', 'model', 'devicePool', 'owner', 'createdAt', 'updatedAt', '-owner', '-devicePool'])(
    'comes in pages in the order of %s, each phone once',
    async (sort) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const { body } = await bench.call(
          'GET',
          `/phones?limit=2&sort=${sort}${cursor === undefined ? '' : `&cursor=${cursor}`}`,
        );
        expect(body.total).toBe(5);
        seen.push(...body.items.map((phone: { name: string }) => last(phone.name)));
        cursor = body.nextCursor;
      } while (cursor !== undefined);
      expect(seen.sort().join('')).toBe('12345');
    },
  );

  it('carries lines, code and registration of each phone', async () => {
    const { items } = (await bench.call('GET', '/phones?search=Lobby&sort=name')).body;
    expect(items[0]).toEqual((await bench.call('GET', '/phones/SEP00A1B4000001')).body);
    expect(items[0]).toMatchObject({ lines: [{ directoryNumber: '1001' }], registration: { node: 'node-a' } });
  });

  it('shows end users their own phones only', async () => {
    expect(await list('', 'ann')).toEqual({ total: 2, phones: '23' });
    expect(await list('?ownerUserId=operator', 'ann')).toEqual({ total: 0, phones: '' });
  });

  it('refuses what it cannot sort by or filter on', async () => {
    for (const [query, field] of [
      ['sort=colour', 'sort'],
      ['limit=0', 'limit'],
      ['limit=1000', 'limit'],
      ['codeState=good', 'codeState'],
      ['registered=maybe', 'registered'],
      ['page=2', 'page'],
      ['cursor=!', 'cursor'],
    ])
      expect(await bench.call('GET', `/phones?${query}`)).toMatchObject({ status: 400, body: { field } });
  });
});

describe('the list of outstanding codes', () => {
  it('shows what the description of the API names, and nothing else', async () => {
    const { body } = await bench.call('GET', '/activation-codes');
    const [first] = (body as { items: object[] }).items;
    expect(Object.keys(first!).toSorted()).toEqual(Object.keys(OutstandingCodeView.properties).toSorted());
  });
});

describe('the list of registrations', () => {
  it('has those that have not run out', async () => {
    const { body } = await bench.call('GET', '/registrations');
    expect(body).toMatchObject({
      total: 1,
      items: [
        {
          deviceName: 'SEP00A1B4000001',
          description: 'Lobby',
          model: 'Cisco 8845',
          node: 'node-a',
          transport: 'tls',
          sourceAddress: '127.0.0.1',
          sourcePort: 5060,
          directoryNumbers: ['1001'],
        },
      ],
    });
  });

  it.each([
    ['search=4000001', 1],
    ['search=1001', 1],
    ['search=zzz', 0],
    ['node=node-a', 1],
    ['node=other', 0],
    ['deviceName=SEP00A1B4000001', 1],
  ])('finds by %s', async (query, total) => {
    expect((await bench.call('GET', `/registrations?${query}`, undefined, { as: 'operator' })).body.total).toBe(total);
  });
});
