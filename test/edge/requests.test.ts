import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgePaths } from '../../src/protocol/edge-access/requests.ts';
import { domain, type EdgeBench, edgeBench, host, proveBody, startBody, TestPhone } from './support/edge-bench.ts';

const mac = '001122334455';
let bench: EdgeBench;
let phone: TestPhone;
let micDer: Uint8Array;

beforeAll(async () => {
  bench = await edgeBench();
  const mic = await bench.mic(mac);
  micDer = mic.der;
  phone = new TestPhone(bench.e, bench.ca, mic);
});
afterAll(async () => {
  phone?.[Symbol.dispose]();
  await bench?.[Symbol.asyncDispose]();
});

const last = () => bench.cluster.arrived.at(-1)!;
const start = '/das/v1/activation/start';

describe('a request of a phone', () => {
  it('reaches the node rebuilt, with what E and C vouch for', async () => {
    const answer = await phone.ask('POST', start, { body: startBody(mac) });
    expect(answer.status).toBe(200);
    const { path, vouch, message } = last();
    expect(path).toBe(edgePaths.start);
    expect(JSON.parse(message['request'] as string)).toEqual(JSON.parse(startBody(mac)));
    expect(Buffer.from(vouch.chain[0]!)).toEqual(Buffer.from(micDer));
    expect(vouch).toMatchObject({ edge: 'e1', tls: 'TLSv1.3', sourceAddress: '127.0.0.1', serverName: host });
    expect(vouch.channelBinding).toHaveLength(32);
  });

  it('keeps one connection name and one binding for start, prove and confirm', async () => {
    const seen: string[] = [];
    for (const [step, body] of [
      ['start', startBody(mac)],
      ['prove', proveBody],
    ] as const) {
      await phone.ask('POST', `/das/v1/activation/${step}`, { body });
      const { vouch } = last();
      seen.push(`${vouch.connection} ${Buffer.from(vouch.channelBinding).toString('hex')}`);
    }
    expect(new Set(seen).size).toBe(1);
  });

  it('gets the status, the body and the Retry-After the node gave', async () => {
    bench.cluster.answers.set(edgePaths.start, () => ({
      status: 429,
      headers: { 'retry-after': '17' },
      body: '{"error":"rate_limited","message":"…","ref":"r"}',
    }));
    const answer = await phone.ask('POST', start, { body: startBody(mac) });
    bench.cluster.answers.clear();
    expect(answer).toMatchObject({ status: 429, json: { error: 'rate_limited' } });
    expect(answer.headers['retry-after']).toBe('17');
  });

  it('finds the edge servers of its domain by the address the field uses', async () => {
    const path = `/${Buffer.from(domain).toString('base64').replace(/=+$/, '')}/get_edge_config?service_name=_cisco-uds&service_name=_cuplogin&x=y`;
    bench.cluster.answers.set(edgePaths.edgeConfig, () => ({ status: 200, contentType: 'text/xml', body: '<a/>' }));
    const answer = await phone.ask('GET', path);
    bench.cluster.answers.clear();
    expect(answer).toMatchObject({ status: 200, text: '<a/>' });
    expect(answer.headers['content-type']).toBe('text/xml');
    const { message } = last();
    expect(message).toMatchObject({ domain, serviceNames: ['_cisco-uds', '_cuplogin'] });
    expect(message['edge']).toEqual({
      host,
      httpsPort: Number(new URL(bench.e.endpoints.expresswayE).port),
      sipPort: Number(bench.e.endpoints.expresswayESip.split(':').at(-1)),
      turnServers: ['turn.example.org:3478'],
    });
  });

  it('gets its own file with its token, and the token goes on inside', async () => {
    const token = bench.cluster.token(mac, micDer);
    bench.cluster.answers.set(edgePaths.config, () => ({ status: 200, contentType: 'text/xml', body: '<device/>' }));
    const answer = await phone.ask('GET', `/config/SEP${mac}.cnf.xml`, {
      headers: { authorization: `Bearer ${token}` },
    });
    bench.cluster.answers.clear();
    expect(answer).toMatchObject({ status: 200, text: '<device/>' });
    expect(last().message).toMatchObject({ authorization: `Bearer ${token}`, name: `SEP${mac}.cnf.xml` });
  });

  it('refreshes its token with a form that holds nothing else', async () => {
    const answer = await phone.ask('POST', '/oauth/token', {
      body: 'grant_type=refresh_token&refresh_token=abc.def&resource=https%3A%2F%2Fevil.test&request_id=0123456789abcdef',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(200);
    expect(last().message['request']).toBe(
      'grant_type=refresh_token&refresh_token=abc.def&request_id=0123456789abcdef',
    );
  });
});
