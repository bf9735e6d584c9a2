import { sql } from 'kysely';
import type { CodeSummary, Phone, PhoneLine } from '../../domain/devices/phone.ts';
import type { DeviceName } from '../../identifiers/device-name.ts';

/** A phone with everything it refers to, in one row. `d` is the device; append a WHERE. Cost is per row, so it suits one phone or one page. */
export const selectPhones = sql`
  SELECT d.id, d.name, d.model, d.description, d.requires_activation_code, d.allow_activation_code_via_mra, d.enabled, d.auto_registered,
         own_domain.name AS mra_service_domain, mra_domain.domain AS mra_domain, mra_domain.source AS mra_domain_from, activated.mode AS activated_via,
         d.first_activated_at, d.active_load, d.inactive_load, d.version, d.created_at, d.updated_at,
         pool.name AS device_pool, template.name AS phone_button_template, security.name AS phone_security_profile,
         sip.name AS sip_profile, common.name AS common_phone_profile, owner.user_id AS owner_user_id,
         owner.id IS NOT NULL AND (d.owner_unconfirmed OR owner.access_unconfirmed) AS code_withheld,
         coalesce(lines.list, '[]'::json) AS lines,
         code.state AS code_state, code.expires_at AS code_expires_at, code.bound_mac AS code_bound_mac,
         code.via_mra AS code_via_mra, code.locator_state AS code_locator_state,
         reg.node AS reg_node, reg.transport AS reg_transport, reg.source_address AS reg_source_address,
         reg.registered_at AS reg_registered_at, reg.expires_at AS reg_expires_at,
         last.step AS last_step, last.result AS last_result, last.at AS last_at
  FROM device d
  JOIN device_pool pool ON pool.id = d.device_pool_id
  JOIN phone_button_template template ON template.id = d.phone_button_template_id
  JOIN phone_security_profile security ON security.id = d.phone_security_profile_id
  JOIN sip_profile sip ON sip.id = d.sip_profile_id
  JOIN common_phone_profile common ON common.id = d.common_phone_profile_id
  LEFT JOIN end_user owner ON owner.id = d.owner_user_id
  LEFT JOIN mra_service_domain own_domain ON own_domain.id = d.mra_service_domain_id
  LEFT JOIN LATERAL (
    SELECT m.domain, CASE WHEN m.id = d.mra_service_domain_id THEN 'phone' WHEN m.id = pool.mra_service_domain_id THEN 'device-pool' ELSE 'default' END AS source
    FROM mra_service_domain m
    WHERE m.is_default OR m.id = d.mra_service_domain_id OR m.id = pool.mra_service_domain_id
    ORDER BY (m.id = d.mra_service_domain_id) DESC NULLS LAST, (m.id = pool.mra_service_domain_id) DESC NULLS LAST LIMIT 1
  ) mra_domain ON true
  LEFT JOIN LATERAL (
    SELECT a.mode FROM activation a WHERE a.device_id = d.id ORDER BY a.created_at DESC LIMIT 1
  ) activated ON true
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('lineId', l.id, 'index', dl.line_index, 'directoryNumber', l.directory_number, 'partition', p.name,
                                      'label', dl.label, 'display', dl.display, 'maxCalls', dl.max_calls, 'busyTrigger', dl.busy_trigger)
                    ORDER BY dl.line_index) AS list
    FROM device_line dl JOIN line l ON l.id = dl.line_id JOIN route_partition p ON p.id = l.route_partition_id
    WHERE dl.device_id = d.id
  ) lines ON true
  LEFT JOIN LATERAL (
    SELECT CASE WHEN c.state = 'active' AND c.expires_at <= now() THEN 'expired' ELSE c.state END AS state, c.expires_at, c.bound_mac,
           c.via_mra, m.state AS locator_state
    FROM activation_code c LEFT JOIN mra_locator m ON m.allocation_id = c.allocation_id WHERE c.device_id = d.id
    ORDER BY c.state IN ('draft', 'active') DESC, c.created_at DESC LIMIT 1
  ) code ON true
  LEFT JOIN LATERAL (
    SELECT n.name AS node, r.transport, r.source_address, r.registered_at, r.expires_at
    FROM registration r JOIN node n ON n.id = r.node_id
    WHERE r.device_id = d.id AND r.expires_at > now() ORDER BY r.refreshed_at DESC LIMIT 1
  ) reg ON true
  LEFT JOIN LATERAL (
    SELECT e.step, e.result, e.at FROM onboarding_event e WHERE e.device_id = d.id ORDER BY e.id DESC LIMIT 1
  ) last ON true`;

export interface PhoneRead {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly description: string;
  readonly requires_activation_code: boolean;
  readonly allow_activation_code_via_mra: boolean;
  readonly mra_service_domain: string | null;
  readonly mra_domain: string | null;
  readonly mra_domain_from: 'phone' | 'device-pool' | 'default' | null;
  readonly activated_via: 'onprem' | 'mra' | null;
  readonly enabled: boolean;
  readonly auto_registered: boolean;
  readonly first_activated_at: Date | null;
  readonly active_load: string;
  readonly inactive_load: string;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly device_pool: string;
  readonly phone_button_template: string;
  readonly phone_security_profile: string;
  readonly sip_profile: string;
  readonly common_phone_profile: string;
  readonly owner_user_id: string | null;
  readonly code_withheld: boolean;
  readonly lines: PhoneLine[];
  readonly code_state: CodeSummary['state'] | null;
  readonly code_expires_at: Date | null;
  readonly code_bound_mac: string | null;
  readonly code_via_mra: boolean | null;
  readonly code_locator_state: string | null;
  readonly reg_node: string | null;
  readonly reg_transport: string | null;
  readonly reg_source_address: string | null;
  readonly reg_registered_at: Date | null;
  readonly reg_expires_at: Date | null;
  readonly last_step: string | null;
  readonly last_result: 'ok' | 'failed' | 'info' | null;
  readonly last_at: Date | null;
}

export function toPhone(row: PhoneRead): Phone {
  return {
    id: row.id,
    name: row.name as DeviceName,
    model: row.model,
    description: row.description,
    devicePool: row.device_pool,
    phoneButtonTemplate: row.phone_button_template,
    phoneSecurityProfile: row.phone_security_profile,
    sipProfile: row.sip_profile,
    commonPhoneProfile: row.common_phone_profile,
    ownerUserId: row.owner_user_id ?? undefined,
    codeWithheld: row.code_withheld,
    lines: row.lines,
    requiresActivationCode: row.requires_activation_code,
    allowActivationCodeViaMra: row.allow_activation_code_via_mra,
    mraServiceDomain: row.mra_service_domain ?? undefined,
    mra: {
      activatedVia: row.activated_via ?? undefined,
      serviceDomain:
        row.mra_domain === null ? undefined : { domain: row.mra_domain, from: row.mra_domain_from ?? 'default' },
    },
    enabled: row.enabled,
    firstActivatedAt: row.first_activated_at ?? undefined,
    autoRegistered: row.auto_registered,
    activeLoad: row.active_load,
    inactiveLoad: row.inactive_load,
    activationCode:
      row.code_state === null
        ? undefined
        : {
            state: row.code_state,
            expiresAt: row.code_expires_at!,
            boundMac: row.code_bound_mac ?? undefined,
            viaMra: row.code_via_mra === true,
            cloud: cloudKnows(row.code_state, row.code_locator_state),
          },
    registration:
      row.reg_node === null
        ? undefined
        : {
            node: row.reg_node,
            transport: row.reg_transport!,
            sourceAddress: row.reg_source_address!,
            registeredAt: row.reg_registered_at!,
            expiresAt: row.reg_expires_at!,
          },
    lastStep: row.last_step === null ? undefined : { step: row.last_step, result: row.last_result!, at: row.last_at! },
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function cloudKnows(state: CodeSummary['state'], locator: string | null): CodeSummary['cloud'] {
  if (state === 'draft') return 'waiting';
  if (locator === null) return 'none';
  return locator === 'releasing' || locator === 'released' ? locator : 'known';
}
