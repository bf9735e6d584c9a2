import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProgram, runProgram, startAllInOne } from '../support/all-in-one.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let program: RunningProgram;
let folder: string;
let database: TestDatabase;
const start = (portBase?: number) =>
  startAllInOne({
    dataDirectory: join(folder, 'data'),
    environment: { FIRSTRING_DATABASE_URL: database.url },
    lab: false,
    ...(portBase === undefined ? {} : { portBase }),
  });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firstring-bulk-'));
  database = await testDatabase();
  program = await start();
});
afterAll(async () => {
  await program?.stop();
  await database?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const command = (...args: string[]) => runProgram(['bulk', ...args, '--data-dir', program.dataDirectory]);
const job = async (id: number) => (await program.rest('GET', `/bulk/jobs/${id}`)).body;
const until = async (id: number, there: (body: { state: string; progress: { succeeded: number } }) => boolean) => {
  const patience = AbortSignal.timeout(90_000);
  for (;;) {
    const body = await job(id);
    if (there(body)) return body;
    patience.throwIfAborted();
    await new Promise((done) => setTimeout(done, 20));
  }
};

describe('a bulk job of a running system', () => {
  it('is driven from the command line: template, upload with all errors, dry run, insert, result, undo', async () => {
    const template = join(folder, 'template.xlsx');
    expect((await command('template', template)).code).toBe(0);
    expect((await readFile(template)).subarray(0, 2).toString()).toBe('PK');
    await program.rest('POST', '/phone-templates', {
      name: 'Codes',
      model: 'Cisco 8845',
      requiresActivationCode: true,
    });

    const bad = join(folder, 'bad.csv');
    await writeFile(bad, 'MAC ADRESS,DESCRIPTION,DESCRIPTION\n,a,b\n');
    const refused = await command('upload', bad);
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/line 1: MAC ADRESS:.*Did you mean MAC ADDRESS/);
    expect(refused.output).toMatch(/line 1: DESCRIPTION: .*mean the same/);

    const good = join(folder, 'good.csv');
    await writeFile(good, 'MAC ADDRESS,DESCRIPTION\n,one\n,two\n');
    const dry = await command('insert', good, '--template', 'Codes', '--dummy-mac', '--dry-run');
    expect(dry, dry.output).toMatchObject({ code: 0, output: expect.stringContaining('2 would be done') });
    const made = await command('insert', 'good.csv', '--template', 'Codes', '--dummy-mac', '--json');
    const { id } = JSON.parse(made.output.slice(made.output.indexOf('{')));
    const result = await command('result', String(id));
    expect(result.output.match(/BAT[0-9A-F]{12}/g)).toHaveLength(2);
    expect(result.output.match(/\d{4}-\d{4}-\d{4}-\d{4}/g)).toHaveLength(2);
    const undone = await command('undo', String(id));
    expect(undone, undone.output).toMatchObject({ code: 0, output: expect.stringContaining('2 done') });
  });

  it('goes on by itself after kill -9: each row exactly once, each phone with its code', async () => {
    const count = 75;
    const rows = Array.from({ length: count }, (_, n) => `02FE${String(n).padStart(8, '0')},kill ${n},88${n}`);
    const file = join(folder, 'kill.csv');
    await writeFile(file, `MAC ADDRESS,DESCRIPTION,DIRECTORY NUMBER 1\n${rows.join('\n')}\n`);
    const submitted = await command('insert', file, '--template', 'Codes', '--no-wait', '--json');
    const { id } = JSON.parse(submitted.output.slice(submitted.output.indexOf('{')));
    await until(id, (body) => body.progress.succeeded > 0);
    await program.kill();
    program = await start(program.portBase);
    const done = await until(id, (body) => body.state === 'completed');
    expect(done).toMatchObject({ result: 'success', progress: { total: count, succeeded: count, failed: 0 } });

    const one = async (text: string) => Number((await database.pool.query(text)).rows[0].count);
    expect(await one(`select count(*) from device where name like 'SEP02FE%'`)).toBe(count);
    expect(
      await one(`select count(*) from activation_code where device_name like 'SEP02FE%' and state = 'active'`),
    ).toBe(count);
    for (const action of ['phone.created', 'activation-code.issued'])
      expect(
        await one(`select count(*) from audit_event where action = '${action}' and object_name like 'SEP02FE%'`),
        action,
      ).toBe(count);
    expect(await one(`select count(*) from bulk_job_row where job_id = ${id} and state = 'done'`)).toBe(count);
  });
});
