import type { SentenceTexts } from '../sentence.ts';

/** Sentences about requests as such: signing in, form, and outages. */
export const requestsEn = {
  answer_not_kept: [
    'The request with this Idempotency-Key was carried out, wholly or in part, but its answer is not kept here.',
    'Read what it made, which "made" names. It is not carried out again under this key.',
  ],
  body_too_large: ['The body is larger than this address takes.', 'Send less at once.'],
  'body_too_large.bare': ['The body is larger than this address takes.', ''],
  'body_too_large.file': ['The file is larger than {most} MiB.', 'Split it into several files.'],
  broke_after_change: [
    'Something broke here after the change, or a part of it, was made.',
    'Look what is there before you do it again; the log of this node says what broke.',
  ],
  busy: ['Too many people are signing in at once.', 'Try again in a few seconds.'],
  cross_site_refused: [
    'The request comes from a page of another site.',
    'Send the Origin of this server and the X-CSRF-Token that came with the session.',
  ],
  'cross_site_refused.no_origin': [
    'The Origin header is missing.',
    'Send the Origin of this server and the X-CSRF-Token that came with the session.',
  ],
  'cross_site_refused.origin': [
    'The request comes from {origin}, which is not this server.',
    'Send the Origin of this server and the X-CSRF-Token that came with the session.',
  ],
  'cross_site_refused.token': [
    'The X-CSRF-Token header is missing or is not the one of this session.',
    'Send the Origin of this server and the X-CSRF-Token that came with the session.',
  ],
  database_busy: [
    'This node has more to do than its {max} database connections carry.',
    'Try again in a moment. If it lasts: this node is overloaded, or its database is slow.',
  ],
  database_read_only: [
    'The database takes no changes; nothing was changed.',
    'Point database.url to the primary, or wait until this one is promoted. What only reads goes on working.',
  ],
  'database_read_only.unwatched': [
    'The database takes no changes.',
    'Point database.url to the primary, or wait until this one is promoted. What only reads goes on working.',
  ],
  database_unavailable: [
    'The database cannot be reached; nothing was changed.',
    'Try again in a moment. The node goes on by itself once the database is back.',
  ],
  'database_unavailable.at_the_moment': ['The database cannot be used at the moment.', ''],
  'database_unavailable.because': [
    'The database cannot be reached: {message}.',
    'Try again in a moment. The node goes on by itself once the database is back.',
  ],
  'database_unavailable.key_changing': ['The claim on the Idempotency-Key keeps changing.', ''],
  'database_unavailable.no_answer': [
    'The database does not answer.',
    'Try again in a moment. The node goes on by itself once the database answers.',
  ],
  'database_unavailable.unwatched': [
    'The database cannot be reached.',
    'Try again in a moment. The node goes on by itself once the database is back.',
  ],
  forbidden: ['Your roles do not allow this.', 'Ask an administrator for a role that does.'],
  idempotency_key_reused: [
    'This Idempotency-Key was sent with another request.',
    'Make a new key for each request; send the same one only with the very same request.',
  ],
  internal: [
    'Something broke here; nothing was changed.',
    'Try again; if it happens again, look into the log of this node.',
  ],
  'internal.unwatched': ['Something broke here.', 'Try again; if it happens again, look into the log of this node.'],
  invalid_cursor: ['The cursor is not one of this list in this order.', 'Start again without a cursor.'],
  invalid_idempotency_key: [
    'Idempotency-Key must be one text of 1 to 255 characters.',
    'Send a new UUID with each request, and the same one when you send it again.',
  ],
  'invalid_idempotency_key.not_here': [
    'Idempotency-Key is not offered here.',
    'Leave it out, and look what is there before you send a request again.',
  ],
  invalid_if_match: [
    'If-Match must be one version, as the ETag gave it.',
    'Send the ETag you read, e.g. If-Match: "3".',
  ],
  invalid_text: [
    'The field "{field}" holds characters that cannot be stored.',
    'Send text without NUL characters and broken surrogate pairs.',
  ],
  'invalid_value.choice': [
    'The field "{field}" must be one of {choices}.',
    'The OpenAPI document says what is allowed.',
  ],
  'invalid_value.choice.body': ['The body must be one of {choices}.', 'The OpenAPI document says what is allowed.'],
  'invalid_value.form': [
    'The field "{field}" does not have the right form.',
    'The OpenAPI document says what is allowed.',
  ],
  'invalid_value.form.body': ['The body does not have the right form.', 'The OpenAPI document says what is allowed.'],
  'invalid_value.none_of': [
    'The field "{field}" is none of the values allowed there.',
    'The OpenAPI document says what is allowed.',
  ],
  'invalid_value.none_of.body': [
    'The body is none of the values allowed there.',
    'The OpenAPI document says what is allowed.',
  ],
  'invalid_value.not_storable': ['A value cannot be stored.', ''],
  'invalid_value.schema': ['The field "{field}" {reason}.', 'The OpenAPI document says what is allowed.'],
  'invalid_value.schema.body': ['The body {reason}.', 'The OpenAPI document says what is allowed.'],
  'invalid_value.sort': ['Lists cannot be sorted by "{field}" here.', 'Sort by {sorts}.'],
  'invalid_value.too_deep': ['The body is nested too deeply.', ''],
  malformed_json: [
    'The body is not valid JSON: {message}.',
    'Check quotes, commas and brackets, and name each member once.',
  ],
  'malformed_json.encoding': ['{message}', 'Send JSON in UTF-8 (RFC 8259).'],
  malformed_request: ['The request cannot be read.', ''],
  'malformed_request.address': ['The address holds bad percent-encoding.', ''],
  'malformed_request.early': ['The request ended early.', ''],
  'malformed_request.headers': ['The headers are too large.', ''],
  'malformed_request.length': ['The body is not as long as Content-Length says.', ''],
  'malformed_request.not_http': ['This is not HTTP.', ''],
  method_not_allowed: ['{method} is not known here.', 'Use {known}.'],
  missing_body: ['The body is missing.', 'Send a JSON object.'],
  missing_field: ['The field "{field}" is missing.', 'Add the field.'],
  not_found: ['There is nothing at this address.', 'GET {base}/openapi.json lists every address.'],
  'not_found.problem_code': ['There is no such problem code.', ''],
  not_signed_in: [
    'This needs a user name and a password, or a session.',
    'Send HTTP Basic credentials, or sign in with POST /api/v1/session.',
  ],
  outcome_unknown: [
    'The database was lost while the change was being stored; it is not known whether it was made.',
    'Look whether it is there before you do it again.',
  ],
  'outcome_unknown.keyed': [
    'The database was lost while the change was being stored; it is not known whether it was made.',
    'Send the request again with the same Idempotency-Key: it is carried out once, and its answer comes back.',
  ],
  'outcome_unknown.part': [
    'The database was lost after a part of the change was stored; it is not known how much of it was made.',
    'Look whether it is there before you do it again.',
  ],
  request_given_up: ['The request was given up before it was answered.', ''],
  request_in_progress: [
    'The request with this Idempotency-Key is being carried out.',
    'Send it again in a moment, with the same key: the answer of the first one comes back.',
  ],
  session_expired: ['The session has ended.', 'Sign in again.'],
  sign_in_refused: ['The user name or the password is wrong.', 'Check both. An administrator can set a new password.'],
  storage_full: ['The database has no room left; nothing was changed.', 'Free or add disk space for the database.'],
  'storage_full.unwatched': ['The database has no room left.', 'Free or add disk space for the database.'],
  too_many_guesses: ['Too many wrong passwords.', 'Wait {minutes} minutes and try again.'],
  took_too_long: [
    'The database took longer than a request may; nothing was changed.',
    'Ask for less at once: a longer search text, another filter, a smaller page. Or try again later.',
  ],
  'took_too_long.unwatched': [
    'The database took longer than a request may.',
    'Ask for less at once: a longer search text, another filter, a smaller page. Or try again later.',
  ],
  try_again: ['Somebody else changed the same thing at the same time.', 'Send the request again.'],
  unknown_field: ['The field "{field}" is not known here.', 'Check its spelling, or leave it out.'],
  'unknown_field.query': ['The query parameter "{name}" is not known here.', 'Leave it out.'],
  unsupported_media_type: ['This address does not take that media type.', 'Send Content-Type: application/json.'],
  'unsupported_media_type.given': ['This address does not take {given}.', 'Send Content-Type: {wanted}.'],
  'unsupported_media_type.none': ['This address does not take that.', 'Send Content-Type: {wanted}.'],
  uri_too_long: ['A name in the address is too long.', ''],
  wrong_type: ['The field "{field}" must be {type}.', 'Send a value of that type.'],
  'wrong_type.body': ['The body must be {type}.', 'Send a value of that type.'],
} as const satisfies SentenceTexts;
