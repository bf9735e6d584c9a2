import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLog } from '../../src/infra/database/audit-log.ts';
import { webhookService } from '../../src/roles/unified-cm/webhook-administration.ts';
import { startRest, type TestRest } from '../rest/support/rest.ts';
import { type RunningProgram, runProgram, startAllInOne } from '../support/all-in-one.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: as a receiver sees it
  readonly json: any;
}

/** A receiver that answers with these statuses in turn, then 204. */
async function receiver() {
  const received: Received[] = [];
  const statuses: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      received.push({ headers: request.headers, body, json: JSON.parse(body) });
      response.writeHead(statuses.shift() ?? 204, { location: 'http://127.0.0.1:1/' }).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    statuses,
    [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(() => done())),
  };
}
type Receiver = Awaited<ReturnType<typeof receiver>>;

async function until(look: () => boolean): Promise<void> {
  const patience = AbortSignal.timeout(20_000);
  while (!look()) {
    patience.throwIfAborted();
    await new Promise((done) => setTimeout(done, 20));
  }
}

const signedBy = (secret: string, { headers, body }: Received) =>
  headers['firstring-signature'] ===
  `v1=${createHmac('sha256', secret).update(`${headers['firstring-timestamp']}.${body}`).digest('hex')}`;

describe('a webhook', () => {
  let rest: TestRest;
  let target: Receiver;
  beforeAll(async () => {
    [rest, target] = await Promise.all([startRest(), receiver()]);
  });
  afterAll(async () => {
    expect(rest.errors).toEqual([]);
    await rest[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
  });
  const add = async (more: object = {}) => {
    const answer = await rest.call('POST', '/webhooks', {
      body: { name: `hook ${Math.random()}`, url: target.url, events: ['code.made', 'code.revealed'], ...more },
    });
    expect(answer.status, answer.text).toBe(201);
    return answer.body as { id: string; secret: string };
  };
  const service = (outboundAllow: readonly string[] = ['127.0.0.1']) =>
    webhookService({
      db: rest.database.db,
      transactions: rest.database.transactions,
      audit: auditLog(rest.database.db, 'node-a'),
      sealer: rest.sealer,
      version: 'test',
      outboundAllow,
    });
  const sendDue = () => service().sendDue(new AbortController().signal);
  const deliveries = async (id: string) => (await rest.call('GET', `/webhooks/${id}/deliveries`)).body.items;
  const makeCode = () => rest.call('POST', '/phones', { body: { model: 'Cisco 8845', requiresActivationCode: true } });

  it('is tested with a signed event at once', async () => {
    const { id, secret } = await add();
    target.received.length = 0;
    const { body } = await rest.call('POST', `/webhooks/${id}/test`);
    expect(body).toEqual({ delivered: true, status: 204, error: '' });
    const [event] = target.received;
    expect(event!.json.event).toBe('test');
    expect(signedBy(secret, event!)).toBe(true);
    await rest.call('DELETE', `/webhooks/${id}`);
  });

  it.each(['https://[::1]/', 'https://169.254.169.254/', 'https://0.0.0.0/', 'https://127.0.0.2/'])(
    'may not lead to %s unless the node is configured so',
    async (url) => {
      const answer = await rest.call('POST', '/webhooks', { body: { name: 'scan', url, events: ['code.made'] } });
      expect(answer.body).toMatchObject({ status: 422, code: 'webhook_url_closed', field: 'url' });
    },
  );

  it.each(['https://127.1/', 'https://2130706433/', 'https://0x7f.1/'])('is not written as %s', async (url) => {
    const answer = await rest.call('POST', '/webhooks', { body: { name: 'scan', url, events: ['code.made'] } });
    expect(answer.body.code).toBe('webhook_url_invalid');
  });

  it('that an older release let lead to this machine is not sent there, and only who may change it sees why nothing arrives', async () => {
    const { id } = await add();
    target.received.length = 0;
    const attempt = await service([]).test(id);
    expect(attempt).toMatchObject({
      delivered: false,
      status: undefined,
      error: expect.stringContaining('outbound.allow'),
    });
    expect(target.received).toEqual([]);
    const seenBy = async (as: string) =>
      (await rest.call('GET', `/webhooks/${id}/deliveries`, { as })).body.items[0].lastError;
    expect(await seenBy('super')).toContain('outbound.allow');
    expect(await seenBy('auditor')).toBe('It was not taken; who may change webhooks sees why.');
    await rest.call('DELETE', `/webhooks/${id}`);
  });

  it('is told what was committed, never the code, and nothing it did not ask for', async () => {
    const { id, secret } = await add({ events: ['code.made'] });
    target.received.length = 0;
    const { body: phone } = await makeCode();
    const { body: code } = await rest.call('GET', `/phones/${phone.name}/activation-code`);
    await sendDue();
    expect(target.received.map(({ json }) => [json.event, json.deviceName, json.actor])).toEqual([
      ['code.made', phone.name, 'super'],
    ]);
    expect(target.received[0]!.body).not.toContain(code.code);
    expect(target.received[0]!.body).not.toContain(code.code.slice(0, 7));
    expect(signedBy(secret, target.received[0]!)).toBe(true);
    expect(target.received[0]!.headers['firstring-delivery']).toBe(target.received[0]!.json.id);
    await rest.call('DELETE', `/webhooks/${id}`);
  });

  it('is told nothing of what was rolled back', async () => {
    const { id } = await add({ events: ['code.made'] });
    await rest.call('POST', '/phones', {
      body: { model: 'Cisco 8845', requiresActivationCode: true, devicePool: 'Nowhere' },
    });
    expect(await deliveries(id)).toEqual([]);
    await rest.call('DELETE', `/webhooks/${id}`);
  });

  it('is tried again with the same id, and a redirect is a failure', async () => {
    const { id } = await add({ events: ['code.made'] });
    target.received.length = 0;
    target.statuses.push(500, 302);
    await makeCode();
    await sendDue();
    expect(await deliveries(id)).toMatchObject([
      { state: 'waiting', attempts: 1, lastStatus: 500, lastError: expect.stringContaining('500') },
    ]);
    const due = () =>
      rest.database.pool.query(`UPDATE webhook_delivery SET next_attempt_at = now() WHERE state = 'waiting'`);
    await due();
    await sendDue();
    await due();
    await sendDue();
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered', attempts: 3, lastStatus: 204 }]);
    expect(new Set(target.received.map(({ headers }) => headers['firstring-delivery'])).size).toBe(1);
    await rest.call('DELETE', `/webhooks/${id}`);
  });

  it('is given up after its attempts, and can be repeated by hand', async () => {
    const { id } = await add({ events: ['code.made'], url: 'http://127.0.0.1:9/' });
    await makeCode();
    await rest.database.pool.query('UPDATE webhook_delivery SET attempts = 10');
    expect(await sendDue()).toBe(1);
    const [delivery] = await deliveries(id);
    expect(delivery).toMatchObject({
      state: 'given-up',
      lastStatus: null,
      lastError: 'Nothing listens at that address and port.',
    });
    await rest.call('PATCH', `/webhooks/${id}`, { body: { url: target.url } });
    expect((await rest.call('POST', `/webhooks/${id}/deliveries/${delivery.id}/repeat`)).status).toBe(204);
    await sendDue();
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered', attempts: 1 }]);
    await rest.call('DELETE', `/webhooks/${id}`);
  });

  it('is sent by one of several nodes, not by each', async () => {
    const { id } = await add({ events: ['code.made'] });
    target.received.length = 0;
    await Promise.all(Array.from({ length: 6 }, makeCode));
    await Promise.all([sendDue(), sendDue(), sendDue()]);
    expect(target.received).toHaveLength(6);
    expect(new Set(target.received.map(({ json }) => json.id)).size).toBe(6);
    await rest.call('DELETE', `/webhooks/${id}`);
  });

  it('that is switched off is told nothing', async () => {
    const { id } = await add({ events: ['code.made'], enabled: false });
    await makeCode();
    expect(await deliveries(id)).toEqual([]);
    await rest.call('DELETE', `/webhooks/${id}`);
  });

  it('keeps its secret: it is shown once, and a new one ends the old', async () => {
    const { id, secret } = await add();
    const { body: renewed } = await rest.call('POST', `/webhooks/${id}/secret`);
    expect(renewed.secret).not.toBe(secret);
    target.received.length = 0;
    await rest.call('POST', `/webhooks/${id}/test`);
    expect(signedBy(secret, target.received[0]!)).toBe(false);
    expect(signedBy(renewed.secret, target.received[0]!)).toBe(true);
    expect(JSON.stringify((await rest.call('GET', '/webhooks')).body)).not.toContain(renewed.secret);
    const { rows } = await rest.database.pool.query(`SELECT encode(secret_sealed, 'escape') AS text FROM webhook`);
    expect(JSON.stringify(rows)).not.toContain(renewed.secret);
    await rest.call('DELETE', `/webhooks/${id}`);
  });

  it.each([
    'ftp://example.org/',
    'http://example.org/',
    'https://user:secret@example.org/',
    'https://',
    'javascript:alert(1)',
    'http://169.254.169.254/latest',
  ])('is not sent to %s', async (url) => {
    const answer = await rest.call('POST', '/webhooks', { body: { name: 'bad', url, events: ['code.made'] } });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('webhook_url_invalid');
  });

  it('has a name of its own', async () => {
    const { id } = await add({ name: 'one' });
    const again = await rest.call('POST', '/webhooks', {
      body: { name: 'one', url: target.url, events: ['code.made'] },
    });
    expect(again.status).toBe(409);
    await rest.call('DELETE', `/webhooks/${id}`);
  });
});

describe('in the real system', () => {
  let program: RunningProgram;
  let target: Receiver;
  beforeAll(async () => {
    [program, target] = await Promise.all([
      startAllInOne({ environment: { FIRSTRING_OUTBOUND_ALLOW: '127.0.0.1' } }),
      receiver(),
    ]);
  });
  afterAll(async () => {
    await program[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
  });

  it('a phone’s way is told step by step: made, refused, used, registered', async () => {
    await program.rest('POST', '/webhooks', {
      name: 'desk',
      url: target.url,
      events: ['code.made', 'code.refused', 'code.used', 'phone.registered'],
    });
    const { body: added } = await program.rest('POST', '/phones', {
      model: 'Cisco 8845',
      requiresActivationCode: true,
    });
    const { body: code } = await program.rest('GET', `/phones/${added.name}/activation-code`);
    const boot = (model: string) =>
      runProgram([
        'phone',
        '--runtime',
        `${program.dataDirectory}/runtime.json`,
        '--model',
        model,
        '--mac',
        '00C0DE0000C1',
        '--code',
        code.code,
      ]);
    expect((await boot('7841')).code).not.toBe(0);
    expect((await boot('8845')).code).toBe(0);
    const seen = () => target.received.map(({ json }) => json.event);
    await until(() => seen().includes('phone.registered') && seen().includes('code.refused'));
    expect(target.received.find(({ json }) => json.event === 'code.refused')!.json).toMatchObject({
      reason: 'model_mismatch',
    });
    expect(target.received.find(({ json }) => json.event === 'code.used')!.json).toMatchObject({
      deviceName: 'SEP00C0DE0000C1',
      previousName: added.name,
    });
  });
});
