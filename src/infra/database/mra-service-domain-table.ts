import { type Kysely, sql } from 'kysely';
import type { MraServiceDomain } from '../../domain/mra/service-domain.ts';
import { nameTaken, protectedObject } from '../../domain/settings/setting-fault.ts';
import { say } from '../../texts/say.ts';
import type { Database } from './schema.ts';
import { dependants, plain, type SettingsTable } from './settings-table.ts';

const name = sql<string>`t.name`;
const domain = sql<string>`t.domain`;
/** The service parameter, as it is written there. */
const activationDomain = sql`select lower(value) from service_parameter
  where service = 'Device Activation Service' and name = 'MRA Activation Domain' and node_id is null`;

export const mraServiceDomainTable: SettingsTable<MraServiceDomain> = {
  table: 'mra_service_domain',
  name,
  byName: (wanted) => sql<boolean>`t.name = ${wanted}`,
  searched: [name, domain],
  sorts: { name, domain },
  columns: { name: plain('name'), domain: plain('domain'), isDefault: plain('is_default') },
  async beforeWrite(db, value, id) {
    await refuseTakenDomain(db, value.domain, id);
    if (id !== undefined) await keepActivationDomain(db, value.domain, id);
    // Making one the default takes it from the other.
    if (value.isDefault)
      await sql`update mra_service_domain set is_default = false, version = version + 1
        where is_default and id is distinct from ${id ?? null}::uuid`.execute(db);
  },
  // The first one is the default, said or not.
  async afterWrite(db, id) {
    await sql`update mra_service_domain set is_default = true
      where id = ${id}::uuid and not exists (select from mra_service_domain where is_default)`.execute(db);
  },
  dependencies: [
    dependants('device-pool', 'device_pool', 'mra_service_domain_id'),
    dependants('phone', 'device', 'mra_service_domain_id'),
    dependants('phone-template', 'phone_template', 'mra_service_domain_id'),
    {
      kind: 'cloud-onboarding',
      rows: (id) => sql`select 'MRA Activation Domain' as name from mra_service_domain d
        where d.id = ${id}::uuid and d.domain = (${activationDomain})`,
    },
  ],
};

async function refuseTakenDomain(db: Kysely<Database>, wanted: string, id: string | undefined): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select name from mra_service_domain where domain = ${wanted} and id is distinct from ${id ?? null}::uuid`.execute(
    db,
  );
  if (rows[0] !== undefined) throw nameTaken('MRA service domain for', wanted, 'domain');
}

async function keepActivationDomain(db: Kysely<Database>, wanted: string, id: string): Promise<void> {
  const { rows } = await sql`
    select from mra_service_domain where id = ${id}::uuid and domain = (${activationDomain}) and domain <> ${wanted}`.execute(
    db,
  );
  if (rows.length > 0) throw protectedObject(say('protected.activation_domain'), 'domain');
}
