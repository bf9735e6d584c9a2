import { hash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { parseMraDomain } from '../../domain/mra/domain-name.ts';
import type { CloudConnection, CloudConnectionStore, CloudSettings, MraFacts } from '../../domain/mra/ports.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';
import { lockParameters } from './settings-parameters.ts';

const das = 'Device Activation Service';

/** The one row of the connection with the cloud, and what of the cluster's settings concerns it. */
export function cloudConnectionStore(db: Kysely<Database>): CloudConnectionStore {
  const row = async (handle: Kysely<Database>, lock: boolean): Promise<CloudConnection> => {
    const { rows } = await sql<ConnectionRow>`
      select *, clock_timestamp() as db_now from cloud_connection ${lock ? sql`for update` : sql``}`.execute(handle);
    return connectionOf(rows[0]!);
  };
  const update = (handle: Kysely<Database> = db) => handle.updateTable('cloud_connection');

  return {
    read: (tx) => row(inTransaction(db, tx), false),
    async lock(tx) {
      // Half of the settings are parameters, and the same ones are set on another page.
      await lockParameters(inTransaction(db, tx));
      return row(inTransaction(db, tx), true);
    },

    async setAddress(tx, { address, authorityPem }) {
      await update(inTransaction(db, tx))
        .set({ address, authority_pem: authorityPem, laboratory: false, version: sql`version + 1` })
        .execute();
    },

    async setEnabled(tx, enabled) {
      await update(inTransaction(db, tx)).set({ enabled, version: sql`version + 1` }).execute();
    },

    async setEnrolled(tx, enrolment) {
      const { numUpdatedRows } = await update(inTransaction(db, tx))
        .set({
          cluster_id: enrolment.clusterId,
          certificate_chain: enrolment.certificateChain.map((der) => Buffer.from(der)),
          key_sealed: Buffer.from(enrolment.keySealed),
          certificate_not_after: enrolment.notAfter,
          cloud_key: JSON.stringify(enrolment.cloudKey),
          issuer: enrolment.issuer,
          enrolled_at: sql<Date>`now()`,
          authority_pem: enrolment.authorityPem,
          settings_sent: null,
          trust_sent_version: 0,
          trust_sent_sha256: null,
          ...noFailure,
          version: sql`version + 1`,
        })
        .where('cluster_id', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async setRenewed(enrolment, keySealed) {
      await update()
        .set({
          certificate_chain: enrolment.certificateChain.map((der) => Buffer.from(der)),
          key_sealed: Buffer.from(keySealed),
          certificate_not_after: enrolment.notAfter,
          cloud_key: JSON.stringify(enrolment.cloudKey),
          issuer: enrolment.issuer,
        })
        .where('cluster_id', '=', enrolment.clusterId)
        .execute();
    },

    async forget(tx) {
      const handle = inTransaction(db, tx);
      await sql`update mra_locator set state = 'releasing', due_at = now() where state in ('stock', 'reserved')`.execute(
        handle,
      );
      await sql`update mra_locator set state = 'released', released_at = now() where state = 'releasing'`.execute(
        handle,
      );
      await sql`update mra_locator_order set done_at = now() where done_at is null`.execute(handle);
      await update(handle)
        .set({
          cluster_id: null,
          certificate_chain: null,
          key_sealed: null,
          certificate_not_after: null,
          cloud_key: null,
          issuer: '',
          enrolled_at: null,
          settings_sent: null,
          trust_sent_version: 0,
          trust_sent_sha256: null,
          ...noFailure,
          last_success_at: null,
          cloud_state: '',
          locators_allocated: null,
          locator_quota: null,
          version: sql`version + 1`,
        })
        .execute();
    },

    facts: (tx) => readMraFacts(inTransaction(db, tx)),

    async counts() {
      const { rows } = await sql<{ stock: number; in_use: number; releasing: number; drafts: number }>`
        select count(*) filter (where state in ('stock', 'reserved'))::integer as stock,
               count(*) filter (where state = 'code')::integer as in_use,
               count(*) filter (where state = 'releasing')::integer as releasing,
               (select count(*)::integer from activation_code where state = 'draft') as drafts
        from mra_locator where state <> 'released'`.execute(db);
      const { stock, in_use: inUse, releasing, drafts } = rows[0]!;
      return { stock, inUse, releasing, drafts };
    },

    async noteSettingsSent(settings) {
      await update()
        .set({ settings_sent: JSON.stringify(settings) })
        .execute();
    },

    async noteTrustSent(version, certificates) {
      await update()
        .set({
          trust_sent_version: version,
          ...(certificates === undefined
            ? {}
            : { trust_sent_sha256: certificates.map((der) => hash('sha256', der, 'buffer')) }),
        })
        .execute();
    },

    async raiseTrustVersion(atLeast) {
      await sql`update cloud_connection set trust_version = greatest(trust_version, ${atLeast}::bigint)`.execute(db);
    },

    async noteSuccess(view) {
      await update()
        .set({
          last_success_at: sql<Date>`clock_timestamp()`,
          failing_since: null,
          ...(view === undefined
            ? {}
            : {
                cloud_state: view.state,
                locators_allocated: view.locatorsAllocated,
                locator_quota: view.locatorQuota,
              }),
        })
        .execute();
    },

    async noteFailure(code, text) {
      await sql`update cloud_connection set last_error_at = clock_timestamp(), last_error_code = ${code}, last_error = ${text.slice(0, 1000)},
        failing_since = coalesce(failing_since, clock_timestamp())`.execute(db);
    },

    async phoneEdgeTrust() {
      // One statement is one snapshot: the number belongs to the set. One that has ended would make the cloud refuse all of them.
      const { rows } = await sql<{ version: string; certificates: Buffer[] }>`
        select trust_version as version,
               array(select der from trust_certificate where purpose = 'PhoneEdge-trust' and not_after > now()
                 and (not laboratory or (select laboratory_open from cluster)) order by sha256) as certificates
        from cloud_connection`.execute(db);
      return { version: Number(rows[0]!.version), certificates: rows[0]!.certificates };
    },

    async dasId() {
      return (await db.selectFrom('cluster').select('das_id').executeTakeFirstOrThrow()).das_id;
    },

    async lease(holder, seconds) {
      const { rows } = await sql<{ taken: boolean }>`
        update cloud_connection set lease_holder = ${holder}, lease_until = clock_timestamp() + make_interval(secs => ${seconds})
        where lease_until <= clock_timestamp() or lease_holder = ${holder} returning true as taken`.execute(db);
      return rows.length > 0;
    },

    async release(holder) {
      await update().set({ lease_until: sql<Date>`clock_timestamp()` }).where('lease_holder', '=', holder).execute();
    },

    async copyToServiceDomains(tx, domain) {
      const { rows } = await sql`
        insert into mra_service_domain (name, domain, is_default)
        select ${domain}, ${domain}, not exists (select from mra_service_domain where is_default)
        where not exists (select from mra_service_domain where domain = ${domain})
        on conflict do nothing returning id`.execute(inTransaction(db, tx));
      return rows.length > 0;
    },

    async setParameter(tx: Transaction, name, value) {
      await sql`insert into service_parameter (service, name, node_id, value) values (${das}, ${name}, null, ${value})
        on conflict (service, name, node_id) do update set value = excluded.value`.execute(inTransaction(db, tx));
    },
  };
}

const noFailure = { failing_since: null, last_error_at: null, last_error_code: '', last_error: '' };

export async function readMraFacts(db: Kysely<Database>): Promise<MraFacts> {
  const { rows } = await sql<{ allow: string | null; domain: string | null; oauth: boolean; models: string[] }>`
    select (select value from service_parameter where service = ${das} and name = 'Enable MRA Activation' and node_id is null) as allow,
           (select value from service_parameter where service = ${das} and name = 'MRA Activation Domain' and node_id is null) as domain,
           exists (select from enterprise_parameter where name = 'OAuth with Refresh Login Flow' and value = 'Enabled') as oauth,
           array(select model from device_default where on_premise_onboarding_method = 'AutoRegistration' order by model) as models`.execute(
    db,
  );
  const { allow, domain, models, oauth } = rows[0]!;
  return {
    allowMraOnboarding: allow !== 'false',
    autoRegistrationModels: models,
    oauthRefreshLogin: oauth,
    activationDomain: domain === null || domain === '' ? undefined : parseMraDomain(domain),
  };
}

interface ConnectionRow {
  readonly address: string;
  readonly authority_pem: string;
  readonly enabled: boolean;
  readonly cluster_id: string | null;
  readonly certificate_chain: Buffer[] | null;
  readonly key_sealed: Buffer | null;
  readonly certificate_not_after: Date | null;
  readonly cloud_key: object | null;
  readonly issuer: string;
  readonly enrolled_at: Date | null;
  readonly settings_sent: CloudSettings | null;
  readonly trust_version: string;
  readonly trust_sent_version: string;
  readonly last_success_at: Date | null;
  readonly failing_since: Date | null;
  readonly last_error_at: Date | null;
  readonly last_error_code: string;
  readonly last_error: string;
  readonly cloud_state: string;
  readonly locators_allocated: number | null;
  readonly locator_quota: number | null;
  readonly version: number;
  readonly db_now: Date;
}

function connectionOf(row: ConnectionRow): CloudConnection {
  return {
    address: row.address,
    authorityPem: row.authority_pem,
    enabled: row.enabled,
    enrolled:
      row.cluster_id === null
        ? undefined
        : {
            clusterId: row.cluster_id,
            certificateChain: row.certificate_chain!,
            keySealed: row.key_sealed!,
            notAfter: row.certificate_not_after!,
            cloudKey: row.cloud_key!,
            issuer: row.issuer,
            enrolledAt: row.enrolled_at!,
          },
    settingsSent: row.settings_sent ?? undefined,
    trustVersion: Number(row.trust_version),
    trustSentVersion: Number(row.trust_sent_version),
    lastSuccessAt: row.last_success_at ?? undefined,
    failingSince: row.failing_since ?? undefined,
    lastErrorAt: row.last_error_at ?? undefined,
    lastErrorCode: row.last_error_code,
    lastError: row.last_error,
    cloudState: row.cloud_state,
    locatorsAllocated: row.locators_allocated ?? undefined,
    locatorQuota: row.locator_quota ?? undefined,
    version: row.version,
    now: row.db_now,
  };
}
