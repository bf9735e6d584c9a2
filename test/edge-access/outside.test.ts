import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { derToPem } from '../../src/infra/pki/identity.ts';
import { readClusterView } from '../../src/protocol/edge-access/cluster-view.ts';
import { readEdgeConfig } from '../../src/protocol/edge-access/edge-config.ts';
import {
  edgePaths,
  readSipNodes,
  writeEdgeConfigRequest,
  writeSipNodesRequest,
  writeVouchedRequest,
} from '../../src/protocol/edge-access/requests.ts';
import { writeSipPreface } from '../../src/protocol/edge-access/sip-preface.ts';
import { readTokenAnswer, writeTokenRequest } from '../../src/protocol/oauth/token-messages.ts';
import { readPhoneFile } from '../../src/protocol/phone-config/phone-file-reader.ts';
import { Agent } from '../sip/support/agent.ts';
import { type CodeBench, codeBench } from '../support/activation.ts';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { nextMac } from '../support/das.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { RemotePhone, sipConnection, TestExpressway } from './support/expressway.ts';

let folder: string;
let database: TestDatabase;
let program: RunningProgram;
let bench: CodeBench;
let c: TestExpressway;

const flow = (value: 'Enabled' | 'Disabled') =>
  program.rest('PUT', '/enterprise-parameters/OAuth%20with%20Refresh%20Login%20Flow', { value });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firstring-outside-'));
  database = await testDatabase();
  const key = randomBytes(32);
  bench = codeBench(database, key);
  program = await startAllInOne({
    dataDirectory: join(folder, 'node'),
    arguments: ['--role', 'unified-cm', '--node-name', 'ucm-a', '--node-address', '127.0.0.1', '--listen', '127.0.0.1'],
    environment: { FIRSTRING_DATABASE_URL: database.url, FIRSTRING_KEK: key.toString('hex') },
  });
  c = await TestExpressway.enrolled(program);
  await switched(async () => expect((await flow('Enabled')).status).toBe(200));
});
afterAll(async () => {
  c?.close();
  await program?.stop();
  await database?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Switches something of OAuth and waits until this node, its threads included, goes by it. */
async function switched(work: () => Promise<unknown>): Promise<void> {
  const changes = c.changes();
  await changes.until('snapshot');
  await work();
  await changes.until('jwks');
  changes.stream.close();
}

/** A device that may be outside, with a code that says so. */
async function prepared(options: { mra?: boolean; viaMra?: boolean } = {}) {
  const device = await bench.addDevice({ mra: options.mra ?? true });
  const { code, id } = await bench.issue(device, { viaMra: options.viaMra ?? true });
  return { device, code, codeId: id };
}
const phone = (options?: { mac?: string }) => RemotePhone.make(program.lab!, options);
async function activated() {
  const { device, code, codeId } = await prepared();
  const its = await phone();
  expect((await its.activate(c, code)).outcome).toBe('activated');
  return { device, code, codeId, its };
}
const codeState = async (id: string) =>
  (await sql<{ state: string }>`select state from activation_code where id = ${id}`.execute(database.db)).rows[0]!
    .state;
const families = async (deviceId: string) =>
  (
    await sql<{ live: boolean; revoke_reason: string }>`
      select revoked_at is null as live, revoke_reason from oauth_family where device_id = ${deviceId} order by created_at`.execute(
      database.db,
    )
  ).rows;
/** A reason that the phone's story tells; waits for the batch. */
async function told(deviceId: string, reason: string) {
  for (;;) {
    const { rows } = await sql<{ detail: Record<string, unknown> }>`
      select detail from onboarding_event where device_id = ${deviceId} and reason = ${reason}`.execute(database.db);
    if (rows[0] !== undefined) return rows[0].detail;
    await new Promise((done) => setTimeout(done, 10));
  }
}

describe('a phone behind an honest edge', () => {
  it('gets in, is told its tokens under seal, fetches its own file with them, confirms', async () => {
    const { device, code, codeId } = await prepared();
    const its = await phone();
    const { outcome, proof } = await its.activate(c, code);
    expect(outcome).toBe('activated');
    expect(its.result).toMatchObject({
      deviceName: its.name,
      already: false,
      oauth: { tokenType: 'Bearer', expiresIn: 3600 },
    });
    const [, payload] = its.accessToken.split('.');
    expect(JSON.parse(Buffer.from(payload!, 'base64url').toString())).toMatchObject({
      sub: its.name,
      did: device.id,
      aud: ['uds', 'tftp', 'sip'],
      cnf: { 'x5t#S256': Buffer.from(its.micSha256).toString('base64url') },
    });
    const { rows } = await sql<{ mode: string; source_address: string }>`
      select a.mode, e.source_address from activation a join audit_event e on e.action = 'activation.accepted' and e.object_id = a.device_id::text
      where a.device_id = ${device.id}`.execute(database.db);
    expect(rows).toEqual([{ mode: 'mra', source_address: '203.0.113.7' }]);

    const file = await its.config(c);
    expect(file.status).toBe(200);
    expect(readPhoneFile(file.body)).toMatchObject({ kind: 'full', deviceName: its.name });
    const confirmed = await c.request(
      'POST',
      edgePaths.confirm,
      writeVouchedRequest({ vouch: its.vouch(), request: proof?.kind === 'result' ? proof.confirmBody! : '' }),
    );
    expect(confirmed.status).toBe(204);
    expect(await codeState(codeId)).toBe('confirmed');
    expect(await families(device.id)).toEqual([{ live: true, revoke_reason: '' }]);
  });

  it('asks again after a lost answer: the same activation, fresh tokens, one live family', async () => {
    const { device, code } = await prepared();
    const its = await phone();
    await its.activate(c, code);
    const first = its.result!;
    const changes = c.changes();
    await changes.until('snapshot');
    its.connection = 'conn-again';
    its.channelBinding = randomBytes(32);
    expect((await its.activate(c, code)).outcome).toBe('activated');
    expect(its.result).toMatchObject({ activationId: first.activationId, already: true });
    expect(await families(device.id)).toEqual([
      { live: false, revoke_reason: 'activated_again' },
      { live: true, revoke_reason: '' },
    ]);
    // A revocation is in force once every edge was told of it: within milliseconds, and 5 s at most.
    await changes.until('revoked');
    changes.stream.close();
    const old = await its.config(c, { token: first.oauth!.accessToken });
    expect(old).toMatchObject({ status: 401, error: 'token_revoked' });
    expect((await its.config(c)).status).toBe(200);
    expect((await its.refresh(c, { token: first.oauth!.refreshToken })).outcome).toBe('invalid_grant');
  });

  it('comes home: the token endpoint inside knows it by the same certificate', async () => {
    const { its } = await activated();
    const ask = (path: string, form: string, own: boolean) =>
      new Promise<{ status: number; text: string }>((resolve, reject) => {
        const call = request(
          `${program.endpoints['das']}${path}`,
          {
            method: 'POST',
            ca: program.clusterCa,
            ...(own && { cert: its.chain.map((der) => derToPem(der)).join(''), key: its.micKeyPem }),
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
          },
          (answer) => {
            text(answer).then((body) => resolve({ status: answer.statusCode!, text: body }), reject);
          },
        );
        call.on('error', reject);
        call.end(form);
      });
    const form = writeTokenRequest({
      refreshToken: its.result!.oauth!.refreshToken,
      requestId: undefined,
      audiences: ['sip'],
    });
    expect(await ask('/oauth/v1/token', form, false)).toMatchObject({ status: 401 });
    const { status, text: body } = await ask('/oauth/v1/token', form, true);
    expect(status).toBe(200);
    const fresh = readTokenAnswer(body);
    expect(JSON.parse(body).scope).toBe('sip');
    if (fresh.kind !== 'tokens') throw new Error(body);
    // For telephony only: it opens no file.
    expect(await its.config(c, { token: fresh.accessToken })).toMatchObject({ error: 'token_wrong_audience' });
    expect((await ask('/oauth/v1/revoke', `token=${fresh.refreshToken}`, true)).status).toBe(200);
    expect((await its.refresh(c, { token: fresh.refreshToken })).outcome).toBe('invalid_grant');
  });

  it('learns where its servers are, in the field’s form', async () => {
    await program.rest('PUT', '/service-parameters/Device%20Activation%20Service/MRA%20Activation%20Domain', {
      value: 'mra.example.org',
    });
    const its = await phone();
    const ask = (domain: string) =>
      c.request(
        'POST',
        edgePaths.edgeConfig,
        writeEdgeConfigRequest({
          vouch: its.vouch(),
          domain,
          serviceNames: ['_cisco-uds', '_cuplogin'],
          edge: { host: 'e1.example.org', httpsPort: 8443, sipPort: 5061, turnServers: ['turn.example.org:3478'] },
        }),
      );
    const { status, body } = await ask('MRA.example.org');
    expect(status).toBe(200);
    expect(readEdgeConfig(body)).toMatchObject({
      services: [
        { name: '_cisco-uds', servers: [{ address: '127.0.0.1', port: program.portBase }] },
        { name: '_cuplogin', servers: [] },
      ],
      tftpServers: ['127.0.0.1'],
      sipEdgeServers: [{ address: 'e1.example.org', tlsPort: 5061 }],
      turnEdgeServers: [{ address: 'turn.example.org', udpPort: 3478 }],
    });
    expect(await ask('other.example.org')).toMatchObject({ status: 404, error: 'not_found' });
  });

  it('is told the nodes of its Call Manager group', async () => {
    const { its } = await activated();
    const { text } = await c.request('POST', edgePaths.sipNodes, writeSipNodesRequest(its.vouch()));
    expect(readSipNodes(text)).toEqual(['ucm-a']);
    const stranger = await phone();
    expect(await c.request('POST', edgePaths.sipNodes, writeSipNodesRequest(stranger.vouch()))).toMatchObject({
      error: 'not_found',
    });
  });
});

describe('a lying edge gets nothing accepted and nothing consumed', () => {
  it.each([
    ['another channel binding from the start', { startLie: { channelBinding: randomBytes(32) } }, 'code_not_accepted'],
    ['another channel binding at prove', { lie: { channelBinding: randomBytes(32) } }, 'session_channel_mismatch'],
    ['another connection’s name at prove', { lie: { connection: 'conn-of-another' } }, 'session_channel_mismatch'],
  ] as const)('%s', async (_what, lies, outcome) => {
    const { code, codeId, device } = await prepared();
    const its = await phone();
    expect((await its.activate(c, code, lies)).outcome).toBe(outcome);
    expect(await codeState(codeId)).toBe('active');
    expect(await families(device.id)).toEqual([]);
    expect((await its.activate(c, code)).outcome).toBe('activated');
  });

  it('another certificate of the same phone: the transcripts differ', async () => {
    const { code, codeId } = await prepared();
    const mac = nextMac();
    const [its, twin] = await Promise.all([phone({ mac }), phone({ mac })]);
    expect((await its.activate(c, code, { startLie: { chain: twin.chain } })).outcome).toBe('code_not_accepted');
    expect(await codeState(codeId)).toBe('active');
  });

  it('a chain that no manufacturer signed, or none', async () => {
    const { code } = await prepared();
    const its = await phone();
    const forged = c.certificate.der;
    expect((await its.activate(c, code, { startLie: { chain: [forged] } })).outcome).toMatch(/^mic_/);
    expect((await its.activate(c, code, { startLie: { chain: [] } })).outcome).toBe('mic_required');
  });

  it('a changed reply: the phone believes nothing', async () => {
    const { code } = await prepared();
    const its = await phone();
    const request = c.request.bind(c);
    const liar = Object.assign(Object.create(c) as TestExpressway, {
      async request(...args: Parameters<TestExpressway['request']>) {
        const reply = await request(...args);
        if (args[1] !== edgePaths.prove) return reply;
        const message = JSON.parse(reply.text) as { sealed: string };
        const sealed = Buffer.from(message.sealed, 'base64url');
        sealed[3]! ^= 1;
        return { ...reply, text: JSON.stringify({ ...message, sealed: sealed.toString('base64url') }) };
      },
    });
    expect((await its.activate(liar, code)).outcome).toBe('server_proof_failed');
    // It asks again by an honest way and is the same phone with the same code.
    expect((await its.activate(c, code)).outcome).toBe('activated');
    expect(its.result?.already).toBe(true);
  });

  it('a proof replayed is used up', async () => {
    const { code } = await prepared();
    const its = await phone();
    let kept = '';
    const request = c.request.bind(c);
    const keeper = Object.assign(Object.create(c) as TestExpressway, {
      request(...args: Parameters<TestExpressway['request']>) {
        if (args[1] === edgePaths.prove) kept = args[2]!;
        return request(...args);
      },
    });
    await its.activate(keeper, code);
    expect(await c.request('POST', edgePaths.prove, kept)).toMatchObject({ status: 410, error: 'session_expired' });
  });
});

describe('what the cluster decides', () => {
  it('a code that is not for outside is refused under seal, and stays good inside', async () => {
    const { code, codeId, device } = await prepared({ mra: false, viaMra: false });
    expect((await (await phone()).activate(c, code)).outcome).toBe('mode_not_allowed');
    expect(await codeState(codeId)).toBe('active');
    await told(device.id, 'mode_not_allowed');
  });

  it('the mode of the door counts: "onprem" is not spoken here', async () => {
    const { code } = await prepared();
    const { reply, outcome } = await (await phone()).activate(c, code, { mode: 'onprem' });
    expect(outcome).toBe('bad_request');
    expect(reply.text).toContain('mode must be mra here');
  });

  it.each([
    ['OAuth with Refresh Login Flow', 'oauth_off', () => flow('Disabled'), () => flow('Enabled')],
    [
      'Enable MRA Activation',
      'mra_activation_off',
      () =>
        program.rest('PUT', '/service-parameters/Device%20Activation%20Service/Enable%20MRA%20Activation', {
          value: 'false',
        }),
      () =>
        program.rest('PUT', '/service-parameters/Device%20Activation%20Service/Enable%20MRA%20Activation', {
          value: 'true',
        }),
    ],
  ])('%s off: refused under seal; the story says what to switch on', async (_what, reason, off, on) => {
    const { code, codeId, device } = await prepared();
    await switched(off);
    try {
      const its = await phone();
      expect((await its.activate(c, code)).outcome).toBe('mode_not_allowed');
      expect(await codeState(codeId)).toBe('active');
      expect((await told(device.id, reason))['remedy']).toBeTypeOf('string');
    } finally {
      await switched(on);
    }
    expect((await (await phone()).activate(c, code)).outcome).toBe('activated');
  });

  it('the Device Activation Service off: busy, come back', async () => {
    const service = '/nodes/ucm-a/services/Device%20Activation%20Service';
    const { code } = await prepared();
    expect((await program.rest('PUT', service, { activated: false })).status).toBeLessThan(300);
    try {
      let outcome = '';
      while (outcome !== 'busy') {
        const its = await phone();
        const answer = await its.activate(c, (await prepared()).code);
        outcome = answer.outcome;
        if (outcome === 'busy') expect(Number(answer.reply.headers['retry-after'])).toBeGreaterThan(0);
      }
    } finally {
      await program.rest('PUT', service, { activated: true });
    }
    let outcome = '';
    while (outcome !== 'activated') ({ outcome } = await (await phone()).activate(c, code));
  });

  it('an Expressway-C that was never added, or was removed, gets nothing', async () => {
    const stranger = await TestExpressway.make(program);
    onTestFinished(() => stranger.close());
    expect(await stranger.request('GET', edgePaths.cluster)).toMatchObject({
      status: 403,
      error: 'expressway_unknown',
    });
    const gone = await TestExpressway.enrolled(program);
    onTestFinished(() => gone.close());
    const changes = gone.changes();
    await changes.until('snapshot');
    const { body } = await program.rest('GET', '/expressways');
    const all = body.items as { id: string; createdAt: string }[];
    const newest = all.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0]!;
    const closed = new Promise((done) => changes.stream.once('close', done));
    expect((await program.rest('DELETE', `/expressways/${newest.id}`)).status).toBe(204);
    await closed;
    expect(await gone.request('GET', edgePaths.cluster)).toMatchObject({ status: 403, error: 'expressway_unknown' });
  });

  it('adding the same certificate again gives the same entry; its name is taken for others', async () => {
    const one = { name: 'twice', certificate: c.certificate.pem };
    const again = await program.rest('POST', '/expressways', one);
    expect(again.status).toBe(201);
    expect(again.body.name).not.toBe('twice');
    expect(again.body.edgeAccess).toEqual([{ node: 'ucm-a', host: '127.0.0.1', port: program.portBase + 11 }]);
    const other = await TestExpressway.make(program);
    const taken = await program.rest('POST', '/expressways', {
      name: again.body.name,
      certificate: other.certificate.pem,
    });
    expect(taken).toMatchObject({ status: 409, body: { code: 'name_taken' } });
    const rubbish = await program.rest('POST', '/expressways', { name: 'x', certificate: 'no certificate' });
    expect(rubbish).toMatchObject({ status: 422, body: { code: 'certificate_unreadable' } });
  });
});

describe('a file through the edge', () => {
  it.each([
    ['without a token', { token: '' }, 401, 'token_required'],
    ['with rubbish', { token: 'a.b.c' }, 401, 'token_invalid'],
    ['of another phone', { name: 'SEP0011223344FF.cnf.xml' }, 403, 'not_allowed'],
    ['that is nobody’s', { name: 'XMLDefault.cnf.xml' }, 403, 'not_allowed'],
    ['with a path in its name', { name: '..' }, 403, 'not_allowed'],
  ] as const)('%s: refused', async (_what, change, status, error) => {
    const { its } = await activated();
    expect(await its.config(c, change)).toMatchObject({ status, error });
  });

  it('with the token of another phone, or with another certificate: refused', async () => {
    const [one, two] = [await activated(), await activated()];
    expect(await one.its.config(c, { token: two.its.accessToken })).toMatchObject({
      status: 401,
      error: 'token_wrong_certificate',
    });
    expect(await one.its.config(c, { vouch: two.its.vouch() })).toMatchObject({
      status: 401,
      error: 'token_wrong_certificate',
    });
  });

  it('holds back a phone that asks all the time', async () => {
    const its = await phone();
    const answers = await Promise.all(Array.from({ length: 70 }, () => its.config(c, { token: 'a.b.c' })));
    const errors = new Set(answers.map(({ error }) => error));
    expect(errors).toEqual(new Set(['token_invalid', 'rate_limited']));
    expect(answers.find(({ error }) => error === 'rate_limited')!.headers['retry-after']).toMatch(/^[1-9]/);
  });

  it('signed as well', async () => {
    const { its } = await activated();
    const { status, body } = await its.config(c, { name: `${its.name}.cnf.xml.sgn` });
    expect(status).toBe(200);
    expect(body.includes(`<device`)).toBe(true);
  });
});

describe('what ends the tokens of a phone', () => {
  const ways: readonly (readonly [string, string, (name: string, id: string) => Promise<unknown>])[] = [
    ['a new code', 'code_issued', (name) => program.rest('POST', `/phones/${name}/activation-code`)],
    [
      'disabling it',
      'phone_disabled',
      (_name, id) => sql`update device set enabled = false where id = ${id}`.execute(database.db),
    ],
    [
      'unticking the box',
      'mra_not_allowed',
      (name) => program.rest('PATCH', `/phones/${name}`, { allowActivationCodeViaMra: false }),
    ],
    [
      'clearing its MAC',
      'phone_replaced',
      (_name, id) => sql`update device set first_activated_at = null where id = ${id}`.execute(database.db),
    ],
    ['deleting it', 'phone_deleted', (name) => program.rest('DELETE', `/phones/${name}`)],
    ['an administrator', 'revoked_by_administrator', (name) => program.rest('DELETE', `/phones/${name}/grants`)],
  ];
  it.each(ways)('%s: in that same transaction, and every edge hears of it', async (_what, reason, end) => {
    const { its, device } = await activated();
    const changes = c.changes();
    await changes.until('snapshot');
    await end(its.name, device.id);
    expect(await families(device.id)).toEqual([{ live: false, revoke_reason: reason }]);
    const { rows } = await sql<{ id: string }>`select id from oauth_family where device_id = ${device.id}`.execute(
      database.db,
    );
    expect(await changes.until('revoked')).toMatchObject({ type: 'revoked', family: rows[0]!.id });
    expect((await its.config(c)).error).toBe('token_revoked');
    expect((await its.refresh(c)).outcome).toBe('invalid_grant');
    changes.stream.close();
    const later = c.changes();
    const snapshot = await later.until('snapshot');
    expect(snapshot.type === 'snapshot' && snapshot.revoked.map(({ family }) => family)).toContain(rows[0]!.id);
    later.stream.close();
    const { rows: audited } = await sql<{ detail: unknown }>`
      select detail from audit_event where action = 'oauth-grant.revoked' and object_id = ${rows[0]!.id}`.execute(
      database.db,
    );
    expect(audited).toEqual([{ detail: { reason } }]);
  });

  it('a phone registered through the edge is told, cut off, and registered no more', async () => {
    const { its, device } = await activated();
    const socket = await sipConnection(Number(new URL(program.endpoints['sipOauthMra']!).port), c);
    socket.write(writeSipPreface(its.vouch()));
    const agent = Agent.over(its.name, socket);
    onTestFinished(() => agent[Symbol.asyncDispose]());
    const headers = [['Authorization', `Bearer ${its.accessToken}`] as const];
    expect((await agent.register(undefined, { headers })).status).toBe(200);
    const registration = async () =>
      (await sql<{ edge: string }>`select edge from registration where device_id = ${device.id}`.execute(database.db))
        .rows;
    while ((await registration()).length === 0) await new Promise((done) => setTimeout(done, 10));
    expect(await registration()).toEqual([{ edge: 'e1' }]);
    const changes = c.changes();
    await changes.until('snapshot');
    expect((await program.rest('POST', `/phones/${its.name}/activation-code`)).status).toBe(201);
    expect(await changes.until('registration-ended')).toEqual({ type: 'registration-ended', device: its.name });
    changes.stream.close();
    expect((await agent.request('NOTIFY')).method).toBe('NOTIFY');
    await agent.until(() => agent.closed || undefined, 'the end of its connection');
    expect(await registration()).toEqual([]);
  });

  it('its grants are listed, never its tokens', async () => {
    const { its } = await activated();
    const { body, status } = await program.rest('GET', `/phones/${its.name}/grants`);
    expect(status).toBe(200);
    expect(body.items).toEqual([expect.objectContaining({ deviceName: its.name, state: 'live', revokeReason: '' })]);
    expect(JSON.stringify(body)).not.toContain(its.result!.oauth!.refreshToken);
    expect(await program.rest('DELETE', `/phones/${its.name}/grants/${body.items[0].id}`)).toMatchObject({
      status: 204,
    });
    expect(await program.rest('DELETE', `/phones/${its.name}/grants/${body.items[0].id}`)).toMatchObject({
      status: 404,
      body: { code: 'grant_not_found' },
    });
  });
});

describe('keys', () => {
  it('rotate with overlap: the new one is published at once, tokens of the old one stay good', async () => {
    const { its } = await activated();
    const changes = c.changes();
    const [{ body: before }] = await Promise.all([program.rest('GET', '/oauth-keys'), changes.until('snapshot')]);
    const { body: after } = await program.rest('POST', '/oauth-keys');
    expect(after.items).toHaveLength(before.items.length + 1);
    const told = await changes.until('jwks');
    expect(told.type === 'jwks' && told.jwks.keys.map(({ kid }) => kid).toSorted()).toEqual(
      (after.items as { kid: string }[]).map(({ kid }) => kid).toSorted(),
    );
    await changes.until('cluster');
    changes.stream.close();
    expect((await its.config(c)).status).toBe(200);
    expect((await its.refresh(c)).outcome).toBe('tokens');
    const served = await new Promise<{ keys: unknown[] }>((resolve, reject) => {
      const call = get(`${program.endpoints['https']}/oauth/v1/jwks`, { ca: program.clusterCa }, (answer) => {
        json(answer).then((body) => resolve(body as { keys: unknown[] }), reject);
      });
      call.on('error', reject);
    });
    expect(served.keys).toHaveLength(after.items.length);
  });
});

describe('the cluster view', () => {
  it('has an ETag: asked again with it, nothing is sent', async () => {
    const { headers, text } = await c.request('GET', edgePaths.cluster);
    expect(readClusterView(text)).toMatchObject({
      nodes: [
        { name: 'ucm-a', host: '127.0.0.1', edgeAccess: program.portBase + 11, sipOauthMra: program.portBase + 10 },
      ],
      mraActivationEnabled: true,
    });
    const again = await c.request('GET', edgePaths.cluster, undefined, { 'if-none-match': headers['etag'] as string });
    expect(again).toMatchObject({ status: 304, text: '' });
  });

  it('bad input is answered, and the session lives on', async () => {
    for (const [method, path, body] of [
      ['POST', edgePaths.start, '{'],
      ['POST', edgePaths.start, '{"vouch":{},"request":""}'],
      ['GET', edgePaths.start, undefined],
      ['POST', edgePaths.cluster, '{}'],
    ] as const) {
      expect(await c.request(method, path, body)).toMatchObject({ status: 400, error: 'bad_request' });
    }
    const large = await c.request('POST', edgePaths.config, 'x'.repeat(70_000));
    expect(large).toMatchObject({ status: 413, error: 'bad_request' });
    expect(await c.request('POST', '/api/v1/phones', '{}')).toMatchObject({ status: 404, error: 'not_found' });
    expect((await c.request('GET', edgePaths.cluster)).status).toBe(200);
  });
});
