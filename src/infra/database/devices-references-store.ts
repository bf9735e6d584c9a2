import { type Kysely, sql } from 'kysely';
import type { ButtonTemplate } from '../../domain/devices/lines.ts';
import type { PhoneReferenceStore } from '../../domain/devices/ports.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';

/** What a phone takes when nobody says otherwise; seeded by migrations/0005_defaults.sql. */
const standard = {
  phoneSecurityProfile: 'Universal Device Template - Model-independent Secure Profile',
  sipProfile: 'Standard SIP Profile',
  commonPhoneProfile: 'Standard Common Phone Profile',
  deviceTemplate: 'Default Universal Device Template',
  lineTemplate: 'Default Universal Line Template',
};

interface ReferencesRead {
  readonly device_pool_id: string | null;
  readonly template: {
    readonly id: string;
    readonly name: string;
    readonly model: string | null;
    readonly lines: number;
  } | null;
  readonly phone_security_profile_id: string | null;
  readonly sip_profile_id: string | null;
  readonly common_phone_profile_id: string | null;
}

/** A phone button template as json: id, name, model, number of line buttons. `where` picks it. */
export const templateJson = sql`json_build_object('id', t.id, 'name', t.name, 'model', t.model,
  'lines', (SELECT count(*) FROM jsonb_array_elements_text(t.buttons) AS button WHERE button = 'line'))`;

export function toTemplate(read: NonNullable<ReferencesRead['template']>): ButtonTemplate & { readonly id: string } {
  return { id: read.id, name: read.name, model: read.model ?? undefined, lines: read.lines };
}

export function phoneReferenceStore(db: Kysely<Database>): PhoneReferenceStore {
  return {
    async references(tx, model, wanted) {
      const { rows } = await sql<ReferencesRead>`
        SELECT
          (SELECT p.id FROM device_pool p WHERE ${wanted.devicePool === undefined ? sql`p.id = def.device_pool_id` : sql`p.name = ${wanted.devicePool}`}) AS device_pool_id,
          (SELECT ${templateJson} FROM phone_button_template t
            WHERE ${wanted.phoneButtonTemplate === undefined ? sql`t.id = def.phone_button_template_id` : sql`t.name = ${wanted.phoneButtonTemplate}`}) AS template,
          (SELECT id FROM phone_security_profile WHERE name = ${wanted.phoneSecurityProfile ?? standard.phoneSecurityProfile}) AS phone_security_profile_id,
          (SELECT id FROM sip_profile WHERE name = ${wanted.sipProfile ?? standard.sipProfile}) AS sip_profile_id,
          (SELECT id FROM common_phone_profile WHERE name = ${wanted.commonPhoneProfile ?? standard.commonPhoneProfile}) AS common_phone_profile_id
        FROM device_default def WHERE def.model = ${model}`.execute(inTransaction(db, tx));
      const row = rows[0];
      return {
        devicePoolId: row?.device_pool_id ?? undefined,
        phoneButtonTemplate: row?.template ? toTemplate(row.template) : undefined,
        phoneSecurityProfileId: row?.phone_security_profile_id ?? undefined,
        sipProfileId: row?.sip_profile_id ?? undefined,
        commonPhoneProfileId: row?.common_phone_profile_id ?? undefined,
      };
    },

    async owner(tx, userId) {
      const { rows } = await sql<{ id: string; userId: string; firstName: string; lastName: string; mail: string }>`
        SELECT id, user_id AS "userId", first_name AS "firstName", last_name AS "lastName", mail FROM end_user
        WHERE lower(user_id) = lower(${userId})`.execute(inTransaction(db, tx));
      return rows[0];
    },

    async mraServiceDomain(tx, name) {
      // Held, so that it cannot vanish before the commit.
      const { rows } = await sql<{ id: string }>`
        SELECT id FROM mra_service_domain WHERE name = ${name} OR domain = lower(${name})
        ORDER BY name = ${name} DESC LIMIT 1 FOR KEY SHARE`.execute(inTransaction(db, tx));
      return rows[0]?.id;
    },

    async activationTimeToLiveHours(tx) {
      const row = await inTransaction(db, tx)
        .selectFrom('service_parameter')
        .select('value')
        .where('service', '=', 'Device Activation Service')
        .where('name', '=', 'Activation Time to Live (Hours)')
        .where('node_id', 'is', null)
        .executeTakeFirst();
      const hours = Number(row?.value ?? 168);
      return Number.isInteger(hours) && hours > 0 ? hours : 168;
    },

    async showPhonesReadyToActivate(tx) {
      const row = await inTransaction(db, tx)
        .selectFrom('enterprise_parameter')
        .select('value')
        .where('name', '=', 'Show Phones Ready to Activate')
        .executeTakeFirst();
      return row?.value !== 'false';
    },

    async codesOfLastDay(tx, deviceId) {
      const { rows } = await sql<{ count: number }>`
        SELECT count(*)::integer AS count FROM activation_code WHERE device_id = ${deviceId} AND created_at > now() - interval '24 hours'`.execute(
        inTransaction(db, tx),
      );
      return rows[0]!.count;
    },

    async deviceTemplate(tx, name) {
      const row = await inTransaction(db, tx)
        .selectFrom('universal_device_template as t')
        .innerJoin('device_pool as pool', 'pool.id', 't.device_pool_id')
        .leftJoin('phone_button_template as buttons', 'buttons.id', 't.phone_button_template_id')
        .innerJoin('phone_security_profile as security', 'security.id', 't.phone_security_profile_id')
        .innerJoin('sip_profile as sip', 'sip.id', 't.sip_profile_id')
        .innerJoin('common_phone_profile as common', 'common.id', 't.common_phone_profile_id')
        .select([
          't.name',
          't.device_description as deviceDescription',
          'pool.name as devicePool',
          'buttons.name as phoneButtonTemplate',
          'security.name as phoneSecurityProfile',
          'sip.name as sipProfile',
          'common.name as commonPhoneProfile',
        ])
        .where('t.name', '=', name ?? standard.deviceTemplate)
        .executeTakeFirst();
      return row === undefined ? undefined : { ...row, phoneButtonTemplate: row.phoneButtonTemplate ?? undefined };
    },

    lineTemplate(tx, name) {
      return inTransaction(db, tx)
        .selectFrom('universal_line_template as t')
        .innerJoin('route_partition as p', 'p.id', 't.route_partition_id')
        .select([
          't.name',
          'p.name as partition',
          't.line_description as lineDescription',
          't.alerting_name as alertingName',
          't.max_calls as maxCalls',
          't.busy_trigger as busyTrigger',
        ])
        .where('t.name', '=', name ?? standard.lineTemplate)
        .executeTakeFirst();
    },
  };
}
