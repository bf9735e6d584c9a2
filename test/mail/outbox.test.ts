import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Delivery, MailTransport } from '../../src/domain/mail/ports.ts';
import { smtpTransport } from '../../src/infra/mail/smtp-transport.ts';
import { serverCertificate } from './support/certificate.ts';
import { type MailBench, mailBench } from './support/mail-bench.ts';
import { headerOf } from './support/mime.ts';
import { startSmtpServer } from './support/smtp-server.ts';

let bench: MailBench;
beforeAll(async () => {
  bench = await mailBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

/** A port nobody listens on. */
const deadPort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
};
const ask = async (name: string) => {
  const answer = await bench.call('POST', `/phones/${name}/activation-code/e-mail`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return answer.body;
};
const statusOf = async (name: string) => (await bench.call('GET', `/phones/${name}/activation-code/e-mail`)).body;
const audited = async (name: string) =>
  (
    await bench.database.db
      .selectFrom('audit_event')
      .select('action')
      .where('object_name', '=', name)
      .where('action', 'like', 'activation-code.e-mail%')
      .orderBy('ordinal')
      .execute()
  ).map(({ action }) => action);
const setAll = (change: object) =>
  bench.database.db.updateTable('mail_message').set(change).where('state', 'in', ['queued', 'sending']).execute();
const idle = new AbortController().signal;

describe('the outbox', () => {
  it('keeps a message while the mail server is dead and over a restart of ours, and sends it once', async () => {
    const port = await deadPort();
    await bench.setServer(port);
    const jobs = await bench.runJobs();
    const phone = await bench.phone({ mail: 'anna@example.org' });
    await ask(phone.name);
    const waiting = async () => {
      for (;;) {
        const status = await statusOf(phone.name);
        if (status.attempts > 0 && status.reason !== null) return status;
        await new Promise((done) => setTimeout(done, 20));
      }
    };
    expect(await waiting()).toMatchObject({
      state: 'queued',
      to: null,
      reason: 'mail_server_unreachable',
      cause: 'The mail server does not answer.',
      remedy: expect.stringContaining('SMTP Server'),
      serverSaid: 'ECONNREFUSED',
      nextAttemptAt: expect.any(String),
      endedAt: null,
    });
    await jobs[Symbol.asyncDispose]();

    await using server = await startSmtpServer({ port });
    await using _jobs = await bench.runJobs(bench.otherNode());
    const sent = await bench.until(phone.name, 'sent');
    expect(sent.attempts).toBeGreaterThan(1);
    expect((await server.received(1)).length).toBe(1);
    // Nothing is left that could be sent again.
    await bench.mail.sender.sendDue(idle);
    expect(server.messages.length).toBe(1);
    expect(await audited(phone.name)).toEqual(['activation-code.e-mail-queued', 'activation-code.e-mailed']);
    expect((await bench.steps(phone.id)).map(({ step }) => step)).toEqual([
      'code-e-mail-queued',
      'code-e-mail-delayed',
      'code-e-mailed',
    ]);
  });

  it('makes one message of two requests while the first one waits, and tries it at once', async () => {
    await using server = await startSmtpServer();
    await bench.setServer(await deadPort());
    const phone = await bench.phone({ mail: 'anna@example.org' });
    await using _jobs = await bench.runJobs();
    await ask(phone.name);
    await bench.mail.sender.sendDue(idle);
    await setAll({ due_at: new Date(Date.now() + 3_600_000) });
    await bench.setServer(server.port);
    await ask(phone.name);
    await bench.until(phone.name, 'sent');
    await server.received(1);
    expect(await audited(phone.name)).toEqual([
      'activation-code.e-mail-queued',
      'activation-code.e-mail-hastened',
      'activation-code.e-mailed',
    ]);
    const rows = await bench.database.db
      .selectFrom('mail_message')
      .select('id')
      .where('device_id', '=', phone.id)
      .execute();
    expect(rows.length).toBe(1);
  });

  it('sends each message once, also when several nodes send at the same time', async () => {
    await using server = await startSmtpServer();
    await bench.setServer(server.port);
    const phones = await Promise.all(
      Array.from({ length: 12 }, (_, n) => bench.phone({ mail: `user-${n}@example.org` })),
    );
    const asked = await bench.call('POST', '/activation-codes/e-mail', { names: phones.map(({ name }) => name) });
    // biome-ignore lint/suspicious/noExplicitAny: an answer
    expect(asked.body.items.every((each: any) => each.queued)).toBe(true);
    const nodes = [bench.mail, bench.otherNode(), bench.otherNode()];
    await Promise.all(nodes.flatMap(({ sender }) => [sender.sendDue(idle), sender.sendDue(idle)]));
    for (const { name } of phones) await bench.until(name, 'sent');
    await server.received(12);
    expect(server.messages.flatMap(({ to }) => to).toSorted()).toEqual(
      phones.map((_, n) => `user-${n}@example.org`).toSorted(),
    );
    expect(new Set(server.messages.map(({ mime }) => headerOf(mime, 'message-id'))).size).toBe(12);
  });

  it('takes over what a lost node was sending, under the same Message-ID, and not before its time', async () => {
    await using server = await startSmtpServer();
    await bench.setServer(server.port);
    const phone = await bench.phone({ mail: 'anna@example.org' });
    await ask(phone.name);
    const lost = await bench.database.transactions.run((tx) => bench.mail.store.claim(tx, 60_000, 24));
    expect(lost?.deviceName).toBe(phone.name);
    await bench.mail.sender.sendDue(idle);
    expect((await statusOf(phone.name)).state).toBe('queued');
    expect(server.messages.length).toBe(0);
    await setAll({ due_at: new Date(Date.now() - 1000) });
    await bench.mail.sender.sendDue(idle);
    const [message] = await server.received(1);
    expect(headerOf(message!.mime, 'message-id')).toBe(`<${lost!.id}@example.com>`);
    // The lost node comes back: its word does not count any more.
    const late = await bench.database.transactions.run((tx) =>
      bench.mail.store.settle(tx, lost!, { state: 'failed', reason: 'mail_message_refused', serverSaid: '' }),
    );
    expect(late).toBe(false);
    expect((await statusOf(phone.name)).state).toBe('sent');
  });

  it('gives a message up that the recipient’s server refuses, and alarms', async () => {
    await using server = await startSmtpServer();
    await bench.setServer(server.port);
    const before = bench.givenUp();
    const phone = await bench.phone({ mail: 'unknown@example.org' });
    await ask(phone.name);
    await bench.mail.sender.sendDue(idle);
    expect(await statusOf(phone.name)).toMatchObject({
      state: 'failed',
      reason: 'mail_recipient_refused',
      remedy: 'Correct the e-mail address of the user, then send the message again.',
      serverSaid: '550 5.1.1 no such user here',
      attempts: 1,
    });
    const chinese = await bench.call('GET', `/phones/${phone.name}/activation-code/e-mail?language=zh-CN`);
    expect(chinese.body.remedy).toMatch(/电子邮件地址/);
    expect(bench.givenUp()).toBe(before + 1);
    expect(bench.log.some((line) => line.includes('"level":"error"') && line.includes(phone.name))).toBe(true);
    expect((await bench.steps(phone.id)).at(-1)).toEqual({
      step: 'code-e-mail-failed',
      reason: 'mail_recipient_refused',
    });
    expect(await audited(phone.name)).toEqual(['activation-code.e-mail-queued', 'activation-code.e-mail-failed']);
    const { body } = await bench.call('GET', '/mail');
    expect(body.failedLastDay).toBeGreaterThan(0);
    expect(body.failures[0]).toMatchObject({ name: phone.name, reason: 'mail_recipient_refused' });
    // Corrected: the next message goes out.
    await bench.database.db
      .updateTable('end_user')
      .set({ mail: 'known@example.org' })
      .where('user_id', '=', phone.owner)
      .execute();
    await ask(phone.name);
    await bench.mail.sender.sendDue(idle);
    expect((await statusOf(phone.name)).state).toBe('sent');
  });

  it('tries again what the mail server puts off', async () => {
    await using server = await startSmtpServer();
    await bench.setServer(server.port);
    const phone = await bench.phone({ mail: 'busy@example.org' });
    await ask(phone.name);
    await bench.mail.sender.sendDue(idle);
    expect(await statusOf(phone.name)).toMatchObject({ state: 'queued', reason: 'mail_server_busy', attempts: 1 });
    await setAll({ due_at: new Date(Date.now() - 1000) });
    await bench.mail.sender.sendDue(idle);
    expect(await statusOf(phone.name)).toMatchObject({ state: 'sent', reason: null, attempts: 2 });
    expect((await server.received(1)).length).toBe(1);
  });

  it('gives up after the time limit, and asks a dead server once a round, not once a message', async () => {
    let calls = 0;
    const dead: MailTransport = {
      async deliver(): Promise<Delivery> {
        calls++;
        return { outcome: 'not-accepted', problem: 'mail_server_unreachable', serverSaid: 'ECONNREFUSED' };
      },
    };
    await bench.setServer(await deadPort());
    const phones = await Promise.all([1, 2, 3].map((n) => bench.phone({ mail: `late-${n}@example.org` })));
    for (const { name } of phones) await ask(name);
    await setAll({ queued_at: new Date(Date.now() - 25 * 3_600_000) });
    const young = await bench.phone({ mail: 'young@example.org' });
    await ask(young.name);
    await bench.otherNode(dead).sender.sendDue(idle);
    expect(calls).toBe(1);
    for (const { name } of phones)
      expect(await statusOf(name)).toMatchObject({ state: 'failed', reason: 'mail_server_unreachable' });
    expect((await statusOf(young.name)).state).toBe('queued');
    await bench.database.db.deleteFrom('mail_message').where('device_id', '=', young.id).execute();
  });

  const becomes = {
    'was released': {
      reason: 'mail_code_ended',
      act: (name: string) => bench.call('DELETE', `/phones/${name}/activation-code`),
    },
    'was replaced': {
      reason: 'mail_code_ended',
      async act(name: string) {
        await bench.call('DELETE', `/phones/${name}/activation-code`);
        return bench.call('POST', `/phones/${name}/activation-code`);
      },
    },
    'was used': { reason: 'mail_code_used', act: (name: string) => bench.redeem(name, `00A1B2${name.slice(-6)}`) },
    'ran out': {
      reason: 'mail_code_expired',
      act: (_: string, id: string) =>
        bench.database.db
          .updateTable('activation_code')
          .set({ expires_at: new Date(Date.now() - 1000) })
          .where('device_id', '=', id)
          .execute(),
    },
    'is somebody else’s now': {
      reason: 'mail_owner_changed',
      act: (name: string) => bench.call('PATCH', `/phones/${name}`, { ownerUserId: 'admin' }),
    },
  } satisfies Record<string, { reason: string; act: (name: string, id: string) => Promise<unknown> }>;
  it.each(Object.entries(becomes))('does not mail a code that %s before it was sent', async (_, { reason, act }) => {
    await using server = await startSmtpServer();
    await bench.setServer(server.port);
    await bench.set('E-mail Contains Activation Code', 'true');
    const phone = await bench.phone({ mail: 'anna@example.org' });
    await ask(phone.name);
    await act(phone.name, phone.id);
    await bench.mail.sender.sendDue(idle);
    const row = await bench.database.db
      .selectFrom('mail_message')
      .select(['state', 'reason', 'recipient'])
      .where('device_id', '=', phone.id)
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ state: 'cancelled', reason, recipient: '' });
    expect(server.events.some(({ type }) => type === 'connected')).toBe(false);
    expect((await bench.steps(phone.id)).at(-1)).toEqual({ step: 'code-e-mail-cancelled', reason });
    await bench.set('E-mail Contains Activation Code', 'false');
  });

  it('shows at once that a message which waits is not needed any more', async () => {
    await bench.setServer(await deadPort());
    const phone = await bench.phone({ mail: 'anna@example.org' });
    await ask(phone.name);
    await bench.call('DELETE', `/phones/${phone.name}/activation-code`);
    expect(await statusOf(phone.name)).toMatchObject({ state: 'cancelled', reason: 'mail_code_ended' });
    await bench.mail.sender.sendDue(idle);
  });

  it('hands a message back when the node stops in the middle of it', async () => {
    await using mute = await startSmtpServer({ mute: true });
    await bench.setServer(mute.port);
    const phone = await bench.phone({ mail: 'anna@example.org' });
    await ask(phone.name);
    const stop = new AbortController();
    const round = bench.mail.sender.sendDue(stop.signal);
    await mute.connected();
    stop.abort();
    await round;
    const row = await bench.database.db
      .selectFrom('mail_message')
      .select(['state', 'reason'])
      .where('device_id', '=', phone.id)
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ state: 'queued', reason: '' });
    await bench.database.db.deleteFrom('mail_message').where('device_id', '=', phone.id).execute();
  });

  it('goes without a phone that was deleted', async () => {
    await using server = await startSmtpServer();
    await bench.setServer(server.port);
    const phone = await bench.phone({ mail: 'anna@example.org' });
    await ask(phone.name);
    expect((await bench.call('DELETE', `/phones/${phone.name}`)).status).toBe(204);
    await bench.mail.sender.sendDue(idle);
    const row = await bench.database.db
      .selectFrom('mail_message')
      .select('state')
      .where('device_name', '=', phone.name)
      .executeTakeFirstOrThrow();
    expect(row.state).toBe('cancelled');
  });
});

describe('the secrets of mail', () => {
  it('are in no log line, no answer, no audit row and no table in the clear', async () => {
    const certificate = await serverCertificate('localhost');
    const password = 'Sesame-42-öffne';
    await using server = await startSmtpServer({
      security: 'STARTTLS',
      cert: certificate.cert,
      key: certificate.key,
      login: { user: 'phones', password },
    });
    await bench.setServer(server.port);
    await bench.set('SMTP Connection Security', 'STARTTLS');
    await bench.set('SMTP User', 'phones');
    await bench.set('E-mail Contains Activation Code', 'true');
    expect((await bench.call('PUT', '/mail/password', { password: 'wrong-Sesame' })).status).toBe(204);
    const node = bench.otherNode(smtpTransport({ hello: 'localhost', certificateAuthorities: [certificate.ca] }));
    const phone = await bench.phone({ mail: 'anna@example.org' });
    await ask(phone.name);
    await node.sender.sendDue(idle);
    expect(await statusOf(phone.name)).toMatchObject({
      state: 'queued',
      reason: 'mail_login_refused',
      serverSaid: '535',
    });
    expect((await bench.call('PUT', '/mail/password', { password })).status).toBe(204);
    await setAll({ due_at: new Date(Date.now() - 1000) });
    await node.sender.sendDue(idle);
    await bench.until(phone.name, 'sent');
    await server.received(1);

    const overview = await bench.call('GET', '/mail');
    expect(overview.body).toMatchObject({ setUp: true, passwordSet: true, passwordFrom: 'database', user: 'phones' });
    const tables = await Promise.all(
      (['audit_event', 'mail_message', 'onboarding_event', 'cluster_secret', 'enterprise_parameter'] as const).map(
        (table) => bench.database.db.selectFrom(table).selectAll().execute(),
      ),
    );
    const everything = [
      ...bench.log,
      JSON.stringify(overview.body),
      JSON.stringify(await statusOf(phone.name)),
      ...tables.map((rows) =>
        JSON.stringify(rows, (_, value) =>
          value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
        ),
      ),
    ].join('\n');
    for (const secret of ['Sesame-42', 'wrong-Sesame', phone.code, phone.code.slice(7, 15)])
      expect(everything).not.toContain(secret);
    expect(everything.replaceAll('-', '')).not.toContain(phone.code);

    expect((await bench.call('PUT', '/mail/password', { password: null })).status).toBe(204);
    expect((await bench.call('GET', '/mail')).body.passwordSet).toBe(false);
  });
});
