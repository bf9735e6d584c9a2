import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgePaths } from '../../src/protocol/edge-access/requests.ts';
import { type EdgeBench, edgeBench, startBody, TestPhone, until } from './support/edge-bench.ts';

const mac = '001122334455';
const start = '/das/v1/activation/start';
let bench: EdgeBench;

beforeAll(async () => {
  bench = await edgeBench({
    e: {
      limits: {
        connectionsPerSource: 20,
        sipFlowsPerSource: 5,
        inFlight: 4,
        handshakeTime: 1_000,
        requestsPerSource: { burst: 60, perSecond: 20 },
      },
    },
  });
});
afterAll(async () => bench?.[Symbol.asyncDispose]());

const newPhone = async () => new TestPhone(bench.e, bench.ca, await bench.mic(mac));
const portOf = (url: string) => Number(url.split(':').at(-1));

/** Connections that never begin a handshake, and how many of them were closed at once. */
async function idle(port: number, count: number): Promise<{ sockets: Socket[]; closed: () => number }> {
  let closed = 0;
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.once('close', () => closed++);
    return socket;
  });
  await Promise.all(sockets.map((socket) => once(socket, 'connect').catch(() => undefined)));
  return { sockets, closed: () => closed };
}

describe('one source', () => {
  it.each(['expresswayE', 'expresswayESip'] as const)(
    'may hold only so many connections to %s, and those that never say a word are closed',
    async (name) => {
      const most = name === 'expresswayE' ? 20 : 5;
      const { closed } = await idle(portOf(bench.e.endpoints[name]), most + 15);
      await until(() => closed() >= 15);
      // The handshake's time is over for the others too.
      await until(() => closed() === most + 15);
      using phone = await newPhone();
      expect((await phone.ask('POST', start, { body: startBody(mac) })).status).toBe(200);
    },
  );

  it('cannot keep the way in for Expressway-C busy by connections that never say a word', async () => {
    const { closed, sockets } = await idle(portOf(bench.e.endpoints.expresswayETunnel), 40);
    await until(() => closed() === sockets.length, 20_000);
    expect(bench.c.notReady()).toEqual([]);
  });

  it('is told to come back later when it asks too often, and is served again after that', async () => {
    using phone = await newPhone();
    const answers: { status: number; after: number }[] = [];
    for (let i = 0; i < 100; i++) {
      const { status, headers } = await phone.ask('GET', '/nothing/here');
      answers.push({ status, after: Number(headers['retry-after']) });
    }
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const { after } of refused) expect(after).toBeGreaterThan(0);
    await until(async () => (await phone.ask('POST', start, { body: startBody(mac) })).status === 200);
  });
});

describe('more requests than the edge takes at once', () => {
  it('are answered 503 with a Retry-After that is not the same for all, and the ones inside are not disturbed', async () => {
    let release = () => {};
    const gate = new Promise<void>((done) => {
      release = done;
    });
    let inside = 0;
    bench.cluster.answers.set(edgePaths.start, async () => {
      inside++;
      await gate;
      return { status: 200, body: '{}' };
    });
    const phones = await Promise.all(Array.from({ length: 16 }, newPhone));
    // The buckets of the source have to be full again.
    await new Promise((done) => setTimeout(done, 1_500));
    const asked = phones.map((phone) => phone.ask('POST', start, { body: startBody(mac) }));
    await until(() => inside === 4);
    const answers = await Promise.all(asked.map((each) => Promise.race([each, gate.then(() => undefined), later()])));
    release();
    const busy = answers.filter((answer) => answer?.status === 503);
    expect(busy.length).toBe(12);
    expect(new Set(busy.map((answer) => answer!.headers['retry-after'])).size).toBeGreaterThan(1);
    expect((await Promise.all(asked)).filter(({ status }) => status === 200).length).toBe(4);
    bench.cluster.answers.clear();
    for (const phone of phones) phone[Symbol.dispose]();
  });
});

const later = () => new Promise<undefined>((done) => setTimeout(() => done(undefined), 1_000));
