import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DatabaseProxy, databaseProxy } from '../support/database-proxy.ts';
import { send, startRest, type TestRest } from './support/rest.ts';

let proxy: DatabaseProxy;
let rest: TestRest;

beforeAll(async () => {
  proxy = await databaseProxy();
  rest = await startRest({ through: proxy.through });
});
beforeEach(() => {
  Object.assign(proxy, { dark: false, darkAfterLoss: false, loseCommits: 0, swallowCommits: 0 });
});
afterAll(async () => {
  await rest[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

let count = 0;
const nextMac = () => `0200AA00${(++count).toString(16).padStart(4, '0').toUpperCase()}`;
const newPhone = (mac: string) => ({ body: { model: 'Cisco 8845', mac, requiresActivationCode: true } });
const back = async () => {
  proxy.dark = false;
  await expect.poll(async () => (await rest.call('GET', '/version')).status).toBe(200);
};

describe('a change whose commit was carried out and whose answer got lost', () => {
  it('is answered as what it is: made, once', async () => {
    for (let i = 0; i < 3; i++) {
      const mac = nextMac();
      const before = proxy.lost;
      proxy.loseCommits = 1;
      const answer = await rest.call('POST', '/phones', newPhone(mac));
      expect(proxy.lost).toBe(before + 1);
      expect(answer).toMatchObject({ status: 201, body: { name: `SEP${mac}` } });
      expect((await rest.call('GET', `/phones/SEP${mac}`)).status).toBe(200);
      expect((await rest.call('GET', `/phones/SEP${mac}/activation-code`)).body.code).toMatch(/^\d{16}$/);
    }
  });

  it('is said to be unknown while the database stays away, and how to find out', async () => {
    const mac = nextMac();
    proxy.loseCommits = 1;
    proxy.darkAfterLoss = true;
    const answer = await rest.call('POST', '/phones', newPhone(mac));
    expect(answer).toMatchObject({ status: 503, body: { code: 'outcome_unknown' } });
    expect(answer.text).not.toMatch(/nothing was changed/);
    expect(answer.body.remedy).toMatch(/Look/);
    await back();
    expect((await rest.call('GET', `/phones/SEP${mac}`)).status).toBe(200);
  });

  it.each([
    ['PUT', '/phones/NAME', { body: { description: 'changed' } }],
    ['POST', '/phones/NAME/activation-code/revoke', undefined],
    ['DELETE', '/phones/NAME', undefined],
  ])('%s %s is answered as made', async (method, path, options) => {
    const mac = nextMac();
    await rest.call('POST', '/phones', newPhone(mac));
    const url = path.replace('NAME', `SEP${mac}`);
    proxy.loseCommits = 1;
    const answer = await rest.call(method, url, options);
    if (answer.status === 404 && method === 'POST') return;
    expect([200, 204]).toContain(answer.status);
  });

  it('over AXL is answered as made, and as unknown while the database stays away', async () => {
    const axl = (name: string) =>
      send(rest.port, 'POST', '/axl/', {
        as: 'super',
        raw: {
          type: 'text/xml',
          text: `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns="http://www.cisco.com/AXL/API/14.0"><soapenv:Body><ns:addRoutePartition><routePartition><name>${name}</name></routePartition></ns:addRoutePartition></soapenv:Body></soapenv:Envelope>`,
        },
      });
    proxy.loseCommits = 1;
    const made = await axl('made');
    expect([made.status, made.text]).toEqual([200, expect.stringContaining('addRoutePartitionResponse')]);
    proxy.loseCommits = 1;
    proxy.darkAfterLoss = true;
    const unknown = await axl('unknown');
    expect(unknown.status).toBe(500);
    expect(unknown.text).toMatch(/not known whether the change was made/);
    await back();
    for (const name of ['made', 'unknown'])
      expect((await rest.call('GET', `/route-partitions/${name}`)).status).toBe(200);
  });
});

describe('a change whose commit never reached the database', () => {
  it('is said to have changed nothing, and it did not', async () => {
    const mac = nextMac();
    proxy.swallowCommits = 1;
    const answer = await rest.call('POST', '/phones', newPhone(mac));
    expect(answer).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });
    expect(answer.body.detail).toMatch(/nothing was changed/);
    expect((await rest.call('GET', `/phones/SEP${mac}`)).status).toBe(404);
  });
});

describe('a request that only reads', () => {
  it('changed nothing, and says so', async () => {
    proxy.dark = true;
    proxy.cut();
    const answer = await rest.call('GET', '/phones');
    expect(answer.body).toMatchObject({
      code: 'database_unavailable',
      detail: expect.stringMatching(/nothing was changed/),
    });
    await back();
  });
});
