import { spawnSync } from 'node:child_process';
import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { accountsHere, reachable } from '../../src/infra/account/accounts.ts';
import { addPhone, labOf, realPhone } from '../phone/support/real-system.ts';
import { launchProgram, type RunningProgram, root, runProgram, startAllInOne } from '../support/all-in-one.ts';
import { freePortBase } from '../support/ports.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});
/** Below it everybody may have a data directory. */
async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'firstring-account-'));
  folders.push(made);
  await chmod(made, 0o755);
  return made;
}

const nobody = (await accountsHere()).find(({ name }) => name === 'nobody');
/** A tree below root's home is for root only; there the program stays root. */
const possible = process.getuid?.() === 0 && nobody !== undefined && (await reachable(root, nobody));

/** Of every thread of a process: who it is, and what it may. */
async function rightsOf(pid: number): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const text = await readFile(`/proc/${pid}/task/${thread}/status`, 'utf8').catch(() => '');
    const shown = text.split('\n').filter((line) => /^(?:Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapAmb):/.test(line));
    if (text !== '') found.add(shown.map((line) => line.trim().split(/\s+/).join(' ')).join('; '));
  }
  return [...found];
}

const { uid, gid } = nobody ?? { uid: -1, gid: -1 };
const none = '0000000000000000';
const onlyNobody = [
  `Uid: ${uid} ${uid} ${uid} ${uid}; Gid: ${gid} ${gid} ${gid} ${gid}; Groups: ${gid}; CapInh: ${none}; CapPrm: ${none}; CapEff: ${none}; CapAmb: ${none}`,
];

/** What in the directory belongs to somebody else. */
async function foreign(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory, { recursive: true });
  const found: string[] = [];
  for (const name of ['.', ...names]) {
    const { uid: owner } = await lstat(join(directory, name)).catch(() => ({ uid }));
    if (owner !== uid) found.push(name);
  }
  return found;
}

const ready = (program: Pick<RunningProgram, 'endpoints'>) =>
  new Promise<number>((done, failed) => {
    get(`${program.endpoints['metrics']}/readyz`, (answer) => {
      answer.resume();
      done(answer.statusCode ?? 0);
    }).once('error', failed);
  });

async function eventually<T>(look: () => Promise<T>, so: (seen: T) => boolean): Promise<T> {
  for (const patience = AbortSignal.timeout(60_000); ; ) {
    const seen = await look();
    if (so(seen)) return seen;
    patience.throwIfAborted();
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** An address of this machine that no other test listens at, for a port that only root opens. */
const ownAddress = () => `127.77.${1 + (process.pid % 250)}.${1 + (process.hrtime()[1] % 250)}`;

describe.skipIf(!possible)('a program that root starts', () => {
  it('belongs to its account once it listens, at its first start and at the next ones', async () => {
    const dataDirectory = join(await folder(), 'deep', 'data');
    const address = ownAddress();
    const start = (more: readonly string[]) =>
      startAllInOne({
        dataDirectory,
        fresh: true,
        arguments: ['--listen', address, ...more],
        environment: { FIRSTRING_PORT_TFTP: '69' },
      });
    let kept: string;
    {
      await using program = await start(['--account', 'nobody']);
      expect(program.endpoints['tftp']).toContain(`${address}:69`);
      expect(await rightsOf(program.pid)).toEqual(onlyNobody);
      expect(await foreign(dataDirectory)).toEqual([]);
      for (const secret of ['kek', 'admin-password', 'postgres.password', 'audit-heads.jsonl', 'runtime.json'])
        expect((await stat(join(dataDirectory, secret))).mode & 0o777).toBe(0o600);
      expect(program.output()).toContain('root was given up: this process belongs to nobody from here on');

      // Through every door that a phone goes through, and the threads behind them.
      const { name, code } = await addPhone(program, { lines: [{ directoryNumber: '1001' }] });
      expect(name).toMatch(/^BAT/);
      const phone = realPhone(program, await labOf(program), code);
      expect(await phone.boot()).toBe('registered');
      kept = phone.name;
      await phone.phone.powerOff();
      expect((await program.rest('PATCH', `/phones/${kept}`, { description: 'written as nobody' })).status).toBe(200);

      // The database is started again by whom the program is now.
      const pidFile = join(dataDirectory, 'postgres', 'postmaster.pid');
      const before = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
      process.kill(before, 'SIGKILL');
      await eventually(
        async () => Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]),
        (now) => now > 0 && now !== before,
      );
      await eventually(
        () => ready(program),
        (code) => code === 200,
      );
      expect(await program.stop()).toBe(0);
    }
    expect(await readdir(dataDirectory)).not.toContain('lock');

    // Nobody has to name the account again: the directory is its.
    await using again = await start([]);
    expect(await rightsOf(again.pid)).toEqual(onlyNobody);
    expect(await foreign(dataDirectory)).toEqual([]);
    expect((await again.rest('GET', `/phones/${kept}`)).body).toMatchObject({ description: 'written as nobody' });
  });

  it('takes over what an older start as root left, but for a database that another account runs', async () => {
    const dataDirectory = join(await folder(), 'data');
    const portBase = await freePortBase();
    {
      await using program = await startAllInOne({
        dataDirectory,
        portBase,
        fresh: true,
        arguments: ['--account', 'root'],
      });
      expect((await rightsOf(program.pid))[0]).toMatch(/^Uid: 0 0 0 0;/);
      expect(program.output()).toContain('this process runs as root and keeps all of its rights');
    }
    expect((await stat(join(dataDirectory, 'kek'))).uid).toBe(0);
    const cluster = join(dataDirectory, 'postgres');
    if ((await stat(cluster)).uid !== uid) {
      const refused = await runProgram(['run', '--data-dir', dataDirectory, '--account', 'nobody']);
      expect(refused.code).toBe(1);
      expect(refused.output).toContain(`chown -R nobody ${cluster}`);
      expect(spawnSync('chown', ['-R', 'nobody', cluster]).status).toBe(0);
    }
    await using program = await startAllInOne({ dataDirectory, portBase, arguments: ['--account', 'nobody'] });
    expect(await rightsOf(program.pid)).toEqual(onlyNobody);
    expect(await foreign(dataDirectory)).toEqual([]);
    expect(await ready(program)).toBe(200);
  });

  it.each(['cloud', 'expressway-c', 'expressway-e'])('belongs to its account as %s too', async (role) => {
    const dataDirectory = join(await folder(), 'data');
    const program = launchProgram(
      ['run', '--role', role, '--data-dir', dataDirectory, '--account', 'nobody', '--listen', '127.0.0.1'].concat(
        '--port-base',
        String(await freePortBase(25)),
      ),
      { environment: { FIRSTRING_EDGE_HOST_NAME: 'e.example.org', FIRSTRING_EDGE_DOMAINS: 'example.org' } },
    );
    try {
      const runtime = await eventually(
        async () => JSON.parse(await readFile(join(dataDirectory, 'runtime.json'), 'utf8').catch(() => '{}')),
        (found: { ready?: boolean; pid: number }) => {
          if (program.child.exitCode !== null) throw new Error(program.output());
          return found.ready === true;
        },
      );
      expect(runtime.pid).toBe(program.child.pid);
      expect(await rightsOf(runtime.pid)).toEqual(onlyNobody);
      expect(await foreign(dataDirectory)).toEqual([]);
    } finally {
      program.child.kill('SIGTERM');
    }
    expect(await program.ended).toBe(0);
  });
});

describe('a program that somebody else starts', () => {
  it.skipIf(process.getuid?.() === 0 && !possible)('does not pretend to take another account', async () => {
    const as = process.getuid?.() === 0 ? { uid, gid } : {};
    const refused = await runProgram(['run', '--data-dir', join(await folder(), 'data'), '--account', 'daemon'], as);
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/account daemon cannot be taken: this process was not started by root/);
  });
});
