import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { RegisteringDevice } from '../../src/domain/registration/ports.ts';
import { systemClock } from '../../src/infra/crypto/random.ts';
import { CachedRegistrationDirectory } from '../../src/infra/database/registration-directory.ts';
import { RegistrationPeers } from '../../src/infra/database/registration-peers.ts';
import { RegistrationStore } from '../../src/infra/database/registration-store.ts';
import { accessTokenVerifier } from '../../src/infra/oauth/access-token-verifier.ts';
import { issueMic, type LabManufacturer, labIssuer } from '../../src/infra/pki/lab-manufacturer.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { writeSipPreface } from '../../src/protocol/edge-access/sip-preface.ts';
import { RevocationList } from '../../src/protocol/oauth/revocations.ts';
import { header, type SipResponse } from '../../src/protocol/sip/message.ts';
import { Agent } from '../sip/support/agent.ts';
import { manufacturer, nodeMaterial, trusting } from '../sip/support/certificates.ts';
import { device, type TestSip, testSip } from '../sip/support/fakes.ts';
import { openSealer, records } from '../sip/support/records.ts';
import { type Issued, makeAuthority } from '../support/certificates.ts';
import { testDatabase } from '../support/database.ts';
import { type TestTokens, testIssuer, testTokens } from '../support/tokens.ts';
import { RemotePhone, sipConnection, TestExpressway } from './support/expressway.ts';

let lab: LabManufacturer & AsyncDisposable;
let certificate: Issued;
let tokens: TestTokens;
let c: TestExpressway;
let sip: TestSip;
const revoked = new RevocationList();
const outside: RemotePhone[] = [];
const devices: RegisteringDevice[] = [];
const inside = device('SEP001122334401', ['1001']);

beforeAll(async () => {
  lab = await manufacturer();
  certificate = await makeAuthority({ name: 'expressway-c' });
  tokens = await testTokens();
  c = await TestExpressway.make({ endpoints: { edgeAccess: 'https://127.0.0.1:1' } }, certificate);
  for (const [at, number] of ['2001', '2002'].entries()) {
    const mac = `02112233440${at}`;
    const { certificate: der, key } = await issueMic(await labIssuer(lab), { product: 'CP-8845', mac, kind: 'p-256' });
    outside.push(
      new RemotePhone(mac, [der, lab.issuing], key.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string),
    );
    // A profile of phones inside: TLS by certificate for one, digest over TCP for the other. Outside, the token counts.
    devices.push(
      device(`SEP${mac}`, [number], {
        mraAllowed: true,
        ...(at === 0 && { authentication: { kind: 'certificate' }, transports: ['tls'] }),
      }),
    );
  }
});
afterAll(() => lab?.[Symbol.asyncDispose]());

const verifierOf = () =>
  accessTokenVerifier({
    trust: () => ({ issuer: testIssuer, jwks: tokens.keys.jwks }),
    revoked: (claims) => revoked.has(claims),
    clock: systemClock,
  });

beforeEach(async () => {
  revoked.replace([]);
  tokens.settings = { ...tokens.settings, accessMinutes: 60 };
  const verifier = verifierOf();
  const print = createHash('sha256').update(certificate.der).digest('hex');
  sip = await testSip([inside, ...devices], {
    ports: { udp: 0, tcp: 0, tls: 0, oauth: 0, edge: 0 },
    tls: await nodeMaterial(),
    verifyClient: trusting(lab),
    access: {
      tls: await nodeMaterial(),
      isExpressway: (sha256) => sha256 === print,
      verifyToken: (token, sha256) => verifier.verify(token, 'sip', sha256),
    },
  });
  onTestFinished(() => sip[Symbol.asyncDispose]());
});

async function agentOf(its: RemotePhone, at: number): Promise<Agent> {
  const socket = await sipConnection(sip.server.ports.edge!, c);
  socket.write(writeSipPreface(its.vouch({ connection: `conn-${randomBytes(4).toString('hex')}` })));
  const agent = Agent.over(`200${at + 1}`, socket);
  onTestFinished(() => agent[Symbol.asyncDispose]());
  return agent;
}

function tokenOf(
  at: number,
  change: Partial<{
    family: string;
    sub: string;
    mic: Uint8Array;
    seconds: number;
    audiences: ('sip' | 'tftp')[];
  }> = {},
) {
  const its = devices[at]!;
  tokens.settings = { ...tokens.settings, accessMinutes: (change.seconds ?? 3600) / 60 };
  return tokens.tokens
    .access({
      familyId: change.family ?? randomUUID(),
      deviceId: its.id,
      deviceName: change.sub ?? its.name,
      micSha256: change.mic ?? outside[at]!.micSha256,
      audiences: change.audiences ?? ['sip'],
    })
    .then(({ accessToken }) => accessToken);
}
const bearer = (token: string) => ({ headers: [['Authorization', `Bearer ${token}`] as const] });
/** A phone outside, registered. */
async function registered(at: number, family = randomUUID()) {
  const agent = await agentOf(outside[at]!, at);
  const token = await tokenOf(at, { family });
  expect(await agent.register(undefined, bearer(token))).toMatchObject({ status: 200 });
  return { agent, family, token };
}
const challengeOf = (response: SipResponse) => header(response, 'www-authenticate');

describe('REGISTER through the edge', () => {
  it('without a token: 401 with a Bearer challenge (RFC 8898); with it: 200, bound to that flow, with the phone’s own address', async () => {
    const agent = await agentOf(outside[0]!, 0);
    const refused = await agent.register();
    expect(refused.status).toBe(401);
    expect(challengeOf(refused)).toBe('Bearer realm="firstring", scope="sip"');
    const callId = 'one@phone';
    const token = await tokenOf(0);
    const accepted = await agent.register(undefined, { callId, cseq: 2, ...bearer(token) });
    expect(accepted.status).toBe(200);
    expect(header(accepted, 'expires')).toBe('120');
    expect(sip.server.registrations()).toEqual([
      expect.objectContaining({
        deviceName: devices[0]!.name,
        contact: `sip:2001@${agent.address};transport=tls`,
        flow: expect.objectContaining({ transport: 'tls', address: '203.0.113.7', edge: 'e1' }),
      }),
    ]);
    // A refresh needs the token as well.
    expect((await agent.register(undefined, { callId, cseq: 3 })).status).toBe(401);
    expect((await agent.register(undefined, { callId, cseq: 4, ...bearer(token) })).status).toBe(200);
  });

  it('takes a phone whose profile asks for digest inside: the token is its credential', async () => {
    await registered(1);
  });

  it.each([
    ['of another certificate', () => tokenOf(0, { mic: outside[1]!.micSha256 }), 'token_wrong_certificate'],
    ['for another service', () => tokenOf(0, { audiences: ['tftp'] }), 'token_wrong_audience'],
    ['that names another phone', () => tokenOf(0, { sub: devices[1]!.name }), 'token_invalid'],
    ['that has expired', () => tokenOf(0, { seconds: 0 }), 'token_expired'],
    [
      'with the algorithm "none"',
      async () =>
        `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${(await tokenOf(0)).split('.')[1]}.`,
      'token_invalid',
    ],
    [
      'signed by a stranger',
      async () => {
        const { tokens: strangers } = await testTokens();
        const { accessToken } = await strangers.access({
          familyId: randomUUID(),
          deviceId: devices[0]!.id,
          deviceName: devices[0]!.name,
          micSha256: outside[0]!.micSha256,
          audiences: ['sip'],
        });
        return accessToken;
      },
      'token_invalid',
    ],
  ] as const)('refuses a token %s', async (_what, make, code) => {
    const agent = await agentOf(outside[0]!, 0);
    const refused = await agent.register(undefined, bearer(await make()));
    expect(refused.status).toBe(401);
    expect(challengeOf(refused)).toContain(`error_description="${code}"`);
    expect(sip.server.registrations()).toEqual([]);
    expect(sip.events).toContainEqual(expect.objectContaining({ kind: 'refused', code }));
  });

  it('refuses a phone whose box is not ticked, and one whose certificate is no manufacturer’s', async () => {
    sip.directory.change(devices[0]!.name, { mraAllowed: false });
    const agent = await agentOf(outside[0]!, 0);
    expect((await agent.register(undefined, bearer(await tokenOf(0)))).status).toBe(403);
    sip.directory.change(devices[0]!.name, { mraAllowed: true });
    const forged = new RemotePhone(outside[0]!.mac, [certificate.der], outside[0]!.micKeyPem);
    const other = await agentOf(forged, 0);
    expect((await other.register(undefined, bearer(await tokenOf(0)))).status).toBe(403);
    expect(sip.server.registrations()).toEqual([]);
  });

  it('refuses another phone on the same flow', async () => {
    const { agent } = await registered(0);
    const other = await tokenOf(1);
    const refused = await agent.register(undefined, {
      to: '<sip:2002@127.0.0.1>',
      from: '<sip:2002@127.0.0.1>;tag=x',
      contact: `<sip:2002@${agent.address};transport=tls>`,
      ...bearer(other),
    });
    expect(refused.status).toBe(403);
    const call = agent.send({
      method: 'INVITE',
      uri: 'sip:1001@127.0.0.1',
      from: '<sip:2002@127.0.0.1>;tag=y',
      headers: [['Contact', agent.contact()]],
    });
    expect((await agent.response(header(call, 'call-id')!)).status).toBe(403);
  });

  it('grants no more time than the token has', async () => {
    const agent = await agentOf(outside[0]!, 0);
    const accepted = await agent.register(undefined, bearer(await tokenOf(0, { seconds: 60 })));
    expect(accepted.status).toBe(200);
    const granted = Number(header(accepted, 'expires'));
    expect(granted).toBeGreaterThan(50);
    expect(granted).toBeLessThanOrEqual(60);
  });

  it('ends with its tokens: the phone is told to start again, the flow is closed, and the token opens nothing more', async () => {
    const { agent, family, token } = await registered(0);
    revoked.add({ family, until: Date.now() / 1000 + 3600 });
    sip.server.tokensRevoked(family);
    expect((await agent.request('NOTIFY')).method).toBe('NOTIFY');
    await agent.until(() => agent.closed || undefined, 'the end of its connection');
    expect(sip.server.registrations()).toEqual([]);
    const again = await agentOf(outside[0]!, 0);
    expect(challengeOf(await again.register(undefined, bearer(token)))).toContain('token_revoked');
  });
});

describe('the listener', () => {
  it('closes on who is no Expressway-C, whatever it shows', async () => {
    const stranger = await TestExpressway.make({ endpoints: { edgeAccess: 'https://127.0.0.1:1' } });
    const socket = await sipConnection(sip.server.ports.edge!, stranger);
    socket.on('error', () => {});
    socket.write(writeSipPreface(outside[0]!.vouch()));
    await once(socket, 'close');
  });

  it.each([
    ['a preface that is too long', Buffer.from([0x7f, 0xff, 0xff, 0xff])],
    ['a preface that is no vouch', Buffer.concat([Buffer.from([0, 0, 0, 2]), Buffer.from('{}')])],
    ['SIP without a preface', Buffer.from('REGISTER sip:a SIP/2.0\r\n\r\n')],
  ])('closes on %s', async (_what, bytes) => {
    const socket = await sipConnection(sip.server.ports.edge!, c);
    socket.on('error', () => {});
    socket.write(bytes);
    await once(socket, 'close');
  });

  it('takes a preface that comes in pieces, with SIP right behind it', async () => {
    const socket = await sipConnection(sip.server.ports.edge!, c);
    const agent = Agent.over('2001', socket);
    onTestFinished(() => agent[Symbol.asyncDispose]());
    const preface = writeSipPreface(outside[0]!.vouch());
    socket.write(preface.subarray(0, 3));
    socket.write(preface.subarray(3, 50));
    await new Promise((done) => setImmediate(done));
    socket.cork();
    socket.write(preface.subarray(50));
    const answer = agent.register(undefined, bearer(await tokenOf(0)));
    socket.uncork();
    expect((await answer).status).toBe(200);
  });

  it('the inner one for tokens (5090) wants certificate and token', async () => {
    const cert = Buffer.concat(outside[0]!.chain.map((der) => Buffer.from(pem(der)))).toString();
    const agent = await Agent.tls('2001', sip.server.ports.oauth!, { cert, key: outside[0]!.micKeyPem });
    onTestFinished(() => agent[Symbol.asyncDispose]());
    expect((await agent.register()).status).toBe(401);
    expect((await agent.register(undefined, bearer(await tokenOf(0)))).status).toBe(200);
    const bare = await Agent.tls('2001', sip.server.ports.oauth!);
    onTestFinished(() => bare[Symbol.asyncDispose]());
    expect((await bare.register(undefined, bearer(await tokenOf(0)))).status).toBe(403);
  });
});

describe('calls', () => {
  async function call(from: Agent, to: Agent, number: string) {
    const first = from.send({
      method: 'INVITE',
      uri: `sip:${number}@127.0.0.1`,
      to: `<sip:${number}@127.0.0.1>`,
      headers: [['Contact', from.contact()]],
    });
    const callId = header(first, 'call-id')!;
    const ringing = await to.request('INVITE');
    to.respond(ringing, { status: 180 });
    to.respond(ringing, { status: 200, headers: [['Contact', to.contact()]] });
    const answer = await from.response(callId, ({ status }) => status === 200);
    const routes = (answer.headers.filter((each) => each.key === 'record-route') ?? []).toReversed();
    const within = (method: string, cseq: number) =>
      from.send({
        method,
        uri: /<([^>]+)>/.exec(header(answer, 'contact')!)![1]!,
        from: header(first, 'from')!,
        to: header(answer, 'to')!,
        callId,
        cseq,
        headers: routes.map(({ text }) => ['Route', text] as const),
      });
    within('ACK', 1);
    await to.request('ACK');
    within('BYE', 2);
    to.respond(await to.request('BYE'), { status: 200 });
    expect(
      (
        await from.response(
          callId,
          ({ status, headers }) =>
            status === 200 && headers.some(({ key, text }) => key === 'cseq' && text.includes('BYE')),
        )
      ).status,
    ).toBe(200);
    return ringing;
  }

  it('from inside to outside and back, over the flow, the Contact untouched', async () => {
    const desk = await Agent.tcp('1001', sip.server.ports.tcp!);
    onTestFinished(() => desk[Symbol.asyncDispose]());
    expect((await desk.register(inside.name)).status).toBe(200);
    const { agent } = await registered(0);
    expect((await call(desk, agent, '2001')).uri).toBe(`sip:2001@${agent.address};transport=tls`);
    await call(agent, desk, '1001');
  });

  it('between two phones outside', async () => {
    const [one, two] = [await registered(0), await registered(1)];
    await call(one.agent, two.agent, '2002');
    await call(two.agent, one.agent, '2001');
  });

  it('between two phones outside whose flows are at different nodes', async () => {
    await using database = await testDatabase();
    const { addPhone, nodes } = await records(database);
    const ids = [];
    for (const [at, its] of outside.entries()) ids.push(await addPhone(its.name, [`200${at + 1}`], 'Secure'));
    await sql`update device set allow_activation_code_via_mra = true`.execute(database.db);
    const verifier = verifierOf();
    const clusterKey = Buffer.alloc(32, 7);
    const tls = await nodeMaterial();
    await using stack = new AsyncDisposableStack();
    const running = [];
    for (const nodeId of nodes) {
      const store = stack.use(new RegistrationStore(database.db, { nodeId, log: silentLog, collectMs: 10 }));
      const peers = stack.use(new RegistrationPeers(database.db, { nodeId, log: silentLog }));
      const node = stack.use(
        await testSip([], {
          directory: new CachedRegistrationDirectory(database.db, openSealer),
          store,
          peers,
          clusterKey,
          tls,
          ports: { tls: 0, edge: 0 },
          verifyClient: trusting(lab),
          access: {
            tls,
            isExpressway: () => true,
            verifyToken: (token, sha256) => verifier.verify(token, 'sip', sha256),
          },
        }),
      );
      const ports = JSON.stringify({ sipTls: node.server.ports.tls });
      await database.db.updateTable('node').set({ ports }).where('id', '=', nodeId).execute();
      running.push({ node, store, peers });
    }
    await Promise.all(running.map(({ peers }) => peers.refresh()));
    const agents = [];
    for (const [at, { node, store }] of running.entries()) {
      const socket = await sipConnection(node.server.ports.edge!, c);
      socket.write(writeSipPreface(outside[at]!.vouch({ edge: `e${at + 1}` })));
      const agent = stack.use(Agent.over(`200${at + 1}`, socket));
      const { accessToken } = await tokens.tokens.access({
        familyId: randomUUID(),
        deviceId: ids[at]!,
        deviceName: outside[at]!.name,
        micSha256: outside[at]!.micSha256,
        audiences: ['sip'],
      });
      expect((await agent.register(undefined, bearer(accessToken))).status).toBe(200);
      await store.flush();
      agents.push(agent);
    }
    const [one, two] = agents as [Agent, Agent];
    expect((await call(one, two, '2002')).uri).toBe(`sip:2002@${two.address};transport=tls`);
    await call(two, one, '2001');
    expect(running.flatMap(({ node }) => node.complaints)).toEqual([]);
  });

  it('not with a flow that has not registered, even with a route of a call there was', async () => {
    const one = await registered(0);
    const two = await registered(1);
    const ringing = await call(one.agent, two.agent, '2002');
    const thief = await agentOf(outside[1]!, 1);
    const stolen = thief.send({
      method: 'BYE',
      uri: ringing.uri,
      callId: header(ringing, 'call-id')!,
      cseq: 9,
      headers: ringing.headers.filter(({ key }) => key === 'record-route').map(({ text }) => ['Route', text] as const),
    });
    expect((await thief.response(header(stolen, 'call-id')!)).status).toBe(403);
  });
});

function pem(der: Uint8Array): string {
  return `-----BEGIN CERTIFICATE-----\n${Buffer.from(der)
    .toString('base64')
    .replace(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
}
