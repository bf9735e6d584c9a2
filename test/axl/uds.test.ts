import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readXml, type XmlTree } from '../../src/protocol/phone-config/xml-reader.ts';
import { send, startRest, type TestRest } from '../rest/support/rest.ts';

let rest: TestRest;
let phone: { id: string; name: string };
beforeAll(async () => {
  rest = await startRest();
  await rest.call('POST', '/phones', {
    body: {
      model: 'Cisco 8845',
      mac: '00C0DE0000B1',
      description: 'Mine',
      ownerUserId: 'end-user',
      lines: [{ directoryNumber: '6001' }],
    },
  });
  const { rows } = await rest.database.pool.query(`SELECT id, name FROM device WHERE name = 'SEP00C0DE0000B1'`);
  phone = rows[0];
});
afterAll(async () => {
  expect(rest.errors).toEqual([]);
  await rest[Symbol.asyncDispose]();
});

const get = async (path: string, as: string | null = null) => {
  const answer = await send(rest.port, 'GET', `/cucm-uds${path}`, { as });
  return { ...answer, xml: readXml(new TextEncoder().encode(answer.text)) };
};
const value = (tree: XmlTree, name: string) => tree.children.find((each) => each.name === name)?.text;

describe('UDS', () => {
  it('tells anybody its version, as an attribute and an element', async () => {
    const { status, xml, headers } = await get('/version');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/xml/);
    expect(xml.name).toBe('versionInformation');
    expect(xml.attributes['version']).toMatch(/^15\.0/);
    expect(xml.attributes['uri']).toMatch(/^https:.*\/cucm-uds\/version$/);
  });

  it('tells anybody the servers and the models', async () => {
    expect((await get('/servers')).xml.children.map((each) => each.text)).toEqual(['127.0.0.1']);
    const models = (await get('/options/models')).xml.children;
    expect(models).toHaveLength(15);
    expect(models.map((each) => [value(each, 'value'), value(each, 'name')])).toContainEqual(['36224', 'Cisco 8845']);
  });

  it('does not tell who exists: everybody has a home here, whoever asks without signing in', async () => {
    const shape = async (query: string, asked: string) => {
      const { status, text, headers } = await get(`/clusterUser?${query}`);
      expect(headers['www-authenticate']).toBeUndefined();
      return [status, text.replaceAll(asked, 'X')];
    };
    const known = await shape('username=end-user', 'end-user');
    expect(await shape('username=ghost', 'ghost')).toEqual(known);
    expect(await shape('username=super', 'super')).toEqual(known);
    expect(await shape('username=END-USER', 'END-USER')).toEqual(known);
    expect(await shape('useridentifier=ghost', 'ghost')).toEqual(known);
    await rest.call('PATCH', '/users/end-user', { body: { mail: 'end@example.org' } });
    expect(await shape('email=end', 'end')).toEqual(known);
    const { xml } = await get('/clusterUser?email=end%40example.org');
    expect(xml.children[0]!.attributes).toMatchObject({ found: 'true' });
    expect(xml.children[0]!.attributes['uri']).toMatch(/\/user\/end%40example\.org$/);
    expect(value(xml, 'homeCluster')).toBe('127.0.0.1');
    expect((await get('/clusterUser')).status).toBe(415);
  });

  it('tells who signs in about themselves, and about others whom may read users', async () => {
    const found = async (query: string, as: string) =>
      (await get(`/clusterUser?${query}`, as)).xml.children[0]!.attributes['found'];
    expect(await found('username=END-USER', 'end-user')).toBe('true');
    expect(await found('email=end@example.org', 'end-user')).toBe('true');
    expect(await found('username=super', 'end-user')).toBe('false');
    expect(await found('username=super', 'auditor')).toBe('true');
    expect(await found('username=ghost', 'auditor')).toBe('false');
    expect((await get('/clusterUser?username=super', 'nobody')).status).toBe(401);
  });

  it('shows people themselves and their own phones', async () => {
    const { xml } = await get('/user/end-user', 'end-user');
    for (const needed of [
      'id',
      'userName',
      'firstName',
      'lastName',
      'displayName',
      'phoneNumber',
      'homeNumber',
      'mobileNumber',
      'remoteDestinationLimit',
      'email',
    ])
      expect(value(xml, needed), needed).toBeDefined();
    expect(value(xml, 'phoneNumber')).toBe('6001');
    const devices = (await get('/user/end-user/devices', 'end-user')).xml;
    expect(devices.children.map((each) => [value(each, 'name'), value(each, 'model')])).toEqual([
      [phone.name, 'Cisco 8845'],
    ]);
    const device = (await get(`/user/end-user/device/${phone.id}`, 'end-user')).xml;
    const provision = device.children.find((each) => each.name === 'provision')!;
    expect(value(provision, 'uri')).toBe(`https://files.example.org/${phone.name}.cnf.xml`);
  });

  it('shows them nobody else', async () => {
    expect((await get('/user/super', 'end-user')).status).toBe(404);
    expect((await get('/user/super/devices', 'end-user')).status).toBe(404);
    const users = (await get('/users', 'end-user')).xml;
    expect(users.children.map((each) => value(each, 'userName'))).toEqual(['end-user']);
  });

  it.each([
    ['/users?max=many', 'max'],
    ['/users?start=-1', 'start'],
    ['/users?last=a&last=b', 'last'],
    ['/clusterUser?username=a&username=b', 'username'],
  ])('refuses what it would have to pass over: %s', async (path, name) => {
    const { status, text } = await get(path, 'auditor');
    expect(status).toBe(400);
    expect(text).toContain(name);
  });

  it('keeps in the audit log who asked for a phone of somebody else, as REST does', async () => {
    await rest.call('POST', '/phones', { body: { model: 'Cisco 8845', mac: '00C0DE0000B2', ownerUserId: 'super' } });
    const { rows } = await rest.database.pool.query(`SELECT id FROM device WHERE name = 'SEP00C0DE0000B2'`);
    const foreign = rows[0].id as string;
    const noted = async () =>
      (
        await rest.database.pool.query(
          `SELECT object_id AS id, object_name AS name FROM audit_event WHERE action = 'phone.access-refused' ORDER BY ordinal`,
        )
      ).rows;
    expect((await get(`/user/end-user/device/${foreign}`, 'end-user')).status).toBe(404);
    expect(await noted()).toEqual([{ id: foreign, name: 'SEP00C0DE0000B2' }]);
    expect((await get('/user/super/device/nothing', 'end-user')).status).toBe(404);
    expect(await noted()).toEqual([
      { id: foreign, name: 'SEP00C0DE0000B2' },
      { id: '', name: 'nothing' },
    ]);
    expect((await get(`/user/end-user/device/${foreign}`, 'auditor')).status).toBe(404);
    expect(await noted()).toHaveLength(2);
  });

  it('shows those who may read users all of them, page by page, a search taken as it is written', async () => {
    const { xml } = await get('/users?max=2&start=1', 'auditor');
    expect(xml.attributes).toMatchObject({ start: '1', requestedCount: '2', returnedCount: '2' });
    expect(Number(xml.attributes['totalCount'])).toBeGreaterThan(4);
    expect((await get('/users?last=%25', 'auditor')).xml.children).toEqual([]);
    expect((await get('/users?name=end', 'auditor')).xml.children).toHaveLength(1);
  });

  it.each(['/user/end-user', '/users', '/user/end-user/devices'])('asks who wants %s to sign in', async (path) => {
    const { status, headers, xml } = await get(path);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toMatch(/^Basic/);
    expect(xml.name).toBe('errors');
  });

  it('can be read only', async () => {
    const { status, headers } = await send(rest.port, 'DELETE', '/cucm-uds/user/end-user', { as: 'end-user' });
    expect(status).toBe(405);
    expect(headers['allow']).toBe('GET');
  });

  it('says so where the service is switched off', async () => {
    const switched = async (activated: boolean) =>
      rest.call('PUT', '/nodes/node-a/services/UDS', { body: { activated } });
    expect((await switched(false)).status).toBe(200);
    const { status, xml } = await get('/version');
    expect(status).toBe(503);
    expect(value(xml.children[0]!, 'code')).toBe('service_off');
    await switched(true);
    expect((await get('/version')).status).toBe(200);
  });
});
