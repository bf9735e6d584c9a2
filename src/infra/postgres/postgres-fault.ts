import { Fault } from '../../kernel/errors.ts';

export type PostgresFaultCode =
  | 'postgres_not_available'
  | 'postgres_no_account'
  | 'postgres_wrong_owner'
  | 'postgres_wrong_version'
  | 'postgres_initdb_failed'
  | 'postgres_start_failed'
  | 'postgres_still_running';

/** The embedded PostgreSQL could not be run. */
export class PostgresFault extends Fault<PostgresFaultCode> {}
