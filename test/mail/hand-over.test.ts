import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MailBench, mailBench } from './support/mail-bench.ts';
import { decodedHeader, headerOf, type MimePart, partOf } from './support/mime.ts';
import { type Received, startSmtpServer, type TestSmtpServer } from './support/smtp-server.ts';

// Its types and what it is at run time differ.
const readQr = jsqr as unknown as (pixels: Uint8ClampedArray, width: number, height: number) => { data: string } | null;

let bench: MailBench;
let server: TestSmtpServer;
beforeAll(async () => {
  server = await startSmtpServer();
  bench = await mailBench();
  await bench.runJobs();
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const send = async (name: string) => {
  const seen = server.messages.length;
  const asked = await bench.call('POST', `/phones/${name}/activation-code/e-mail`);
  expect(asked.status, JSON.stringify(asked.body)).toBe(202);
  await bench.until(name, 'sent');
  await server.received(seen + 1);
  expect(server.messages.length).toBe(seen + 1);
  return server.messages[seen]!;
};
const textOf = (mime: MimePart, type: string) => partOf(mime, type)!.content.toString().replaceAll('\r\n', '\n');
/** Everything a reader or a program could find in it. */
const allOf = ({ raw, mime }: Received) => {
  const contents = (part: MimePart): string[] => [part.content.toString('latin1'), ...part.parts.flatMap(contents)];
  return [raw, ...contents(mime)].join('\n');
};
const dashed = (code: string) => code.replace(/(\d{4})(?=\d)/g, '$1-');

describe('the message to the owner', () => {
  beforeAll(() => bench.setServer(server.port));

  it('carries a link to Self Care and no code, unless an administrator wants the code in it', async () => {
    const phone = await bench.phone({ mail: 'anna@example.org', description: 'Desk 4.17' });
    const message = await send(phone.name);
    expect([message.from, message.to]).toEqual(['phones@example.com', ['anna@example.org']]);
    expect(headerOf(message.mime, 'subject')).toBe('Your desk phone is ready to activate');
    for (const type of ['text/plain', 'text/html']) {
      const text = textOf(message.mime, type);
      expect(text).toContain('https://ucm-a.example.com:8443/selfcare');
      expect(text).toContain('Cisco 8845');
      expect(text).toContain('Desk 4.17');
      expect(text).toMatch(/until \d+ [A-Z][a-z]+ 20\d\d at \d\d:\d\d \(Etc\/UTC\)/);
    }
    expect(allOf(message)).not.toMatch(new RegExp([...phone.code].join('[^0-9]?')));
    expect(partOf(message.mime, 'image/png')).toBeUndefined();
    expect((await bench.call('GET', `/phones/${phone.name}/activation-code/e-mail`)).body).toMatchObject({
      name: phone.name,
      state: 'sent',
      to: 'anna@example.org',
      containsCode: false,
      attempts: 1,
      requestedBy: 'admin',
      nextAttemptAt: null,
      reason: null,
      serverSaid: '250 taken',
    });
    expect((await bench.steps(phone.id)).map(({ step }) => step)).toEqual(['code-e-mail-queued', 'code-e-mailed']);
  });

  it('carries the code as 4-4-4-4 and as a QR code that decodes to it, when the parameter says so', async () => {
    await bench.set('E-mail Contains Activation Code', 'true');
    try {
      const phone = await bench.phone({ mail: "o'brien+phones@mail.example.org" });
      const message = await send(phone.name);
      expect(textOf(message.mime, 'text/plain')).toContain(dashed(phone.code));
      const html = textOf(message.mime, 'text/html');
      expect(html).toContain(dashed(phone.code));
      const picture = partOf(message.mime, 'image/png')!;
      expect(html).toContain(`src="cid:${headerOf(picture, 'content-id')!.slice(1, -1)}"`);
      const { data, width, height } = PNG.sync.read(picture.content);
      expect(readQr(new Uint8ClampedArray(data), width, height)?.data).toBe(`OAC1:${phone.code}`);
      for (const [name, values] of message.mime.headers)
        expect(`${name}: ${values}`).not.toContain(phone.code.slice(7, 15));
      expect((await bench.call('GET', `/phones/${phone.name}/activation-code/e-mail`)).body.containsCode).toBe(true);
    } finally {
      await bench.set('E-mail Contains Activation Code', 'false');
    }
  });

  it('speaks the language of the user', async () => {
    const phone = await bench.phone({ mail: 'wang@example.org', locale: 'zh-CN', description: '前台' });
    const message = await send(phone.name);
    expect(decodedHeader(headerOf(message.mime, 'subject')!)).toBe('您的桌面电话已做好准备激活');
    expect(headerOf(message.mime, 'content-language')).toBe('zh-CN');
    expect(textOf(message.mime, 'text/plain')).toMatch(/您的桌面电话（Cisco 8845，“前台”）正在等待激活/);
    expect(textOf(message.mime, 'text/html')).toContain('自助门户');
  });

  it('shows what people wrote as text, whatever they wrote', async () => {
    const phone = await bench.phone({
      mail: 'anna@example.org',
      description: `</p><img src=x onerror="alert(1)">&amp; 'q' \u202etxt`,
    });
    const message = await send(phone.name);
    const html = textOf(message.mime, 'text/html');
    expect(html).not.toContain('<img');
    expect(html).toContain('&#60;/p&#62;&#60;img src=x onerror=&#34;alert(1)&#34;&#62;&#38;amp; &#39;q&#39; txt');
    expect(textOf(message.mime, 'text/plain')).toContain(`</p><img src=x onerror="alert(1)">&amp; 'q' txt`);
    expect([...message.mime.headers.keys()].toSorted()).toEqual([
      'auto-submitted',
      'content-language',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
    ]);
  });

  it('goes to nobody when the address is not one plain mailbox, and says so', async () => {
    const seen = server.messages.length;
    const bad = [
      'anna@example.org\r\nBcc: eve@example.org',
      'anna@example.org\nDATA',
      'anna@example.org, eve@example.org',
      'Anna <anna@example.org>',
      '"a b"@example.org',
      'anna@[127.0.0.1]',
      'anna@127.0.0.1',
      'anna',
      'anna@example.org\0',
      '安娜@example.org',
      `${'a'.repeat(65)}@example.org`,
    ];
    const names: string[] = [];
    for (const mail of bad) {
      // PostgreSQL stores no NUL.
      const phone = await bench.phone({ mail: mail.replace('\0', '\u0001') });
      names.push(phone.name);
      const answer = await bench.call('POST', `/phones/${phone.name}/activation-code/e-mail`);
      expect([answer.status, answer.body.code], mail).toEqual([409, 'bad_mail_address']);
      expect(answer.body.remedy).toContain('e-mail address');
      expect((await bench.call('GET', `/phones/${phone.name}/activation-code/e-mail`)).body.state).toBe('none');
    }
    const none = await bench.phone({ mail: '' });
    const good = await bench.phone({ mail: 'good@example.org' });
    const list = await bench.call('POST', '/activation-codes/e-mail', {
      names: [...names, none.name, 'SEP00000000FFFF', good.name, 'Anna’s phone', good.name],
    });
    expect(list.status).toBe(202);
    // biome-ignore lint/suspicious/noExplicitAny: an answer
    expect(list.body.items.map((each: any) => each.code)).toEqual([
      ...bad.map(() => 'bad_mail_address'),
      'no_mail_address',
      'phone_not_found',
      null,
      'phone_not_found',
    ]);
    await bench.until(good.name, 'sent');
    expect(server.messages.slice(seen).map(({ to }) => to)).toEqual([['good@example.org']]);
  });

  it('is asked for by who manages codes; the owner sees what became of it, and nobody else', async () => {
    const phone = await bench.phone({ mail: 'anna@example.org' });
    const path = `/phones/${phone.name}/activation-code/e-mail`;
    expect((await bench.call('POST', path, undefined, { as: phone.owner })).status).toBe(403);
    expect(
      (await bench.call('POST', '/activation-codes/e-mail', { names: [phone.name] }, { as: phone.owner })).status,
    ).toBe(403);
    expect((await bench.call('GET', path, undefined, { as: phone.owner })).body.state).toBe('none');
    await bench.addUser('stranger', ['end-user']);
    expect((await bench.call('GET', path, undefined, { as: 'stranger' })).status).toBe(404);
    expect((await bench.call('GET', '/mail', undefined, { as: phone.owner })).status).toBe(403);
    await bench.addUser('clerk', ['bulk-admin']);
    const seen = server.messages.length;
    expect((await bench.call('POST', path, undefined, { as: 'clerk' })).status).toBe(202);
    await server.received(seen + 1);
    expect((await bench.call('POST', '/mail/test', undefined, { as: 'clerk' })).status).toBe(403);
    expect((await bench.call('PUT', '/mail/password', { password: 'x' }, { as: 'clerk' })).status).toBe(403);
  });

  it('does not flood a mailbox', async () => {
    const phone = await bench.phone({ mail: 'anna@example.org' });
    for (let n = 0; n < 5; n++) await send(phone.name);
    const answer = await bench.call('POST', `/phones/${phone.name}/activation-code/e-mail`);
    expect([answer.status, answer.body.code]).toEqual([429, 'too_many_messages']);
  });

  it('is not made when it could say nothing', async () => {
    const phone = await bench.phone({ mail: 'anna@example.org' });
    await bench.set('Show Phones Ready to Activate', 'false');
    try {
      const answer = await bench.call('POST', `/phones/${phone.name}/activation-code/e-mail`);
      expect([answer.status, answer.body.code]).toEqual([409, 'hand_over_closed']);
      await bench.set('E-mail Contains Activation Code', 'true');
      const message = await send(phone.name);
      expect(allOf(message)).not.toContain('selfcare');
    } finally {
      await bench.set('Show Phones Ready to Activate', 'true');
      await bench.set('E-mail Contains Activation Code', 'false');
    }
  });

  it('refuses phones without owner or without code', async () => {
    const { body: phone } = await bench.call('POST', '/phones', { model: 'Cisco 8845', requiresActivationCode: true });
    expect((await bench.call('POST', `/phones/${phone.name}/activation-code/e-mail`)).body.code).toBe('no_owner');
    await bench.call('DELETE', `/phones/${phone.name}/activation-code`);
    expect((await bench.call('POST', `/phones/${phone.name}/activation-code/e-mail`)).body.code).toBe('no_active_code');
    expect((await bench.call('POST', '/phones/SEP00000000FFFF/activation-code/e-mail')).status).toBe(404);
    const many = { names: Array.from({ length: 501 }, () => phone.name) };
    expect((await bench.call('POST', '/activation-codes/e-mail', many)).status).toBe(400);
  });
});

describe('the test message', () => {
  it('goes to who asks, and says what to do when it does not work', async () => {
    await bench.setServer(server.port);
    const test = () => bench.call('POST', '/mail/test');
    expect((await test()).body.code).toBe('no_mail_address');
    const setMail = (mail: string) =>
      bench.database.db.updateTable('end_user').set({ mail }).where('user_id', '=', 'admin').execute();
    await setMail('admin@example.org');
    expect((await test()).body).toEqual({ to: 'admin@example.org', serverSaid: '250 taken' });
    expect(server.messages.at(-1)!.to).toEqual(['admin@example.org']);
    await setMail('unknown@example.org');
    const refused = await test();
    expect(refused.status).toBe(502);
    expect(refused.body).toMatchObject({
      code: 'mail_recipient_refused',
      remedy: expect.stringContaining('Correct'),
      serverSaid: expect.stringContaining('no such user'),
    });
    await bench.set('SMTP Server', '');
    expect((await test()).body.code).toBe('mail_not_set_up');
    await setMail('');
  });
});
