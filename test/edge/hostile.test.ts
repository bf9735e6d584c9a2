import { generateKeyPairSync } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority, makeMic } from '../support/certificates.ts';
import { sendThenRead, tooLarge } from '../support/send-then-read.ts';
import { type EdgeBench, edgeBench, startBody, TestPhone } from './support/edge-bench.ts';

const mac = '001122334455';
const start = '/das/v1/activation/start';
let bench: EdgeBench;
let phone: TestPhone;
let mic: Awaited<ReturnType<EdgeBench['mic']>>;

beforeAll(async () => {
  bench = await edgeBench({ e: { limits: { headerTime: 1_000, requestTime: 2_000, handshakeTime: 1_000 } } });
  mic = await bench.mic(mac);
  phone = new TestPhone(bench.e, bench.ca, mic);
});
afterAll(async () => {
  phone?.[Symbol.dispose]();
  await bench?.[Symbol.asyncDispose]();
});

/** Writes these octets and gives back all that comes until the edge closes. */
async function raw(text: string | Buffer): Promise<string> {
  const socket = await phone.raw();
  socket.write(text);
  return ended(socket);
}

function ended(socket: TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.once('close', () => resolve(text));
    socket.once('end', () => socket.end());
  });
}

/** Nothing may have reached the cluster meanwhile. */
async function nothingPasses(work: () => Promise<unknown>): Promise<void> {
  const before = bench.cluster.arrived.length;
  await work();
  expect(bench.cluster.arrived.slice(before)).toEqual([]);
}

describe('the edge passes nothing on', () => {
  it.each([
    ['administration', '/api/v1/phones'],
    ['administration, escaped', '/%61pi/v1/phones'],
    ['the console', '/'],
    ['AXL', '/axl/'],
    ['UDS', '/cucm-uds/version'],
    ['Self Care', '/selfcare'],
    ['metrics', '/metrics'],
    ['the listener inside', '/edge/v1/cluster'],
    ['the tunnel', '/tunnel/v1/control'],
    ['traversal', '/config/../api/v1/phones'],
    ['escaped traversal', '/config/%2e%2e/api/v1/phones'],
    ['traversal in a file name', `/config/..%2fSEP${mac}.cnf.xml`],
    ['a doubled slash', `//config/SEP${mac}.cnf.xml`],
    ['a trailing slash', '/das/v1/activation/start/'],
    ['a query where there is none', '/das/v1/activation/start?x=1'],
    ['another case', '/DAS/v1/activation/start'],
    ['a default file', '/config/XMLDefault.cnf.xml'],
    ['a trust list', '/config/ITLFile.tlv'],
    [
      'a host in the base64 form',
      `/${Buffer.from('mra.firstring.test/https/10.0.0.1/8443').toString('base64url')}/cucm-uds/servers`,
    ],
    ['a host named as a domain', `/${Buffer.from('10.0.0.1:8443').toString('base64url')}/get_edge_config`],
    ['a domain it does not serve', `/${Buffer.from('other.example').toString('base64url')}/get_edge_config`],
  ])('for %s', async (_what, path) => {
    await nothingPasses(async () => {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH']) {
        const answer = await phone.ask(method, path);
        expect([404, 405]).toContain(answer.status);
      }
    });
  });

  it.each([
    ['an absolute URL', 'GET http://10.0.0.1:8443/api/v1/phones HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    [
      'an absolute URL of a route',
      `POST https://inside${start} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    ],
    ['CONNECT', 'CONNECT 10.0.0.1:443 HTTP/1.1\r\nHost: 10.0.0.1:443\r\n\r\n'],
    ['two lengths', `POST ${start} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef`],
    [
      'a length and chunks',
      `POST ${start} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a strange coding', `POST ${start} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['a folded header', `GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n`],
    ['bare line feeds', `GET /config/SEP${mac}.cnf.xml HTTP/1.1\nHost: x\n\n`],
    ['two hosts', `GET /config/SEP${mac}.cnf.xml HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n`],
    [
      'two tokens',
      `GET /config/SEP${mac}.cnf.xml HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a.b.c\r\nAuthorization: Bearer d.e.f\r\nConnection: close\r\n\r\n`,
    ],
    ['a NUL in the path', 'GET /config/\0 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00'],
    ['a head of 9 KiB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(9 * 1024)}\r\n\r\n`],
  ])('for %s', async (_what, text) => {
    await nothingPasses(async () => {
      const answer = await raw(text);
      expect(answer === '' || /^HTTP\/1\.1 4\d\d /.test(answer), answer.slice(0, 200)).toBe(true);
      expect(answer).not.toMatch(/HTTP\/1\.1 2\d\d/);
    });
  });

  it('for a second request hidden behind the first', async () => {
    const inner = `POST ${start} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`;
    await nothingPasses(async () => {
      const answer = await raw(
        `POST ${start} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
      );
      expect(answer.match(/HTTP\/1\.1/g)?.length ?? 0).toBeLessThan(2);
    });
  });

  it('of a phone without a certificate, or with one no cluster trusts', async () => {
    const rogue = await makeMic({ issuer: await makeAuthority({ name: 'Test Manufacturing Root' }), mac });
    const expired = await bench.mic(mac, { notBefore: new Date(0), notAfter: new Date(86_400_000) });
    await nothingPasses(async () => {
      for (const [shown, status, error] of [
        [undefined, 401, 'mic_required'],
        [rogue, 403, 'mic_untrusted'],
        [expired, 403, 'mic_expired'],
      ] as const) {
        using other = new TestPhone(bench.e, bench.ca, shown);
        const answer = await other.ask('POST', start, { body: startBody(mac) });
        expect(answer).toMatchObject({ status, json: { error } });
      }
    });
  });

  it.each([
    ['not JSON', 'x'],
    ['a member twice', startBody(mac).replace('"v":1', '"v":1,"v":1')],
    ['a member nobody knows', startBody(mac).replace('"v":1', '"v":1,"vouch":{}')],
  ])('of a body that is %s', async (_what, body) => {
    await nothingPasses(async () => {
      const answer = await phone.ask('POST', start, { body });
      expect(answer.status).toBe(400);
      expect(answer.json.error).toBe('bad_request');
    });
  });

  it.each([20_000, ...tooLarge])('of a body of %i octets, with 413', async (octets) => {
    const { port } = new URL(bench.e.endpoints.expresswayE);
    await nothingPasses(async () => {
      const headers = { 'Content-Type': 'application/json' };
      expect((await sendThenRead({ port: Number(port) }, start, headers, octets)).status).toBe(413);
    });
  });

  it('of a form with another grant, or a member twice', async () => {
    await nothingPasses(async () => {
      for (const body of [
        'grant_type=password&username=a&password=b',
        'grant_type=refresh_token',
        'grant_type=refresh_token&refresh_token=a&refresh_token=b',
      ]) {
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        const answer = await phone.ask('POST', '/oauth/token', { body, headers });
        expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
      }
    });
  });
});

describe('headers that claim an identity', () => {
  it('change nothing of what the cluster hears', async () => {
    const headers = {
      'client-cert': ':AAAA:',
      'client-cert-chain': ':BBBB:',
      'x-forwarded-for': '10.0.0.1',
      'x-forwarded-client-cert': 'x',
      forwarded: 'for=10.0.0.1;by=10.0.0.2',
      'fr-conn': 'somebody-else',
      'x-real-ip': '10.9.9.9',
    };
    const answer = await phone.ask('POST', start, { body: startBody(mac), headers });
    expect(answer.status).toBe(200);
    const { vouch } = bench.cluster.arrived.at(-1)!;
    expect(vouch.sourceAddress).toBe('127.0.0.1');
    expect(vouch.connection).not.toContain('somebody');
    expect(Buffer.from(vouch.chain[0]!)).toEqual(Buffer.from(mic.der));
  });
});

describe('a file', () => {
  const file = `/config/SEP${mac}.cnf.xml`;
  const ask = (token: string, path = file) => phone.ask('GET', path, { headers: { authorization: `Bearer ${token}` } });

  it('of another phone is not given, whoever the token is for', async () => {
    await nothingPasses(async () => {
      const other = '/config/SEP00AABBCCDDEE.cnf.xml';
      expect(await ask(bench.cluster.token(mac, mic.der), other)).toMatchObject({
        status: 403,
        json: { error: 'not_allowed' },
      });
      expect(await ask(bench.cluster.token('00AABBCCDDEE', mic.der), other)).toMatchObject({ status: 403 });
      expect(await ask(bench.cluster.token('00AABBCCDDEE', mic.der))).toMatchObject({ status: 403 });
    });
  });

  it('needs a token that is good', async () => {
    const now = Math.floor(Date.now() / 1000);
    const stranger = await bench.mic('00AABBCCDDEE');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const token = (changes: Parameters<typeof bench.cluster.token>[2], der = mic.der) =>
      bench.cluster.token(mac, der, changes);
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    await nothingPasses(async () => {
      for (const [text, error] of [
        [token({ claims: { exp: now - 1, iat: now - 3600 } }), 'token_expired'],
        [token({}, stranger.der), 'token_wrong_certificate'],
        [token({ claims: { aud: ['sip', 'uds'] } }), 'token_wrong_audience'],
        [token({ claims: { aud: ['admin'] } }), 'token_invalid'],
        [token({ claims: { iss: 'https://other.test' } }), 'token_invalid'],
        [token({ claims: { iat: now + 3600, exp: now + 7200 } }), 'token_invalid'],
        [token({ header: { typ: 'JWT' } }), 'token_invalid'],
        [token({ header: { alg: 'HS256' } }), 'token_invalid'],
        [token({ header: { kid: 'other' } }), 'token_invalid'],
        [token({ header: { crit: ['b64'] } }), 'token_invalid'],
        [token({ key: privateKey }), 'token_invalid'],
        [token({ signature: '' }), 'token_invalid'],
        [`${none}.${token({}).split('.')[1]}.`, 'token_invalid'],
        ['garbage', 'token_invalid'],
      ] as const) {
        const answer = await ask(text);
        expect(answer, error).toMatchObject({ status: 401, json: { error } });
        expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
      }
      expect(await phone.ask('GET', file)).toMatchObject({ status: 401, json: { error: 'token_required' } });
    });
  });

  it('is refused within seconds once the cluster has revoked the token', async () => {
    const family = '6f1b2f3a-58b8-4a0e-9c6c-0a1b2c3d4e5f';
    const token = bench.cluster.token(mac, mic.der, { claims: { fam: family } });
    expect((await ask(token)).status).toBe(200);
    const before = performance.now();
    bench.cluster.revoke(family);
    let answer = await ask(token);
    while (answer.status !== 401 && performance.now() - before < 5_000) answer = await ask(token);
    expect(answer).toMatchObject({ status: 401, json: { error: 'token_revoked' } });
  });
});

describe('a slow client', () => {
  it.each([
    ['that never finishes its head', 'GET / HTTP/1.1\r\nHost:'],
    [
      'that never finishes its body',
      `POST ${start} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    ],
  ])('%s is cut off', async (_what, text) => {
    const answer = await raw(text);
    expect(answer === '' || answer.startsWith('HTTP/1.1 408')).toBe(true);
  });
});
