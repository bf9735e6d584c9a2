import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchProgram, type ProgramOptions, type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { freePortBase } from '../support/ports.ts';
import { silentLine } from '../support/silent-line.ts';

let folder: string;
let database: TestDatabase;
const key = randomBytes(32).toString('hex');
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firstring-joining-'));
  database = await testDatabase();
});
afterAll(async () => {
  await database?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const words = (name: string, address = '127.0.0.1') => [
  '--role',
  'unified-cm',
  '--node-name',
  name,
  '--node-address',
  address,
  '--listen',
  '127.0.0.1',
];
const environment = (url: string) => ({ FIRSTRING_DATABASE_URL: url, FIRSTRING_KEK: key });
const node = (name: string, options: ProgramOptions & { readonly address?: string; readonly url?: string } = {}) =>
  startAllInOne({
    dataDirectory: join(folder, name),
    lab: false,
    arguments: words(name, options.address),
    environment: environment(options.url ?? database.url),
    ...options,
  });
const rows = async (name: string, { db }: TestDatabase = database) => {
  const { rows: found } = await sql<{ nodes: number; members: number; certificates: number; address: string | null }>`
    select count(distinct n.id)::integer as nodes, count(distinct m.node_id)::integer as members,
      count(distinct c.id)::integer as certificates, max(n.address) as address
    from node n left join call_manager_group_member m on m.node_id = n.id left join node_certificate c on c.node_id = n.id
    where n.name = ${name}`.execute(db);
  return found[0]!;
};

describe('a node that starts', () => {
  it('under the name of a living one is refused, names the other address, and changes nothing', async () => {
    await using living = await node('ucm-1');
    const before = await rows('ucm-1');
    await expect(
      startAllInOne({
        dataDirectory: join(folder, 'copy-of-ucm-1'),
        lab: false,
        arguments: words('ucm-1', '192.0.2.99'),
        environment: environment(database.url),
      }),
    ).rejects.toThrow(
      /another node runs under the name ucm-1, at 127\.0\.0\.1; this one is at 192\.0\.2\.99\n.*node\.name/,
    );
    expect(await rows('ucm-1')).toEqual(before);
    expect((await fetch(`${living.endpoints['metrics']}/readyz`)).status).toBe(200);
    expect(await living.stop()).toBe(0);
    // The name is free at once after a stop, also for another machine.
    await using moved = await startAllInOne({
      dataDirectory: join(folder, 'ucm-1-on-new-machine'),
      lab: false,
      arguments: words('ucm-1', 'localhost'),
      environment: environment(database.url),
    });
    expect(await rows('ucm-1')).toMatchObject({ nodes: 1, address: 'localhost' });
    expect(moved.output()).not.toContain('another node');
  });

  it('again after it was killed takes its own place', async () => {
    const killed = await node('ucm-2');
    await killed.kill();
    await using again = await node('ucm-2');
    expect((await fetch(`${again.endpoints['metrics']}/readyz`)).status).toBe(200);
  });

  it('and cannot open a port leaves nothing: no node, no member of a group, no certificate, and phones hear nothing of it', async () => {
    await using other = await node('ucm-3');
    const files = async () =>
      Promise.all(
        ['XMLDefault.cnf.xml', 'ITLFile.tlv'].map(async (name) =>
          Buffer.from(await (await fetch(`${other.endpoints['tftpHttp']}/${name}`)).arrayBuffer()).toString('base64'),
        ),
      );
    const before = await files();
    const portBase = await freePortBase();
    // The metrics listener is opened last of all.
    for (const offset of [6, 10]) {
      await using _taken = await occupied(portBase + offset);
      await expect(node('ucm-4', { portBase })).rejects.toThrow(/is in use by another program/);
      expect(await rows('ucm-4')).toEqual({ nodes: 0, members: 0, certificates: 0, address: null });
    }
    expect(await files()).toEqual(before);
    await using joined = await node('ucm-4', { portBase });
    expect(await rows('ucm-4')).toMatchObject({ nodes: 1, members: 1, certificates: 3 });
    expect(joined.admin.password).toBe('');
  });

  it('while the database is full, starting or silent waits, says so, and is ready when it answers', async () => {
    await using line = await silentLine(database.url);
    await using full = await refusing(line.url);
    let program: Promise<RunningProgram> | undefined;
    const child = new Promise<() => string>((spawned) => {
      let output = '';
      program = node('ucm-5', {
        url: full.url,
        onSpawn: ({ stdout }) => {
          stdout!.on('data', (part: string) => {
            output += part;
          });
          spawned(() => output);
        },
      });
    });
    program!.catch(() => {});
    const output = await child;
    await expect.poll(() => output(), { timeout: 30_000 }).toContain('the start waits for the database');
    expect(output()).toContain('too many connections');
    line.silence();
    full.allow();
    await expect.poll(() => full.passed, { timeout: 30_000 }).toBeGreaterThan(0);
    line.speak();
    await using running = await program!;
    expect((await fetch(`${running.endpoints['metrics']}/readyz`)).status).toBe(200);
    expect(running.output()).not.toContain('    at ');
  });

  it('as one of two first ones keeps a password file only if its password is the right one', async () => {
    await using empty = await testDatabase({ empty: true });
    const both = await Promise.all(['first-a', 'first-b'].map((name) => node(name, { url: empty.url })));
    try {
      const withFile = both.filter(({ dataDirectory }) => existsSync(join(dataDirectory, 'admin-password')));
      expect(withFile).toHaveLength(1);
      for (const each of both) {
        const { admin } = JSON.parse(await readFile(join(each.dataDirectory, 'runtime.json'), 'utf8')) as {
          admin: { passwordFile?: string };
        };
        expect(admin.passwordFile === undefined).toBe(!withFile.includes(each));
      }
      expect((await withFile[0]!.rest('GET', '/phones')).status).toBe(200);
    } finally {
      await Promise.all(both.map((each) => each.stop()));
    }
  });

  it('goes on after SIGHUP', async () => {
    await using running = await node('ucm-6');
    running.child.kill('SIGHUP');
    await expect.poll(() => running.output(), { timeout: 30_000 }).toContain('SIGHUP');
    expect((await fetch(`${running.endpoints['metrics']}/readyz`)).status).toBe(200);
    expect(running.child.exitCode).toBeNull();
  });

  it('on every address tells its own, and a laboratory tells loopback', async () => {
    await using everywhere = await startAllInOne({
      dataDirectory: join(folder, 'ucm-7'),
      lab: false,
      arguments: ['--role', 'unified-cm', '--node-name', 'ucm-7', '--node-address', 'localhost', '--listen', '0.0.0.0'],
      environment: environment(database.url),
    });
    // Metrics have an address of their own.
    const { metrics: _, ...doors } = everywhere.endpoints;
    for (const url of Object.values(doors)) expect(url).toContain('//localhost:');
  });
});

it('a directory that cannot be used is told in plain words', async () => {
  await writeFile(join(folder, 'file'), '');
  for (const [directory, said] of [
    [join(folder, 'file', 'data'), 'is a file, not a directory'],
    ['/sys/firstring', '/sys/firstring'],
  ] as const) {
    const { output, ended } = launchProgram(['run', '--lab', '--data-dir', directory, '--port-base', '10000']);
    expect(await ended).toBe(1);
    expect(output()).not.toContain('    at ');
    expect(output()).toContain(said);
  }
});

async function occupied(port: number): Promise<AsyncDisposable> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return {
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

/** Answers as a PostgreSQL that is out of connections, until `allow`. */
async function refusing(url: string) {
  const target = new URL(url);
  let open = false;
  let passed = 0;
  const server = createServer((near) => {
    near.on('error', () => {});
    if (!open) {
      near.once('data', () => {
        const fields = ['SFATAL', 'VFATAL', 'C53300', 'Mtoo many connections for role "firstring"'];
        const body = Buffer.concat([...fields.map((each) => Buffer.from(`${each}\0`)), Buffer.from([0])]);
        const head = Buffer.alloc(5);
        head.write('E');
        head.writeInt32BE(body.length + 4, 1);
        near.end(Buffer.concat([head, body]));
      });
      return;
    }
    passed++;
    const far = connect(Number(target.port), '127.0.0.1');
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const through = new URL(url);
  through.port = String((server.address() as { port: number }).port);
  return {
    url: through.toString(),
    allow() {
      open = true;
    },
    get passed() {
      return passed;
    },
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
