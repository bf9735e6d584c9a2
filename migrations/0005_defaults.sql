-- Sensible defaults, so that one POST makes a usable phone. Nodes add themselves to the group "Default" when they first start.

INSERT INTO call_manager_group (name, tftp_default) VALUES ('Default', true);
INSERT INTO route_partition (name, description) VALUES ('', 'No partition');
INSERT INTO device_pool (name, call_manager_group_id) SELECT 'Default', id FROM call_manager_group WHERE name = 'Default';

INSERT INTO phone_security_profile (name, description, device_security_mode, transport, digest_authentication) VALUES
  ('Universal Device Template - Model-independent Secure Profile', 'SIP over TLS; the phone is known by its manufacturer-installed certificate', 'encrypted', 'tls', false),
  ('Universal Device Template - Model-independent Non-Secure Profile', 'SIP over TCP or UDP with digest authentication', 'non-secure', 'tcp+udp', true);

INSERT INTO sip_profile (name, description) VALUES ('Standard SIP Profile', 'Defaults of the field');
INSERT INTO common_phone_profile (name, description, vendor_config) VALUES
  ('Standard Common Phone Profile', 'Defaults of the field', '{"webAccess":"disabled","sshAccess":"disabled","pcPort":"enabled","garp":"disabled"}');

-- Standard button template and device default per model: number of lines on the phone's own keys.
WITH model (number, buttons) AS (VALUES
  ('7811', 1), ('7821', 2), ('7832', 1), ('7841', 4), ('7861', 16), ('8811', 5), ('8832', 1), ('8832NR', 1), ('8841', 5),
  ('8845', 5), ('8851', 5), ('8851NR', 5), ('8861', 5), ('8865', 5), ('8865NR', 5)
), template AS (
  INSERT INTO phone_button_template (name, model, buttons)
  SELECT 'Standard ' || number || ' SIP', 'Cisco ' || number,
         (SELECT jsonb_agg(CASE WHEN n = 1 OR n <= buttons / 2 THEN 'line' ELSE 'speed-dial' END ORDER BY n) FROM generate_series(1, buttons) AS n)
  FROM model RETURNING id, model
)
INSERT INTO device_default (model, on_premise_onboarding_method, device_pool_id, phone_button_template_id)
SELECT template.model, 'ActivationCode', device_pool.id, template.id FROM template CROSS JOIN device_pool WHERE device_pool.name = 'Default';

INSERT INTO universal_device_template (name, device_pool_id, phone_security_profile_id, sip_profile_id, common_phone_profile_id)
SELECT 'Default Universal Device Template', p.id, s.id, sp.id, c.id
FROM device_pool p, phone_security_profile s, sip_profile sp, common_phone_profile c
WHERE p.name = 'Default' AND s.name = 'Universal Device Template - Model-independent Secure Profile';

INSERT INTO universal_line_template (name, route_partition_id) SELECT 'Default Universal Line Template', id FROM route_partition WHERE name = '';
