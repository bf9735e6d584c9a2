import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inflateRaw } from '../../src/infra/bulk/inflate.ts';
import { xlsxRows } from '../../src/protocol/xlsx/read-xlsx.ts';
import { writeXlsx } from '../../src/protocol/xlsx/write-xlsx.ts';
import { type BulkBench, bulkBench } from './bulk-bench.ts';

let bench: BulkBench;
beforeAll(async () => {
  bench = await bulkBench();
  await bench.phones.addUser('ann', ['end-user'], { firstName: 'Ann', lastName: 'Berg' });
  await bench.phones.addUser('bulk', ['bulk-admin']);
  await bench.template();
  await bench.template({
    name: 'With codes',
    requiresActivationCode: true,
    description: '#FirstName# #LastName#',
    lines: [
      { partition: '', label: '#LastName#', display: '#FirstName#', maxCalls: 4, busyTrigger: 2 },
      { partition: '', label: '', display: '', maxCalls: 2, busyTrigger: 1 },
    ],
  });
});
afterAll(() => bench[Symbol.asyncDispose]());

const specific = (file: string, template = 'Standard 8845', more: object = {}) => ({ file, template, ...more });

describe('Insert Phones - Specific Details', () => {
  it('adds a phone for each row with a code each, as the template and the row say', async () => {
    const uploaded = await bench.upload(
      'new.csv',
      '\ufeffMAC ADDRESS,DESCRIPTION,LOCATION,USER ID,DIRECTORY NUMBER 1,DISPLAY 1,LINE TEXT LABEL 1,FORWARD BUSY EXTERNAL 1,DIRECTORY NUMBER 2,\r\n,,,ann,2001,,,,2002,\r\n,"Desk, two",,,2003,Two,,,,\r\n',
    );
    expect(uploaded.status, JSON.stringify(uploaded.body)).toBe(201);
    expect(uploaded.body).toMatchObject({ rows: 2, format: 'csv', ignoredRows: 0 });
    const job = await bench.job('insert-phones', specific('new.csv', 'With codes', { createDummyMacAddress: true }));
    expect(job, JSON.stringify(await bench.rows(job.id))).toMatchObject({
      state: 'completed',
      result: 'success',
      progress: { total: 2, succeeded: 2, failed: 0, percent: 100 },
    });
    expect(job.logFileName).toMatch(new RegExp(`^${job.id}#\\d{14}\\.txt$`));
    const [first, second] = await bench.rows(job.id);
    const phone = (await bench.call('GET', `/phones/${first.name}`)).body;
    expect(phone).toMatchObject({
      description: 'Ann Berg',
      ownerUserId: 'ann',
      requiresActivationCode: true,
      activationCode: { state: 'active', boundMac: null },
      lines: [
        { directoryNumber: '2001', label: 'Berg', display: 'Ann', maxCalls: 4 },
        { directoryNumber: '2002', label: '', maxCalls: 2, busyTrigger: 1 },
      ],
    });
    expect((await bench.call('GET', `/phones/${second.name}`)).body).toMatchObject({ description: 'Desk, two' });
  });

  it('tells all errors of all rows at once, by row and column, in both languages, and does the others', async () => {
    await bench.call('POST', '/phones', { model: 'Cisco 8845', mac: '001122330001' });
    await bench.upload(
      'errors.csv',
      [
        'MAC ADDRESS,DESCRIPTION,USER ID,DIRECTORY NUMBER 1,MAX CALLS 1,DIRECTORY NUMBER 2,DEVICE TYPE,DEVICE POOL',
        '001122330002,good,,2100,,,,',
        '0011223300,bad,nobody,21x0,999,,,Nowhere',
        '001122330001,taken,,,,,,',
        '001122330002,again,,,,,,',
        '001122330003,two lines,,2101,,2102,,',
        '001122330004,model,,,,,Cisco 7841,',
        ',no mac,,,,,,',
      ].join('\n'),
    );
    const job = await bench.job('insert-phones', specific('errors.csv'));
    expect(job).toMatchObject({ result: 'with-errors', progress: { total: 7, succeeded: 1, failed: 6 } });
    const rows = await bench.rows(job.id);
    const told = rows.map((row: { line: number; errors: { column: string; code: string }[] }) => [
      row.line,
      row.errors.map((each) => `${each.column}: ${each.code}`).toSorted(),
    ]);
    expect(told).toEqual([
      [2, []],
      [
        3,
        [
          'DEVICE POOL: device_pool_not_found',
          'DIRECTORY NUMBER 1: directory_number_invalid',
          'MAC ADDRESS: mac_invalid',
          'MAX CALLS 1: number_invalid',
          'USER ID: user_not_found',
        ],
      ],
      [4, ['MAC ADDRESS: device_exists']],
      [5, ['MAC ADDRESS: duplicate_in_file']],
      [6, ['DIRECTORY NUMBER 2: more_lines_than_template']],
      [7, ['DEVICE TYPE: model_differs']],
      [8, ['MAC ADDRESS: mac_missing']],
    ]);
    const chinese = await bench.rows(job.id, '&language=zh-CN&state=failed');
    for (const row of chinese) for (const error of row.errors) expect(error.detail).toMatch(/[\u4e00-\u9fff]/);
    const log = await bench.text(`/bulk/jobs/${job.id}/log?language=zh-CN`);
    expect(log).toContain('列 DIRECTORY NUMBER 1: [directory_number_invalid] “21x0”不是目录号码。');
    expect(log).toContain('7 行, 1 完成, 6 失败');
    expect((await bench.call('GET', '/phones/SEP001122330002')).status).toBe(200);
    expect((await bench.call('GET', '/phones/SEP001122330003')).status).toBe(404);
  });

  it('refuses the whole job when Create Dummy MAC Address meets a MAC in any row', async () => {
    await bench.upload('dummy.csv', 'MAC ADDRESS,DESCRIPTION\n,one\n,two\n00AABBCCDD01,three\n');
    const before = (await bench.call('GET', '/phones')).body.total;
    const job = await bench.job('insert-phones', specific('dummy.csv', undefined, { createDummyMacAddress: true }));
    expect(job).toMatchObject({ result: 'refused', refusal: { code: 'mac_with_dummy' }, progress: { succeeded: 0 } });
    expect((await bench.rows(job.id, '&state=failed')).map((row: { line: number }) => row.line)).toEqual([4]);
    expect((await bench.call('GET', '/phones')).body.total).toBe(before);
  });

  it('does nothing at all on request when any row has an error', async () => {
    await bench.upload('strict.csv', 'MAC ADDRESS,DESCRIPTION\n00AABBCCDD02,one\nnonsense,two\n');
    const job = await bench.job('insert-phones', specific('strict.csv', undefined, { refuseOnErrors: true }));
    expect(job).toMatchObject({ result: 'refused', refusal: { code: 'rows_with_errors' } });
    expect((await bench.call('GET', '/phones/SEP00AABBCCDD02')).status).toBe(404);
  });

  it('changes a phone that exists when it may override, and only then', async () => {
    await bench.call('POST', '/phones', { model: 'Cisco 8845', mac: '00AABBCCDD03', description: 'old' });
    await bench.upload('over.csv', 'MAC ADDRESS,DESCRIPTION,DIRECTORY NUMBER 1\n00-aa-bb-cc-dd-03,new,2200\n');
    expect(await bench.job('insert-phones', specific('over.csv'))).toMatchObject({ result: 'with-errors' });
    const job = await bench.job('insert-phones', specific('over.csv', undefined, { override: true }));
    expect(job, JSON.stringify(await bench.rows(job.id))).toMatchObject({ result: 'success' });
    expect((await bench.rows(job.id))[0]).toMatchObject({
      action: 'change',
      changes: expect.arrayContaining([{ field: 'description', from: 'old', to: 'new' }]),
    });
    expect((await bench.call('GET', '/phones/SEP00AABBCCDD03')).body).toMatchObject({
      description: 'new',
      lines: [{ directoryNumber: '2200' }],
    });
  });
});

describe('an .xlsx workbook', () => {
  it('from the template, filled in, makes the same as a CSV file would', async () => {
    for (const language of ['en', 'zh-CN']) {
      const template = await bench.octets(`/bulk/template.xlsx?language=${language}&lines=1`);
      const rows: (readonly string[])[] = [];
      for await (const row of xlsxRows(template, inflateRaw, ['Phones', '电话'])) rows.push(row.fields);
      const [headings] = rows;
      expect(headings).toHaveLength(10);
      const filled = headings!.map(
        (_, column) => ({ 1: `from a sheet in ${language}`, 2: 'ann', 6: '7301' })[column] ?? '',
      );
      const workbook = writeXlsx([
        { name: 'Notes', rows: [['not this one']], widths: [] },
        { name: language === 'en' ? 'Phones' : '电话', rows: [headings!, filled], widths: [] },
      ]);
      const uploaded = await bench.upload(`${language}.xlsx`, workbook);
      expect(uploaded.body, JSON.stringify(uploaded.body)).toMatchObject({ format: 'xlsx', rows: 1 });
      const job = await bench.job(
        'insert-phones',
        specific(`${language}.xlsx`, undefined, { createDummyMacAddress: true }),
      );
      const [row] = await bench.rows(job.id);
      expect((await bench.call('GET', `/phones/${row.name}`)).body).toMatchObject({
        description: `from a sheet in ${language}`,
        ownerUserId: 'ann',
        lines: [{ directoryNumber: '7301' }],
      });
    }
  });

  it.each([
    ['PK and nothing more', Buffer.from('PK\u0003\u0004 nothing'), 'not_xlsx'],
    ['latin-1 text', Buffer.from('DESCRIPTION\nM\u00fcller', 'latin1'), 'not_utf8'],
    ['an open quote', Buffer.from('DESCRIPTION\n"open'), 'quote_open'],
  ])('or CSV that cannot be read is refused in words: %s', async (_, content, code) => {
    const english = await bench.upload('unreadable', content);
    expect(english.body).toMatchObject({
      code: 'bulk_file_refused',
      errorCount: 1,
      errors: [{ code, remedy: expect.any(String) }],
    });
    const chinese = await bench.upload('unreadable', content, { language: 'zh-CN' });
    expect(chinese.body.errors[0].detail).toMatch(/[\u4e00-\u9fff]/);
    expect((await bench.call('GET', '/bulk/files/unreadable')).status).toBe(404);
  });
});

describe('a dry run', () => {
  it('shows row by row what would be made and changed, and makes and changes nothing', async () => {
    await bench.call('POST', '/phones', { model: 'Cisco 8845', mac: '00AABBCCDD04', description: 'there' });
    await bench.upload(
      'dry.csv',
      'MAC ADDRESS,DESCRIPTION,DIRECTORY NUMBER 1\n00AABBCCDD04,changed,2300\n00AABBCCDD05,made,2300\n00AABBCCDD06,bad,x\n',
    );
    const count = async () => {
      const { db } = bench.phones.database;
      const of = (table: 'device' | 'line' | 'activation_code' | 'audit_event') =>
        db.selectFrom(table).select(db.fn.countAll<string>().as('count')).executeTakeFirstOrThrow();
      return Promise.all([of('device'), of('line'), of('activation_code')]);
    };
    const before = await count();
    const job = await bench.job('insert-phones', specific('dry.csv', 'With codes', { override: true, dryRun: true }));
    expect(await count()).toEqual(before);
    expect(job).toMatchObject({
      dryRun: true,
      result: 'with-errors',
      progress: { succeeded: 2, failed: 1 },
      may: { run: true, undo: false },
    });
    const [changed, made, bad] = await bench.rows(job.id);
    expect(changed).toMatchObject({ action: 'change', name: 'SEP00AABBCCDD04' });
    expect(changed.changes).toContainEqual({ field: 'description', from: 'there', to: 'changed' });
    expect(changed.changes).toContainEqual({ field: 'requiresActivationCode', from: 'false', to: 'true' });
    expect(made).toMatchObject({ action: 'add', name: 'SEP00AABBCCDD05' });
    expect(made.changes).toContainEqual({ field: 'lines[0]', from: null, to: '2300 | 4/2' });
    expect(bad).toMatchObject({ state: 'failed', errors: [{ code: 'directory_number_invalid', line: 4 }] });

    const real = await bench.call('POST', `/bulk/jobs/${job.id}/run`);
    expect(real.status).toBe(202);
    await bench.run();
    expect(await bench.show(real.body.id)).toMatchObject({ dryRun: false, progress: { succeeded: 2, failed: 1 } });
    expect((await bench.call('GET', '/phones/SEP00AABBCCDD05')).body.activationCode).toMatchObject({ state: 'active' });
  });
});

describe('the result of a job', () => {
  it('holds codes for those who may see them, audited, and only names for others', async () => {
    await bench.upload('result.csv', 'MAC ADDRESS,DESCRIPTION\n,=1+1\n');
    const job = await bench.job(
      'insert-phones',
      specific('result.csv', 'With codes', { createDummyMacAddress: true }),
      'bulk',
    );
    const [row] = await bench.rows(job.id);
    const masked = await bench.text(`/bulk/jobs/${job.id}/result.csv`, 'bulk');
    expect(masked).toContain(row.name);
    expect(masked).not.toMatch(/\d{4}-\d{4}-\d{4}-\d{4}/);
    const full = await bench.text(`/bulk/jobs/${job.id}/result.csv`);
    const { code } = (await bench.call('GET', `/phones/${row.name}/activation-code`)).body;
    expect(full.replaceAll('-', '')).toContain(code);
    const audited = await bench.phones.database.db
      .selectFrom('audit_event')
      .select(['actor', 'detail'])
      .where('action', '=', 'activation-code.exported')
      .execute();
    expect(audited).toContainEqual({ actor: 'admin', detail: { count: 1, devices: [row.name] } });
    // A description that a spreadsheet would run stays text.
    expect((await bench.call('GET', `/phones/${row.name}`)).body.description).toBe('=1+1');
    expect(full).toContain("'=1+1");
  });
});
