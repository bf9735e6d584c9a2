import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseMailbox } from '../../src/domain/mail/mailbox.ts';
import type { MailServer, OutgoingMessage } from '../../src/domain/mail/ports.ts';
import { smtpTransport } from '../../src/infra/mail/smtp-transport.ts';
import { serverCertificate } from './support/certificate.ts';
import { decodedHeader, headerOf, partOf } from './support/mime.ts';
import { startSmtpServer, type TestSmtpServer } from './support/smtp-server.ts';

const at = (port: number, security: MailServer['security'] = 'None', login?: MailServer['login']): MailServer => ({
  host: 'localhost',
  port,
  security,
  login,
});
const message = (to: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id: '0b8e7a52-0d4b-4a7e-9a70-6f0a6a5e2f11',
  from: parseMailbox('phones@example.com')!,
  to: parseMailbox(to)!,
  language: 'zh-CN',
  subject: '您的桌面电话已做好准备激活',
  text: '.\n..\nFrom here\n您好',
  html: '<p>您好</p>',
  pictures: [{ name: 'picture', png: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 255) }],
  ...more,
});
const never = new AbortController().signal;
const login = { user: 'phones', password: 'pass-Wörd 1' };

let certificate: Awaited<ReturnType<typeof serverCertificate>>;
let plain: TestSmtpServer;
beforeAll(async () => {
  certificate = await serverCertificate('localhost');
  plain = await startSmtpServer();
});
afterAll(() => plain[Symbol.asyncDispose]());

const transport = smtpTransport({ hello: '127.0.0.1' });

describe('the SMTP transport', () => {
  it('delivers one message to one recipient, with texts and picture whole', async () => {
    expect(await transport.deliver(at(plain.port), message('anna@example.org'), never)).toEqual({
      outcome: 'accepted',
      serverSaid: '250 taken',
    });
    const [{ from, to, mime }] = (await plain.received(1)) as [Awaited<ReturnType<typeof plain.received>>[number]];
    expect([from, to]).toEqual(['phones@example.com', ['anna@example.org']]);
    expect(headerOf(mime, 'from')).toBe('phones@example.com');
    expect(headerOf(mime, 'to')).toBe('anna@example.org');
    expect(headerOf(mime, 'message-id')).toBe('<0b8e7a52-0d4b-4a7e-9a70-6f0a6a5e2f11@example.com>');
    expect(headerOf(mime, 'auto-submitted')).toBe('auto-generated');
    expect(decodedHeader(headerOf(mime, 'subject')!)).toBe('您的桌面电话已做好准备激活');
    expect(partOf(mime, 'text/plain')!.content.toString().replaceAll('\r\n', '\n').trim()).toBe(
      '.\n..\nFrom here\n您好',
    );
    expect(partOf(mime, 'text/html')!.content.toString().trim()).toBe('<p>您好</p>');
    const picture = partOf(mime, 'image/png')!;
    expect(headerOf(picture, 'content-id')).toBe('<picture>');
    expect(headerOf(picture, 'content-disposition')).toMatch(/^inline/);
    expect([...picture.content]).toEqual([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 255]);
  });

  it.each([
    ['unknown@example.org', 'mail_recipient_refused', /5\.1\.1 no such user/],
    ['busy@example.org', 'mail_server_busy', /greylisted/],
    ['spam@example.org', 'mail_message_refused', /looks like spam \*\*\*\*$/],
  ] as const)('says why the message to %s was not taken', async (to, problem, said) => {
    const delivery = await transport.deliver(at(plain.port), message(to), never);
    expect(delivery).toMatchObject({ outcome: 'not-accepted', problem, serverSaid: expect.stringMatching(said) });
  });

  it('says that the sender is not allowed', async () => {
    const forbidden = message('anna@example.org', { from: parseMailbox('forbidden@example.com')! });
    expect(await transport.deliver(at(plain.port), forbidden, never)).toMatchObject({ problem: 'mail_sender_refused' });
  });

  it.each(['STARTTLS', 'TLS'] as const)('signs in over %s when it trusts the certificate', async (security) => {
    await using server = await startSmtpServer({ security, cert: certificate.cert, key: certificate.key, login });
    const trusting = smtpTransport({ hello: 'localhost', certificateAuthorities: [certificate.ca] });
    const delivery = await trusting.deliver(at(server.port, security, login), message('anna@example.org'), never);
    expect(delivery).toMatchObject({ outcome: 'accepted' });
    expect(server.events.find((event) => event.type === 'login')).toEqual({
      type: 'login',
      user: 'phones',
      secure: true,
    });

    expect(await transport.deliver(at(server.port, security, login), message('anna@example.org'), never)).toMatchObject(
      {
        problem: 'mail_tls_failed',
      },
    );
    const wrong = { user: 'phones', password: 'guess-guess' };
    const refused = await trusting.deliver(at(server.port, security, wrong), message('anna@example.org'), never);
    expect(refused).toEqual({ outcome: 'not-accepted', problem: 'mail_login_refused', serverSaid: '535' });
    expect(server.messages.length).toBe(1);
  });

  it('sends nothing to a server that offers no encryption where it is asked for', async () => {
    const seen = plain.messages.length;
    expect(
      await transport.deliver(at(plain.port, 'STARTTLS', login), message('anna@example.org'), never),
    ).toMatchObject({
      problem: 'mail_tls_failed',
    });
    expect(plain.events.some((event) => event.type === 'login')).toBe(false);
    expect(plain.messages.length).toBe(seen);
  });

  it('says that nobody listens', async () => {
    const dead = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => dead.once('listening', done));
    const { port } = dead.address() as { port: number };
    await new Promise((done) => dead.close(done));
    expect(await transport.deliver(at(port), message('anna@example.org'), never)).toEqual({
      outcome: 'not-accepted',
      problem: 'mail_server_unreachable',
      serverSaid: 'ECONNREFUSED',
    });
  });

  it('gives up on a server that says nothing, and at once when it is told to stop', async () => {
    await using server = await startSmtpServer({ mute: true });
    const impatient = smtpTransport({ hello: 'localhost', patience: 200 });
    expect(await impatient.deliver(at(server.port), message('anna@example.org'), never)).toMatchObject({
      problem: 'mail_server_unreachable',
    });
    const stop = new AbortController();
    const stopped = transport.deliver(at(server.port), message('anna@example.org'), stop.signal);
    stop.abort();
    expect(await stopped).toEqual({ outcome: 'interrupted' });
  });
});
