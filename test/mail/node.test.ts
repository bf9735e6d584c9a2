import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { serverCertificate } from './support/certificate.ts';
import { headerOf, partOf } from './support/mime.ts';
import { startSmtpServer } from './support/smtp-server.ts';

const deadPort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
};

const until = async (
  program: RunningProgram,
  name: string,
  fits: (status: { state: string; reason: string | null }) => boolean,
) => {
  const patience = AbortSignal.timeout(90_000);
  for (;;) {
    const { body } = await program.rest('GET', `/phones/${name}/activation-code/e-mail`);
    if (fits(body)) return body;
    if (patience.aborted) throw new Error(`the e-mail is ${JSON.stringify(body)}`);
    await new Promise((done) => setTimeout(done, 50));
  }
};

describe('a node that is killed while a message waits', () => {
  it('sends it once it runs again, over TLS, with the password of its environment, and tells no secret', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firstring-mail-'));
    try {
      const { ca, cert, key } = await serverCertificate('localhost');
      const caFile = join(folder, 'mail-ca.pem');
      await writeFile(caFile, ca);
      const login = { user: 'phones', password: 'Env-Sesame-77' };
      const options = {
        dataDirectory: join(folder, 'data'),
        environment: {
          NODE_EXTRA_CA_CERTS: caFile,
          FIRSTRING_SMTP_PASSWORD: login.password,
          FIRSTRING_LOG_LEVEL: 'trace',
        },
      };
      const port = await deadPort();
      const outputs: string[] = [];
      let name = '';
      let code = '';
      {
        const program = await startAllInOne(options);
        const { rest } = program;
        for (const [parameter, value] of [
          ['SMTP Server', 'localhost'],
          ['SMTP Port', port],
          ['SMTP Connection Security', 'TLS'],
          ['SMTP User', login.user],
          ['E-mail Sender Address', 'phones@example.com'],
          ['E-mail Contains Activation Code', true],
        ] as const) {
          const set = await rest('PUT', `/enterprise-parameters/${encodeURIComponent(parameter)}`, { value });
          expect(set.status, JSON.stringify(set.body)).toBe(200);
        }
        await rest('POST', '/users', { userId: 'anna', mail: 'anna@example.org' });
        const phone = await rest('POST', '/phones', {
          model: '8845',
          ownerUserId: 'anna',
          requiresActivationCode: true,
        });
        name = phone.body.name;
        code = (await rest('GET', `/phones/${name}/activation-code`)).body.code;
        expect((await rest('POST', `/phones/${name}/activation-code/e-mail`)).status).toBe(202);
        await until(program, name, ({ reason }) => reason === 'mail_server_unreachable');
        await program.kill();
        outputs.push(program.output());
      }
      await using server = await startSmtpServer({ port, security: 'TLS', cert, key, login });
      await using program = await startAllInOne(options);
      const sent = await until(program, name, ({ state }) => state === 'sent');
      expect(sent).toMatchObject({ to: 'anna@example.org', containsCode: true });
      const [message] = await server.received(1);
      expect(headerOf(message!.mime, 'to')).toBe('anna@example.org');
      const text = partOf(message!.mime, 'text/plain')!.content.toString();
      expect(text).toContain(code.replace(/(\d{4})(?=\d)/g, '$1-'));
      expect(text).toContain(`${program.endpoints['https']}/selfcare`);
      const overview = await program.rest('GET', '/mail');
      expect(overview.body).toMatchObject({ setUp: true, passwordFrom: 'environment', queued: 0, sentLastDay: 1 });
      // The story is written a moment behind.
      await vi.waitFor(
        async () => {
          const timeline = await program.rest('GET', `/phones/${name}/timeline?language=zh-CN`);
          expect(JSON.stringify(timeline.body)).toContain('已发送邮件');
        },
        { timeout: 20_000 },
      );
      outputs.push(program.output());
      expect(server.messages.length).toBe(1);
      for (const output of outputs)
        for (const secret of [login.password, code, code.slice(7, 15)]) expect(output).not.toContain(secret);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('a node that is stopped while a mail server lets it wait', () => {
  it('ends well', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firstring-mail-'));
    try {
      await using mute = await startSmtpServer({ mute: true });
      await using program = await startAllInOne({ dataDirectory: join(folder, 'data') });
      const { rest } = program;
      for (const [parameter, value] of [
        ['SMTP Server', 'localhost'],
        ['SMTP Port', mute.port],
        ['SMTP Connection Security', 'None'],
        ['E-mail Sender Address', 'phones@example.com'],
      ] as const)
        await rest('PUT', `/enterprise-parameters/${encodeURIComponent(parameter)}`, { value });
      await rest('POST', '/users', { userId: 'anna', mail: 'anna@example.org' });
      const { body: phone } = await rest('POST', '/phones', {
        model: '8845',
        ownerUserId: 'anna',
        requiresActivationCode: true,
      });
      expect((await rest('POST', `/phones/${phone.name}/activation-code/e-mail`)).status).toBe(202);
      await mute.connected();
      expect(await program.stop()).toBe(0);
      // Who runs the tests as root is told so at the start, and rightly.
      expect(program.output().replace(/^.* this process runs as root .*$/m, '')).not.toMatch(/ (WARN|ERROR) /);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
