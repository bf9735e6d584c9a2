import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloudFault } from '../../src/domain/cloud/cloud-fault.ts';
import { Locators, type LocatorUse } from '../../src/domain/cloud/locators.ts';
import type { Tenant } from '../../src/domain/cloud/tenant.ts';
import { systemRandom } from '../../src/infra/crypto/random.ts';
import { migrateCloud, type OpenCloudDatabase, openCloudDatabase } from '../../src/infra/database/cloud-connect.ts';
import { locatorStore } from '../../src/infra/database/cloud-locators.ts';
import { limitsStore } from '../../src/infra/database/cloud-operation.ts';
import { tenantStore } from '../../src/infra/database/cloud-tenants.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

/** Few locators, so that quarantine, exhaustion and reuse come up all the time. */
const space = 12;

type Step =
  | { readonly do: 'allocate'; readonly who: number; readonly count: number; readonly key: number }
  | { readonly do: 'release'; readonly who: number; readonly which: number }
  | { readonly do: 'wait' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('allocate' as const),
      who: fc.nat(1),
      count: fc.integer({ min: 1, max: 5 }),
      key: fc.nat(15),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('release' as const), who: fc.nat(1), which: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'wait' as const }) },
);

describe('locators against a model', () => {
  let database: TestDatabase;
  let open: OpenCloudDatabase;
  let tenants: readonly Tenant[];
  beforeAll(async () => {
    database = await testDatabase({ empty: true });
    await migrateCloud(database.url);
    open = openCloudDatabase(database.url, { max: 6 });
    tenants = await open.transactions.run(async (tx) => [
      await tenantStore(open.db).insert(tx, { name: 'one', quota: 8 }),
      await tenantStore(open.db).insert(tx, { name: 'two', quota: 100 }),
    ]);
    await sql`update cloud_setting set first_locator = 500, last_locator = ${500 + space - 1}`.execute(open.db);
  });
  afterAll(async () => {
    await open[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  it('every sequence of wishes, repeats, releases and late releases leaves one owner for each, and nothing lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        await sql`truncate locator, allocation_request`.execute(open.db);
        await sql`update cluster set allocated = 0`.execute(open.db);
        // The rest after an exhausted search is not what is looked at here.
        let now = 0;
        const locators = new Locators({
          store: locatorStore(open.db),
          limits: limitsStore(open.db),
          random: systemRandom,
          clock: { now: () => (now += 60_000) },
          transactions: open.transactions,
        });
        const live = new Map<number, { use: LocatorUse; who: number }>();
        const resting = new Set<number>();
        const given: { use: LocatorUse; who: number }[] = [];
        const answered = new Map<string, { count: number; uses: readonly LocatorUse[] }>();
        const liveOf = (who: number) => [...live.values()].filter((each) => each.who === who).length;

        for (const each of steps) {
          if (each.do === 'wait') {
            await sql`update locator set free_at = now() where free_at is not null`.execute(open.db);
            resting.clear();
          } else if (each.do === 'release') {
            const one = given[each.which % Math.max(1, given.length)];
            if (one === undefined) continue;
            await locators.release(tenants[each.who]!, one.use);
            const held = live.get(one.use.locator);
            if (held?.use.allocationId === one.use.allocationId && held.who === each.who) {
              live.delete(one.use.locator);
              resting.add(one.use.locator);
            }
          } else {
            const name = `${each.who} ${each.key}`;
            const known = answered.get(name);
            const wish = { key: `key-of-the-model-${each.key}`, count: each.count };
            const result = await locators.allocate(tenants[each.who]!, wish).catch((error: unknown) => error);
            if (known !== undefined) {
              if (known.count === each.count) expect(result).toEqual(known.uses);
              else expect((result as CloudFault).code).toBe('idempotency_conflict');
            } else if (liveOf(each.who) + each.count > tenants[each.who]!.quota) {
              expect((result as CloudFault).code).toBe('quota_exceeded');
            } else if (live.size + resting.size + each.count > space) {
              expect((result as CloudFault).code).toBe('locators_exhausted');
            } else {
              const uses = result as readonly LocatorUse[];
              expect(uses).toHaveLength(each.count);
              for (const use of uses) {
                expect(live.has(use.locator) || resting.has(use.locator)).toBe(false);
                live.set(use.locator, { use, who: each.who });
                given.push({ use, who: each.who });
              }
              answered.set(name, { count: each.count, uses });
            }
          }
        }
        const { rows } = await sql<{ locator: number; allocation_id: string; cluster_id: string }>`
          select locator, allocation_id, cluster_id from locator where released_at is null order by locator`.execute(
          open.db,
        );
        const wanted = [...live.values()].map(({ use, who }) => ({
          locator: use.locator,
          allocation_id: use.allocationId,
          cluster_id: tenants[who]!.id,
        }));
        expect(rows).toEqual(wanted.sort((a, b) => a.locator - b.locator));
        for (const [who, tenant] of tenants.entries())
          expect((await tenantStore(open.db).find(tenant.id))!.allocated).toBe(liveOf(who));
      }),
      { numRuns: 15 },
    );
  });
});
