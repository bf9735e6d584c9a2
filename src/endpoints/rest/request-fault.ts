import { Fault } from '../../kernel/errors.ts';

/** What can be wrong with a request before any rule of the domain looks at it, and what can break below. */
export type RequestFaultCode =
  | 'malformed_request'
  | 'malformed_json'
  | 'missing_body'
  | 'missing_field'
  | 'unknown_field'
  | 'wrong_type'
  | 'invalid_value'
  | 'invalid_text'
  | 'invalid_if_match'
  | 'invalid_idempotency_key'
  | 'not_found'
  | 'method_not_allowed'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'uri_too_long'
  | 'database_unavailable'
  | 'outcome_unknown'
  | 'database_busy'
  | 'database_read_only'
  | 'took_too_long'
  | 'request_given_up'
  | 'storage_full'
  | 'try_again'
  | 'internal'
  | 'broke_after_change';

export class RequestFault extends Fault<RequestFaultCode> {}
