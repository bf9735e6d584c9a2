import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeMessage } from '../../src/protocol/sip/write.ts';
import { Agent } from './support/agent.ts';
import { manufacturer, mic, nodeMaterial, trusting } from './support/certificates.ts';
import { device, type TestSip, testSip } from './support/fakes.ts';

const folder = join(import.meta.dirname, '../../vectors/sip');
const torture = readdirSync(folder)
  .filter((file) => file.endsWith('.sip'))
  .map((file) => ({ file, bytes: readFileSync(join(folder, file)) }));
const name = 'SEP001122334401';
const junk = [
  Buffer.alloc(0),
  Buffer.from('\r\n\r\n'),
  Buffer.from([0]),
  Buffer.alloc(1400),
  Buffer.alloc(16_000, 'A'),
  Buffer.from('INVITE'),
  Buffer.from('SIP/2.0 200 OK\r\n\r\n'),
  Buffer.from('REGISTER sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n\r\n'),
  Buffer.from(`REGISTER sip:a SIP/2.0\r\n${'Via: SIP/2.0/UDP a;branch=z9hG4bKa\r\n'.repeat(300)}\r\n`),
  Buffer.from('GET / HTTP/1.1\r\n\r\n'),
  Buffer.from('16030100c8010000c40303', 'hex'),
];

let lab: Awaited<ReturnType<typeof manufacturer>>;
let tls: Awaited<ReturnType<typeof nodeMaterial>>;
beforeAll(async () => {
  [lab, tls] = await Promise.all([manufacturer(), nodeMaterial()]);
});
afterAll(() => lab[Symbol.asyncDispose]());

const start = (limits = {}): Promise<TestSip> =>
  testSip(
    [
      device(name, ['1001'], { transports: ['udp', 'tcp', 'tls'] }),
      device('SEP001122334402', ['1002'], { transports: ['udp', 'tcp', 'tls'] }),
    ],
    { ports: { udp: 0, tcp: 0, tls: 0 }, tls, verifyClient: trusting(lab), limits },
  );

/** The server still does its work. */
async function alive(sip: TestSip): Promise<void> {
  await using phone = await Agent.udp('1001', sip.server.ports.udp!);
  expect(await phone.register(name)).toMatchObject({ status: 200 });
  expect(await phone.register(name, { expires: 0 })).toMatchObject({ status: 200 });
}

describe('hostile messages', () => {
  it('over UDP: every torture message and junk leaves the server at work, and sends no more than twice what came', async () => {
    await using sip = await start();
    for (const bytes of [...torture.map((each) => each.bytes), ...junk]) {
      await using stranger = await Agent.udp('stranger', sip.server.ports.udp!);
      // Answers go to the port the message asks for, so ask for this one.
      const asked = Buffer.from(bytes.toString('latin1').replace(/branch=/i, 'rport;branch='), 'latin1');
      stranger.raw(asked);
      // What comes after is answered, so what came before has been dealt with.
      const before = stranger.octetsReceived;
      stranger.send({ method: 'OPTIONS', callId: 'marker@test' });
      await stranger.response('marker@test');
      expect(before).toBeLessThanOrEqual(asked.length * 2);
    }
    expect(sip.complaints).toEqual([]);
    await alive(sip);
  });

  it('over UDP: a request that is too short for its answer gets none', async () => {
    await using sip = await start();
    await using stranger = await Agent.udp('1001', sip.server.ports.udp!);
    const short =
      'REGISTER sip:a SIP/2.0\r\nv:SIP/2.0/UDP a;rport\r\nf:<sip:1001@a>\r\nt:<sip:1001@a>\r\ni:1\r\nCSeq:1 REGISTER\r\n\r\n';
    stranger.raw(Buffer.from(short));
    stranger.send({ method: 'OPTIONS', callId: 'marker@test' });
    const answer = await stranger.response('marker@test');
    expect(stranger.octetsReceived - writeMessage(answer).length).toBeLessThanOrEqual(short.length * 2);
  });

  it.each(['tcp', 'tls'] as const)(
    'over %s: a stream that cannot be followed is closed, the others are not',
    async (transport) => {
      await using sip = await start();
      await using witness = await Agent[transport]('1001', sip.server.ports[transport]!);
      expect(await witness.register(name)).toMatchObject({ status: 200 });
      for (const { bytes } of [...torture, ...junk.map((each) => ({ bytes: each }))]) {
        await using stranger = await Agent[transport]('stranger', sip.server.ports[transport]!);
        stranger.raw(Buffer.concat([bytes, Buffer.from('\r\n\r\n'.repeat(2))]));
        await stranger
          .until(
            () => (stranger.closed || stranger.pongs > 0 || stranger.octetsReceived > 0 ? true : undefined),
            'an answer or the end',
            1_000,
          )
          .catch(() => {});
      }
      witness.raw(Buffer.from('\r\n\r\n'));
      await witness.until(() => (witness.pongs > 0 ? true : undefined), 'the keep-alive');
      expect(witness.closed).toBe(false);
      expect(sip.complaints).toEqual([]);
      await alive(sip);
    },
  );

  it('on the TLS port: no TLS, half a handshake, and a certificate that makes the validator fail', async () => {
    await using sip = await start();
    for (const bytes of junk) {
      const socket = connect(sip.server.ports.tls!, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.end(bytes);
      socket.destroy();
    }
    await using broken = await testSip([device(name, ['1001'])], {
      ports: { tls: 0, udp: 0 },
      tls,
      verifyClient: () => Promise.reject(new Error('boom')),
    });
    const socket = connectTls({
      port: broken.server.ports.tls!,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      ...(await mic(lab, '001122334401')),
    });
    socket.on('error', () => {});
    await once(socket, 'close');
    await alive(sip);
    await alive(broken);
  });

  it('a message sent octet by octet is read; a connection that says nothing is closed', async () => {
    await using sip = await start({ silentMs: 300 });
    await using slow = await Agent.tcp('1001', sip.server.ports.tcp!);
    for (const octet of writeMessage(slow.build({ method: 'OPTIONS', callId: 'slow@test' })))
      slow.raw(Buffer.from([octet]));
    expect(await slow.response('slow@test')).toMatchObject({ status: 200 });
    await using silent = await Agent.tcp('1001', sip.server.ports.tcp!);
    await silent.until(() => (silent.closed ? true : undefined), 'the end');
    expect(slow.closed).toBe(false);
  });

  it('limits the connections of one source', async () => {
    await using sip = await start({ connectionsPerSource: 3 });
    const held = await Promise.all([1, 2, 3].map(() => Agent.tcp('x', sip.server.ports.tcp!)));
    const fourth = connect(sip.server.ports.tcp!, '127.0.0.1');
    fourth.on('error', () => {});
    await once(fourth, 'close');
    for (const agent of held) await agent[Symbol.asyncDispose]();
    await vi.waitFor(async () => {
      await using again = await Agent.tcp('x', sip.server.ports.tcp!);
      again.send({ method: 'OPTIONS', callId: 'again@test' });
      await again.response('again@test');
    });
  });

  it('refuses new calls when its transactions are used up, and forgets them all again', async () => {
    await using sip = await start({ transactions: 20 });
    await using caller = await Agent.tcp('1001', sip.server.ports.tcp!);
    await using callee = await Agent.tcp('1002', sip.server.ports.tcp!);
    await caller.register(name);
    await callee.register('SEP001122334402');
    const calls = Array.from({ length: 30 }, (_, i) =>
      caller.ask({
        method: 'OPTIONS',
        uri: 'sip:1002@127.0.0.1',
        to: '<sip:1002@127.0.0.1>',
        callId: `m${i}@test`,
      }),
    );
    const overload = calls.map(async (call) => (await call).status);
    // Nobody answers until the limit was met.
    expect(await Promise.race(overload)).toBe(503);
    const answering = (async () => {
      for (;;) callee.respond(await callee.request('OPTIONS'), { status: 200 });
    })().catch(() => {});
    const statuses = await Promise.all(overload);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    await vi.waitFor(() => expect(sip.server.stats().transactions).toBe(0));
    await callee[Symbol.asyncDispose]();
    await answering;
  });

  it('a flood of junk leaves nothing behind', async () => {
    await using sip = await start();
    const socket = createSocket('udp4');
    const round = async (): Promise<number> => {
      for (let i = 0; i < 4_000; i++) {
        const bytes =
          i % 2 === 0
            ? torture[i % torture.length]!.bytes
            : Buffer.from(
                `OPTIONS sip:${i} SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK${i};rport\r\nf: <sip:${i}@x>;tag=1\r\nt: <sip:x>\r\ni: ${i}\r\nCSeq: 1 OPTIONS\r\n\r\n`,
              );
        socket.send(bytes, sip.server.ports.udp!, '127.0.0.1');
        if (i % 100 === 0) await new Promise(setImmediate);
      }
      await alive(sip);
      return sip.server.stats().transactions + sip.server.stats().bindings + sip.server.stats().connections;
    };
    expect(await round()).toBe(0);
    expect(await round()).toBe(0);
    socket.close();
    expect(sip.complaints).toEqual([]);
  });
});
