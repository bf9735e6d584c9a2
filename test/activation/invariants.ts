import { sql } from 'kysely';
import { expect } from 'vitest';
import type { TestDatabase } from '../support/database.ts';

/** The invariants of spec/security.md that the database alone can show. Each query finds violations, so each must find none. */
const violations: Readonly<Record<string, string>> = {
  'a code is consumed exactly when it has an activation': `
    select c.id from activation_code c left join activation a on a.code_id = c.id where (c.consumed_at is not null) <> (a.id is not null)`,
  'an activation has exactly one audit row that accepts it': `
    select a.id from activation a where 1 <> (
      select count(*) from audit_event e where e.action = 'activation.accepted' and e.detail->>'activation' = a.id::text)`,
  'an accepted audit row has an activation': `
    select e.id from audit_event e where e.action = 'activation.accepted'
      and not exists (select from activation a where a.id::text = e.detail->>'activation')`,
  'the newest activation of a device gave it its name, unless its record was changed since': `
    select d.id from device d join lateral (select * from activation a where a.device_id = d.id order by created_at desc limit 1) a on true
    where d.name like 'SEP%' and d.name <> a.device_name and not d.requires_activation_code`,
  'a device that has a name nobody gave it was activated': `
    select d.id from device d join activation_code c on c.device_id = d.id
    where c.device_name like 'BAT%' and d.name like 'SEP%' and not exists (select from activation a where a.device_id = d.id)`,
  'attempts stay within their limits': `
    select id from activation_code where evaluations > 20 or mismatches > evaluations
    union all select code_id from activation_evaluation where evaluations > 5`,
  'no certificate fails more proofs in a day than it may': `
    select mic_sha256 from mic_failed_proof where cardinality(charges) > 30 or cardinality(charges) <> cardinality(charged_at)`,
  'a code knows of all evaluations of its phones': `
    select c.id from activation_code c join activation_evaluation e on e.code_id = c.id
    group by c.id having sum(e.evaluations) <> max(c.evaluations)`,
  'the digits are gone when the code is': `
    select id from activation_code where state not in ('draft', 'active') and code_sealed is not null`,
  'a confirmed activation has a confirmed code': `
    select a.id from activation a join activation_code c on c.id = a.code_id
    where a.confirmed_at is not null and c.state not in ('confirmed', 'released', 'free')`,
};

export async function expectInvariants(database: TestDatabase): Promise<void> {
  for (const [rule, query] of Object.entries(violations)) {
    const { rows } = await sql.raw(query).execute(database.db);
    expect(rows, rule).toEqual([]);
  }
}
