import type { Generated } from 'kysely';
import type { Instant, NullableInstant } from './schema-columns.ts';

/** What tools of the field and other systems keep here: migrations/0012_integrations.sql. */

export interface DeviceExtraTable {
  device_id: string;
  vendor_config: string;
}

export interface WebhookTable {
  id: Generated<string>;
  name: string;
  url: string;
  events: string[];
  certificate_authority: Generated<string>;
  secret_sealed: Buffer;
  enabled: Generated<boolean>;
  version: Generated<number>;
  created_at: Instant;
}

export interface WebhookDeliveryTable {
  id: Generated<string>;
  webhook_id: string;
  event: string;
  payload: unknown;
  state: Generated<string>;
  attempts: Generated<number>;
  last_status: number | null;
  last_error: Generated<string>;
  created_at: Instant;
  last_attempt_at: NullableInstant;
  next_attempt_at: Instant;
}

export interface IntegrationsTables {
  device_extra: DeviceExtraTable;
  webhook: WebhookTable;
  webhook_delivery: WebhookDeliveryTable;
}
