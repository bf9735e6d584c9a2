import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BulkBench, bulkBench } from './bulk-bench.ts';

let bench: BulkBench;
beforeAll(async () => {
  bench = await bulkBench();
  for (const userId of ['ann', 'bert']) await bench.phones.addUser(userId, ['end-user']);
  await bench.phones.addUser('bulk', ['bulk-admin', 'end-user']);
  await bench.template({ requiresActivationCode: true });
  await bench.template({ name: 'Mine', requiresActivationCode: true, ownerUserId: 'bulk' });
});
afterAll(() => bench[Symbol.asyncDispose]());

async function sees(name: string, userId: string): Promise<boolean> {
  const { body } = await bench.call('GET', `/phones/${name}/activation-code`, undefined, { as: userId });
  expect(/^\d{16}$/.test(body.code) || body.code === null || body.code === 'code_withheld', JSON.stringify(body)).toBe(
    true,
  );
  return /^\d{16}$/.test(body.code ?? '');
}
let next = 1;
const mac = () => `00112244${String(next++).padStart(4, '0')}`;
async function phone(ownerUserId?: string): Promise<string> {
  const body = { model: 'Cisco 8845', mac: mac(), requiresActivationCode: true, ...(ownerUserId && { ownerUserId }) };
  return (await bench.call('POST', '/phones', body)).body.name;
}
async function job(path: string, body: object, as: string) {
  const done = await bench.job(path, body, as);
  expect(done, JSON.stringify(await bench.rows(done.id))).toMatchObject({ state: 'completed', result: 'success' });
  return done;
}

describe('owners that a bulk job of somebody sets who may not see codes', () => {
  it('are shown no code of a phone that was there, by selection or by file', async () => {
    const [one, two] = [await phone(), await phone()];
    await job('update-phones', { selection: { names: [one] }, change: { ownerUserId: 'ann' } }, 'bulk');
    expect(await sees(one, 'ann')).toBe(false);
    await bench.upload('owners.csv', `DEVICE NAME,USER ID\r\n${two},ann\r\n`, { transaction: 'update-phones' });
    await job('update-phones', { selection: { file: 'owners.csv' } }, 'bulk');
    expect(await sees(two, 'ann')).toBe(false);
    // New codes by the same person stay withheld.
    await job('codes', { action: 'release', selection: { names: [one] } }, 'bulk');
    await job('codes', { action: 'generate', selection: { names: [one] } }, 'bulk');
    expect(await sees(one, 'ann')).toBe(false);
  });

  it('are shown none when the job overrides phones', async () => {
    const name = await phone('ann');
    expect(await sees(name, 'ann')).toBe(true);
    await bench.upload('override.csv', `MAC ADDRESS,USER ID\r\n${name.slice(3)},bert\r\n`);
    await job('insert-phones', { file: 'override.csv', template: 'Standard 8845', override: true }, 'bulk');
    expect(await sees(name, 'bert')).toBe(false);
  });

  it('are shown none where they are the submitter, in the file or in the template', async () => {
    const [one, two] = [mac(), mac()];
    await bench.upload('self.csv', `MAC ADDRESS,USER ID\r\n${one},bulk\r\n`);
    await job('insert-phones', { file: 'self.csv', template: 'Standard 8845' }, 'bulk');
    expect(await sees(`SEP${one}`, 'bulk')).toBe(false);
    await bench.upload('template.csv', `MAC ADDRESS\r\n${two}\r\n`);
    await job('insert-phones', { file: 'template.csv', template: 'Mine' }, 'bulk');
    expect(await sees(`SEP${two}`, 'bulk')).toBe(false);
  });

  it('are shown none when an undo brings them back', async () => {
    const name = await phone('ann');
    const changed = await job(
      'update-phones',
      { selection: { names: [name] }, change: { ownerUserId: 'bert' } },
      'admin',
    );
    expect(await sees(name, 'bert')).toBe(true);
    const { body } = await bench.call('POST', `/bulk/jobs/${changed.id}/undo`, {}, { as: 'bulk' });
    await bench.run();
    expect((await bench.show(body.id)).result).toBe('success');
    expect(await sees(name, 'ann')).toBe(false);
  });

  it('get their codes where the phone is new and theirs', async () => {
    const one = mac();
    await bench.upload('new.csv', `MAC ADDRESS,USER ID\r\n${one},ann\r\n`);
    await job('insert-phones', { file: 'new.csv', template: 'Standard 8845' }, 'bulk');
    expect(await sees(`SEP${one}`, 'ann')).toBe(true);
  });
});
