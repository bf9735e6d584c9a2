import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { password, send, startRest, type TestRest } from '../rest/support/rest.ts';
import { axl, axlFault, axlReturn } from './support/soap.ts';

let rest: TestRest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(() => rest[Symbol.asyncDispose]());

const version = (text: string) => /xmlns:ns="http:\/\/www\.cisco\.com\/AXL\/API\/([\d.]+)"/.exec(text)?.[1];

describe('the AXL address', () => {
  it('says that it is there to who may sign in, and gives a session', async () => {
    const answer = await send(rest.port, 'GET', '/axl/');
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Cisco CallManager: AXL Web Service');
    const [cookie] = answer.headers['set-cookie']!;
    expect(cookie).toMatch(/^__Host-JSESSIONIDSSO=[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    const again = await axl(rest, 'getCCMVersion', '', {
      as: null,
      headers: { cookie: cookie!.split(';')[0]! },
    });
    expect(again.status).toBe(200);
  });

  it.each([
    ['nobody', null],
    ['a stranger', 'stranger'],
  ])('asks %s to sign in, with a page every client survives', async (_who, as) => {
    const answer = await axl(rest, 'getCCMVersion', '', { as });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/);
    expect(answer.text).toMatch(/^<!doctype html><html lang="en"><head><title>HTTP Status 401 – Unauthorized<\/title>/);
  });

  it('has sessions of its own: none opens the REST interface, and none of the console opens AXL', async () => {
    const { headers } = await send(rest.port, 'GET', '/axl/');
    const token = /=([\w-]+);/.exec(headers['set-cookie']![0]!)![1];
    const asConsole = await rest.call('GET', '/session', {
      as: null,
      headers: { cookie: `__Host-firstring=${token}` },
    });
    expect(asConsole).toMatchObject({ status: 401, body: { code: 'session_expired' } });
    const opened = await send(rest.port, 'POST', '/api/v1/session', {
      as: null,
      body: { userId: 'super', password },
      headers: { origin: rest.origin },
    });
    const consoleToken = /=([\w-]+);/.exec(opened.headers['set-cookie']![0]!)![1];
    for (const name of ['__Host-JSESSIONIDSSO', 'JSESSIONIDSSO', '__Host-firstring'])
      expect(
        (await axl(rest, 'getCCMVersion', '', { as: null, headers: { cookie: `${name}=${consoleToken}` } })).status,
      ).toBe(401);
  });

  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/json'],
    ['text/xmlish'],
    [''],
  ])('takes XML only, not %s: what a form of any page can send', async (type) => {
    const text = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><n:getCCMVersion xmlns:n="http://www.cisco.com/AXL/API/14.0"/></s:Body></s:Envelope>`;
    for (const path of [
      '/axl/',
      '/realtimeservice2/services/RISService70',
      '/perfmonservice2/services/PerfmonService',
    ]) {
      const answer = await send(rest.port, 'POST', path, { raw: { type, text } });
      expect(answer.status, path).toBe(415);
      expect(answer.text).toMatch(/^<!doctype html>/);
    }
  });

  it.each([
    ['a page that is navigated to', { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' }],
    ['a script of a page', { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' }],
    ['an old browser', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'user-agent': 'Mozilla/5.0 (X11)' }],
  ])('asks no browser for a password that it would remember: %s', async (_what, headers) => {
    for (const path of ['/axl/', '/realtimeservice2/services/RISService70', '/cucm-uds/users', '/api/v1/me']) {
      const answer = await send(rest.port, 'GET', path, { as: null, headers });
      expect(answer.status, path).toBe(401);
      expect(answer.headers['www-authenticate'], path).toBeUndefined();
      const signedIn = await send(rest.port, 'GET', '/axl/', { headers });
      expect(signedIn.headers['set-cookie']).toBeUndefined();
    }
  });

  it('asks the SOAP clients that want HTML as well', async () => {
    const answer = await send(rest.port, 'GET', '/axl/', {
      as: null,
      headers: {
        accept: 'text/html,application/xhtml+xml,application/xml,text/xml;q=0.9,*/*;q=0.8',
        'user-agent': 'node-soap/1.1.0',
      },
    });
    expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/);
  });

  it('leaves one session behind for many requests of a tool', async () => {
    const count = async () => Number((await rest.database.pool.query('select count(*) from session')).rows[0].count);
    await axl(rest, 'getCCMVersion', '', { as: 'auditor' });
    const before = await count();
    for (let i = 0; i < 5; i++) await axl(rest, 'getCCMVersion', '', { as: 'auditor' });
    expect(await count()).toBe(before);
  });

  it.each(['12.5', '14.0', '15.0'])('answers in the version that was asked: %s', async (asked) => {
    expect(version((await axl(rest, 'getCCMVersion', '', { version: asked })).text)).toBe(asked);
  });

  it.each(['11.5', '16.0', '14', 'x'])('names the versions there are when asked for %s', async (asked) => {
    const answer = await axl(rest, 'getCCMVersion', '', { version: asked });
    expect(answer.status).toBe(599);
    expect(answer.text).toContain(
      'HTTP Status 599 - Incorrect axl version. Supported axl versions are 12.5, 14.0 and 15.0',
    );
  });

  it('takes the operation from the body, whatever SOAPAction, prefix, white space and content type say', async () => {
    for (const [type, text] of [
      [
        'text/xml',
        `<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">\n <soap:Header/>\n <soap:Body>\n <ns1:getCCMVersion xmlns:ns1="http://www.cisco.com/AXL/API/12.5" sequence="7"/>\n </soap:Body></soap:Envelope>`,
      ],
      [
        'application/soap+xml',
        `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><getCCMVersion xmlns="http://www.cisco.com/AXL/API/12.5" sequence="7"/></Body></Envelope>`,
      ],
    ] as const) {
      const answer = await send(rest.port, 'POST', '/axl/', {
        headers: { soapaction: '"CUCM:DB ver=9.9 removePhone"' },
        raw: { type, text },
      });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.text).toContain(
        '<ns:getCCMVersionResponse xmlns:ns="http://www.cisco.com/AXL/API/12.5" sequence="7">',
      );
      expect(answer.text).toContain('<soapenv:Envelope');
    }
  });

  it('answers an operation it does not have with a fault', async () => {
    expect(await axlFault(rest, 'addRegion', '<region><name>x</name></region>')).toMatchObject({
      status: 500,
      faultcode: 'soapenv:Client',
      message: 'The operation addRegion is not supported here.',
    });
  });

  it('answers SQL with the fault its clients survive', async () => {
    expect(await axlFault(rest, 'executeSQLQuery', '<sql>select * from device</sql>')).toMatchObject({ axlcode: 201 });
  });

  it('lets auditors read and not write, end users nothing', async () => {
    expect((await axl(rest, 'listPhone', '<returnedTags/>', { as: 'auditor' })).status).toBe(200);
    expect((await axl(rest, 'removePhone', '<name>SEP001122334455</name>', { as: 'auditor' })).status).toBe(401);
    expect((await axl(rest, 'listPhone', '<returnedTags/>', { as: 'end-user' })).status).toBe(403);
    expect((await axl(rest, 'listPhoneActivationCode', '<returnedTags/>', { as: 'device-admin' })).status).toBe(403);
  });

  it('refuses other methods with a page', async () => {
    const answer = await send(rest.port, 'PUT', '/axl/', { raw: { type: 'text/xml', text: '<x/>' } });
    expect(answer.status).toBe(405);
    expect(answer.text).toMatch(/^<!doctype html>/);
  });
});

describe('hostile XML', () => {
  const nested = (depth: number) => `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`;
  const envelope = (inner: string, before = '') =>
    `${before}<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><n:getPhone xmlns:n="http://www.cisco.com/AXL/API/14.0">${inner}</n:getPhone></s:Body></s:Envelope>`;
  it.each([
    ['an entity bomb', envelope('&z;', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY z "&a;&a;&a;">]>')],
    ['an external entity', envelope('&x;', '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>')],
    ['deep nesting', envelope(nested(5000))],
    ['a hundred thousand elements', envelope('<a/>'.repeat(100_000))],
    ['many attributes', envelope(`<a ${Array.from({ length: 5000 }, (_, i) => `b${i}="1"`).join(' ')}/>`)],
    ['half a document', envelope('').slice(0, -20)],
    ['an undeclared prefix', '<s:Envelope xmlns:s="x"><s:Body><q:getPhone/></s:Body></s:Envelope>'],
    ['no XML', 'hello'],
    ['nothing', ''],
  ])('%s is refused as what it is, and the server goes on', async (_what, text) => {
    const answer = await send(rest.port, 'POST', '/axl/', { raw: { type: 'text/xml', text } });
    expect([400, 500]).toContain(answer.status);
    expect(answer.text).toMatch(/could not be read as SOAP|not a SOAP envelope/);
    expect(answer.text).not.toContain('root:');
    expect((await axl(rest, 'getCCMVersion', '')).status).toBe(200);
    expect(rest.errors).toEqual([]);
  });

  it('octets that are not UTF-8 are refused as that', async () => {
    const raw = { type: 'text/xml', text: new Uint8Array([0x3c, 0xff, 0xfe, 0x3e]) };
    const answer = await send(rest.port, 'POST', '/axl/', { raw });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('The body is not UTF-8.');
  });

  it('more than 1 MiB is refused with 413 and a page', async () => {
    const answer = await send(rest.port, 'POST', '/axl/', {
      raw: { type: 'text/xml', text: envelope('x'.repeat(1_100_000)) },
    });
    expect(answer.status).toBe(413);
    expect(answer.text).toMatch(/^<!doctype html>/);
  });
});

describe('a long list', () => {
  it('comes in pieces, by skip and first as elements or attributes', async () => {
    for (let i = 0; i < 5; i++)
      await axlReturn(rest, 'addRoutePartition', `<routePartition><name>piece-${i}</name></routePartition>`);
    const names = async (page: string) =>
      (
        await axlReturn(
          rest,
          'listRoutePartition',
          `<searchCriteria><name>piece-%</name></searchCriteria><returnedTags><name/></returnedTags>${page}`,
        )
      ).children.map((each) => each.children[0]!.text);
    expect(await names('')).toEqual(['piece-0', 'piece-1', 'piece-2', 'piece-3', 'piece-4']);
    expect(await names('<skip>1</skip><first>2</first>')).toEqual(['piece-1', 'piece-2']);
    expect(await names('<skip>3</skip>')).toHaveLength(5);
  });
});
