import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgePaths } from '../../src/protocol/edge-access/requests.ts';
import type { RunningExpresswayE } from '../../src/roles/expressway-e/options.ts';
import { type EdgeBench, edgeBench, proveBody, startBody, TestPhone, until } from './support/edge-bench.ts';
import { type Wire, wireTo } from './support/wire.ts';

const mac = '001122334455';
const start = '/das/v1/activation/start';
const prove = '/das/v1/activation/prove';
let bench: EdgeBench;
let wire: Wire;
let e: RunningExpresswayE;
const phones: TestPhone[] = [];

beforeAll(async () => {
  let tunnelPort = 0;
  wire = await wireTo(() => tunnelPort);
  bench = await edgeBench({
    nodes: 2,
    e: { tunnelPublicAddress: wire.address, ports: { https: 0, sip: 0, tunnel: 0, console: 0 } },
    beforePairing: (started) => {
      tunnelPort = Number(started.endpoints.expresswayETunnel.split(':').at(-1));
    },
  });
  e = bench.e;
});
afterAll(async () => {
  for (const each of phones) each[Symbol.dispose]();
  await bench?.[Symbol.asyncDispose]();
  await wire?.[Symbol.asyncDispose]();
});

async function newPhone(of: RunningExpresswayE = e): Promise<TestPhone> {
  const phone = new TestPhone(of, bench.ca, await bench.mic(mac));
  phones.push(phone);
  return phone;
}

/** As a phone does: again after Retry-After, until the edge takes it. */
async function patiently(phone: TestPhone, path: string, body: string) {
  for (;;) {
    const answer = await phone.ask('POST', path, { body });
    if (answer.status !== 503) return answer;
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    await sleep(100);
  }
}

describe('a tunnel that is cut', () => {
  it('for a second between start and prove costs nothing: the same node hears both, of the same connection', async () => {
    const phone = await newPhone();
    await phone.ask('POST', start, { body: startBody(mac) });
    const started = bench.cluster.arrived.at(-1)!;
    wire.cut();
    await until(() => !e.connected());
    await sleep(1_000);
    wire.restore();
    await until(() => e.connected());
    expect((await phone.ask('POST', prove, { body: proveBody })).status).toBe(200);
    const proven = bench.cluster.arrived.at(-1)!;
    expect(proven).toMatchObject({ node: started.node, path: edgePaths.prove });
    expect(proven.vouch).toEqual(started.vouch);
  });

  it('answers 503 with a Retry-After while it lasts, to a phone whose request was in it too, and serves after it', async () => {
    const phone = await newPhone();
    let inside = () => {};
    const arrived = new Promise<void>((done) => {
      inside = done;
    });
    bench.cluster.answers.set(edgePaths.start, () => {
      inside();
      return new Promise(() => {});
    });
    let answer = phone.ask('POST', start, { body: startBody(mac) });
    // On a machine that is busy the tunnel may just have been given up, and the answer is 503 at once.
    while ((await Promise.race([arrived.then(() => undefined), answer])) !== undefined) {
      await sleep(100);
      answer = phone.ask('POST', start, { body: startBody(mac) });
    }
    wire.cut();
    bench.cluster.answers.clear();
    expect(await answer).toMatchObject({ status: 503, json: { error: 'busy' } });
    expect(Number((await answer).headers['retry-after'])).toBeGreaterThan(0);
    wire.restore();
    expect((await patiently(phone, start, startBody(mac))).status).toBe(200);
  });

  it('without a word (nothing is closed, octets vanish) is noticed, and a new one comes', async () => {
    const phone = await newPhone();
    expect((await patiently(phone, start, startBody(mac))).status).toBe(200);
    wire.silence();
    const lost = await phone.ask('POST', start, { body: startBody(mac) });
    expect(lost.status).toBe(503);
    await until(() => !e.connected());
    wire.restore();
    expect((await patiently(phone, start, startBody(mac))).status).toBe(200);
  });

  it('is dialled again within five seconds, however long it was away', async () => {
    wire.cut();
    await until(() => !e.connected());
    // Long enough for the pauses between attempts to have grown.
    await sleep(2_500);
    const since = performance.now();
    wire.restore();
    await until(() => e.connected());
    expect(performance.now() - since).toBeLessThan(6_000);
  });

  it('ends SIP connections cleanly, so that phones come back at once', async () => {
    const phone = await newPhone();
    const socket = await phone.sip();
    socket.write('x');
    await once(socket, 'data');
    const ended = once(socket, 'end');
    socket.resume();
    wire.cut();
    await ended;
    socket.destroy();
    wire.restore();
    await until(() => e.connected());
    await until(() => bench.cluster.nodes.every((node) => node.sipConnections.size === 0));
  });

  it('never sends a refresh of a token twice, unless the phone says that it is the same one', async () => {
    const phone = await newPhone();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const asked = () => bench.cluster.arrived.filter(({ path }) => path === edgePaths.token).length;
    const tries = async (body: string) => {
      const before = asked();
      bench.cluster.answers.set(edgePaths.token, async () => {
        // The answer is lost with the node that gives it.
        const node = bench.cluster.nodes.find(({ name }) => name === bench.cluster.arrived.at(-1)!.node)!;
        bench.cluster.answers.delete(edgePaths.token);
        await node.stop();
        await node.start();
        return { status: 200, body: '{}' };
      });
      const { status } = await phone.ask('POST', '/oauth/token', { body, headers });
      return { status, asked: asked() - before };
    };
    expect(await tries('grant_type=refresh_token&refresh_token=a')).toEqual({ status: 503, asked: 1 });
    expect(await tries('grant_type=refresh_token&refresh_token=a&request_id=0123456789abcdef')).toEqual({
      status: 200,
      asked: 2,
    });
  });
});

describe('a node that dies', () => {
  it('is left out for what can be asked elsewhere', async () => {
    const phone = await newPhone();
    const [a] = bench.cluster.nodes;
    await a!.stop();
    const nodes = new Set<string>();
    for (let i = 0; i < 6; i++) {
      expect((await patiently(phone, start, startBody(mac))).status).toBe(200);
      nodes.add(bench.cluster.arrived.at(-1)!.node);
    }
    expect([...nodes]).toEqual(['ucm-b']);
    await a!.start();
  });
});

describe('two Expressway-C', () => {
  it('share the phones of one E; when one dies the other takes over', async () => {
    await until(() => e.connected());
    const second = await bench.joinC('c2', [e]);
    const one = await newPhone();
    const two = await newPhone();
    for (let i = 0; i < 4; i++) {
      expect((await patiently(one, start, startBody(mac))).status).toBe(200);
      expect((await patiently(two, start, startBody(mac))).status).toBe(200);
    }
    await second[Symbol.asyncDispose]();
    for (let i = 0; i < 4; i++) {
      expect((await patiently(one, start, startBody(mac))).status).toBe(200);
      expect((await patiently(two, start, startBody(mac))).status).toBe(200);
    }
  });
});

describe('a restart', () => {
  it('of C keeps the pairing, the clusters and the settings', async () => {
    await bench.restartC();
    const phone = await newPhone();
    expect((await patiently(phone, start, startBody(mac))).status).toBe(200);
    expect(bench.c.isPairedWith('e1', bench.e.tunnelAddress) && bench.c.hasCluster()).toBe(true);
  });

  it('of E keeps its keys: C and phones find it again', async () => {
    const second = await bench.startE('e2');
    const pinned = second.serverRoot;
    await bench.c.pair(await second.pairingText());
    await until(() => second.connected());
    const ports = {
      https: Number(new URL(second.endpoints.expresswayE).port),
      sip: Number(second.endpoints.expresswayESip.split(':').at(-1)),
      tunnel: Number(second.endpoints.expresswayETunnel.split(':').at(-1)),
      console: 0,
    };
    await second[Symbol.asyncDispose]();
    const again = await bench.startE('e2', { ports });
    await until(() => again.connected());
    expect(again.serverRoot).toEqual(pinned);
    const phone = await newPhone(again);
    expect((await patiently(phone, start, startBody(mac))).status).toBe(200);
    expect(bench.cluster.arrived.at(-1)!.vouch.edge).toBe('e2');
    await again[Symbol.asyncDispose]();
  });
});
