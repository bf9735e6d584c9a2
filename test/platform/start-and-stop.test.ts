import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runProgram, startAllInOne } from '../support/all-in-one.ts';
import { freePortBase } from '../support/ports.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});
async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'firstring-platform-'));
  folders.push(made);
  return made;
}

/** Processes that work in the cluster directory below `dataDirectory`. */
async function postgresOf(dataDirectory: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const cwd = await readlink(`/proc/${name}/cwd`).catch(() => '');
    if (cwd === join(dataDirectory, 'postgres')) found.push(Number(name));
  }
  return found;
}

async function status(url: string): Promise<{ code: number; text: string }> {
  return new Promise((done, failed) => {
    get(url, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('end', () => done({ code: response.statusCode ?? 0, text }));
    }).once('error', failed);
  });
}

async function until<T>(look: () => Promise<T | undefined | false>, patience = 20_000): Promise<T> {
  const end = AbortSignal.timeout(patience);
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    end.throwIfAborted();
    await new Promise((done) => setTimeout(done, 50));
  }
}

const linux = process.platform === 'linux';

describe('start and stop', () => {
  it('makes everything it needs in a fresh directory, and ends with nothing left running', async () => {
    const parent = await folder();
    const dataDirectory = join(parent, 'deep', 'data');
    const program = await startAllInOne({ dataDirectory, fresh: true });
    const runtimeFile = join(dataDirectory, 'runtime.json');
    expect((await stat(runtimeFile)).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDirectory, 'kek'))).mode & 0o777).toBe(0o600);
    expect((await stat(dataDirectory)).mode & 0o777).toBe(0o700);
    expect(JSON.parse(await readFile(runtimeFile, 'utf8'))).toMatchObject({
      ready: true,
      pid: program.pid,
      admin: { user: 'admin' },
    });
    expect((await status(`${program.endpoints['metrics']}/readyz`)).code).toBe(200);
    expect((await status(`${program.endpoints['metrics']}/metrics`)).text).toMatch(
      /firstring_activation_code_attempts_total 0/,
    );
    expect(await program.stop()).toBe(0);
    expect(existsSync(runtimeFile)).toBe(false);
    expect(existsSync(join(dataDirectory, 'lock'))).toBe(false);
    expect(await postgresOf(dataDirectory)).toEqual([]);
  });

  it('ends at once after the last answer, although its client would keep the connection', async () => {
    const program = await startAllInOne();
    const agent = new Agent({ ca: program.clusterCa, keepAlive: true });
    const body = JSON.stringify({ model: 'Cisco 8845', mac: '001122334455', requiresActivationCode: true });
    const asked = httpsRequest(`${program.endpoints['https']}/api/v1/phones`, {
      method: 'POST',
      agent,
      auth: `admin:${program.admin.password}`,
      headers: { 'content-type': 'application/json', 'content-length': body.length, expect: '100-continue' },
    });
    asked.flushHeaders();
    // It is being worked on, and waits for its body.
    await once(asked, 'continue');
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
    const began = performance.now();
    const stopped = program.stop();
    // The listener is closed already: the stop has begun.
    await until(() =>
      status(`${program.endpoints['tftpHttp']}/`).then(
        () => false,
        () => true,
      ),
    );
    asked.end(body);
    const [response] = await answered;
    expect(response.statusCode).toBe(201);
    expect(response.headers.connection).toBe('close');
    response.resume();
    expect(await stopped).toBe(0);
    // Far below the ten seconds after which a stop counts as failed.
    expect(performance.now() - began).toBeLessThan(9_000);
    expect(program.output()).not.toContain('took too long');
    agent.destroy();
  });

  it('refuses a second start on the same directory and names the owner', async () => {
    const parent = await folder();
    await using program = await startAllInOne({ dataDirectory: join(parent, 'data') });
    const second = await runProgram([
      'run',
      '--data-dir',
      program.dataDirectory,
      '--port-base',
      String(await freePortBase()),
    ]);
    expect(second.code).toBe(1);
    expect(second.output).toContain(`in use by process ${program.pid}`);
    expect((await status(`${program.endpoints['metrics']}/healthz`)).code).toBe(200);
  });

  it.skipIf(!linux)('starts again after kill -9, with what it had and no leftover PostgreSQL', async () => {
    const parent = await folder();
    const dataDirectory = join(parent, 'data');
    const first = await startAllInOne({ dataDirectory });
    const ca = first.clusterCa;
    await first.kill();
    await using second = await startAllInOne({ dataDirectory, portBase: first.portBase });
    expect(second.clusterCa).toBe(ca);
    const postmaster = Number(
      (await readFile(join(dataDirectory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0],
    );
    const running = await postgresOf(dataDirectory);
    expect(running).toContain(postmaster);
    for (const pid of running) {
      const parentOf = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) \S /, '').split(' ')[0];
      expect([String(postmaster), String(second.pid)]).toContain(parentOf);
    }
  });

  it.skipIf(!linux)('stops a PostgreSQL that outlived its killed supervisor', async () => {
    const parent = await folder();
    const dataDirectory = join(parent, 'data');
    const first = await startAllInOne({ dataDirectory });
    const old = Number((await readFile(join(dataDirectory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    // A frozen postmaster does not notice that its supervisor dies.
    process.kill(old, 'SIGSTOP');
    await first.kill();
    process.kill(old, 'SIGCONT');
    await using second = await startAllInOne({ dataDirectory });
    const now = Number((await readFile(join(dataDirectory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    expect(now).not.toBe(old);
    expect((await status(`${second.endpoints['metrics']}/readyz`)).code).toBe(200);
  });

  it('is not fooled by a lock whose process id was given to somebody else', async () => {
    const parent = await folder();
    const dataDirectory = join(parent, 'data');
    const first = await startAllInOne({ dataDirectory });
    const lock = JSON.parse(await readFile(join(dataDirectory, 'lock'), 'utf8'));
    await first.kill();
    await writeFile(join(dataDirectory, 'lock'), JSON.stringify({ ...lock, pid: process.pid }));
    await using second = await startAllInOne({ dataDirectory });
    expect(second.pid).not.toBe(first.pid);
  });

  it('starts again after being killed while it starts, at any moment', async () => {
    const parent = await folder();
    const dataDirectory = join(parent, 'data');
    for (const moment of ['lock', 'postgres.new', 'postgres/postmaster.pid', 'kek', 'cluster-ca.pem']) {
      let kill = () => {};
      const attempt = startAllInOne({
        dataDirectory,
        fresh: true,
        onSpawn: (child) => {
          kill = () => void child.kill('SIGKILL');
        },
      });
      let over = false;
      const ended = attempt
        .finally(() => {
          over = true;
        })
        .then(
          (program) => program.kill(),
          () => undefined,
        );
      // Some of these exist for an instant only: a start that got past it unseen is killed when it is ready.
      await until(async () => over || existsSync(join(dataDirectory, moment)));
      kill();
      await ended;
    }
    await using program = await startAllInOne({ dataDirectory });
    expect((await status(`${program.endpoints['metrics']}/readyz`)).code).toBe(200);
  });

  // The first is one of many that open together, the second opens when those are open.
  it.each([
    ['https', 'all-in-one', 0],
    ['metrics', 'all-in-one', 9],
    ['cloudConsole', 'cloud', 13],
  ])('says that the port of %s is taken and how to change it, and ends', async (name, role, offset) => {
    const parent = await folder();
    const portBase = await freePortBase();
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(portBase + offset, '127.0.0.1', done));
    try {
      const { code, output } = await runProgram([
        'run',
        '--data-dir',
        join(parent, 'data'),
        '--port-base',
        String(portBase),
        '--role',
        role,
      ]);
      expect(code).toBe(1);
      const variable = `FIRSTRING_PORT_${name.replace('Console', '_Console').toUpperCase()}`;
      expect(output).toMatch(
        new RegExp(`port ${portBase + offset} \\(${name}\\) is in use.*\\n.*${variable}.*--port-base`),
      );
    } finally {
      taken.close();
    }
  });

  it('refuses a missing or another key-encryption key before it listens', async () => {
    const parent = await folder();
    const dataDirectory = join(parent, 'data');
    const first = await startAllInOne({ dataDirectory });
    await first.stop();
    const key = await readFile(join(dataDirectory, 'kek'), 'utf8');
    const start = () => runProgram(['run', '--data-dir', dataDirectory, '--port-base', String(first.portBase)]);
    await rm(join(dataDirectory, 'kek'));
    expect(await start()).toMatchObject({ code: 1, output: expect.stringMatching(/no key-encryption key/) });
    await writeFile(join(dataDirectory, 'kek'), `${'00'.repeat(32)}\n`, { mode: 0o600 });
    expect(await start()).toMatchObject({
      code: 1,
      output: expect.stringMatching(/not the one this database was sealed with/),
    });
    await writeFile(join(dataDirectory, 'kek'), key, { mode: 0o644 });
    await chmod(join(dataDirectory, 'kek'), 0o644);
    expect(await start()).toMatchObject({ code: 1, output: expect.stringMatching(/chmod 600/) });
    await chmod(join(dataDirectory, 'kek'), 0o600);
    await using again = await startAllInOne({ dataDirectory });
    expect(again.clusterCa).toBe(first.clusterCa);
  });

  it('survives the death of its database: refuses meanwhile, recovers without a restart', async () => {
    const parent = await folder();
    await using program = await startAllInOne({ dataDirectory: join(parent, 'data') });
    const readyz = `${program.endpoints['metrics']}/readyz`;
    const pidFile = join(program.dataDirectory, 'postgres', 'postmaster.pid');
    const postmaster = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
    // Frozen first, so that the outage is long enough to be seen.
    const all = linux ? await postgresOf(program.dataDirectory) : [postmaster];
    for (const pid of all) process.kill(pid, 'SIGSTOP');
    const down = await until(async () => {
      const answer = await status(readyz);
      return answer.code === 503 && answer;
    });
    expect(down.text).toMatch(/database/);
    expect((await status(`${program.endpoints['metrics']}/healthz`)).code).toBe(200);
    for (const pid of all) process.kill(pid, 'SIGKILL');
    await until(async () => (await status(readyz)).code === 200);
    const now = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
    expect(now).not.toBe(postmaster);
  });

  it.skipIf(process.getuid?.() !== 0)('runs as an ordinary user, without switching to anybody', async () => {
    const parent = await folder();
    const nobody = 65_534;
    await chown(parent, nobody, nobody);
    await using program = await startAllInOne({ dataDirectory: join(parent, 'data'), uid: nobody, gid: nobody });
    expect((await stat(join(parent, 'data', 'postgres'))).uid).toBe(nobody);
    expect((await status(`${program.endpoints['metrics']}/readyz`)).code).toBe(200);
  });

  it.skipIf(process.getuid?.() !== 0)('lets another account run PostgreSQL when it is started by root', async () => {
    const parent = await folder();
    await using program = await startAllInOne({ dataDirectory: join(parent, 'data') });
    expect((await stat(parent)).mode & 0o077).toBe(0);
    expect((await stat(join(program.dataDirectory, 'postgres'))).uid).not.toBe(0);
  });
});

describe('command line', () => {
  it('names the wrong field of a configuration', async () => {
    const parent = await folder();
    const file = join(parent, 'firstring.yaml');
    await writeFile(file, 'role: all-in-one\nports:\n  htps: 8443\n  das: high\n');
    const { code, output } = await runProgram(['check-config', file]);
    expect(code).toBe(1);
    expect(output).toContain(`${file} line 3: ports.htps: this field is not known here, did you mean ports.https?`);
    expect(output).toContain(`${file} line 4: ports.das: must be a whole number`);
    expect((await runProgram(['run', '--config', file])).output).toContain('ports.das');
  });

  it('takes the shipped configurations as good', async () => {
    const files = (await readdir(join(import.meta.dirname, '../../config'))).filter((name) => name.endsWith('.yaml'));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) {
      expect(await runProgram(['check-config', join(import.meta.dirname, '../../config', name)])).toMatchObject({
        code: 0,
      });
    }
  });

  it('brings an external database up to date by itself', async () => {
    const { testDatabase } = await import('../support/database.ts');
    await using database = await testDatabase({ empty: true });
    const environment = { FIRSTRING_DATABASE_URL: database.url };
    expect(await runProgram(['migrate'], { environment })).toMatchObject({
      code: 0,
      output: expect.stringMatching(/applied 0001/),
    });
    expect(await runProgram(['migrate'], { environment })).toMatchObject({ code: 0, output: 'nothing to do\n' });
  });
});
