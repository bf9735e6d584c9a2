import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditAlarm } from '../../src/domain/audit/audit-alarm.ts';
import { headFiles, openHeadLog } from '../../src/infra/audit/head-log.ts';
import { auditSigningKey } from '../../src/infra/audit/signing-key.ts';
import { stateRestore } from '../../src/infra/audit/state-restore.ts';
import { openSyslog, readSyslogTarget } from '../../src/infra/audit/syslog.ts';
import { verifyAudit } from '../../src/infra/audit/verify-audit.ts';
import { sealer } from '../../src/infra/crypto/sealer.ts';
import { sealPending, startAuditSealer } from '../../src/infra/database/audit-sealer.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
let directory: string;
let signer: Awaited<ReturnType<typeof auditSigningKey>>;
beforeEach(async () => {
  database = await testDatabase();
  directory = await mkdtemp(join(tmpdir(), 'heads-'));
  signer = await auditSigningKey(database.db, sealer(new Uint8Array(32).fill(7)));
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const append = (action: string) =>
  database.pool.query(`insert into audit_event (actor, action, object_kind) values ('anna', $1, 'test')`, [action]);
const tamper = (...statements: string[]) => database.asOwner('set session_replication_role = replica', ...statements);
const verify = async (directories = [directory]) =>
  verifyAudit({
    databaseUrl: database.url,
    publicKeyPem: signer.publicKeyPem,
    headFiles: await Promise.all(directories.map((each) => headFiles(each))),
  });

/** Ten events in five sealings, by a node that ends then. */
async function sealTen(where = directory): Promise<void> {
  await using heads = await openHeadLog(where);
  for (let event = 1; event <= 10; event++) {
    await append(`test.${event}`);
    if (event % 2 === 0) expect(await sealPending(database.db, signer, { heads })).toBe(2);
  }
}

/** What a database owner does who wants the sealer to sign another past. */
const forgery = [
  'delete from audit_checkpoint where seq > 4',
  'update audit_event set seq = null, prev_hash = null, hash = null where seq > 4',
  `update audit_event set actor = 'eve' where action = 'test.7'`,
  `delete from audit_event where action = 'test.8'`,
];
const signed = async () => (await database.pool.query('select max(seq)::int as seq from audit_checkpoint')).rows[0].seq;

describe('a past that was taken out of the chain and changed', () => {
  it('is not sealed again by a node that starts on it, and the checkpoints stay where they were', async () => {
    await sealTen();
    await tamper(...forgery);
    await append('test.after');
    await using heads = await openHeadLog(directory);
    await expect(sealPending(database.db, signer, { heads })).rejects.toMatchObject({ code: 'audit_chain_rewritten' });
    expect(await signed()).toBe(4);
    const report = await verify();
    expect(report.intact).toBe(false);
    expect(report.findings).toContainEqual({
      seq: 10,
      problem: 'truncated',
      message: expect.stringContaining('up to event 10'),
    });
  });

  it('is not sealed by the node that runs meanwhile, which says so and goes on when the table is put back', async () => {
    await append('test.first');
    const alarms: (AuditAlarm | undefined)[] = [];
    await using heads = await openHeadLog(directory);
    await using running = startAuditSealer({
      db: database.db,
      signer,
      heads,
      log: silentLog,
      pauseMs: 5,
      onAlarm: (alarm) => alarms.push(alarm),
    });
    await vi.waitFor(async () => expect(await signed()).toBe(1), 20_000);
    await tamper(
      'create table kept as select * from audit_event',
      'create table kept_point as select * from audit_checkpoint',
    );
    await tamper(
      'begin; delete from audit_checkpoint; update audit_event set seq = null, prev_hash = null, hash = null; commit',
    );
    await vi.waitFor(() => expect(running.alarm?.code).toBe('audit_chain_rewritten'), 20_000);
    await tamper(
      'begin',
      'update audit_event e set seq = k.seq, prev_hash = k.prev_hash, hash = k.hash from kept k where k.id = e.id',
      'insert into audit_checkpoint select * from kept_point',
      'commit',
    );
    await vi.waitFor(() => expect(running.alarm).toBeUndefined(), 20_000);
    // A look that falls between the two may find the one half changed: that is another alarm, never an all-clear.
    expect(alarms.map((alarm) => alarm !== undefined)).toEqual([...alarms.slice(1).map(() => true), false]);
  });

  it('shows in verify-audit without help even when somebody else signed it', async () => {
    await sealTen();
    await tamper(...forgery);
    // As a node without the log of heads would.
    expect(await sealPending(database.db, signer)).toBe(5);
    const report = await verify();
    expect(report.findings.map((each) => each.problem)).toEqual(['rechained', 'truncated']);
    expect((await verify([])).notes[0]).toContain('no heads');
  });

  it('shows by the heads of another node', async () => {
    const other = join(directory, 'other');
    await (await import('node:fs/promises')).mkdir(other);
    await sealTen(other);
    await tamper(...forgery);
    await sealPending(database.db, signer);
    expect((await verify([directory])).intact).toBe(true);
    expect((await verify([directory, other])).intact).toBe(false);
  });
});

describe('the sealer', () => {
  it('does not take a row for new that was there when everything had been sealed', async () => {
    await using heads = await openHeadLog(directory);
    await append('test.1');
    await append('test.2');
    await sealPending(database.db, signer, { heads });
    await append('test.3');
    await sealPending(database.db, signer, { heads });
    // The head stays as it is; what is before it is taken out.
    await tamper('update audit_event set seq = null, prev_hash = null, hash = null where seq = 1');
    await expect(sealPending(database.db, signer, { heads })).rejects.toMatchObject({ code: 'audit_row_slipped_in' });
  });

  it('takes a row whose transaction was open for long, whatever was sealed meanwhile', async () => {
    await using heads = await openHeadLog(directory);
    const slow = await database.pool.connect();
    try {
      await slow.query('begin');
      await slow.query('savepoint a');
      await slow.query(`insert into audit_event (actor, action, object_kind) values ('slow', 'test.slow', 'test')`);
      await slow.query('release savepoint a');
      await append('test.quick');
      expect(await sealPending(database.db, signer, { heads })).toBe(1);
      expect(await sealPending(database.db, signer, { heads })).toBe(0);
      await slow.query('commit');
    } finally {
      slow.release();
    }
    expect(await sealPending(database.db, signer, { heads })).toBe(1);
    expect((await verify()).intact).toBe(true);
  });

  it('does not build upon a head that nobody of this cluster signed', async () => {
    await append('test.1');
    await sealPending(database.db, signer);
    await tamper(`update audit_checkpoint set signature = set_byte(signature, 3, get_byte(signature, 3) # 1)`);
    await append('test.2');
    await using heads = await openHeadLog(directory);
    await expect(sealPending(database.db, signer, { heads })).rejects.toMatchObject({ code: 'audit_head_unsigned' });
  });
});

describe('the log of heads', () => {
  it('has a chained line for every sealing, for its owner only, and goes on in a new file when one is full', async () => {
    await using heads = await openHeadLog(directory, 500);
    for (let event = 1; event <= 6; event++) {
      await append(`test.${event}`);
      await sealPending(database.db, signer, { heads });
    }
    const files = await headFiles(directory);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);
    const lines = (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await verify()).toMatchObject({ intact: true, keptHeads: 6, notes: [] });
  });

  it('stops the sealing when a line was changed, and verify-audit says so', async () => {
    await sealTen();
    const [file] = await headFiles(directory);
    const text = await readFile(file!, 'utf8');
    await writeFile(file!, text.replace('"seq":4', '"seq":3'));
    await using heads = await openHeadLog(directory);
    await append('test.more');
    await expect(sealPending(database.db, signer, { heads })).rejects.toMatchObject({ code: 'audit_heads_changed' });
    expect((await verify()).findings.map((each) => each.problem)).toContain('heads_changed');
  });

  it('is mended after a crash in the middle of a line', async () => {
    await sealTen();
    const [file] = await headFiles(directory);
    await appendFile(file!, '{"line":6,"ki');
    await using heads = await openHeadLog(directory);
    await append('test.more');
    expect(await sealPending(database.db, signer, { heads })).toBe(1);
    expect((await verify()).intact).toBe(true);
  });

  it('notes what another node sealed', async () => {
    await using mine = await openHeadLog(directory);
    await append('test.1');
    await sealPending(database.db, signer, { heads: mine });
    await append('test.2');
    await sealPending(database.db, signer);
    await sealPending(database.db, signer, { heads: mine });
    expect(mine.last).toMatchObject({ seq: 2, kind: 'seen' });
  });
});

describe('a restore', () => {
  const restore = () =>
    stateRestore({
      databaseUrl: database.ownerUrl,
      directory,
      node: 'a',
      by: 'anna',
      reason: 'disk lost, backup of Monday',
    });

  it('is an alarm until somebody states it; then sealing goes on, and the statement stays in both logs', async () => {
    await sealTen();
    await tamper('delete from audit_checkpoint where seq > 6', 'delete from audit_event where seq > 6');
    await append('test.after');
    {
      await using heads = await openHeadLog(directory);
      await expect(sealPending(database.db, signer, { heads })).rejects.toMatchObject({
        code: 'audit_chain_rewritten',
      });
    }
    expect(await restore()).toEqual({ stated: true, seq: 6 });
    await using heads = await openHeadLog(directory);
    expect(await sealPending(database.db, signer, { heads })).toBe(2);
    const report = await verify();
    expect(report).toMatchObject({ intact: true, findings: [] });
    expect(report.notes).toEqual([
      expect.stringMatching(/anna stated .* restored to event 6 .*event 10.*backup of Monday/),
    ]);
    const { rows } = await database.pool.query(
      `select actor, detail from audit_event where action = 'audit-log.restored'`,
    );
    expect(rows).toEqual([
      { actor: 'anna', detail: { reason: 'disk lost, backup of Monday', event: 6, previousEvent: 10 } },
    ]);
  });

  it('is not stated where there was none', async () => {
    await sealTen();
    expect(await restore()).toEqual({ stated: false, seq: 10 });
    expect((await verify()).notes).toEqual([]);
  });
});

it('heads reach a syslog server over TCP as RFC 5424, also when it comes up late', async () => {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as { port: number };
  let text = '';
  server.on('connection', (socket) =>
    socket.setEncoding('utf8').on('data', (part) => {
      text += part;
    }),
  );
  await using syslog = openSyslog(readSyslogTarget(`tcp://127.0.0.1:${port}`)!, { log: silentLog });
  syslog.send({ severity: 5, id: 'audit-head', data: { seq: '7', hash: 'a"b]' }, text: 'sealed' });
  await vi.waitFor(() => expect(text).toContain('sealed'), 20_000);
  expect(text).toMatch(
    /^\d+ <109>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ firstring \d+ audit-head \[audit@32473 seq="7" hash="a\\"b\\]"\] \uFEFFsealed$/,
  );
  expect(Number(text.split(' ')[0])).toBe(Buffer.byteLength(text.slice(text.indexOf(' ') + 1)));
  server.close();
});
