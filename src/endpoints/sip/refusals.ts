import type { RefusalCode } from '../../domain/registration/ports.ts';

/** How a refused registration is told to the phone: status, and the words of Warning 399 in plain language. */
export const refusalAnswers: Readonly<Record<RefusalCode, { readonly status: number; readonly words: string }>> = {
  unknown_device: { status: 404, words: 'No such phone or line is in the database' },
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
  digest_failed: { status: 403, words: 'The digest credentials are wrong' },
  registered_elsewhere: { status: 403, words: 'The registration is held by another client' },
  interval_too_brief: { status: 423, words: 'The registration interval is too short' },
  out_of_order: { status: 500, words: 'A later REGISTER of this phone came first' },
  too_many_contacts: { status: 403, words: 'Too many contacts' },
  busy: { status: 503, words: 'Too many phones register at once' },
};

/** Value of a Warning header. */
export function warning(agent: string, words: string): string {
  return `399 ${agent} "${words}"`;
}
