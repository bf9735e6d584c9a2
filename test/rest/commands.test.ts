import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLine, type RunningProgram, root, startAllInOne } from '../support/all-in-one.ts';
import { basic, send } from './support/rest.ts';

let program: RunningProgram;
beforeAll(async () => {
  program = await startAllInOne();
});
afterAll(() => program[Symbol.asyncDispose]());

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

const firstring = (...words: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile('sh', [...commandLine, ...words], { cwd: root }, (error, output, errors) => {
      resolve({ code: error === null ? 0 : Number(error.code), output, errors });
    });
  });
const settings = (...words: string[]) => firstring('settings', ...words, '--data-dir', program.dataDirectory);

describe('firstring settings', () => {
  it('adds, lists, shows, changes and deletes, as REST does', async () => {
    const added = await settings(
      'add',
      'device-pools',
      'name=Berlin',
      'ntpServers=192.0.2.1,192.0.2.2',
      'connectionMonitorDuration=60',
    );
    expect(added).toMatchObject({ code: 0, output: expect.stringMatching(/^name +Berlin$/m) });
    expect((await program.rest('GET', '/device-pools/Berlin')).body).toMatchObject({
      ntpServers: ['192.0.2.1', '192.0.2.2'],
      connectionMonitorDuration: 60,
      mraServiceDomain: null,
    });
    expect((await settings('list', 'device-pools', '--search', 'berl')).output).toMatch(
      /^name +callManagerGroup[^\n]*\nBerlin +Default/,
    );
    await settings('change', 'device-pools', 'Berlin', 'olsonTimeZone=Europe/Berlin');
    const shown = await settings('show', 'device-pools', 'Berlin', '--json');
    expect(JSON.parse(shown.output)).toMatchObject({ olsonTimeZone: 'Europe/Berlin', version: 2 });
    expect((await settings('delete', 'device-pools', 'Berlin')).code).toBe(0);
    expect((await settings('dependencies', 'device-pools', 'Default')).output).toContain('universal-device-template');
  });

  it('says what was wrong, and ends with 1', async () => {
    const refused = await settings('add', 'device-pools', 'name=X', 'olsonTimeZone=Mars/Olympus');
    expect(refused.code).toBe(1);
    expect(refused.errors).toContain('Mars/Olympus');
    expect((await settings('delete', 'device-pools', 'Default')).errors).toContain('is used by');
    expect((await settings('list', 'spoons')).errors).toContain('device-pools');
  });

  it('takes a password from a file, not from the command line', async () => {
    const file = join(program.dataDirectory, 'anna.txt');
    await writeFile(file, 'eight sailing ships\n');
    expect((await settings('add', 'users', 'userId=anna', `password=@${file}`)).code).toBe(0);
    expect((await program.rest('GET', '/users/anna')).body).toMatchObject({ hasPassword: true, roles: ['end-user'] });
  });
});

describe('the trust list of phones', () => {
  it('is shown with what each certificate is for, and is the file phones fetch', async () => {
    const { body } = await program.rest('GET', '/trust-list');
    expect(body.records.map((each: { role: string }) => each.role)).toEqual(
      expect.arrayContaining(['SAST', 'CCM+TFTP', 'TVS']),
    );
    const file = await fetch(`${program.endpoints['tftpHttp']}/ITLFile.tlv`);
    const octets = Buffer.from(await file.arrayBuffer());
    expect(body).toMatchObject({ octets: octets.length, sha256: hash('sha256', octets, 'hex') });
  });
});

describe('firstring verify-audit', () => {
  it('verifies an export with the key kept since the first start, and names what was changed', async () => {
    await program.rest('POST', '/route-partitions', { name: 'Audited' });
    let trail: { seq: number | null }[];
    do trail = (await program.rest('GET', '/audit-events?objectName=Audited')).body.items;
    while (trail[0]!.seq === null);
    const { port } = new URL(program.endpoints['https']!);
    const exported = await send(Number(port), 'GET', '/api/v1/audit-events/export', {
      headers: { authorization: basic(program.admin.user, program.admin.password) },
    });
    const file = join(program.dataDirectory, 'audit.jsonl');
    const lines = exported.text;
    await writeFile(file, lines);
    const key = join(program.dataDirectory, 'audit-public-key.pem');
    expect(await readFile(key, 'utf8')).toContain('BEGIN PUBLIC KEY');
    const good = await firstring('verify-audit', '--file', file, '--data-dir', program.dataDirectory);
    expect(good, good.errors).toMatchObject({ code: 0, output: expect.stringMatching(/^intact: \d+ events/m) });
    await writeFile(file, lines.replace('"objectName":"Audited"', '"objectName":"Nothing"'));
    const bad = await firstring('verify-audit', '--file', file, '--public-key', key);
    expect(bad.code).toBe(1);
    expect(bad.output).toMatch(new RegExp(`^seq ${trail[0]!.seq}: .*\\[changed\\]$`, 'm'));
  });

  it('verifies the database itself once the system has stopped', async () => {
    const before = (await program.rest('GET', '/audit-events?limit=1')).body.total;
    await program.stop();
    const report = await firstring('verify-audit', '--data-dir', program.dataDirectory, '--json');
    expect(report.code, report.errors + report.output).toBe(0);
    expect(JSON.parse(report.output)).toMatchObject({ intact: true, keyFromOutside: true, events: before });
  });
});
