import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditReportLines, verifyAudit } from '../../src/infra/audit/verify-audit.ts';
import { auditLog } from '../../src/infra/database/audit-log.ts';
import { sealPending, startAuditSealer } from '../../src/infra/database/audit-sealer.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { startRest, type TestRest } from './support/rest.ts';

let rest: TestRest;
let directory: string;
beforeAll(async () => {
  rest = await startRest();
  directory = await mkdtemp(join(tmpdir(), 'audit-'));
});
afterAll(async () => {
  await rest[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const query = (text: string, values: unknown[] = []) => rest.database.pool.query(text, values);
const seal = () => sealPending(rest.database.db, rest.signer);
const append = (action: string, detail: Record<string, unknown> = {}) =>
  rest.database.transactions.run((tx) =>
    auditLog(rest.database.db, 'node-a').append(tx, {
      actor: { name: 'anna', sourceAddress: '192.0.2.7' },
      action,
      objectKind: 'test',
      objectId: '1',
      objectName: 'Größe 大',
      detail,
    }),
  );

/** As somebody with all rights over the database would, who knows how to switch the guard off. */
async function tamper(...statements: string[]): Promise<void> {
  await rest.database.asOwner('set session_replication_role = replica', ...statements);
}

const verifyDatabase = () => verifyAudit({ databaseUrl: rest.database.url, publicKeyPem: rest.publicKeyPem });

/** A chain of ten events in five sealings, alone in the table. */
async function freshChain(): Promise<void> {
  await tamper('delete from audit_event', 'delete from audit_checkpoint');
  for (let event = 1; event <= 10; event++) {
    await append(`test.${event}`, { number: event, nested: { b: [1, 2.5, null, true], a: 'ä\u2028"' } });
    if (event % 2 === 0) expect(await seal()).toBe(2);
  }
}

describe('the audit log', () => {
  it('chains what was committed in the order of sealing, every row exactly once, also those of transactions that stayed open', async () => {
    await tamper('delete from audit_event', 'delete from audit_checkpoint');
    const slow = await rest.database.pool.connect();
    try {
      await slow.query('begin');
      await slow.query(`insert into audit_event (actor, action, object_kind) values ('slow', 'test.slow', 'test')`);
      await append('test.quick');
      expect(await seal()).toBe(1);
      await slow.query('commit');
    } finally {
      slow.release();
    }
    expect(await seal()).toBe(1);
    expect(await seal()).toBe(0);
    const { rows } = await query('select action, seq from audit_event order by seq');
    expect(rows).toEqual([
      { action: 'test.quick', seq: '1' },
      { action: 'test.slow', seq: '2' },
    ]);
    expect(await verifyDatabase()).toMatchObject({ intact: true, events: 2, checkpoints: 2 });
  });

  it('is sealed by one node at a time, with nothing lost or doubled, while others write', async () => {
    await tamper('delete from audit_event', 'delete from audit_checkpoint');
    const sealers = [1, 2, 3].map(() =>
      startAuditSealer({ db: rest.database.db, signer: rest.signer, log: silentLog, pauseMs: 1 }),
    );
    await Promise.all(Array.from({ length: 60 }, (_, index) => append(`test.${index}`)));
    for (const sealer of sealers) await sealer[Symbol.asyncDispose]();
    while ((await seal()) > 0);
    const report = await verifyDatabase();
    expect(report).toMatchObject({ intact: true, events: 60, firstSeq: 1, lastSeq: 60 });
    const { rows } = await query('select count(distinct action) from audit_event');
    expect(rows[0].count).toBe('60');
  });

  it('holds a row for every change, with who, from where, and what', async () => {
    await rest.call('POST', '/device-pools', { body: { name: 'Audited' } });
    const [event] = (await rest.call('GET', '/audit-events?objectName=Audited', { as: 'auditor' })).body.items;
    expect(event).toMatchObject({
      actor: 'super',
      sourceAddress: '127.0.0.1',
      action: 'device-pool.created',
      objectKind: 'device-pool',
      node: 'node-a',
      seq: null,
    });
    await seal();
    const [sealed] = (await rest.call('GET', '/audit-events?objectName=Audited')).body.items;
    expect(sealed.seq).toBeGreaterThan(0);
  });

  it('has no row where nothing was changed', async () => {
    const count = async () => Number((await query('select count(*) from audit_event')).rows[0].count);
    const before = await count();
    await rest.call('POST', '/device-pools', { body: { name: 'Default' } });
    await rest.call('PATCH', '/device-pools/Default', { body: { userLocale: 'English_United_States' } });
    await rest.call('DELETE', '/device-pools/nope');
    expect(await count()).toBe(before);
  });

  it('refuses to be changed by the system itself', async () => {
    await append('test.kept');
    await seal();
    await expect(query(`update audit_event set actor = 'nobody' where action = 'test.kept'`)).rejects.toThrow(
      /permission denied/,
    );
    await expect(query(`delete from audit_event where action = 'test.kept'`)).rejects.toThrow(/permission denied/);
  });

  it('can be searched by who, what, whom and when, page by page', async () => {
    await freshChain();
    const list = async (text: string) => (await rest.call('GET', `/audit-events?${text}`)).body;
    expect((await list('actor=anna')).total).toBe(10);
    expect((await list('action=test.3')).items.map((each: { action: string }) => each.action)).toEqual(['test.3']);
    expect((await list('action=test')).total).toBe(10);
    expect((await list('objectKind=phone')).total).toBe(0);
    expect((await list('search=Gr%C3%B6%C3%9Fe')).total).toBe(10);
    expect((await list('from=2126-01-01T00:00:00Z')).total).toBe(0);
    expect((await list('to=2126-01-01T00:00:00Z')).total).toBe(10);
    expect((await list('from=yesterday')).code).toBe('invalid_value');
    const first = await list('limit=6');
    const second = await list(`limit=6&cursor=${first.nextCursor}`);
    const actions = [...first.items, ...second.items].map((each: { action: string }) => each.action);
    expect(actions).toEqual([
      'test.10',
      'test.9',
      'test.8',
      'test.7',
      'test.6',
      'test.5',
      'test.4',
      'test.3',
      'test.2',
      'test.1',
    ]);
    expect(second.nextCursor).toBeUndefined();
  });
});

describe('verify-audit on a database', () => {
  beforeEach(freshChain);

  it('finds an untouched chain intact', async () => {
    const report = await verifyDatabase();
    expect(report).toMatchObject({
      intact: true,
      events: 10,
      checkpoints: 5,
      lastSeq: 10,
      keyFromOutside: true,
      findings: [],
    });
    expect(auditReportLines(report).at(-1)).toMatch(/^intact: 10 events/);
  });

  it.each([
    ['actor', `update audit_event set actor = 'eve' where seq = 5`],
    ['instant', `update audit_event set at = at + interval '1 microsecond' where seq = 5`],
    ['detail', `update audit_event set detail = '{"number": 6}' where seq = 5`],
    ['node', `update audit_event set node = 'node-b' where seq = 5`],
  ])('names the event whose %s was changed', async (_, statement) => {
    await tamper(statement);
    const report = await verifyDatabase();
    expect(report.intact).toBe(false);
    expect(report.findings).toEqual([{ seq: 5, problem: 'changed', message: expect.stringContaining('event 5') }]);
    expect(auditReportLines(report)[0]).toMatch(/^seq 5: /);
  });

  it('names the event that was removed', async () => {
    await tamper('delete from audit_event where seq = 5');
    expect((await verifyDatabase()).findings).toEqual([{ seq: 5, problem: 'removed', message: 'event 5 is missing' }]);
  });

  it('notices that the beginning is gone', async () => {
    await tamper('delete from audit_event where seq <= 2', 'delete from audit_checkpoint where seq <= 2');
    expect((await verifyDatabase()).findings).toEqual([
      { seq: 1, problem: 'removed', message: 'events 1 to 2 are missing' },
    ]);
  });

  it('names events that changed places', async () => {
    await tamper(
      'update audit_event set seq = -1 where seq = 4',
      'update audit_event set seq = 4 where seq = 5',
      'update audit_event set seq = 5 where seq = -1',
    );
    const { findings } = await verifyDatabase();
    expect(findings.map((each) => each.seq)).toEqual(expect.arrayContaining([4, 5]));
  });

  it('is not fooled by a change whose hash was made anew', async () => {
    // The hash fits the changed event; its follower and the checkpoint above do not.
    const { eventHash } = await import('../../src/domain/audit/chain.ts');
    const { recordOf, auditColumns } = await import('../../src/infra/database/audit-rows.ts');
    const { sql } = await import('kysely');
    const { createHash } = await import('node:crypto');
    const { rows } = await sql<
      Parameters<typeof recordOf>[0]
    >`select ${auditColumns} from audit_event where seq = 6`.execute(rest.database.db);
    const forged = { ...recordOf(rows[0]!), actor: 'eve' };
    const hash = eventHash(forged, 6, rows[0]!.prev_hash!, (bytes) => createHash('sha256').update(bytes).digest());
    await tamper(
      `update audit_event set actor = 'eve', hash = '\\x${Buffer.from(hash).toString('hex')}' where seq = 6`,
    );
    const { findings } = await verifyDatabase();
    expect(findings).toEqual([
      { seq: 6, problem: 'checkpoint_contradicts', message: expect.any(String) },
      { seq: 7, problem: 'relinked', message: expect.any(String) },
    ]);
  });

  it('notices a chain that was cut off, at a checkpoint or before one', async () => {
    await tamper('delete from audit_event where seq > 8');
    expect((await verifyDatabase()).findings).toEqual([{ seq: 10, problem: 'truncated', message: expect.any(String) }]);
    await tamper('delete from audit_checkpoint where seq > 6');
    expect((await verifyDatabase()).findings).toEqual([
      { seq: 8, problem: 'truncated', message: expect.stringContaining('without a checkpoint') },
    ]);
  });

  it('notices a tail cut off with its checkpoints, once a head was written down', async () => {
    const before = await verifyDatabase();
    await tamper('delete from audit_event where seq > 8', 'delete from audit_checkpoint where seq > 8');
    const expectedHead = { seq: before.lastSeq!, hash: before.head! };
    const report = await verifyAudit({ databaseUrl: rest.database.url, publicKeyPem: rest.publicKeyPem, expectedHead });
    expect(report.findings).toEqual([{ seq: 10, problem: 'truncated', message: expect.any(String) }]);
  });

  it('notices a forged checkpoint and one of another key', async () => {
    await tamper(
      `update audit_checkpoint set signature = set_byte(signature, 3, get_byte(signature, 3) # 1) where seq = 4`,
    );
    expect((await verifyDatabase()).findings).toEqual([
      { seq: 4, problem: 'checkpoint_forged', message: expect.any(String) },
    ]);
    await tamper(`update audit_checkpoint set key_id = 'another' where seq = 4`);
    expect((await verifyDatabase()).findings[0]!.message).toContain('unknown key another');
  });

  it('notices events that nobody seals', async () => {
    await append('test.waiting');
    expect((await verifyDatabase()).intact).toBe(true);
    await tamper(`update audit_event set at = at - interval '2 minutes' where seq is null`);
    expect((await verifyDatabase()).findings).toMatchObject([{ problem: 'unsealed' }]);
  });

  it('tells the same through the API', async () => {
    expect((await rest.call('GET', '/audit-events/verification', { as: 'auditor' })).body).toMatchObject({
      intact: true,
      lastSeq: 10,
    });
    await tamper(`update audit_event set actor = 'eve' where seq = 5`);
    const report = await rest.call('GET', '/audit-events/verification');
    expect(report.body).toMatchObject({ intact: false, findings: [{ seq: 5, problem: 'changed' }] });
  });

  it('wants a key from elsewhere', async () => {
    await expect(verifyAudit({ databaseUrl: rest.database.url })).rejects.toThrow(/public key/);
  });
});

describe('verify-audit on an export', () => {
  let file: string;
  let lines: string[];
  beforeAll(async () => {
    await freshChain();
    file = join(directory, 'audit.jsonl');
    const answer = await rest.call('GET', '/audit-events/export', { as: 'auditor' });
    expect(answer.headers['content-disposition']).toBe('attachment; filename="audit.jsonl"');
    await writeFile(file, answer.text);
    lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  });
  const verifyLines = async (changed: readonly string[], withKey = true) => {
    const other = join(directory, 'changed.jsonl');
    await writeFile(other, changed.join('\n'));
    return verifyAudit({ file: other, ...(withKey ? { publicKeyPem: rest.publicKeyPem } : {}) });
  };

  it('finds it intact, and says when the key came with it', async () => {
    expect(lines).toHaveLength(1 + 10 + 5);
    expect(await verifyAudit({ file, publicKeyPem: rest.publicKeyPem })).toMatchObject({
      intact: true,
      keyFromOutside: true,
    });
    const trusting = await verifyLines(lines, false);
    expect(trusting).toMatchObject({ intact: true, keyFromOutside: false });
    expect(auditReportLines(trusting)[0]).toContain('--public-key');
  });

  it('can begin anywhere in the chain', async () => {
    const answer = await rest.call('GET', '/audit-events/export?fromSeq=7');
    expect(await verifyLines(answer.text.trimEnd().split('\n'))).toMatchObject({
      intact: true,
      events: 4,
      firstSeq: 7,
    });
  });

  it('offers the key to keep elsewhere', async () => {
    const key = await rest.call('GET', '/audit-events/public-key');
    expect(key.body.publicKeyPem).toBe(rest.publicKeyPem);
  });

  it('names what was changed, removed, moved, cut off or is no line at all', async () => {
    const at = (seq: number) =>
      lines.findIndex((line) => line.includes('"kind":"event"') && line.includes(`"seq":${seq},`));
    const problems = async (changed: readonly string[]) =>
      (await verifyLines(changed)).findings.map((each) => `${each.seq} ${each.problem}`);
    expect(await problems(lines.with(at(3), lines[at(3)]!.replace('anna', 'eve')))).toEqual(['3 changed']);
    expect(await problems(lines.toSpliced(at(3), 1))).toEqual(['3 removed']);
    expect(await problems(lines.toSpliced(at(1), 1))).toEqual(['1 removed']);
    expect(await problems(lines.with(at(3), lines[at(4)]!).with(at(4), lines[at(3)]!))).toEqual(
      expect.arrayContaining(['3 removed', '3 out_of_order']),
    );
    expect(await problems(lines.slice(0, -1))).toEqual(['10 truncated']);
    expect(await problems(lines.with(at(3), '{"kind":"event"'))).toEqual(['undefined unreadable', '3 removed']);
  });

  it('does not believe a log that somebody else signed', async () => {
    await using other = await startRest();
    await other.call('POST', '/device-pools', { body: { name: 'Other' } });
    await sealPending(other.database.db, other.signer);
    const foreign = (await other.call('GET', '/audit-events/export')).text.trimEnd().split('\n');
    const report = await verifyLines(foreign);
    expect(report.findings.map((each) => each.problem)).toEqual(['checkpoint_forged']);
  });
});
