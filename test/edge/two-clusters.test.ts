import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgePaths } from '../../src/protocol/edge-access/requests.ts';
import { type EdgeBench, edgeBench, startBody, TestPhone, until } from './support/edge-bench.ts';
import { StandInCluster } from './support/stand-in-cluster.ts';

const mac = '001122334455';
const domain = 'second.firstring.test';
let bench: EdgeBench;
let second: StandInCluster;
let phone: TestPhone;
let micDer: Uint8Array;

beforeAll(async () => {
  bench = await edgeBench();
  second = await StandInCluster.open({ trust: [bench.manufacturer.der], domains: [domain] });
  await bench.c.addCluster({ register: second.register });
  await bench.c.ready();
  const mic = await bench.mic(mac);
  micDer = mic.der;
  phone = new TestPhone(bench.e, bench.ca, mic);
});
afterAll(async () => {
  phone?.[Symbol.dispose]();
  await second?.[Symbol.asyncDispose]();
  await bench?.[Symbol.asyncDispose]();
});

describe('two clusters behind one edge', () => {
  it('each get the phones of their own domain, for the whole of a connection', async () => {
    for (const [name, cluster, other] of [
      [domain, second, bench.cluster],
      ['mra.firstring.test', bench.cluster, second],
    ] as const) {
      using fresh = new TestPhone(bench.e, bench.ca, await bench.mic(mac));
      const before = other.arrived.length;
      expect((await fresh.ask('GET', `/${Buffer.from(name).toString('base64url')}/get_edge_config`)).status).toBe(200);
      for (let i = 0; i < 3; i++) await fresh.ask('POST', '/das/v1/activation/start', { body: startBody(mac) });
      expect(cluster.arrived.slice(-4).map(({ path }) => path)).toEqual([
        edgePaths.edgeConfig,
        ...Array(3).fill(edgePaths.start),
      ]);
      expect(other.arrived.length).toBe(before);
    }
  });

  it('each get the tokens they gave', async () => {
    for (const cluster of [bench.cluster, second]) {
      const headers = { authorization: `Bearer ${cluster.token(mac, micDer)}` };
      expect((await phone.ask('GET', `/config/SEP${mac}.cnf.xml`, { headers })).status).toBe(200);
      expect(cluster.arrived.at(-1)!.path).toBe(edgePaths.config);
    }
    // A refresh token names nobody: the cluster that does not know it says so, and the other is asked.
    const unknown = () => ({ status: 400, body: '{"error":"invalid_grant"}' });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = 'grant_type=refresh_token&refresh_token=abc';
    for (const [knows, not] of [
      [bench.cluster, second],
      [second, bench.cluster],
    ] as const) {
      not.answers.set(edgePaths.token, unknown);
      using fresh = new TestPhone(bench.e, bench.ca, await bench.mic(mac));
      expect((await fresh.ask('POST', '/oauth/token', { body, headers })).status).toBe(200);
      expect(knows.arrived.at(-1)!.path).toBe(edgePaths.token);
      not.answers.clear();
    }
    for (const cluster of [bench.cluster, second]) cluster.answers.set(edgePaths.token, unknown);
    using fresh = new TestPhone(bench.e, bench.ca, await bench.mic(mac));
    expect(await fresh.ask('POST', '/oauth/token', { body, headers })).toMatchObject({
      status: 400,
      json: { error: 'invalid_grant' },
    });
  });

  it('get the SIP of the phones they know', async () => {
    for (const [knows, not] of [
      [second, bench.cluster],
      [bench.cluster, second],
    ] as const) {
      not.sipOrder = undefined;
      knows.sipOrder = ['ucm-a'];
      const socket = await phone.sip();
      socket.write('x');
      await once(socket, 'data');
      expect([knows.nodes[0]!.sipConnections.size, not.nodes[0]!.sipConnections.size]).toEqual([1, 0]);
      socket.destroy();
      await until(() => knows.nodes[0]!.sipConnections.size === 0);
    }
  });

  it('go on for themselves when one is forgotten', async () => {
    await second[Symbol.asyncDispose]();
    using fresh = new TestPhone(bench.e, bench.ca, await bench.mic(mac));
    expect(
      (await fresh.ask('GET', `/${Buffer.from('mra.firstring.test').toString('base64url')}/get_edge_config`)).status,
    ).toBe(200);
    expect((await fresh.ask('POST', '/das/v1/activation/start', { body: startBody(mac) })).status).toBe(200);
  });
});
