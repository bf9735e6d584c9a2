/**
 * How quick the list of phones is to a person, in a real browser on the real server: `node bench/console.ts [--devices N] [--rounds N]`.
 * Each figure is the time from the key, click or address to the wanted row on the screen; median and worst of the rounds, in milliseconds.
 * The peer is the same page over ten phones: what many phones cost is the difference. Includes the 150 ms a search waits for the next key.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { runningPostgresUrl } from '../src/infra/postgres/supervisor.ts';
import { browserPath, openStage, type Stage, type Visitor } from '../test/web/support/visitor.ts';

const { values } = parseArgs({
  options: { devices: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '5' } },
});
const devices = Number(values.devices);
const rounds = Number(values.rounds);
const few = 10;

if (browserPath === undefined) process.exit(0);
await using stage = await openStage();
await using visitor = await stage.visit();
await visitor.signIn();

await addPhones(stage, 1, few);
console.log(`${few} phones`);
const base = await measure(visitor, few);
await addPhones(stage, few + 1, devices);
console.log(`\n${devices} phones`);
const full = await measure(visitor, devices);
console.log('');
for (const [what, took] of Object.entries(full))
  console.log(`ratio ${what}, ${devices} phones / ${few} phones: ${(took / base[what]!).toFixed(2)}`);

async function measure({ page, open }: Visitor, count: number): Promise<Record<string, number>> {
  const row = (name: string) => page.getByRole('link', { name, exact: true }).waitFor();
  const nameOf = (n: number) => `SEP${n.toString(16).toUpperCase().padStart(12, '0')}`;
  const search = page.getByRole('searchbox');
  const results: Record<string, number> = {};
  const time = async (what: string, prepare: () => Promise<unknown>, work: () => Promise<unknown>) => {
    const taken: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await prepare();
      const start = performance.now();
      await work();
      taken.push(performance.now() - start);
    }
    taken.sort((a, b) => a - b);
    results[what] = taken[Math.floor(rounds / 2)]!;
    console.log(`${what.padEnd(34)} ${results[what].toFixed(0).padStart(6)} ms   worst ${taken.at(-1)!.toFixed(0)}`);
  };
  const list = () => open('/device/phones');
  await time(
    'open the list',
    async () => {},
    async () => {
      await list();
      await row(nameOf(1));
    },
  );
  await time('search by description', list, async () => {
    await search.fill(`Desk ${count}`);
    await page.getByText(`Desk ${count}`, { exact: true }).waitFor();
  });
  await time(
    'sort by description, descending',
    () => open('/device/phones?sort=description'),
    async () => {
      await page.getByRole('button', { name: 'Description' }).click();
      await page
        .getByRole('columnheader', { name: 'Description' })
        .and(page.locator('[aria-sort=descending]'))
        .waitFor();
      await page.locator('.fr-table-box:not([data-stale])').waitFor();
    },
  );
  await time('filter by model', list, async () => {
    await page.getByRole('combobox', { name: 'Phone Type' }).click();
    await page.getByRole('option', { name: 'Cisco 8845' }).click();
    await page.locator('.fr-table-box:not([data-stale])').waitFor();
  });
  return results;
}

/** Straight into the database: what is measured is the list. */
async function addPhones({ program }: Stage, from: number, to: number): Promise<void> {
  const connection = new pg.Client(
    (await runningPostgresUrl(join(program.dataDirectory, 'postgres'))) ??
      (await runningPostgresUrl(program.dataDirectory)),
  );
  await connection.connect();
  try {
    await connection.query(
      `INSERT INTO device (name, model, description, device_pool_id, phone_button_template_id, phone_security_profile_id, sip_profile_id,
                           common_phone_profile_id)
       SELECT 'SEP' || upper(lpad(to_hex(n), 12, '0')), 'Cisco 8845', 'Desk ' || n, d.device_pool_id, d.phone_button_template_id,
              t.phone_security_profile_id, t.sip_profile_id, t.common_phone_profile_id
       FROM generate_series($1::int, $2::int) n
       JOIN device_default d ON d.model = 'Cisco 8845' CROSS JOIN (SELECT * FROM universal_device_template LIMIT 1) t`,
      [from, to],
    );
    await connection.query('ANALYZE');
  } finally {
    await connection.end();
  }
}
