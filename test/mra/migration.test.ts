import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { migrate, readMigrations } from '../../src/infra/database/migrate.ts';
import { testDatabase } from '../support/database.ts';

it('the text that device pools had for a service domain becomes an entry of the list; what is no domain is left out', async () => {
  await using database = await testDatabase({ empty: true });
  const all = await readMigrations();
  await migrate(
    database.url,
    all.filter(({ number }) => number < 10),
  );
  const { db } = database;
  for (const [name, domain] of [
    ['Berlin', 'EMEA.example.org'],
    ['Paris', ' emea.example.org'],
    ['Tokyo', 'apac.example.org'],
    ['Lab', 'not a domain'],
    ['Home', null],
  ])
    await sql`insert into device_pool (name, call_manager_group_id, mra_service_domain)
      select ${name}, id, ${domain} from call_manager_group limit 1`.execute(db);
  await migrate(database.url);
  const { rows } = await sql<{ pool: string; domain: string | null; is_default: boolean | null }>`
    select p.name as pool, d.domain, d.is_default from device_pool p left join mra_service_domain d on d.id = p.mra_service_domain_id
    where p.name <> 'Default' order by p.name`.execute(db);
  expect(rows).toEqual([
    { pool: 'Berlin', domain: 'emea.example.org', is_default: false },
    { pool: 'Home', domain: null, is_default: null },
    { pool: 'Lab', domain: null, is_default: null },
    { pool: 'Paris', domain: 'emea.example.org', is_default: false },
    { pool: 'Tokyo', domain: 'apac.example.org', is_default: true },
  ]);
  const { rows: listed } = await sql`select name from mra_service_domain`.execute(db);
  expect(listed).toHaveLength(2);
});
