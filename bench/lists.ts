/**
 * How quick the lists are with many phones, and what adding one phone costs with few and with many.
 * `node bench/lists.ts [--devices N] [--rounds N]`. Prints milliseconds (median and worst of the rounds), over the stores themselves: no HTTP.
 */
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import type { PhoneQuery } from '../src/domain/devices/phone-list.ts';
import { systemRandom } from '../src/infra/crypto/random.ts';
import { auditLog } from '../src/infra/database/audit-log.ts';
import {
  outstandingCodeStore,
  phoneListStore,
  registrationListStore,
} from '../src/infra/database/devices-list-store.ts';
import { timelineStore } from '../src/infra/database/timeline-store.ts';
import { summaryStore } from '../src/infra/database/timeline-summary-store.ts';
import { phoneAdministration } from '../src/roles/unified-cm/phone-administration.ts';
import { codeBench } from '../test/support/activation.ts';
import { testDatabase } from '../test/support/database.ts';

const { values } = parseArgs({
  options: { devices: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '7' } },
});
const devices = Number(values.devices);
const rounds = Number(values.rounds);

await using database = await testDatabase();
const { db } = database;

async function time(what: string, work: (round: number) => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await work(round);
    taken.push(performance.now() - start);
  }
  taken.sort((a, b) => a - b);
  const median = taken[Math.floor(rounds / 2)]!;
  console.log(`${what.padEnd(58)} ${median.toFixed(1).padStart(8)} ms   worst ${taken.at(-1)!.toFixed(1)}`);
  return median;
}

const { codes, sealer } = codeBench(database);
const { phones } = phoneAdministration({
  db,
  transactions: database.transactions,
  sealer,
  random: systemRandom,
  codes,
  audit: auditLog(db, 'bench'),
  timeline: { record() {} },
});
const actor = { name: 'bench', sourceAddress: '' };
const addOne = (plan: string) =>
  time(`add a phone with a line and a code, ${plan}`, (round) =>
    phones.add(
      { model: 'Cisco 8845', lines: [{ directoryNumber: `9${plan.length}${round}` }], requiresActivationCode: true },
      actor,
    ),
  );

await addOne('among few');
const few = await addOne('among few (warm)');

console.log(`\nfilling ${devices} phones with lines, owners, codes, registrations and ten events each …`);
await sql`INSERT INTO end_user (user_id, first_name, last_name) SELECT 'user' || n, 'First' || n, 'Last' || n FROM generate_series(1, ${devices / 2}) n`.execute(
  db,
);
await sql`
  INSERT INTO device (name, model, description, device_pool_id, phone_button_template_id, phone_security_profile_id, sip_profile_id,
                      common_phone_profile_id, owner_user_id, requires_activation_code, created_at)
  SELECT CASE WHEN n % 4 = 0 THEN 'BAT' ELSE 'SEP' END || upper(lpad(to_hex(n), 12, '0')), d.model, 'Desk ' || n, d.device_pool_id, d.phone_button_template_id,
         t.phone_security_profile_id, t.sip_profile_id, t.common_phone_profile_id, u.id, n % 4 = 0, now() - make_interval(secs => n)
  FROM generate_series(1, ${devices}) n
  JOIN LATERAL (SELECT * FROM device_default ORDER BY model OFFSET n % 15 LIMIT 1) d ON true
  CROSS JOIN universal_device_template t
  LEFT JOIN end_user u ON u.user_id = 'user' || (n / 2)`.execute(db);
await sql`INSERT INTO line (directory_number, route_partition_id) SELECT n::text, p.id FROM generate_series(100000, ${99999 + devices}) n, route_partition p WHERE p.name = ''`.execute(
  db,
);
await sql`ALTER TABLE device_line DISABLE TRIGGER device_line_stamp`.execute(db);
await sql`
  INSERT INTO device_line (device_id, line_index, line_id)
  SELECT d.id, 1, l.id FROM (SELECT id, row_number() OVER (ORDER BY name) + 99999 AS n FROM device WHERE description <> '') d JOIN line l ON l.directory_number = d.n::text`.execute(
  db,
);
await sql`ALTER TABLE device_line ENABLE TRIGGER device_line_stamp`.execute(db);
// Every code locks its locator until the end of its transaction: that many in one are more locks than PostgreSQL keeps.
await sql`ALTER TABLE activation_code DISABLE TRIGGER activation_code_takes_locator`.execute(db);
await sql`
  INSERT INTO activation_code (device_id, device_name, model, locator, code_sealed, salt_sealed, verifier_sealed, expires_at)
  SELECT id, name, model, lpad((row_number() OVER ())::text, 7, '0'), '\\x00', '\\x00', '\\x00', now() + interval '7 days'
  FROM device WHERE requires_activation_code AND description <> ''`.execute(db);
await sql`ALTER TABLE activation_code ENABLE TRIGGER activation_code_takes_locator`.execute(db);
await sql`INSERT INTO node (name, address) VALUES ('bench', '127.0.0.1')`.execute(db);
await sql`
  INSERT INTO registration (device_id, contact, node_id, device_name, transport, source_address, source_port, call_id, cseq, expires_at)
  SELECT d.id, 'sip:' || d.name || '@10.0.0.1', n.id, d.name, 'tls', '10.0.0.1', 5061, 'c', 1, now() + interval '1 hour'
  FROM device d, node n WHERE d.name LIKE 'SEP%'`.execute(db);
await sql`
  INSERT INTO onboarding_event (at, device_id, device_name, mac, model, step, result, reason)
  SELECT now() - make_interval(secs => row_number() OVER () / 20.0), d.id, d.name, substr(d.name, 4), d.model, step, CASE WHEN step = 'prove' THEN 'failed' ELSE 'ok' END, CASE WHEN step = 'prove' THEN 'model_mismatch' ELSE '' END
  FROM device d, unnest(ARRAY['trust','config','discover','start','prove','start','activated','confirm','config','register']) AS step`.execute(
  db,
);
await sql`VACUUM ANALYZE`.execute(db);

const list = phoneListStore(db);
const page = (query: PhoneQuery) => () => list.page({ limit: 50, ...query });
console.log(`\n${devices} phones`);
await time('first page by name', page({}));
let cursor: string | undefined;
for (let i = 0; i < 20; i++)
  cursor = (await list.page({ limit: 500, ...(cursor === undefined ? {} : { cursor }) })).nextCursor;
await time('a page in the middle by name', page({ cursor }));
await time('first page of 500', page({ limit: 500 }));
for (const sort of ['-createdAt', 'updatedAt', 'owner', 'devicePool', 'model', 'description'])
  await time(`sorted by ${sort}`, page({ sort }));
await time('search part of a name', page({ search: '1A2B' }));
await time('search part of a description', page({ search: `desk ${devices - 5}` }));
await time('search a directory number', page({ search: '100500' }));
await time('search nothing found', page({ search: 'nowhere at all' }));
await time('phones of one owner', page({ ownerUserId: 'user77' }));
await time('phones of one model', page({ model: 'Cisco 8845' }));
await time('with a waiting code', page({ codeState: 'active' }));
await time('without a code', page({ codeState: 'none' }));
await time('registered', page({ registered: true }));
await time('not registered', page({ registered: false }));
await time('outstanding codes', () => outstandingCodeStore(db).page({ limit: 50 }));
await time('registrations', () => registrationListStore(db).page({ limit: 50 }));
const { rows } = await sql<{
  id: string;
  name: string;
}>`SELECT id, name FROM device WHERE name LIKE 'SEP%' LIMIT 1`.execute(db);
await time('timeline of one phone', () =>
  timelineStore(db).events({
    deviceId: rows[0]!.id,
    deviceName: rows[0]!.name,
    mac: rows[0]!.name.slice(3),
    limit: 1000,
  }),
);
await time('phones that match no record', () => timelineStore(db).strangers(100));
await time('onboarding summary of 24 hours, uncached', () => summaryStore(db).facts(24));
const many = await addOne(`among ${devices}`);
console.log(`\nadding one phone among ${devices} costs ${(many / few).toFixed(2)} × what it costs among few`);
