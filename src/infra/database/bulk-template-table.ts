import { sql } from 'kysely';
import type { PhoneTemplate } from '../../domain/bulk/phone-template.ts';
import { unknownReference } from '../../domain/settings/setting-fault.ts';
import { json, plain, reference, type SettingsTable } from './settings-table.ts';

const name = sql<string>`t.name`;

export const phoneTemplateTable: SettingsTable<PhoneTemplate> = {
  table: 'phone_template',
  name,
  byName: (wanted) => sql<boolean>`t.name = ${wanted}`,
  searched: [name, sql<string>`t.model`, sql<string>`t.description`],
  sorts: { name, model: sql`t.model` },
  filters: { model: (value) => sql`t.model = ${value}` },
  columns: {
    name: plain('name'),
    model: plain('model'),
    description: plain('description'),
    requiresActivationCode: plain('requires_activation_code'),
    allowActivationCodeViaMra: plain('allow_activation_code_via_mra'),
    devicePool: reference('device_pool_id', 'device_pool', 'device pool'),
    phoneButtonTemplate: reference('phone_button_template_id', 'phone_button_template', 'phone button template'),
    ownerUserId: {
      kind: 'computed',
      select: sql`(select u.user_id from end_user u where u.id = t.owner_user_id)`,
    },
    phoneSecurityProfile: reference('phone_security_profile_id', 'phone_security_profile', 'phone security profile'),
    sipProfile: reference('sip_profile_id', 'sip_profile', 'SIP profile'),
    commonPhoneProfile: reference('common_phone_profile_id', 'common_phone_profile', 'common phone profile'),
    mraServiceDomain: reference('mra_service_domain_id', 'mra_service_domain', 'MRA service domain'),
    enabled: plain('enabled'),
    lines: json('lines'),
  },
  async afterWrite(db, id, { ownerUserId }) {
    const { rows } = await sql<{ id: string }>`
      select id from end_user where lower(user_id) = lower(${ownerUserId ?? ''}) for key share`.execute(db);
    const owner = rows[0]?.id;
    if (ownerUserId !== null && owner === undefined) throw unknownReference('ownerUserId', 'user', ownerUserId);
    await sql`update phone_template set owner_user_id = ${owner ?? null}::uuid where id = ${id}::uuid`.execute(db);
  },
  dependencies: [],
};
