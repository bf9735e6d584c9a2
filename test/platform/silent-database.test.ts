import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { issuedFromFiles, makeMic } from '../support/certificates.ts';
import { nextMac, TestPhone } from '../support/das.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type SilentLine, silentLine } from '../support/silent-line.ts';

/** Far above the 3 s of the rule, far below what waiting for the database would take. */
const bound = 12_000;

describe('a node whose database', () => {
  let folder: string;
  let database: TestDatabase;
  let line: SilentLine;
  let program: RunningProgram;
  let code = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firstring-silent-'));
    database = await testDatabase();
    line = await silentLine(database.url);
    program = await startAllInOne({
      dataDirectory: join(folder, 'data'),
      environment: { FIRSTRING_DATABASE_URL: line.url, FIRSTRING_KEK: randomBytes(32).toString('hex') },
    });
    const { body } = await program.rest('POST', '/phones', { model: 'Cisco 8845', requiresActivationCode: true });
    code = (await program.rest('GET', `/phones/${body.name}/activation-code`)).body.code.replaceAll('-', '');
  });
  afterAll(async () => {
    line?.speak();
    await program?.stop();
    await line?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const door = (path: string, options: { method?: string; body?: string; type?: string } = {}) =>
    new Promise<{ status: number; retryAfter: string | undefined; text: string }>((done, failed) => {
      const call = request(`${program.endpoints['https']}${path}`, {
        method: options.method ?? 'GET',
        ca: program.clusterCa,
        auth: `admin:${program.admin.password}`,
        headers: { 'content-type': options.type ?? 'application/json' },
        signal: AbortSignal.timeout(bound),
      });
      call.once('error', failed);
      call.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.once('end', () =>
          done({ status: response.statusCode!, retryAfter: response.headers['retry-after'], text }),
        );
      });
      call.end(options.body);
    });
  const soap = (body: string) => ({
    method: 'POST',
    type: 'text/xml',
    body: `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`,
  });
  const doors = {
    'a REST list': () => door('/api/v1/phones?registered=false'),
    'a REST object': () => door('/api/v1/phones/SEP00A1B4000001'),
    'a REST change': () => door('/api/v1/phones', { method: 'POST', body: '{"model":"8845","mac":"00A1B4000009"}' }),
    'a REST export': () => door('/api/v1/activation-codes.csv'),
    'a UDS list': () => door('/cucm-uds/users'),
    'an AXL list': () =>
      door(
        '/axl/',
        soap(
          '<ns:listPhone xmlns:ns="http://www.cisco.com/AXL/API/14.0"><searchCriteria><name>%</name></searchCriteria><returnedTags><name/></returnedTags></ns:listPhone>',
        ),
      ),
    'a RIS query': () =>
      door(
        '/realtimeservice2/services/RISService70',
        soap(
          '<soap:selectCmDevice xmlns:soap="http://schemas.cisco.com/ast/soap"><soap:StateInfo/><soap:CmSelectionCriteria/></soap:selectCmDevice>',
        ),
      ),
  };
  const asPhone = async (step: 'start' | 'activate') => {
    const issuing = await issuedFromFiles(program.lab!.manufacturerCaCert, program.lab!.manufacturerCaKey);
    const mac = nextMac();
    const node = { listener: { port: Number(new URL(program.endpoints['das']!).port) } as never, issuing };
    const phone = await TestPhone.make(node, { mac, mic: await makeMic({ issuer: issuing, mac }) });
    try {
      return await phone[step](code);
    } finally {
      phone.close();
    }
  };
  const ready = async () => (await fetch(`${program.endpoints['metrics']}/readyz`)).status;
  const until = async (look: () => Promise<boolean>) => {
    for (const end = AbortSignal.timeout(30_000); !(await look()); await new Promise((done) => setTimeout(done, 50)))
      end.throwIfAborted();
  };

  it('hangs answers 503 at every door, and busy to phones, and goes on by itself', async () => {
    for (const silent of [true, false]) {
      // First with the silence unknown: all doors are asked the moment it begins. Then once it is known.
      if (silent) line.silence();
      const answers = await Promise.all(Object.entries(doors).map(async ([name, ask]) => [name, await ask()] as const));
      for (const [name, { status, retryAfter, text }] of answers) {
        expect(status, `${name}: ${text}`).toBe(503);
        expect(Number(retryAfter), name).toBeGreaterThan(0);
      }
    }
    const { reply } = await asPhone('start');
    expect(reply).toMatchObject({ status: 503 });
    expect(reply.text).toContain('busy');
    await until(async () => (await ready()) === 503);
    line.speak();
    await until(async () => (await ready()) === 200);
    expect((await doors['a REST list']()).status).toBe(200);
    // One line tells of it, not one for each request.
    const lines = program
      .output()
      .split('\n')
      .filter((each) => each.includes('a request failed'));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(4);
    expect(program.output()).not.toContain('    at ');
  });

  it('takes no changes (a demoted primary) goes on reading, and tells phones to come back', async () => {
    const name = new URL(database.url).pathname.slice(1);
    const readOnly = (on: boolean) =>
      database.asOwner(
        'set default_transaction_read_only = off',
        `alter database ${name} set default_transaction_read_only = ${on ? 'on' : 'off'}`,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and pid <> pg_backend_pid()`,
      );
    await readOnly(true);
    await until(async () => (await ready()) === 503);
    await until(async () => (await doors['a REST list']()).status === 200);
    const change = await doors['a REST change']();
    expect(change.status).toBe(503);
    expect(JSON.parse(change.text)).toMatchObject({ code: 'database_read_only', retryAfter: 5 });
    const { reply } = await asPhone('activate');
    expect(reply.text).toContain('busy');
    expect(Number(reply.retryAfter)).toBeGreaterThan(0);
    await readOnly(false);
    await until(async () => (await ready()) === 200);
  });
});
