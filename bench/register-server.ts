/**
 * Our registrar over a real PostgreSQL, for bench/register.ts: `node bench/register-server.ts PORT PHONES`. Prints one JSON line once it listens, and one
 * with what it holds for each line it reads; ends with its standard input.
 */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import { startSipServer } from '../src/endpoints/sip/sip-server.ts';
import { sealer } from '../src/infra/crypto/sealer.ts';
import { CachedRegistrationDirectory } from '../src/infra/database/registration-directory.ts';
import { RegistrationStore } from '../src/infra/database/registration-store.ts';
import { utf8 } from '../src/kernel/bytes.ts';
import { silentLog } from '../src/kernel/log.ts';
import { testDatabase } from '../test/support/database.ts';

const port = Number(process.argv[2]);
const phones = Number(process.argv[3]);

await using database = await testDatabase();
const { db } = database;
const secrets = sealer(randomBytes(32));
const password = Buffer.from(secrets.seal('device-digest-password', utf8('secret')));
const node = await db
  .insertInto('node')
  .values({ name: 'bench', address: '127.0.0.1', ports: '{}' })
  .returning('id')
  .executeTakeFirstOrThrow();
// Without the triggers that tell other nodes of each row; on one connection, for it is a setting of the session.
await db.connection().execute(async (one) => {
  await sql`SET session_replication_role = replica`.execute(one);
  await sql`
    INSERT INTO device (name, model, device_pool_id, phone_button_template_id, phone_security_profile_id, sip_profile_id, common_phone_profile_id, digest_password_sealed)
    SELECT 'SEP0A' || lpad(upper(to_hex(n)), 10, '0'), m.model, m.device_pool_id, m.phone_button_template_id, s.id, p.id, c.id, ${password}
    FROM generate_series(1, ${phones}::int) AS n, device_default m, phone_security_profile s, sip_profile p, common_phone_profile c
    WHERE m.model = 'Cisco 8845' AND s.digest_authentication`.execute(one);
  await sql`
    INSERT INTO line (directory_number, route_partition_id)
    SELECT (100000 + n)::text, r.id FROM generate_series(1, ${phones}::int) AS n, route_partition r WHERE r.name = ''`.execute(
    db,
  );
  await sql`
    INSERT INTO device_line (device_id, line_index, line_id)
    SELECT d.id, 1, l.id FROM device d JOIN line l ON l.directory_number = (100000 + ('x' || substr(d.name, 8))::bit(32)::int)::text
    WHERE d.name LIKE 'SEP0A%'`.execute(one);
  await sql`SET session_replication_role = DEFAULT`.execute(one);
  await sql`ANALYZE`.execute(one);
});

await using store = new RegistrationStore(db, { nodeId: node.id, log: silentLog });
const directory = new CachedRegistrationDirectory(db, secrets);
const sip = await startSipServer({
  bind: '127.0.0.1',
  ports: { udp: port },
  directory,
  store,
  events: { publish() {} },
  admission: { initialRate: 1e6, fullRate: 1e6, doublingMs: 1e6, retryAfter: [1, 2] },
  clock: { now: () => Date.now() },
  random: { bytes: (length) => randomBytes(length), below: (bound) => randomInt(bound), uuid: () => randomUUID() },
  log: silentLog,
});
const report = async (): Promise<void> => {
  await store.flush();
  const stored = await db
    .selectFrom('registration')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  process.stdout.write(
    `${JSON.stringify({ ...sip.stats(), stored: Number(stored.count), rss: process.memoryUsage().rss })}\n`,
  );
};
await report();
for await (const _ of createInterface({ input: process.stdin })) await report();
await sip.close();
