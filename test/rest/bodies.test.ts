import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendThenRead, tooLarge } from '../support/send-then-read.ts';
import { basic, startRest, type TestRest } from './support/rest.ts';

let rest: TestRest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(() => rest?.[Symbol.asyncDispose]());

const authorization = basic('super');

describe('a body above the limit', () => {
  it.each(tooLarge)('of %i octets is answered with 413, which a client reads that sends first', async (octets) => {
    const json = { authorization, 'Content-Type': 'application/json' };
    const answer = await sendThenRead({ port: rest.port }, '/api/v1/device-pools', json, octets);
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('"code":"body_too_large"');
    const soap = await sendThenRead(
      { port: rest.port },
      '/axl/',
      { authorization, 'Content-Type': 'text/xml' },
      octets,
    );
    expect(soap.status).toBe(413);
    expect(soap.text).toContain('larger than 1 MiB');
  });

  it('of a spreadsheet, too', async () => {
    const answer = await sendThenRead(
      { port: rest.port },
      '/api/v1/bulk/files?name=large.csv&transaction=insert-phones-specific-details',
      { authorization, 'Content-Type': 'text/csv' },
      12_000_000,
    );
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('"code":"body_too_large"');
  });

  it('sent by somebody who may not send anything gets that answer', async () => {
    const answer = await sendThenRead(
      { port: rest.port },
      '/api/v1/device-pools',
      { 'Content-Type': 'application/json' },
      5_000_000,
    );
    expect(answer.status).toBe(401);
  });
});

describe('who is not signed in', () => {
  it.each([
    ['POST', '/axl/', 401],
    ['POST', '/realtimeservice2/services/RISService70', 401],
    ['POST', '/perfmonservice2/services/PerfmonService', 401],
    ['PUT', '/axl/', 405],
    ['PUT', '/cucm-uds/user/end-user', 405],
    ['POST', '/api/v1/device-pools', 401],
    ['PUT', '/api/v1/firmware-files/x.sgn', 401],
    ['POST', '/api/v1/bulk/files?name=a.csv&transaction=insert-phones-specific-details', 401],
  ])('is answered from the headers of %s %s, with %i, before a body has come', async (method, path, status) => {
    const socket = connect({ rejectUnauthorized: false, host: '127.0.0.1', port: rest.port });
    try {
      await once(socket, 'secureConnect');
      const type = path.startsWith('/api') ? (path.includes('csv') ? 'text/csv' : 'application/json') : 'text/xml';
      socket.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 1000000\r\n\r\n`);
      const [head] = (await once(socket, 'data', { signal: AbortSignal.timeout(20_000) })) as [Buffer];
      expect(head.toString('latin1')).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    } finally {
      socket.destroy();
    }
  });
});

describe('a body that is not what it says', () => {
  it('is refused when it is not UTF-8, and nothing is stored', async () => {
    const text = Buffer.concat([
      Buffer.from('{"name":"Latin", "description":"caf'),
      Buffer.from([0xe9]),
      Buffer.from('"}'),
    ]);
    const answer = await rest.call('POST', '/device-pools', { raw: { text, type: 'application/json' } });
    expect(answer.body).toMatchObject({ status: 400, code: 'malformed_json' });
    expect(answer.body.detail).toContain('not UTF-8');
    expect((await rest.call('GET', '/device-pools/Latin')).status).toBe(404);
  });

  it('is refused when it names a member twice, saying which', async () => {
    const text = '{"name":"Twice","name":"Thrice"}';
    const answer = await rest.call('POST', '/device-pools', { raw: { text, type: 'application/json' } });
    expect(answer.body).toMatchObject({ status: 400, code: 'malformed_json' });
    expect(answer.body.detail).toContain('"name" given twice');
  });
});

describe('a client that goes away in the middle of its body', () => {
  it.each([
    ['JSON', '/api/v1/device-pools', 'application/json'],
    ['an upload', '/api/v1/bulk/files?name=a.csv&transaction=insert-phones-specific-details', 'text/csv'],
    ['SOAP', '/axl/', 'text/xml'],
  ])('of %s is nobody’s error here', async (_what, target, type) => {
    const socket = connect({ port: rest.port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    socket.on('error', () => {});
    socket.write(
      `POST ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: ${type}\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n`,
    );
    await once(socket, 'data');
    socket.write('{"name":');
    socket.destroy();
    // Whatever it does to the server, it has done by the time that this is answered.
    for (let i = 0; i < 5; i++) expect((await rest.call('GET', '/device-pools')).status).toBe(200);
    expect(rest.errors).toEqual([]);
  });
});
