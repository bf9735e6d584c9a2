import { type ChildProcess, spawn } from 'node:child_process';
import { access, chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../kernel/log.ts';
import { type Account, reachable } from '../account/accounts.ts';
import { makeDirectory } from '../data-directory/files.ts';
import { postgresAccount } from './account.ts';
import { type PostgresBinaries, postgresBinaries } from './binaries.ts';
import { checkVersion, makeCluster, passwordOf } from './cluster-files.ts';
import { gone, stopLeftover } from './leftover.ts';
import { PostgresFault } from './postgres-fault.ts';
import { identity, lastLines, withPath } from './process.ts';
import {
  applicationPasswordFile,
  applicationRole,
  ensureDatabase,
  ensureRoles,
  ownerPasswordFile,
  ownerRole,
  type SignIn,
} from './roles.ts';

export interface EmbeddedPostgres extends AsyncDisposable {
  /** Connection URL of the database `firstring`, as the role of the program: neither superuser nor owner of anything. Holds the password: never log it. */
  readonly url: string;
  /** The same as the superuser that owns the schema: for migrations and new databases only. */
  readonly ownerUrl: string;
  /** Process id of the postmaster; another one after an unexpected end, since it is started again. */
  readonly pid: number;
  /** Orderly stop; sessions still open are ended. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Everything is kept below this directory: the cluster in `postgres/`, the owner's password in `postgres.password`, the program's in `postgres.application-password`. */
  readonly directory: string;
  readonly log: Log;
  /** Server settings over ours, for tests and tuning: `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

const database = 'firstring';
/** `sun_path` holds 107 octets; `/.s.PGSQL.5432` is 14 of them. */
const longestSocketDirectory = 90;

/**
 * Runs PostgreSQL below `directory`, making the cluster at first use. Safe after a kill at any moment: a half-made cluster never has the final name,
 * and a server that outlived its supervisor is stopped first. The caller holds the lock on `directory`.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const directory = resolve(options.directory);
  const { log } = options;
  await makeDirectory(directory);
  const cluster = join(directory, 'postgres');
  const account = await postgresAccount(cluster);
  if (account.switched && account.name === 'nobody')
    log.warn(
      { account: account.name },
      'PostgreSQL runs as nobody, an account that other services may share and that could then read the database: make one of its own (useradd --system firstring), stop, and chown -R firstring the directory postgres',
    );
  const binaries = await postgresBinaries(account);
  await stopLeftover(cluster, log);
  const password = await passwordOf(directory, ownerPasswordFile);
  const owner: SignIn = { role: ownerRole, password };
  const application: SignIn = { role: applicationRole, password: await passwordOf(directory, applicationPasswordFile) };
  if (!(await exists(cluster))) await makeCluster(cluster, { account, binaries, password, directory });
  await checkVersion(cluster, binaries);

  const address = await chooseAddress(directory, account);
  const launching = { account, binaries, address, log, settings: options.settings ?? {} };
  let child = await launch(cluster, launching);
  let stopping = false;
  let restarting: Promise<void> = Promise.resolve();
  const watch = () => {
    child.once('exit', (code, signal) => {
      if (!stopping) restarting = restart(signal ?? `exit code ${code}`);
    });
  };
  // The same address again, so that pools only need to reconnect.
  const restart = async (how: string) => {
    log.error({ how }, 'PostgreSQL ended: starting it again');
    for (let delay = 100; !stopping; delay = Math.min(delay * 2, 5_000)) {
      try {
        await stopLeftover(cluster, log);
        child = await launch(cluster, launching);
        watch();
        log.info({}, 'PostgreSQL is back');
        return;
      } catch (error) {
        log.error({ err: error }, 'PostgreSQL does not start');
        await sleep(delay);
      }
    }
  };
  watch();
  const stop = async () => {
    stopping = true;
    await restarting;
    await end(child, log);
    if (address.kind === 'socket' && address.temporary) await rm(address.directory, { recursive: true, force: true });
  };
  const url = ({ role, password: secret }: SignIn, name: string) =>
    address.kind === 'socket'
      ? urlBySocket(address.directory, { role, password: secret }, name)
      : `postgresql://${role}:${secret}@127.0.0.1:${address.port}/${name}`;
  try {
    await ensureDatabase(url(owner, 'postgres'), database);
    await ensureRoles(url(owner, database), application);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: url(application, database),
    ownerUrl: url(owner, database),
    get pid() {
      return child.pid!;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function end(child: ChildProcess, log: Log): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGINT');
  if (!(await gone(child.pid!, 4_000))) {
    log.warn({ pid: child.pid }, 'PostgreSQL does not stop in good time: stopping it at once');
    child.kill('SIGQUIT');
  }
  await ended;
}

/** Connection URL, as the program's role, of the embedded PostgreSQL that a running process keeps below `directory`; undefined when its socket is not there. */
export async function runningPostgresUrl(directory: string): Promise<string | undefined> {
  const far = await readFile(join(directory, 'postgres.socket'), 'utf8').catch(() => undefined);
  const socket = far ?? join(resolve(directory), 'postgres.run');
  if (!(await exists(join(socket, '.s.PGSQL.5432')))) return undefined;
  const password = (await readFile(join(directory, applicationPasswordFile), 'utf8')).trim();
  return urlBySocket(socket, { role: applicationRole, password }, database);
}

function urlBySocket(socket: string, { role, password }: SignIn, name: string): string {
  return `postgresql://${role}:${password}@localhost/${name}?host=${encodeURIComponent(socket)}`;
}

type Address =
  | { readonly kind: 'socket'; readonly directory: string; readonly temporary: boolean }
  | { readonly kind: 'tcp'; readonly port: number };

/** A Unix socket where only this account (and root) can come to; loopback TCP where there is none. Both ask for the password. */
async function chooseAddress(directory: string, account: Account): Promise<Address> {
  if (process.platform === 'win32') return { kind: 'tcp', port: await freePort() };
  const note = join(directory, 'postgres.socket');
  const old = await readFile(note, 'utf8').catch(() => '');
  if (old.startsWith(join(tmpdir(), 'firstring-pg-'))) await rm(old, { recursive: true, force: true });
  const near = join(directory, 'postgres.run');
  await makeDirectory(near);
  if (account.switched) await chown(near, account.uid, account.gid);
  if (Buffer.byteLength(near) <= longestSocketDirectory && (await reachable(near, account))) {
    await rm(note, { force: true });
    return { kind: 'socket', directory: near, temporary: false };
  }
  const far = await mkdtemp(join(tmpdir(), 'firstring-pg-'));
  await chmod(far, 0o700);
  if (account.switched) await chown(far, account.uid, account.gid);
  if (Buffer.byteLength(far) <= longestSocketDirectory && (await reachable(far, account))) {
    await writeFile(note, far, { mode: 0o600 });
    return { kind: 'socket', directory: far, temporary: true };
  }
  await rm(far, { recursive: true, force: true });
  return { kind: 'tcp', port: await freePort() };
}

interface Launching {
  readonly account: Account;
  readonly binaries: PostgresBinaries;
  readonly address: Address;
  readonly log: Log;
  readonly settings: Readonly<Record<string, string>>;
}

async function launch(cluster: string, options: Launching): Promise<ChildProcess> {
  const { account, binaries, address, log } = options;
  const settings: Record<string, string> = {
    listen_addresses: address.kind === 'tcp' ? '127.0.0.1' : '',
    port: address.kind === 'tcp' ? String(address.port) : '5432',
    unix_socket_directories: address.kind === 'socket' ? address.directory : '',
    unix_socket_permissions: '0700',
    lc_messages: 'C',
    logging_collector: 'off',
    log_destination: 'stderr',
    max_connections: '120',
    shared_buffers: '64MB',
    max_wal_size: '512MB',
    password_encryption: 'scram-sha-256',
    jit: 'off',
    ...options.settings,
  };
  return withPath(cluster, account, async (path, stdio) => {
    const args = ['-D', path, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    const command = await dyingWithUs(join(binaries.bin, 'postgres'), args);
    const child = spawn(command.file, command.args, {
      cwd: '/',
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
      // An interrupt from the terminal must reach only us: the database stops last.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', ...stdio],
      ...identity(account),
    });
    let output = '';
    await new Promise<void>((ready, failed) => {
      child.once('error', failed);
      const early = () =>
        failed(
          new PostgresFault('ours', 'postgres_start_failed', `PostgreSQL did not start: ${lastLines(output)}`, {
            remedy:
              'Look for a full disk, missing rights or exhausted shared memory; the line above is PostgreSQL’s own.',
          }),
        );
      child.once('exit', early);
      child.stderr!.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-4_000);
        for (const line of text.split('\n')) if (line !== '') log.debug({ line }, 'postgres');
        if (text.includes('ready to accept connections')) {
          child.removeListener('exit', early);
          ready();
        }
      });
    });
    return child;
  });
}

/** util-linux's setpriv has the kernel interrupt PostgreSQL when this process dies, however it dies. Without it the next start cleans up. */
async function dyingWithUs(file: string, args: string[]): Promise<{ file: string; args: string[] }> {
  const setpriv = '/usr/bin/setpriv';
  if (process.platform !== 'linux' || !(await exists(setpriv))) return { file, args };
  return { file: setpriv, args: ['--pdeathsig', 'INT', '--', file, ...args] };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
