import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PhoneQuery } from '../../src/domain/devices/phone-list.ts';
import { phoneConditions } from '../../src/infra/database/devices-list-store.ts';
import { root } from '../support/all-in-one.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Subplan Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** Little memory makes visible with some thousand rows what otherwise begins past 210,000. */
const phones = 6_000;

describe('the plans of lists', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase({ max: 1 });
    const { db } = database;
    await sql`insert into node (name, address) values ('node-a', '127.0.0.1')`.execute(db);
    await sql`
      insert into device (name, model, device_pool_id, phone_button_template_id, phone_security_profile_id, sip_profile_id, common_phone_profile_id)
      select 'SEP' || lpad(upper(to_hex(n)), 12, '0'), 'Cisco 8845', dd.device_pool_id, dd.phone_button_template_id,
             udt.phone_security_profile_id, udt.sip_profile_id, udt.common_phone_profile_id
      from generate_series(1, ${phones}) n, (select * from device_default limit 1) dd, (select * from universal_device_template limit 1) udt`.execute(
      db,
    );
    await sql`
      insert into registration (device_id, contact, node_id, device_name, transport, source_address, source_port, call_id, cseq, expires_at)
      select d.id, 'sip:x', n.id, d.name, 'tls', '127.0.0.1', 5060, 'c', 1, now() + interval '1 hour' from device d, node n`.execute(
      db,
    );
    // A live code for every third phone, an ended one for the others.
    await sql`
      insert into activation_code (device_id, device_name, model, locator, state, code_sealed, salt_sealed, verifier_sealed, expires_at)
      select id, name, model, lpad(n::text, 7, '0'), state, code, 'x', 'x', now() + interval '1 hour'
      from (select *, row_number() over (order by id) as n from device) d,
        lateral (select case d.n % 3 when 0 then 'active' when 1 then 'expired' else 'locked' end as state) s,
        lateral (select case state when 'active' then 'x'::bytea end as code) c`.execute(db);
    await sql`analyze`.execute(db);
    await sql`set work_mem = '64kB'`.execute(db);
    await sql`set max_parallel_workers_per_gather = 0`.execute(db);
  });
  afterAll(() => database[Symbol.asyncDispose]());

  const queries: readonly PhoneQuery[] = [
    { registered: false },
    { registered: true },
    { codeState: 'active' },
    { codeState: 'expired' },
    { codeState: 'locked' },
    { codeState: 'none' },
    { codeState: 'none', registered: false, search: 'SEP' },
  ];
  it.each(queries)('of %o read nothing as a whole for every phone', async (query) => {
    const { rows } = await sql<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>`
      explain (format json) select count(*) from device d where ${sql.join(phoneConditions(query), sql` and `)}`.execute(
      database.db,
    );
    // A hash is made once; the planner takes it only where it fits into memory.
    const hashed = new Set([...JSON.stringify(rows).matchAll(/hashed (SubPlan \d+)/g)].map(([, name]) => name));
    const walked: string[] = [];
    const walk = (plan: Plan, inside: boolean) => {
      const name = plan['Subplan Name'] ?? '';
      const subplan = inside || (name.startsWith('SubPlan') && !hashed.has(name));
      // By an index it is a look; a scan of the whole, kept in Materialize or not, is the square of the number of phones.
      if (subplan && /^(?:Seq Scan|Materialize)$/.test(plan['Node Type'])) walked.push(plan['Node Type']);
      for (const each of plan.Plans ?? []) walk(each, subplan);
    };
    walk(rows[0]!['QUERY PLAN'][0]!.Plan, false);
    expect(walked).toEqual([]);
  });
});

it('nothing in the program asks NOT IN over a subquery', async () => {
  const folder = join(root, 'src');
  const found: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('.ts')) continue;
    const text = await readFile(join(folder, name), 'utf8');
    if (/\bnot\s+in\s*\(\s*(?:select\b|\$\{)|'not in',\s*\(/i.test(text)) found.push(name);
  }
  expect(found).toEqual([]);
});
