import { generateKeyPairSync, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { once } from 'node:events';
import { type ClientHttp2Session, connect as http2Connect } from 'node:http2';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderHub } from '../../src/endpoints/edge/order-hub.ts';
import { TunnelServer } from '../../src/endpoints/edge/tunnel-server.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { assertionInput, type EdgeAssertion, signedAssertion } from '../../src/protocol/tunnel/assertion.ts';
import { connectionHeader, tunnelErrorHeader, tunnelPaths } from '../../src/protocol/tunnel/requests.ts';
import { startBody } from './support/edge-bench.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const asked: { route: string; connection: string; body: { vouch: { x5c: string[]; edge: string } } }[] = [];
let now = 1_800_000_000;
let server: TunnelServer;
const sockets: Socket[] = [];

beforeAll(() => {
  server = new TunnelServer({
    clusters: {
      async ask(route, connection, body) {
        asked.push({ route, connection, body: JSON.parse(body) as never });
        return {
          status: 200,
          contentType: 'application/json',
          retryAfter: undefined,
          wwwAuthenticate: undefined,
          body: Buffer.from('{}'),
        };
      },
      openSip: async () => undefined,
    },
    orders: new OrderHub({
      authorizeByOauthTokenWithRefresh: true,
      allowActivationCodeOnboarding: true,
      domains: ['mra.firstring.test'],
      clusters: [],
    }),
    onReport() {},
    onTunnels() {},
    clock: { now: () => now * 1000 },
    log: silentLog,
  });
});
afterAll(() => {
  server.close();
  for (const socket of sockets) socket.destroy();
});

/** A tunnel to C as the E of this name has it, lying or not. */
async function tunnelOf(edge: string, key: KeyObject = publicKey): Promise<ClientHttp2Session> {
  const listener = createServer();
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const accepted = once(listener, 'connection');
  const dialled = connect((listener.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = (await accepted) as [Socket];
  listener.close();
  sockets.push(dialled, socket);
  server.serve({ name: edge, verifies: (input, mark) => verify(null, input, key, mark) }, dialled as TLSSocket);
  return http2Connect('http://tunnel', { createConnection: () => socket });
}

function post(session: ClientHttp2Session, path: string, connection: string, body: string) {
  return new Promise<{ status: number; error: string | undefined; text: string }>((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': path, [connectionHeader]: connection });
    let text = '';
    let status = 0;
    let error: string | undefined;
    stream.on('response', (headers) => {
      status = headers[':status']!;
      error = headers[tunnelErrorHeader] as string | undefined;
    });
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    stream.once('error', reject);
    stream.once('close', () => resolve({ status, error, text }));
    stream.end(body);
  });
}

const about = (change: Partial<EdgeAssertion> = {}): EdgeAssertion => ({
  issuer: 'e1',
  id: randomBytes(16).toString('base64url'),
  issuedAt: now,
  expiresAt: now + 60,
  connection: randomBytes(16).toString('base64url'),
  chain: [Uint8Array.of(0x30, 1)],
  channelBinding: new Uint8Array(32).fill(1),
  tls: 'TLSv1.3',
  sourceAddress: '192.0.2.1',
  ...change,
});

const signed = (assertion: EdgeAssertion, key = privateKey) => {
  const input = assertionInput(assertion);
  return signedAssertion(input, sign(null, Buffer.from(input), key));
};

const start = (session: ClientHttp2Session, connection: string) =>
  post(session, tunnelPaths.start, connection, startBody('001122334455'));

describe('Expressway-C', () => {
  it('passes nothing on for a connection it has no assertion of', async () => {
    const session = await tunnelOf('e1');
    const before = asked.length;
    expect(await start(session, 'never-seen')).toMatchObject({ status: 421, error: 'connection_unknown' });
    expect(asked.length).toBe(before);
  });

  it('vouches for what was asserted, for as long as that is young, and again once it was asserted again', async () => {
    const session = await tunnelOf('e1');
    const assertion = about();
    expect((await post(session, tunnelPaths.connection, assertion.connection, signed(assertion))).status).toBe(204);
    expect((await start(session, assertion.connection)).status).toBe(200);
    expect(asked.at(-1)).toMatchObject({ connection: `e1:${assertion.connection}`, body: { vouch: { edge: 'e1' } } });
    now += 71;
    expect((await start(session, assertion.connection)).status).toBe(421);
    const again = about({ connection: assertion.connection });
    expect((await post(session, tunnelPaths.connection, assertion.connection, signed(again))).status).toBe(204);
    expect((await start(session, assertion.connection)).status).toBe(200);
  });

  it('refuses one that is forged, replayed, old, or says something else', async () => {
    const session = await tunnelOf('e1');
    const stranger = generateKeyPairSync('ed25519').privateKey;
    const good = about();
    const give = (assertion: EdgeAssertion, text = signed(assertion), connection = assertion.connection) =>
      post(session, tunnelPaths.connection, connection, text);
    expect((await give(good)).status).toBe(204);
    const refused = { status: 403, error: 'assertion_refused' };
    const forged = signed(about()).split('.');
    for (const [what, answer] of [
      ['replayed', await give(good)],
      ['by another key', await give(good, signed(about({ connection: good.connection }), stranger))],
      [
        'with a signature of something else',
        await give(good, [...signed(good).split('.').slice(0, 2), forged[2]].join('.')),
      ],
      ['too old', await give(about({ issuedAt: now - 71, expiresAt: now - 11 }))],
      ['too long-lived', await give(about({ expiresAt: now + 61 }))],
      ['from the future', await give(about({ issuedAt: now + 11, expiresAt: now + 60 }))],
      ['by another edge', await give(about({ issuer: 'e2' }))],
      ['for another connection than the request is of', await give(about(), undefined, 'another')],
      [
        'with another phone under the same name',
        await give(about({ connection: good.connection, chain: [Uint8Array.of(0x30, 2)] })),
      ],
      [
        'with another binding under the same name',
        await give(about({ connection: good.connection, channelBinding: new Uint8Array(32) })),
      ],
      ['that is no assertion', await give(good, 'x')],
    ] as const) {
      expect(answer, what).toMatchObject(refused);
    }
    expect((await start(session, good.connection)).status).toBe(200);
    expect(asked.at(-1)!.body.vouch.x5c).toEqual([Buffer.from([0x30, 1]).toString('base64')]);
  });

  it('does not let one edge speak for a connection of another', async () => {
    const one = await tunnelOf('e1');
    const key = generateKeyPairSync('ed25519');
    const two = await tunnelOf('e2', key.publicKey);
    const assertion = about();
    await post(one, tunnelPaths.connection, assertion.connection, signed(assertion));
    expect((await start(two, assertion.connection)).status).toBe(421);
    const own = about({ issuer: 'e2', connection: assertion.connection, chain: [Uint8Array.of(0x30, 9)] });
    await post(two, tunnelPaths.connection, own.connection, signed(own, key.privateKey));
    await start(two, own.connection);
    const second = asked.at(-1)!.connection;
    await start(one, assertion.connection);
    expect(asked.at(-1)!.connection).not.toBe(second);
  });

  it('takes only its own routes from the tunnel, rebuilt', async () => {
    const session = await tunnelOf('e1');
    const assertion = about();
    await post(session, tunnelPaths.connection, assertion.connection, signed(assertion));
    const before = asked.length;
    for (const path of ['/', '/edge/v1/cluster', '/api/v1/phones', '/tunnel/v1/../start', `${tunnelPaths.start}/x`]) {
      expect(await post(session, path, assertion.connection, '{}')).toMatchObject({
        status: 400,
        error: 'bad_tunnel_request',
      });
    }
    for (const [path, body] of [
      [tunnelPaths.start, '{"a":1}'],
      [tunnelPaths.start, '{"v":1'],
      [tunnelPaths.config, '{"authorization":"","name":"../SEP001122334455.cnf.xml"}'],
      [tunnelPaths.config, '{"authorization":"","name":"XMLDefault.cnf.xml"}'],
      [tunnelPaths.token, 'grant_type=client_credentials'],
      [tunnelPaths.edgeConfig, '{"domain":"other.example","service_name":[]}'],
      [tunnelPaths.edgeConfig, '{"domain":"10.0.0.1","service_name":[]}'],
    ] as const) {
      expect((await post(session, path, assertion.connection, body)).status, body).toBeGreaterThanOrEqual(400);
    }
    expect(asked.length).toBe(before);
  });
});
