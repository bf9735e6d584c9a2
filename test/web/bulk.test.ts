import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, openStage, type Stage, type Visitor } from './support/visitor.ts';

describe.skipIf(browserPath === undefined)('bulk administration on pages', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    const template = { name: 'Sales 8845', model: 'Cisco 8845', requiresActivationCode: true };
    expect((await stage.program.rest('POST', '/phone-templates', template)).status).toBe(201);
    const phone = { model: 'Cisco 8845', mac: '00CC00000001', description: 'Old desk' };
    expect((await stage.program.rest('POST', '/phones', phone)).status).toBe(201);
  });
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
  });

  const names = async () =>
    ((await stage.program.rest('GET', '/phones?limit=100')).body.items as readonly { name: string }[]).map(
      (each) => each.name,
    );

  async function upload({ page }: Visitor, name: string, text: string): Promise<void> {
    await page.getByRole('button', { name: 'Upload a file' }).click();
    const dialog = page.getByRole('dialog', { name: 'Upload a file' });
    await dialog.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await dialog.getByRole('button', { name: 'Upload', exact: true }).click();
  }

  it('tells everything that is wrong with a file by row and column, in both languages, and takes nothing of it', async () => {
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/bulk/files');
    await upload(visitor, 'bad.csv', 'MAC ADDRESS,WHATEVER,SOMETHING ELSE\n0011,One,1\n');
    const told = page.getByRole('dialog').getByRole('alert');
    await told.getByRole('row', { name: /^1 WHATEVER/ }).waitFor();
    await told.getByRole('row', { name: /^1 SOMETHING ELSE/ }).waitFor();
    expect(await visitor.barriers()).toEqual([]);
    expect((await stage.program.rest('GET', '/bulk/files')).body.items).toEqual([]);
    await using chinese = await stage.visit({ language: 'zh-CN' });
    await chinese.enter('/bulk/files');
    await chinese.page.getByRole('button', { name: '上传文件' }).click();
    const dialog = chinese.page.getByRole('dialog');
    const buffer = Buffer.from('MAC ADDRESS,WHATEVER\n0011,One\n');
    await dialog.locator('input[type=file]').setInputFiles({ name: 'bad.csv', mimeType: 'text/csv', buffer });
    await dialog.getByRole('button', { name: '上传', exact: true }).click();
    await dialog
      .getByRole('cell', { name: /\p{Script=Han}{4}/u })
      .first()
      .waitFor();
  });

  it('goes from a file to phones: dry run with a diff, the job itself, its log, and back again', async () => {
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/bulk/files');
    const rows = [
      '00CC00000004,Anna Berg,,2001',
      '00CC00000002,Ben Cole,,2002',
      '00CC00000003,Nobody,nobody-here,2003',
    ];
    await upload(visitor, 'new.csv', `MAC ADDRESS,DESCRIPTION,USER ID 1,DIRECTORY NUMBER 1\n${rows.join('\n')}\n`);
    await page.getByText('Line 1: Directory Number').waitFor();
    expect(await visitor.barriers()).toEqual([]);
    await page.getByRole('dialog').getByRole('link', { name: 'Insert Phones' }).click();
    await page.getByRole('heading', { name: 'Insert Phones' }).waitFor();
    await page.getByRole('combobox', { name: 'Phone Template' }).click();
    await page.getByRole('option', { name: 'Sales 8845' }).click();
    const before = await names();

    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText('This was a dry run: nothing was changed').waitFor();
    await page.getByText('2 would be done · 1 refused').waitFor();
    await page.getByRole('row', { name: /^2 Would do Add.*Anna Berg/ }).waitFor();
    await page.getByRole('row', { name: /^4 Refused.*USER ID 1/ }).waitFor();
    expect(await names()).toEqual(before);
    expect(await visitor.barriers()).toEqual([]);

    await page.getByRole('button', { name: 'Do it now' }).click();
    await page.getByRole('heading', { name: /^Job \d+: Insert Phones$/ }).waitFor();
    await page.getByText('2 done · 1 refused').waitFor();
    const after = await names();
    expect(after.filter((each) => !before.includes(each))).toHaveLength(2);
    expect(after).toContain('SEP00CC00000002');
    const [log] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^Log \d+#\d{14}\.txt$/ }).click(),
    ]);
    expect(await readFile(await log.path(), 'utf8')).toContain('00CC00000002');
    const [result] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Result with codes (CSV)' }).click(),
    ]);
    expect(await readFile(await result.path(), 'utf8')).toMatch(/\d{4}-?\d{4}-?\d{4}-?\d{4}/);

    await page.getByRole('button', { name: 'Take back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
    await page.getByRole('heading', { name: /^Job \d+: Take back$/ }).waitFor();
    await page.getByText('2 done · 0 refused · 0 left as they are').waitFor();
    expect(await names()).toEqual(before);
    expect(visitor.complaints).toEqual([]);
  });

  it('says what is left out and shared, asks before the same rows make phones again, and offers nothing where nothing would be done', async () => {
    await using visitor = await stage.visit();
    const { page } = visitor;
    const rest = stage.program.rest;
    await visitor.enter('/bulk/files');
    await upload(
      visitor,
      'dummy.csv',
      'DESCRIPTION,LOCATION,DIRECTORY NUMBER 1\nOne,Hub,2300\nTwo,Hub,2300\n,,\nThree,Hub,2301\n',
    );
    await page.getByText('1 row after the first blank one is left out').waitFor();
    await page.getByText('The column LOCATION is left out').waitFor();
    expect(await visitor.barriers()).toEqual([]);
    const body = { file: 'dummy.csv', template: 'Sales 8845', createDummyMacAddress: true };
    const first = (await rest('POST', '/bulk/jobs/insert-phones', body)).body.id;
    await page.goto(`${page.url().split('/bulk/')[0]}/bulk/jobs/${first}`);
    await page.getByText('Success, with notes').waitFor();
    await page.getByText('1 row after the first blank one is left out').waitFor();
    await page.getByText('A shared line: 2300 stands in line 2 too').waitFor();
    expect(await visitor.barriers()).toEqual([]);

    const dry = (await rest('POST', '/bulk/jobs/insert-phones', { ...body, dryRun: true })).body.id;
    await page.goto(`${page.url().split('/bulk/')[0]}/bulk/jobs/${dry}`);
    const before = await names();
    await page.getByRole('button', { name: 'Do it now' }).click();
    const question = page.getByRole('dialog', { name: 'These rows were inserted before' });
    await question.getByText(`Job ${first} did the same rows before`).waitFor();
    await question.getByRole('button', { name: 'Do it again' }).click();
    await page.getByRole('heading', { name: /^Job \d+: Insert Phones$/ }).waitFor();
    await page.getByText('2 done · 0 refused').waitFor();
    expect(await names()).toHaveLength(before.length + 2);

    const undo = (await rest('POST', `/bulk/jobs/${first}/undo`, { dryRun: true })).body.id;
    await page.goto(`${page.url().split('/bulk/')[0]}/bulk/jobs/${undo}`);
    await page.getByText('Below is what taking back would do').waitFor();
    await page
      .getByRole('status')
      .getByRole('link', { name: `Job ${first}` })
      .waitFor();
    expect(await page.getByRole('button', { name: 'Do it now' }).count()).toBe(0);

    const none = { ...body, createDummyMacAddress: false, dryRun: true };
    const refused = (await rest('POST', '/bulk/jobs/insert-phones', none)).body.id;
    await page.goto(`${page.url().split('/bulk/')[0]}/bulk/jobs/${refused}`);
    await page.getByText('Every row is refused: there is nothing to do.').waitFor();
    expect(await page.getByRole('button', { name: 'Do it now' }).count()).toBe(0);
  });

  it('changes phones chosen in the list, later, once somebody activates the job', async () => {
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/device/phones');
    await page.getByLabel('Choose SEP00CC00000001').check();
    await page.getByRole('button', { name: 'With the chosen phone' }).click();
    await page.getByRole('menuitem', { name: 'Change' }).click();
    await page.getByRole('heading', { name: 'Update Phones' }).waitFor();
    expect(await page.getByLabel('Device names').inputValue()).toBe('SEP00CC00000001');
    await page.getByLabel('Description', { exact: true }).check();
    await page.getByLabel('Description: new value').fill('New desk');
    await page.getByLabel('Run Later').check();
    await page.getByRole('button', { name: 'Submit' }).click();
    await page.getByText('Hold', { exact: true }).first().waitFor();
    const phone = async () => (await stage.program.rest('GET', '/phones/SEP00CC00000001')).body.description;
    expect(await phone()).toBe('Old desk');
    await page.getByRole('button', { name: 'Activate Job' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Activate Job' }).click();
    await page.getByText('1 done · 0 refused').waitFor();
    expect(await phone()).toBe('New desk');
    await page.getByRole('row', { name: /Description before: Old desk after: New desk/ }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('is not there for whoever may not run jobs; an auditor reads them', async () => {
    const admin = await stage.addUser('dev', ['device-admin']);
    const auditor = await stage.addUser('aud', ['auditor']);
    await using dev = await stage.visit();
    await dev.enter('/device/phones', admin);
    expect(await dev.page.getByRole('link', { name: 'Insert Phones' }).count()).toBe(0);
    expect(await dev.page.getByLabel('Choose SEP00CC00000001').count()).toBe(0);
    await using aud = await stage.visit();
    await aud.enter('/bulk/jobs', auditor);
    await aud.page.getByRole('link', { name: '1', exact: true }).click();
    await aud.page.getByRole('heading', { name: /^Job 1:/ }).waitFor();
    expect(await aud.page.getByRole('button', { name: /Do it now|Take back|Delete/ }).count()).toBe(0);
    expect([...dev.complaints, ...aud.complaints]).toEqual([]);
  });

  it('hands out the template spreadsheet', async () => {
    await using visitor = await stage.visit();
    await visitor.enter('/bulk/files');
    await visitor.page.getByRole('button', { name: 'Template spreadsheet' }).click();
    const [file] = await Promise.all([
      visitor.page.waitForEvent('download'),
      visitor.page.getByRole('dialog').getByRole('button', { name: 'Download' }).click(),
    ]);
    expect((await readFile(await file.path())).subarray(0, 2).toString()).toBe('PK');
  });
});
