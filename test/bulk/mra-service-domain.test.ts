import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BulkBench, bulkBench } from './bulk-bench.ts';

let bench: BulkBench;
beforeAll(async () => {
  bench = await bulkBench();
  const { db } = bench.phones.database;
  await sql`insert into mra_service_domain (name, domain, is_default) values ('Head office', 'ho.example.net', true), ('Branch', 'branch.example.net', false)`.execute(
    db,
  );
  await bench.template({ name: 'Branch 8845', mraServiceDomain: 'Branch' });
});
afterAll(() => bench[Symbol.asyncDispose]());

const domainOf = async (name: string) => (await bench.call('GET', `/phones/${name}`)).body.mraServiceDomain;

describe('the MRA service domain of phones', () => {
  it('comes from the row, else from the template, and is cleared by <None>', async () => {
    const rows = ['02AD00000001,Head office', '02AD00000002,', '02AD00000003,<None>'];
    await bench.upload('domains.csv', `MAC ADDRESS,MRA SERVICE DOMAIN\n${rows.join('\n')}\n`);
    const job = await bench.job('insert-phones', { file: 'domains.csv', template: 'Branch 8845' });
    expect(job).toMatchObject({ result: 'success', notes: [] });
    expect(await Promise.all([1, 2, 3].map((n) => domainOf(`SEP02AD0000000${n}`)))).toEqual([
      'Head office',
      'Branch',
      null,
    ]);
  });

  it('survives an export that is inserted again, and an update that is taken back', async () => {
    const exported = await bench.text('/bulk/phones.csv?search=02AD00000001');
    expect(exported).toContain('MRA SERVICE DOMAIN');
    await bench.job('delete-phones', { selection: { names: ['SEP02AD00000001'] } });
    await bench.upload('again.csv', exported, { transaction: 'insert-phones-all-details' });
    expect(await bench.job('insert-phones', { file: 'again.csv' })).toMatchObject({ result: 'success' });
    expect(await domainOf('SEP02AD00000001')).toBe('Head office');
    const change = { mraServiceDomain: null };
    const job = await bench.job('update-phones', { selection: { names: ['SEP02AD00000001'] }, change });
    expect(await domainOf('SEP02AD00000001')).toBeNull();
    await bench.call('POST', `/bulk/jobs/${job.id}/undo`, {});
    await bench.run();
    expect(await domainOf('SEP02AD00000001')).toBe('Head office');
  });

  it('is refused in a dry run, at its column, where there is none of that name', async () => {
    for (const [kind, transaction, body] of [
      ['insert-phones', 'insert-phones-specific-details', { file: 'none.csv', template: 'Branch 8845' }],
      ['update-phones', 'update-phones', { selection: { file: 'none.csv' } }],
    ] as const) {
      const name = kind === 'insert-phones' ? '02AD00000009' : 'SEP02AD00000001';
      await bench.upload('none.csv', `DEVICE NAME,MRA SERVICE DOMAIN\n${name},Nowhere\n`, { transaction });
      const job = await bench.job(kind, { ...body, dryRun: true });
      const [row] = await bench.rows(job.id);
      expect(row.errors).toMatchObject([
        { column: 'MRA SERVICE DOMAIN', code: 'mra_service_domain_not_found', value: 'Nowhere' },
      ]);
    }
  });
});
