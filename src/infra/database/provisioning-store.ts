import { type Kysely, sql } from 'kysely';
import type {
  ClusterFacts,
  DeviceDefaultFacts,
  LineFacts,
  NodeFacts,
  PhoneFacts,
} from '../../domain/provisioning/facts.ts';
import type { ProvisioningStore } from '../../domain/provisioning/ports.ts';
import { heldCertificates } from './provisioning-trust.ts';
import type { Database } from './schema.ts';

interface ClusterRow {
  group_name: string;
  tftp_default: boolean;
  auto_registration: boolean;
  nodes: (Omit<NodeFacts, 'priority'> & { priority: number | null })[];
  device_defaults: DeviceDefaultFacts[];
}

interface PhoneRow extends ClusterRow {
  id: string;
  name: string;
  model: string;
  description: string;
  enabled: boolean;
  requires_activation_code: boolean;
  ever_activated: boolean;
  version_stamp: string;
  owner_user_id: string | null;
  mra_service_domain: string | null;
  pool: PhoneFacts['pool'];
  security: PhoneFacts['security'];
  sip: PhoneFacts['sip'];
  common: PhoneFacts['common'];
  buttons: string[];
  lines: LineFacts[];
}

/** The cluster as group `g` sees it: its members by priority, then the other nodes by name. */
const clusterColumns = sql`
  g.name AS group_name,
  g.tftp_default,
  g.auto_registration AND EXISTS (
    SELECT FROM auto_registration a JOIN call_manager_group_member am ON am.node_id = a.node_id
     WHERE am.group_id = g.id AND NOT a.disabled AND a.starting_directory_number <> a.ending_directory_number
       AND NOT EXISTS (SELECT FROM node_service s WHERE s.node_id = a.node_id AND s.service = 'CallManager' AND NOT s.activated)
  ) AS auto_registration,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'name', n.name, 'address', n.address, 'description', n.description, 'ports', n.ports, 'priority', m.priority,
            'servicesOff', (SELECT coalesce(jsonb_agg(s.service), '[]') FROM node_service s WHERE s.node_id = n.id AND NOT s.activated)
          ) ORDER BY m.priority NULLS LAST, n.name), '[]')
     FROM node n LEFT JOIN call_manager_group_member m ON m.node_id = n.id AND m.group_id = g.id) AS nodes,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'model', dd.model, 'onboardingMethod', dd.on_premise_onboarding_method,
            'load', dd.load_information, 'inactiveLoad', dd.inactive_load_information) ORDER BY dd.model), '[]')
     FROM device_default dd) AS device_defaults`;

export function provisioningStore(db: Kysely<Database>): ProvisioningStore {
  return {
    async phone(name) {
      // One statement is one snapshot: a file is never half of one version and half of another.
      const { rows } = await sql<PhoneRow>`
        SELECT d.id, d.name, d.model, d.description, d.enabled, d.requires_activation_code,
               d.first_activated_at IS NOT NULL AS ever_activated,
               phone_config_epoch(d.id, d.config_epoch, d.owner_user_id) || '-' || d.config_uuid AS version_stamp,
               u.user_id AS owner_user_id,
               -- Phone's own > device pool > default; none where the record does not allow MRA.
               (SELECT m.domain FROM mra_service_domain m
                 WHERE d.allow_activation_code_via_mra
                   AND (m.is_default OR m.id = d.mra_service_domain_id OR m.id = p.mra_service_domain_id)
                 ORDER BY (m.id = d.mra_service_domain_id) DESC NULLS LAST, (m.id = p.mra_service_domain_id) DESC NULLS LAST LIMIT 1
               ) AS mra_service_domain,
               jsonb_build_object('id', p.id, 'name', p.name, 'dateTemplate', p.date_template, 'olsonTimeZone', p.olson_time_zone,
                 'ntpServers', to_jsonb(p.ntp_servers), 'userLocale', p.user_locale,
                 'connectionMonitorDuration', p.connection_monitor_duration) AS pool,
               jsonb_build_object('deviceSecurityMode', sec.device_security_mode, 'transport', sec.transport,
                 'digestAuthentication', sec.digest_authentication) AS security,
               jsonb_build_object('registerExpires', sp.timer_register_expires, 'registerDelta', sp.timer_register_delta,
                 'keepAliveExpires', sp.timer_keep_alive_expires, 'inviteExpires', sp.timer_invite_expires,
                 't1', sp.timer_t1, 't2', sp.timer_t2, 'retryInvite', sp.retry_invite, 'retryNonInvite', sp.retry_non_invite,
                 'startMediaPort', sp.start_media_port, 'stopMediaPort', sp.stop_media_port, 'dtmfPayload', sp.dtmf_payload) AS sip,
               jsonb_build_object('backgroundImageAccess', c.background_image_access, 'callLogBlfEnabled', c.call_log_blf_enabled,
                 'vendorConfig', c.vendor_config) AS common,
               b.buttons,
               (SELECT coalesce(jsonb_agg(jsonb_build_object(
                         'lineIndex', dl.line_index, 'directoryNumber', l.directory_number, 'label', dl.label, 'display', dl.display,
                         'contactUuid', dl.contact_uuid, 'maxCalls', dl.max_calls, 'busyTrigger', dl.busy_trigger) ORDER BY dl.line_index), '[]')
                  FROM device_line dl JOIN line l ON l.id = dl.line_id WHERE dl.device_id = d.id) AS lines,
               ${clusterColumns}
          FROM device d
          JOIN device_pool p ON p.id = d.device_pool_id
          JOIN call_manager_group g ON g.id = p.call_manager_group_id
          JOIN phone_security_profile sec ON sec.id = d.phone_security_profile_id
          JOIN sip_profile sp ON sp.id = d.sip_profile_id
          JOIN common_phone_profile c ON c.id = d.common_phone_profile_id
          JOIN phone_button_template b ON b.id = d.phone_button_template_id
          LEFT JOIN end_user u ON u.id = d.owner_user_id
         WHERE d.name = ${name}`.execute(db);
      const row = rows[0];
      return row === undefined ? undefined : phoneOf(row);
    },

    async cluster() {
      const { rows } = await sql<ClusterRow>`
        SELECT ${clusterColumns} FROM call_manager_group g ORDER BY g.auto_registration DESC, g.tftp_default DESC, g.name LIMIT 1`.execute(
        db,
      );
      const row = rows[0];
      return row === undefined
        ? { groupName: '', tftpDefault: false, autoRegistration: false, nodes: [], deviceDefaults: [] }
        : clusterOf(row);
    },

    certificates: () => heldCertificates(db),
  };
}

function phoneOf(row: PhoneRow): PhoneFacts {
  return {
    id: row.id,
    name: row.name,
    model: row.model,
    description: row.description,
    enabled: row.enabled,
    requiresActivationCode: row.requires_activation_code,
    everActivated: row.ever_activated,
    versionStamp: row.version_stamp,
    ownerUserId: row.owner_user_id ?? undefined,
    mraServiceDomain: row.mra_service_domain ?? undefined,
    pool: row.pool,
    security: row.security,
    sip: row.sip,
    common: row.common,
    buttons: row.buttons,
    lines: row.lines,
    cluster: clusterOf(row),
  };
}

function clusterOf(row: ClusterRow): ClusterFacts {
  return {
    groupName: row.group_name,
    tftpDefault: row.tftp_default,
    autoRegistration: row.auto_registration,
    nodes: row.nodes.map((node) => ({ ...node, priority: node.priority ?? undefined })),
    deviceDefaults: row.device_defaults,
  };
}
