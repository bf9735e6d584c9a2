import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileNotes, jobEnd, jobList, rowList } from '../../src/commands/bulk-output.ts';
import { type BulkBench, bulkBench } from './bulk-bench.ts';

let bench: BulkBench;
beforeAll(async () => {
  bench = await bulkBench();
  await bench.template();
});
afterAll(() => bench[Symbol.asyncDispose]());

const insert = (file: string, more: object = {}) =>
  bench.job('insert-phones', { file, template: 'Standard 8845', ...more });
const codes = (notes: readonly { code: string }[]) => notes.map((each) => each.code);

describe('success', () => {
  it('is never told without what was left out: upload, file, dry run, job, list, log, result and command line', async () => {
    const file =
      'MAC ADDRESS,DESCRIPTION,LOCATION,DIRECTORY NUMBER 1\n02A000000001,a,Hub,9601\n,,,\n02A000000002,b,Hub,9602\n';
    const left = ['rows_after_blank', 'column_ignored'];
    const uploaded = (await bench.upload('left.csv', file)).body;
    expect(codes(uploaded.notes)).toEqual(left);
    expect(fileNotes(uploaded.notes)).toContain('1 row after the first blank one is left out');
    expect(codes((await bench.call('GET', '/bulk/files/left.csv')).body.notes)).toEqual(left);
    for (const dryRun of [true, false]) {
      const job = await insert('left.csv', { dryRun });
      expect(job).toMatchObject({ result: 'success', progress: { succeeded: 1 } });
      expect(codes(job.notes)).toEqual(left);
      expect(jobEnd(job)).toContain('success, with notes');
      expect(jobEnd(job)).toContain('1 row after the first blank one is left out');
      const page = await bench.call('GET', '/bulk/jobs?limit=1');
      expect(codes(page.body.items[0].notes)).toEqual(left);
      expect(jobList(page.body.items)).toContain('success, notes');
      const log = await bench.text(`/bulk/jobs/${job.id}/log`);
      expect(log).toContain('1 row after the first blank one is left out');
      expect(log).toContain('LOCATION');
      expect(log).toContain('success, with notes');
      expect(await bench.text(`/bulk/jobs/${job.id}/log?language=zh-CN`)).toContain('空白行之后的 1 行被忽略');
      expect(await bench.text(`/bulk/jobs/${job.id}/result.csv`)).toContain(
        '1 row after the first blank one is left out',
      );
    }
  });

  it('says which rows a job will refuse as they stand, when the file is uploaded', async () => {
    const { body } = await bench.upload(
      'doomed.csv',
      'MAC ADDRESS,ENABLED\n02A000000011,t\nnonsense,t\n02A000000012,maybe\n',
    );
    expect(body.notes).toMatchObject([{ code: 'rows_will_be_refused', value: '2' }]);
    expect(body.notes[0].detail).toContain('line 3');
  });

  it('tells columns that a job does not use', async () => {
    await bench.upload('used.csv', 'MAC ADDRESS,DESCRIPTION\n02A000000021,a\n');
    await insert('used.csv');
    const named = await bench.upload('named.csv', 'DEVICE NAME,DESCRIPTION\nSEP02A000000021,b\n', {
      transaction: 'phones',
    });
    expect(codes(named.body.notes)).toEqual(['column_not_used']);
    await bench.upload('update.csv', 'DEVICE NAME,DESCRIPTION\nSEP02A000000021,b\n', { transaction: 'update-phones' });
    const job = await bench.job('delete-phones', { selection: { file: 'update.csv' }, dryRun: true });
    expect(codes(job.notes)).toEqual(['column_not_used']);
    expect(codes((await bench.job('update-phones', { selection: { file: 'update.csv' } })).notes)).toEqual([]);
  });
});

describe('a directory number that two phones come to have', () => {
  it('is told row by row, in the same file and with phones there are, in dry run and job, log, result and command line', async () => {
    await bench.upload('first.csv', 'MAC ADDRESS,DIRECTORY NUMBER 1\n02A100000001,2605\n');
    expect((await insert('first.csv')).notes).toEqual([]);
    await bench.upload(
      'shared.csv',
      'MAC ADDRESS,DIRECTORY NUMBER 1\n02A100000002,2606\n02A100000003,2606\n02A100000004,2605\n02A100000005,2607\n',
    );
    for (const dryRun of [true, false]) {
      const job = await insert('shared.csv', { dryRun });
      expect(job).toMatchObject({ result: 'success', progress: { succeeded: 4, noted: 2 } });
      expect(codes(job.notes)).toEqual(['rows_with_notes']);
      const rows = await bench.rows(job.id);
      expect(rows.map((row) => codes(row.notes))).toEqual([[], ['shared_line_in_file'], ['shared_line'], []]);
      expect(rows[1].notes[0].detail).toContain('line 2');
      expect(rows[2].notes[0].detail).toContain('SEP02A100000001');
      expect((await bench.rows(job.id, '&noted=true')).map((row) => row.line)).toEqual([3, 4]);
      expect(rowList(rows)).toContain('note: DIRECTORY NUMBER 1: A shared line: 2605 is a line of SEP02A100000001');
      expect(jobEnd(job)).toContain('--noted');
      const log = await bench.text(`/bulk/jobs/${job.id}/log`);
      expect(log).toContain('[shared_line_in_file]');
      expect(log).toContain('[shared_line]');
      expect(await bench.text(`/bulk/jobs/${job.id}/result.csv`)).toContain('A shared line: 2605');
    }
  });

  it('is no note for a phone that has it already, and one for a phone that gets it by an update', async () => {
    await bench.upload('own.csv', 'MAC ADDRESS,DIRECTORY NUMBER 1\n02A200000001,2701\n02A200000002,2702\n');
    await insert('own.csv');
    expect((await insert('own.csv', { override: true })).notes).toEqual([]);
    await bench.upload(
      'change.csv',
      'DEVICE NAME,DIRECTORY NUMBER 1,LINE DESCRIPTION 1\nSEP02A200000001,2702,\nSEP02A200000002,,kept as it is\n',
      { transaction: 'update-phones' },
    );
    const job = await bench.job('update-phones', { selection: { file: 'change.csv' }, dryRun: true });
    expect((await bench.rows(job.id)).map((row) => codes(row.notes))).toEqual([
      ['shared_line'],
      ['shared_line_in_file', 'line_settings_stay'],
    ]);
  });
});

describe('the same rows once more', () => {
  const submit = (body: object) =>
    bench.call('POST', '/bulk/jobs/insert-phones', { template: 'Standard 8845', createDummyMacAddress: true, ...body });

  it('make phones a second time only when that is known, whatever the file is called and however it was saved', async () => {
    await bench.upload('dummy.csv', 'DESCRIPTION,DIRECTORY NUMBER 1\none,2801\ntwo,2802\n');
    const first = await insert('dummy.csv', { createDummyMacAddress: true });
    await bench.upload('renamed.csv', '\ufeffDESCRIPTION;DIRECTORY NUMBER 1\r\n"one";2801\r\n"two";2802\r\n');
    for (const file of ['dummy.csv', 'renamed.csv']) {
      const refused = await submit({ file });
      expect(refused).toMatchObject({ status: 409, body: { code: 'bulk_file_done_before', job: first.id } });
      expect((await submit({ file, run: 'later' })).status).toBe(409);
    }
    const dry = await insert('dummy.csv', { createDummyMacAddress: true, dryRun: true });
    expect((await bench.call('POST', `/bulk/jobs/${dry.id}/run`)).body.code).toBe('bulk_file_done_before');
    const again = await bench.call('POST', `/bulk/jobs/${dry.id}/run?again=true`);
    expect(again.status).toBe(202);
    await bench.run();
    expect((await submit({ file: 'dummy.csv', again: true, run: 'later' })).status).toBe(202);
  });

  it('are asked about while the first job still waits, and no more once it was taken back or did nothing', async () => {
    await bench.upload('held.csv', 'DESCRIPTION\nthree\n');
    const held = await submit({ file: 'held.csv', run: 'later' });
    expect((await submit({ file: 'held.csv' })).body).toMatchObject({
      code: 'bulk_file_done_before',
      job: held.body.id,
    });
    await bench.call('POST', `/bulk/jobs/${held.body.id}/activate`, {});
    await bench.run();
    const undo = await bench.call('POST', `/bulk/jobs/${held.body.id}/undo`, {});
    expect(undo.status).toBe(202);
    await bench.run();
    expect((await submit({ file: 'held.csv' })).status).toBe(202);
    await bench.run();
  });

  it('are submitted once by two at once', async () => {
    await bench.upload('race-a.csv', 'DESCRIPTION\nfour\n');
    await bench.upload('race-b.csv', 'DESCRIPTION\nfour\n');
    const answers = await Promise.all(['race-a.csv', 'race-b.csv'].map((file) => submit({ file })));
    expect(answers.map((each) => each.status).sort()).toEqual([202, 409]);
    await bench.run();
  });
});

describe('a dry run', () => {
  it('offers to be done only where something would be done', async () => {
    await bench.upload('bad.csv', 'MAC ADDRESS\nnonsense\n');
    expect(await insert('bad.csv', { dryRun: true })).toMatchObject({
      progress: { succeeded: 0 },
      may: { run: false },
    });
    await bench.upload('good.csv', 'MAC ADDRESS\n02A300000001\n');
    expect(await insert('good.csv', { dryRun: true })).toMatchObject({ may: { run: true } });
  });
});
