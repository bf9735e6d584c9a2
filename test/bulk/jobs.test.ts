import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BulkBench, bulkBench, type Row } from './bulk-bench.ts';

let bench: BulkBench;
beforeAll(async () => {
  bench = await bulkBench();
  await bench.phones.addUser('ann', ['end-user'], { firstName: 'Ann', lastName: 'Berg' });
  await bench.template();
  await bench.template({ name: 'With codes', requiresActivationCode: true });
  await sql`insert into device_pool (name, call_manager_group_id) select 'Branch', id from call_manager_group limit 1`.execute(
    bench.phones.database.db,
  );
});
afterAll(() => bench[Symbol.asyncDispose]());

const csvOf = (rows: readonly string[]) => `MAC ADDRESS,DESCRIPTION,DIRECTORY NUMBER 1\n${rows.join('\n')}\n`;
const insert = (file: string, more: object = {}) =>
  bench.job('insert-phones', { file, template: 'Standard 8845', ...more });
const phone = async (name: string) => (await bench.call('GET', `/phones/${name}`)).body;
const total = async (query = '') => (await bench.call('GET', `/phones?limit=1${query}`)).body.total;

const linesLike = async (pattern: string) =>
  (
    await bench.phones.database.db
      .selectFrom('line')
      .select('directory_number')
      .where('directory_number', 'like', pattern)
      .orderBy('directory_number')
      .execute()
  ).map((row) => row.directory_number);

describe('the Job Scheduler', () => {
  it('keeps a later job on hold until it is activated, and a timed one until its time', async () => {
    await bench.upload('later.csv', csvOf(['020000000001,later,']));
    const held = await insert('later.csv', { run: 'later', description: 'held' });
    expect(held).toMatchObject({ state: 'hold', phase: 'waiting', may: { activate: true, hold: false, delete: true } });
    const runAt = new Date(Date.now() + 3_600_000).toISOString();
    const timed = await insert('later.csv', { run: 'later', runAt });
    expect(timed).toMatchObject({ state: 'pending', runAt });
    expect((await bench.call('DELETE', '/bulk/files/later.csv')).body.code).toBe('bulk_file_in_use');
    expect((await bench.call('POST', `/bulk/jobs/${timed.id}/hold`)).body.state).toBe('hold');
    expect((await bench.call('DELETE', `/bulk/jobs/${timed.id}`)).status).toBe(204);
    expect((await bench.call('POST', `/bulk/jobs/${held.id}/activate`, {})).body.state).toBe('pending');
    await bench.run();
    expect(await bench.show(held.id)).toMatchObject({ state: 'completed', result: 'success' });
    expect((await bench.call('POST', `/bulk/jobs/${held.id}/stop`)).body.code).toBe('bulk_job_state');
    expect((await bench.call('DELETE', '/bulk/files/later.csv')).status).toBe(204);
  });

  it('goes on where it was stopped: each row once', async () => {
    const rows = Array.from({ length: 450 }, (_, n) => `0201${String(n).padStart(8, '0')},row ${n},`);
    await bench.upload('stop.csv', csvOf(rows));
    const { body } = await bench.call('POST', '/bulk/jobs/insert-phones', {
      file: 'stop.csv',
      template: 'Standard 8845',
    });
    // The node is told to end while it works; the next one takes the job on.
    const stopping = new AbortController();
    const running = bench.run(stopping.signal);
    for (;;) {
      const job = await bench.show(body.id);
      if (job.progress.succeeded > 0) break;
    }
    stopping.abort();
    await running;
    const interrupted = await bench.show(body.id);
    expect(interrupted.state).toBe('processing');
    expect(interrupted.progress.succeeded).toBeLessThan(450);
    // Asked to stop before another node takes it: it stops after its next rows.
    expect((await bench.call('POST', `/bulk/jobs/${body.id}/stop`)).body.stopping).toBe(true);
    await bench.run();
    const stopped = await bench.show(body.id);
    expect(stopped).toMatchObject({ state: 'hold', stopping: false });
    expect(stopped.progress.succeeded).toBeLessThan(450);
    await bench.call('POST', `/bulk/jobs/${body.id}/activate`, {});
    await bench.run();
    expect(await bench.show(body.id)).toMatchObject({ state: 'completed', progress: { succeeded: 450, failed: 0 } });
    expect(await total('&search=row')).toBe(450);
    const created = await bench.phones.database.db
      .selectFrom('audit_event')
      .select('object_name')
      .where('action', '=', 'phone.created')
      .where('object_name', 'like', 'SEP0201%')
      .execute();
    expect(new Set(created.map((row) => row.object_name)).size).toBe(created.length);
    expect(created.length).toBe(450);
  });

  it('runs one job at a time in the whole cluster', async () => {
    await bench.upload('turn.csv', csvOf(['020300000001,a,']));
    for (let n = 0; n < 2; n++)
      await bench.call('POST', '/bulk/jobs/insert-phones', { file: 'turn.csv', template: 'Standard 8845' });
    await using first = await bench.bulk.take('node-a');
    expect(first).toBeDefined();
    expect(await bench.bulk.take('node-b')).toBeUndefined();
    await bench.bulk.run(first!, new AbortController().signal);
    await first![Symbol.asyncDispose]();
    await bench.run();
  });

  it('lets nobody write who lost the job', async () => {
    await bench.upload('lost.csv', csvOf(['020400000001,a,', '020400000002,b,']));
    const { body } = await bench.call('POST', '/bulk/jobs/insert-phones', {
      file: 'lost.csv',
      template: 'Standard 8845',
    });
    const gone = (await bench.bulk.take('node-a'))!;
    await gone[Symbol.asyncDispose]();
    await bench.run();
    const done = await bench.show(body.id);
    expect(done).toMatchObject({ state: 'completed', progress: { succeeded: 2 } });
    await bench.bulk.run(gone, new AbortController().signal);
    expect((await bench.show(body.id)).progress).toEqual(done.progress);
  });
});

describe('undo', () => {
  it('takes back what a job added and changed, and the lines it made', async () => {
    await bench.call('POST', '/phones', {
      model: 'Cisco 8845',
      mac: '020500000001',
      description: 'before',
      ownerUserId: 'ann',
      lines: [{ directoryNumber: '2501' }],
    });
    await bench.upload('undo.csv', csvOf(['020500000001,after,2502', '020500000002,new,2503']));
    const job = await insert('undo.csv', { override: true });
    expect(job.may.undo).toBe(true);
    const dry = await bench.job(`${job.id}/undo`, { dryRun: true });
    expect(dry).toMatchObject({ dryRun: true, progress: { succeeded: 2, kept: 0 } });
    expect((await phone('SEP020500000001')).description).toBe('after');
    expect(await linesLike('250%')).toEqual(['2501', '2502', '2503']);
    const undo = await bench.job(`${job.id}/undo`, {});
    expect(undo, JSON.stringify(await bench.rows(undo.id))).toMatchObject({
      kind: 'undo',
      undoOf: job.id,
      result: 'success',
    });
    expect(await phone('SEP020500000001')).toMatchObject({
      description: 'before',
      ownerUserId: 'ann',
      lines: [{ directoryNumber: '2501' }],
    });
    expect((await bench.call('GET', '/phones/SEP020500000002')).status).toBe(404);
    expect(await linesLike('250%')).toEqual(['2501']);
    expect(await bench.show(job.id)).toMatchObject({ undoneBy: undo.id, may: { undo: false } });
    expect((await bench.call('POST', `/bulk/jobs/${job.id}/undo`, {})).body.code).toBe('bulk_already_undone');
  });

  it('keeps what has been used or changed since, and says which and why', async () => {
    await bench.upload('used.csv', 'MAC ADDRESS,DESCRIPTION\n,activated\n,changed\n,untouched\n,deleted\n');
    const job = await insert('used.csv', { template: 'With codes', createDummyMacAddress: true });
    const [activated, changed, untouched, deleted] = (await bench.rows(job.id)).map((row: Row) => row.name);
    expect(await bench.phones.redeem(activated, '0206AABBCC01')).toBe(true);
    await bench.call('PATCH', `/phones/${changed}`, { description: 'by hand' });
    await bench.call('DELETE', `/phones/${deleted}`);
    const undo = await bench.job(`${job.id}/undo`, {});
    expect(undo).toMatchObject({ result: 'with-errors', progress: { succeeded: 1, kept: 3 } });
    const kept = await bench.rows(undo.id, '&state=kept');
    expect(kept.map((row: Row) => [row.name, row.errors[0].code])).toEqual([
      ['SEP0206AABBCC01', 'activated_since'],
      [changed, 'changed_since'],
      [deleted, 'phone_gone'],
    ]);
    expect((await bench.call('GET', `/phones/${untouched}`)).status).toBe(404);
    expect((await bench.call('GET', `/phones/SEP0206AABBCC01`)).status).toBe(200);
  });

  it('brings deleted phones back, with their names', async () => {
    await bench.upload('gone.csv', 'MAC ADDRESS,DESCRIPTION,DIRECTORY NUMBER 1\n,bat,2701\n');
    const made = await insert('gone.csv', { createDummyMacAddress: true });
    const [{ name }] = await bench.rows(made.id);
    const gone = await bench.job('delete-phones', { selection: { query: { job: made.id } } });
    expect(gone).toMatchObject({ result: 'success', progress: { total: 1 } });
    expect((await bench.call('GET', `/phones/${name}`)).status).toBe(404);
    await bench.job(`${gone.id}/undo`, {});
    expect(await phone(name)).toMatchObject({ description: 'bat', lines: [{ directoryNumber: '2701' }] });
  });
});

describe('a selection of phones', () => {
  it('is updated by query, by names and by file, and undone', async () => {
    await bench.upload('sel.csv', csvOf(['020800000001,sel a,2801', '020800000002,sel b,2802']));
    await insert('sel.csv');
    const moved = await bench.job('update-phones', {
      selection: { query: { search: 'sel ' } },
      change: { devicePool: 'Branch' },
    });
    expect(moved).toMatchObject({ result: 'success', progress: { total: 2, succeeded: 2 } });
    expect(await phone('SEP020800000001')).toMatchObject({ devicePool: 'Branch', description: 'sel a' });
    await bench.upload(
      'update.csv',
      'DEVICE NAME,DESCRIPTION,OWNER USER ID,LINE TEXT LABEL 1,DIRECTORY NUMBER 2\nSEP020800000001,,ann,Left,2803\n020800000002,<None>,,,\nSEP0208000000FF,x,,,\n',
      { transaction: 'update-phones' },
    );
    const byFile = await bench.job('update-phones', { selection: { file: 'update.csv' } });
    expect(byFile).toMatchObject({ result: 'with-errors', progress: { succeeded: 2, failed: 1 } });
    expect(await phone('SEP020800000001')).toMatchObject({
      description: 'sel a',
      ownerUserId: 'ann',
      lines: [{ directoryNumber: '2801', label: 'Left' }, { directoryNumber: '2803' }],
    });
    expect((await phone('SEP020800000002')).description).toBe('');
    expect((await bench.rows(byFile.id, '&state=failed'))[0].errors[0]).toMatchObject({
      code: 'phone_not_found',
      column: 'DEVICE NAME',
    });
    await bench.job(`${byFile.id}/undo`, {});
    expect((await phone('SEP020800000002')).description).toBe('sel b');
    expect((await phone('SEP020800000001')).lines).toHaveLength(1);
    const nothing = await bench.job('update-phones', {
      selection: { names: ['SEP020800000001', 'sep020800000001', 'SEP0208000000FF'] },
      change: { devicePool: 'Nowhere' },
      dryRun: true,
    });
    expect(nothing).toMatchObject({ progress: { succeeded: 0, failed: 3 } });
    expect((await bench.rows(nothing.id))[0].errors[0].code).toBe('device_pool_not_found');
  });

  it('gets codes, has them released and sent', async () => {
    await bench.upload('codes.csv', csvOf(['020900000001,codes a,', '020900000002,codes b,']));
    await insert('codes.csv');
    const names = ['SEP020900000001', 'SEP020900000002'];
    const made = await bench.job('codes', { action: 'generate', selection: { names } });
    expect(made, JSON.stringify(await bench.rows(made.id))).toMatchObject({
      kind: 'generate-codes',
      result: 'success',
    });
    expect(await phone(names[0]!)).toMatchObject({
      requiresActivationCode: true,
      activationCode: { state: 'active', boundMac: '020900000001' },
    });
    const csv = await bench.text(`/bulk/activation-codes.csv?job=${made.id}`);
    expect(csv.match(/\d{4}-\d{4}-\d{4}-\d{4}/g)).toHaveLength(2);
    const again = await bench.job('codes', { action: 'generate', selection: { names } });
    expect((await bench.rows(again.id))[0].errors[0].code).toBe('code_already_active');
    const mailed = await bench.job('codes', { action: 'e-mail', selection: { names } });
    expect((await bench.rows(mailed.id))[0].errors[0].code).toBe('mail_not_set_up');
    const released = await bench.job('codes', { action: 'release', selection: { names: [names[0]] } });
    expect(released).toMatchObject({ result: 'success', may: { undo: false } });
    expect((await phone(names[0]!)).activationCode.state).toBe('revoked');
    await bench.job(`${made.id}/undo`, {});
    expect(await phone(names[1]!)).toMatchObject({
      requiresActivationCode: false,
      activationCode: { state: 'revoked' },
    });
  });

  it('must be clear, and not every phone by mistake', async () => {
    const refused = async (selection: object) =>
      (await bench.call('POST', '/bulk/jobs/delete-phones', { selection })).body.code;
    expect(await refused({ query: {} })).toBe('bulk_selection_too_wide');
    expect(await refused({ query: { search: '' } })).toBe('bulk_selection_too_wide');
    expect(await refused({ file: 'missing.csv' })).toBe('bulk_file_not_found');
    await bench.upload('wrong.csv', csvOf(['020A00000001,x,']));
    expect(await refused({ file: 'wrong.csv' })).toBe('bulk_file_wrong_transaction');
    expect(
      (await bench.call('POST', '/bulk/jobs/update-phones', { selection: { names: ['SEP020800000001'] } })).body.code,
    ).toBe('bulk_nothing_to_change');
  });
});

describe('an export of phones', () => {
  it('makes the same phones again when it is inserted', async () => {
    await bench.upload('round.csv', csvOf(['0211AABBCC01,"round, ""one""",+4930111', '0211AABBCC02,round =two,2902']));
    await insert('round.csv');
    await bench.call('POST', '/phones', {
      model: 'Cisco 7841',
      description: 'round three',
      lines: [
        { directoryNumber: '2903', label: 'a' },
        { directoryNumber: '2904', maxCalls: 3, busyTrigger: 1 },
      ],
    });
    const exported = await bench.text('/bulk/phones.csv?search=round');
    expect(exported.split('\r\n')).toHaveLength(5);
    const deleted = await bench.job('delete-phones', {
      selection: { query: { search: 'round' } },
      removeUnusedLines: true,
    });
    expect(deleted.progress.succeeded).toBe(3);
    expect(await bench.text('/bulk/phones.csv?search=round')).not.toContain('0211AABBCC01');
    const uploaded = await bench.upload('again.csv', exported, { transaction: 'insert-phones-all-details' });
    expect(uploaded.status, JSON.stringify(uploaded.body)).toBe(201);
    const job = await bench.job('insert-phones', { file: 'again.csv' });
    expect(job, JSON.stringify(await bench.rows(job.id))).toMatchObject({
      result: 'success',
      progress: { succeeded: 3 },
    });
    expect(await bench.text('/bulk/phones.csv?search=round')).toBe(exported);
  });
});
