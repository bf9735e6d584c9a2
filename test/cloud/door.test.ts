import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RateLimiter } from '../../src/endpoints/listen/rate-limit.ts';
import { derToPem } from '../../src/infra/pki/identity.ts';
import { readCloudProblem } from '../../src/protocol/cloud/problem.ts';
import { writeResolve } from '../../src/protocol/cloud/resolve.ts';
import { sendThenRead, tooLarge } from '../support/send-then-read.ts';
import { type ClientIdentity, type CloudBench, cloudBench, type TestCluster } from './cloud-bench.ts';

let bench: CloudBench;
let cluster: TestCluster;
let phone: ClientIdentity;
beforeAll(async () => {
  bench = await cloudBench({ limits: { connectionsPerSource: 40, headerTime: 3000, handshakeTime: 3000 } });
  cluster = await bench.enrol('fuzzed');
  await cluster.configure();
  phone = await bench.phone();
});
afterAll(() => bench[Symbol.asyncDispose]());

const address = () => ({ host: '127.0.0.1', port: Number(new URL(bench.cloud.endpoints.cloud).port) });

async function open(identity: Partial<ClientIdentity> = {}): Promise<TLSSocket> {
  const socket = connect({ ...address(), ca: derToPem(bench.cloud.authority), servername: 'localhost', ...identity });
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  return socket;
}
/** Like `once(socket, 'close')`, for sockets that may end with an error. */
const closing = (socket: Socket) => new Promise<string>((done) => socket.once('close', () => done('closed')));
/** Sends octets as they are; everything that comes back until the other side closes. */
async function raw(octets: string | Uint8Array): Promise<string> {
  const socket = await open(phone);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  socket.write(octets);
  await closing(socket);
  return answer;
}
const alive = async () => {
  const { status } = await bench.resolve(await bench.phone(), '0000000');
  expect(status).toBe(404);
};

describe('the door of the cloud', () => {
  it('speaks TLS 1.3 only, and nothing in clear', async () => {
    const old = connect({ ...address(), maxVersion: 'TLSv1.2', rejectUnauthorized: false });
    const [error] = (await once(old, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toMatch(/PROTOCOL_VERSION|ECONNRESET/);
    const plain = connectTcp(address());
    plain.on('error', () => {});
    plain.write('GET /v1/cluster HTTP/1.1\r\nHost: localhost\r\n\r\n');
    let answer = '';
    plain.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    await closing(plain);
    expect(answer).not.toContain('HTTP/1.1 200');
  });

  it('knows its addresses exactly: nothing of the operator, no other method, no dressed-up path', async () => {
    const addresses = [
      ['GET', '/'],
      ['GET', '/api/v1/clusters'],
      ['POST', '/api/v1/session'],
      ['GET', '/metrics'],
      ['GET', '/v1/resolve'],
      ['POST', '/v1/resolve/'],
      ['POST', '/v1//resolve'],
      ['POST', '/v1/%72esolve'],
      ['POST', '/V1/resolve'],
      ['POST', '/v1/resolve?x=1'],
      ['PUT', '/v1/cluster'],
      ['GET', '/v1/locators?after=12'],
      ['DELETE', '/v1/locators/12345678/5b7b0b38-6f0c-4b4e-9a6a-3d1a5d6b1c55'],
      ['DELETE', '/v1/locators/1234567/..'],
      ['GET', '/v1/cluster/settings'],
      ['TRACE', '/v1/cluster'],
    ] as const;
    for (const [method, path] of addresses) {
      const { status, problem } = await cluster.ask(method, path);
      expect([path, status, problem?.error]).toEqual([path, 404, 'not_found']);
    }
    // Clients tidy this one up; the door must not.
    expect(await raw('GET /v1/cluster/../cluster HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 404/,
    );
  });

  it('takes nobody’s word for who is asking: headers that name a certificate are only text', async () => {
    const { request } = await import('node:https');
    const status = await new Promise<number>((done, failed) => {
      const call = request({
        ...address(),
        path: '/v1/cluster',
        rejectUnauthorized: false,
        agent: false,
        headers: {
          'client-cert': Buffer.from(cluster.enrolled.certificateChain[0]!).toString('base64'),
          'x-forwarded-for': '10.0.0.1',
          forwarded: 'for=10.0.0.1',
          'x-ssl-client-cert': cluster.identity.cert.replaceAll('\n', ' '),
        },
      });
      call.once('error', failed);
      call.once('response', (response) => {
        response.resume();
        done(response.statusCode ?? 0);
      });
      call.end();
    });
    expect(status).toBe(401);
  });

  it.each([
    ['two lengths', 'POST /v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde'],
    [
      'a length and chunks',
      'POST /v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'a chunk of nonsense length',
      'POST /v1/resolve HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n',
    ],
    ['a header without end', `POST /v1/resolve HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(9000)}\r\n\r\n`],
    ['no HTTP at all', '\u0016\u0003\u0001 hello\r\n\r\n'],
    ['a bare line feed in a header', 'POST /v1/resolve HTTP/1.1\nHost: x\n\n'],
  ])('ends a connection that sends %s', async (_, text) => {
    expect(await raw(text)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    await alive();
  });

  it('refuses bodies larger than the route takes, another content type, and text that is not UTF-8', async () => {
    const large = await cluster.ask(
      'POST',
      '/v1/locators',
      JSON.stringify({ idempotency_key: 'a'.repeat(17_000), count: 1 }),
    );
    expect([large.status, large.problem?.message]).toEqual([413, 'The body is larger than 16 KiB.']);
    for (const octets of tooLarge) {
      const patient = await sendThenRead(address(), '/v1/resolve', { 'Content-Type': 'application/json' }, octets);
      expect(patient.status).toBe(413);
    }
    const body = Buffer.from(writeResolve({ locator: '1234567', cnonce: randomBytes(32) }));
    const head = (type: string, length: number) =>
      `POST /v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
    expect(await raw(Buffer.concat([Buffer.from(head('text/plain', body.length)), body]))).toContain('content type');
    const bad = Buffer.from(body);
    bad[3] = 0xff;
    expect(await raw(Buffer.concat([Buffer.from(head('application/json', bad.length)), bad]))).toContain('UTF-8');
    // A gigabyte is promised; the connection ends long before.
    const socket = await open(phone);
    socket.write(head('application/json', 2 ** 30));
    const piece = Buffer.alloc(16 * 1024, 0x20);
    let sent = 0;
    const pump = () => {
      while (!socket.destroyed && sent < 2 ** 24) {
        sent += piece.length;
        if (!socket.write(piece)) return void socket.once('drain', pump);
      }
    };
    pump();
    await closing(socket);
    expect(sent).toBeLessThan(2 ** 24);
    await alive();
  });

  it('cuts off clients that send drop by drop, while others are served', async () => {
    const slow = await Promise.all(Array.from({ length: 20 }, () => open(phone)));
    const closed = Promise.all(slow.map(closing));
    for (const socket of slow) {
      socket.resume();
      socket.write('POST /v1/resolve HTTP/1.1\r\nHost: x\r\n');
    }
    const drip = setInterval(() => {
      for (const socket of slow) if (socket.writable) socket.write('X');
    }, 500);
    await alive();
    await closed;
    clearInterval(drip);
    await alive();
  });

  it('lets go of connections that never begin TLS, or stop within it', async () => {
    const sockets = Array.from({ length: 40 }, () => connectTcp(address()));
    const ends = sockets.map((socket, turn) => {
      socket.on('error', () => {}).resume();
      // The head of a TLS record that never comes.
      if (turn % 2) socket.write(Buffer.from([0x16, 3, 1, 2, 0]));
      return closing(socket);
    });
    await Promise.all(ends);
    await alive();
  });

  it('lets one address hold only so many connections', async () => {
    const held: TLSSocket[] = [];
    for (let turn = 0; turn < 60; turn++) {
      const socket = connect({ ...address(), rejectUnauthorized: false });
      socket.on('error', () => {}).resume();
      const end = await Promise.race([
        once(socket, 'secureConnect')
          .then(() => 'in')
          .catch(() => 'closed'),
        closing(socket),
      ]);
      if (end === 'closed') break;
      held.push(socket);
    }
    // Those that the tests before keep open count too.
    expect(held.length).toBeGreaterThan(20);
    expect(held.length).toBeLessThanOrEqual(40);
    const ends = held.map(closing);
    for (const socket of held) socket.destroy();
    await Promise.all(ends);
    await expect
      .poll(async () => (await bench.resolve(await bench.phone(), '0000000').catch(() => undefined))?.status)
      .toBe(404);
  });
});

describe('nonsense', () => {
  const routes = [
    ['POST', '/v1/resolve'],
    ['POST', '/v1/enrol'],
    ['POST', '/v1/certificate'],
    ['PUT', '/v1/cluster/settings'],
    ['PUT', '/v1/cluster/phone-edge-trust'],
    ['POST', '/v1/locators'],
  ] as const;
  const json = fc.oneof(
    fc.string(),
    fc.json({ maxDepth: 4 }),
    fc.json({ maxDepth: 4 }).map((text) => `{"v":1,"locator":${text},"cnonce":"AAAA","csr":${text},"voucher":${text}}`),
    fc.integer({ min: 1, max: 40 }).map((depth) => '['.repeat(depth * 50)),
    fc.constant('{"v":1,"v":1}'),
    fc.constant('{"__proto__":{"v":1},"locator":"1234567"}'),
  );

  it('gets a documented answer on every route, and never a failure of ours', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), json, fc.boolean(), async ([method, path], body, asPhone) => {
        const answer = asPhone
          ? await bench.ask(method, path, body || ' ', phone)
          : await cluster.ask(method, path, body || ' ');
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(readCloudProblem(answer.text)).toBeDefined();
      }),
      { numRuns: 150 },
    );
    await alive();
  });
});

describe('rates', () => {
  it('hold one address to its share of enrolments and say when to come back', async () => {
    await using strict = await cloudBench({ rates: { enrolments: new RateLimiter({ burst: 3, perSecond: 0.01 }) } });
    const answers = [];
    for (let turn = 0; turn < 5; turn++) answers.push(await strict.ask('POST', '/v1/enrol', '{}'));
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 429, 429]);
    expect(Number(answers[4]!.headers['retry-after'])).toBeGreaterThan(0);
    await expect(strict.resolve(await strict.phone(), '0000000')).resolves.toMatchObject({ status: 404 });
  });
});
