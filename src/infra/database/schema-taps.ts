import type { ColumnType, Generated } from 'kysely';
import type { Instant, NullableInstant } from './schema-columns.ts';

/** Auto-registration and TAPS. */

export interface AutoRegistrationTable {
  node_id: string;
  starting_directory_number: Generated<string>;
  ending_directory_number: Generated<string>;
  disabled: Generated<boolean>;
  universal_device_template_id: string | null;
  universal_line_template_id: string | null;
  last_directory_number: string | null;
  version: Generated<number>;
}

export interface TapsSessionTable {
  id: string;
  node: string;
  started_at: Instant;
  ended_at: NullableInstant;
  device_name: string;
  mac: Generated<string>;
  model: Generated<string>;
  auto_directory_number: Generated<string>;
  source_address: Generated<string>;
  language: Generated<string>;
  directory_number: Generated<string>;
  prepared_name: Generated<string>;
  outcome: ColumnType<string, string | undefined, string>;
  reason: Generated<string>;
}

export interface TapsGuessTable {
  kind: string;
  subject: string;
  window_started_at: Instant;
  guesses: Generated<number>;
}

export interface TapsTables {
  auto_registration: AutoRegistrationTable;
  taps_session: TapsSessionTable;
  taps_guess: TapsGuessTable;
}
