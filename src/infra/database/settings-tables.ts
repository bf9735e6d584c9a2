import { sql } from 'kysely';
import type {
  CallManagerGroup,
  CommonPhoneProfile,
  DevicePool,
  Line,
  PhoneButtonTemplate,
  PhoneSecurityProfile,
  RoutePartition,
  SipProfile,
  UniversalDeviceTemplate,
  UniversalLineTemplate,
} from '../../domain/settings/kinds.ts';
import { nonePartition, parseLineName } from '../../domain/settings/kinds.ts';
import { unknownReference } from '../../domain/settings/setting-fault.ts';
import { type DependencyQuery, dependants, json, plain, reference, type SettingsTable } from './settings-table.ts';

const name = sql<string>`t.name`;
const description = sql<string>`t.description`;
const byName = (wanted: string) => sql<boolean>`t.name = ${wanted}`;
const sortedByName = { name };

/** Nodes whose auto-registered phones or lines are made from a template. */
const autoRegistrationNodes = (column: string): DependencyQuery => ({
  kind: 'auto-registration',
  rows: (id) =>
    sql`select n.name from auto_registration a join node n on n.id = a.node_id where ${sql.ref(`a.${column}`)} = ${id}::uuid`,
});

const devicePool = reference('device_pool_id', 'device_pool', 'device pool');
const partition = reference('route_partition_id', 'route_partition', 'route partition');

export const devicePoolTable: SettingsTable<DevicePool> = {
  table: 'device_pool',
  name,
  byName,
  searched: [name],
  sorts: sortedByName,
  filters: {
    callManagerGroup: (value) =>
      sql`t.call_manager_group_id = (select id from call_manager_group where name = ${value})`,
  },
  columns: {
    name: plain('name'),
    callManagerGroup: reference('call_manager_group_id', 'call_manager_group', 'Call Manager group'),
    olsonTimeZone: plain('olson_time_zone'),
    dateTemplate: plain('date_template'),
    ntpServers: plain('ntp_servers'),
    userLocale: plain('user_locale'),
    connectionMonitorDuration: plain('connection_monitor_duration'),
    mraServiceDomain: reference('mra_service_domain_id', 'mra_service_domain', 'MRA service domain'),
  },
  dependencies: [
    dependants('phone', 'device', 'device_pool_id'),
    dependants('device-default', 'device_default', 'device_pool_id', 'model'),
    dependants('universal-device-template', 'universal_device_template', 'device_pool_id'),
    dependants('phone-template', 'phone_template', 'device_pool_id'),
  ],
};

export const callManagerGroupTable: SettingsTable<CallManagerGroup> = {
  table: 'call_manager_group',
  name,
  byName,
  searched: [name],
  sorts: sortedByName,
  columns: {
    name: plain('name'),
    tftpDefault: plain('tftp_default'),
    autoRegistration: plain('auto_registration'),
    members: {
      kind: 'computed',
      select: sql`coalesce((select jsonb_agg(jsonb_build_object('node', n.name, 'priority', m.priority) order by m.priority)
        from call_manager_group_member m join node n on n.id = m.node_id where m.group_id = t.id), '[]'::jsonb)`,
    },
  },
  // Making one group the default, or the one for auto-registration, takes that from the other.
  async beforeWrite(db, value, id) {
    if (value.tftpDefault)
      await sql`update call_manager_group set tftp_default = false, version = version + 1
        where tftp_default and id is distinct from ${id ?? null}::uuid`.execute(db);
    if (value.autoRegistration)
      await sql`update call_manager_group set auto_registration = false, version = version + 1
        where auto_registration and id is distinct from ${id ?? null}::uuid`.execute(db);
  },
  async afterWrite(db, id, value) {
    const { rows } = await sql<{ id: string; name: string }>`
      select id, name from node where name = any(${value.members.map((each) => each.node)}) for key share`.execute(db);
    const ids = new Map(rows.map((each) => [each.name, each.id]));
    await sql`delete from call_manager_group_member where group_id = ${id}::uuid`.execute(db);
    for (const [index, member] of value.members.entries()) {
      const node = ids.get(member.node);
      if (node === undefined) throw unknownReference(`members[${index}].node`, 'node', member.node);
      await sql`insert into call_manager_group_member (group_id, node_id, priority)
        values (${id}::uuid, ${node}::uuid, ${member.priority})`.execute(db);
    }
  },
  dependencies: [dependants('device-pool', 'device_pool', 'call_manager_group_id')],
};

export const phoneButtonTemplateTable: SettingsTable<PhoneButtonTemplate> = {
  table: 'phone_button_template',
  name,
  byName,
  searched: [name, sql<string>`coalesce(t.model, '')`],
  sorts: { name, model: sql`coalesce(t.model, '')` },
  filters: { model: (value) => sql`t.model = ${value}` },
  columns: { name: plain('name'), model: plain('model'), buttons: json('buttons') },
  dependencies: [
    dependants('phone', 'device', 'phone_button_template_id'),
    dependants('device-default', 'device_default', 'phone_button_template_id', 'model'),
    dependants('universal-device-template', 'universal_device_template', 'phone_button_template_id'),
    dependants('phone-template', 'phone_template', 'phone_button_template_id'),
  ],
};

export const phoneSecurityProfileTable: SettingsTable<PhoneSecurityProfile> = {
  table: 'phone_security_profile',
  name,
  byName,
  searched: [name, description],
  sorts: sortedByName,
  filters: { deviceSecurityMode: (value) => sql`t.device_security_mode = ${value}` },
  columns: {
    name: plain('name'),
    description: plain('description'),
    deviceSecurityMode: plain('device_security_mode'),
    transport: plain('transport'),
    digestAuthentication: plain('digest_authentication'),
    enableOauthAuthentication: plain('enable_oauth_authentication'),
  },
  dependencies: [
    dependants('phone', 'device', 'phone_security_profile_id'),
    dependants('universal-device-template', 'universal_device_template', 'phone_security_profile_id'),
    dependants('phone-template', 'phone_template', 'phone_security_profile_id'),
  ],
};

export const sipProfileTable: SettingsTable<SipProfile> = {
  table: 'sip_profile',
  name,
  byName,
  searched: [name, description],
  sorts: sortedByName,
  columns: {
    name: plain('name'),
    description: plain('description'),
    timerRegisterExpires: plain('timer_register_expires'),
    timerRegisterDelta: plain('timer_register_delta'),
    timerKeepAliveExpires: plain('timer_keep_alive_expires'),
    timerInviteExpires: plain('timer_invite_expires'),
    timerT1: plain('timer_t1'),
    timerT2: plain('timer_t2'),
    retryInvite: plain('retry_invite'),
    retryNonInvite: plain('retry_non_invite'),
    startMediaPort: plain('start_media_port'),
    stopMediaPort: plain('stop_media_port'),
    dtmfPayload: plain('dtmf_payload'),
    intercomAllowed: plain('intercom_allowed'),
  },
  dependencies: [
    dependants('phone', 'device', 'sip_profile_id'),
    dependants('universal-device-template', 'universal_device_template', 'sip_profile_id'),
    dependants('phone-template', 'phone_template', 'sip_profile_id'),
  ],
};

export const commonPhoneProfileTable: SettingsTable<CommonPhoneProfile> = {
  table: 'common_phone_profile',
  name,
  byName,
  searched: [name, description],
  sorts: sortedByName,
  columns: {
    name: plain('name'),
    description: plain('description'),
    backgroundImageAccess: plain('background_image_access'),
    callLogBlfEnabled: plain('call_log_blf_enabled'),
    vendorConfig: json('vendor_config'),
  },
  dependencies: [
    dependants('phone', 'device', 'common_phone_profile_id'),
    dependants('universal-device-template', 'universal_device_template', 'common_phone_profile_id'),
    dependants('phone-template', 'phone_template', 'common_phone_profile_id'),
  ],
};

export const universalDeviceTemplateTable: SettingsTable<UniversalDeviceTemplate> = {
  table: 'universal_device_template',
  name,
  byName,
  searched: [name],
  sorts: sortedByName,
  columns: {
    name: plain('name'),
    deviceDescription: plain('device_description'),
    devicePool,
    phoneButtonTemplate: reference('phone_button_template_id', 'phone_button_template', 'phone button template'),
    phoneSecurityProfile: reference('phone_security_profile_id', 'phone_security_profile', 'phone security profile'),
    sipProfile: reference('sip_profile_id', 'sip_profile', 'SIP profile'),
    commonPhoneProfile: reference('common_phone_profile_id', 'common_phone_profile', 'common phone profile'),
  },
  dependencies: [autoRegistrationNodes('universal_device_template_id')],
};

export const universalLineTemplateTable: SettingsTable<UniversalLineTemplate> = {
  table: 'universal_line_template',
  name,
  byName,
  searched: [name],
  sorts: sortedByName,
  columns: {
    name: plain('name'),
    partition,
    lineDescription: plain('line_description'),
    alertingName: plain('alerting_name'),
    maxCalls: plain('max_calls'),
    busyTrigger: plain('busy_trigger'),
  },
  dependencies: [autoRegistrationNodes('universal_line_template_id')],
};

export const routePartitionTable: SettingsTable<RoutePartition> = {
  table: 'route_partition',
  name: sql<string>`case when t.name = '' then ${sql.lit(nonePartition)} else t.name end`,
  byName: (wanted) => byName(wanted === nonePartition ? '' : wanted),
  searched: [name, description],
  sorts: sortedByName,
  columns: { name: plain('name'), description: plain('description') },
  dependencies: [
    {
      kind: 'line',
      rows: (id) => sql`select d.directory_number as name from line d where d.route_partition_id = ${id}::uuid`,
    },
    dependants('universal-line-template', 'universal_line_template', 'route_partition_id'),
  ],
};

const partitionName = sql<string>`(select r.name from route_partition r where r.id = t.route_partition_id)`;

export const lineTable: SettingsTable<Line> = {
  table: 'line',
  name: sql<string>`t.directory_number || (select case when r.name = '' then '' else '@' || r.name end
    from route_partition r where r.id = t.route_partition_id)`,
  byName: (wanted) => {
    const line = parseLineName(wanted);
    return sql<boolean>`t.directory_number = ${line.directoryNumber}
      and t.route_partition_id = (select id from route_partition where name = ${line.partition})`;
  },
  searched: [sql<string>`t.directory_number`, description, sql<string>`t.alerting_name`],
  sorts: { directoryNumber: sql`t.directory_number`, partition: partitionName, description },
  filters: {
    partition: (value) =>
      sql`t.route_partition_id = (select id from route_partition where name = ${value === nonePartition ? '' : value})`,
    assigned: (value) => sql`exists (select from device_line d where d.line_id = t.id) = ${value}`,
  },
  columns: {
    directoryNumber: plain('directory_number'),
    partition,
    description: plain('description'),
    alertingName: plain('alerting_name'),
  },
  dependencies: [
    {
      kind: 'phone',
      rows: (id) =>
        sql`select d.name from device d join device_line l on l.device_id = d.id where l.line_id = ${id}::uuid`,
    },
  ],
};
