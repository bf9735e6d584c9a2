import type { RefusalCode } from '../../domain/registration/ports.ts';

/** The same for whatever number was asked for, so that it tells nobody which ones exist. */
export const digestWrong = 'The digest credentials are wrong, or this phone has to show its certificate over TLS';

/** How a refused registration is told to the phone: status, and the words of Warning 399 in plain language. */
export const refusalAnswers: Readonly<Record<RefusalCode, { readonly status: number; readonly words: string }>> = {
  unknown_device: { status: 404, words: 'No such phone or line is in the database' },
  record_exists: {
    status: 403,
    words: 'A record of this phone exists: delete it before the phone can auto-register',
  },
  auto_registration_off: { status: 403, words: 'Auto-registration is off' },
  auto_registration_elsewhere: { status: 403, words: 'Another server of the group takes in new phones' },
  auto_registration_numbers_used_up: { status: 403, words: 'No directory number is left for auto-registration' },
  auto_registration_profile: {
    status: 403,
    words: 'Auto-registration gives phones a security profile that this phone cannot use',
  },
  phone_locked: { status: 403, words: 'Enter the activation code on this phone first' },
  device_disabled: { status: 403, words: 'This phone has been disabled by the administrator' },
  certificate_required: { status: 403, words: 'TLS authentication failed: this phone must show its certificate' },
  certificate_refused: {
    status: 403,
    words: 'TLS authentication failed: the certificate of this phone is not accepted',
  },
  certificate_mismatch: {
    status: 403,
    words: 'TLS authentication failed: the certificate or contact names another phone',
  },
  aor_not_of_device: { status: 403, words: 'The line is not one of this phone' },
  transport_not_allowed: { status: 403, words: 'The security profile of this phone asks for another transport' },
  digest_failed: { status: 403, words: digestWrong },
  too_many_wrong_passwords: { status: 503, words: 'Too many wrong passwords came from this address' },
  registered_elsewhere: { status: 403, words: 'The registration is held by another client' },
  interval_too_brief: { status: 423, words: 'The registration interval is too short' },
  out_of_order: { status: 500, words: 'A later REGISTER of this phone came first' },
  too_many_contacts: { status: 403, words: 'Too many contacts' },
  star_without_zero: { status: 400, words: 'Contact: * ends registrations, and needs Expires: 0' },
  token_required: { status: 401, words: 'An access token is required' },
  token_invalid: { status: 401, words: 'The access token is not one of this cluster' },
  token_expired: { status: 401, words: 'The access token has expired' },
  token_revoked: { status: 401, words: 'The access token has been revoked' },
  token_wrong_certificate: { status: 401, words: 'The access token belongs to another certificate' },
  token_wrong_audience: { status: 401, words: 'The access token is not for telephony' },
  mra_not_allowed: { status: 403, words: 'This phone is not allowed to be used from outside' },
  busy: { status: 503, words: 'Too many phones register at once' },
};

/** Value of a Warning header. */
export function warning(agent: string, words: string): string {
  return `399 ${agent} "${words}"`;
}
