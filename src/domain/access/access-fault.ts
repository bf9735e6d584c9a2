import { Fault } from '../../kernel/errors.ts';

export type AccessFaultCode =
  | 'not_signed_in'
  | 'sign_in_refused'
  | 'session_expired'
  | 'forbidden'
  | 'cross_site_refused'
  | 'too_many_guesses'
  | 'busy';

export class AccessFault extends Fault<AccessFaultCode> {}

export const notSignedIn = () =>
  new AccessFault('caller', 'not_signed_in', 'This needs a user name and a password, or a session.', {
    remedy: 'Send HTTP Basic credentials, or sign in with POST /api/v1/session.',
  });

/** One answer for an unknown user, a wrong password and a disabled user. */
export const signInRefused = () =>
  new AccessFault('caller', 'sign_in_refused', 'The user name or the password is wrong.', {
    remedy: 'Check both. An administrator can set a new password.',
  });

export const sessionExpired = () =>
  new AccessFault('caller', 'session_expired', 'The session has ended.', { remedy: 'Sign in again.' });

export const forbidden = () =>
  new AccessFault('policy', 'forbidden', 'Your roles do not allow this.', {
    remedy: 'Ask an administrator for a role that does.',
  });

export const crossSiteRefused = (why: string) =>
  new AccessFault('policy', 'cross_site_refused', why, {
    remedy: 'Send the Origin of this server and the X-CSRF-Token that came with the session.',
  });

export const tooManyGuesses = (retryAfterSeconds: number) =>
  new AccessFault('policy', 'too_many_guesses', 'Too many wrong passwords.', {
    remedy: `Wait ${Math.ceil(retryAfterSeconds / 60)} minutes and try again.`,
    detail: { retryAfter: retryAfterSeconds },
  });

export const tooBusy = () =>
  new AccessFault('policy', 'busy', 'Too many people are signing in at once.', {
    remedy: 'Try again in a few seconds.',
    detail: { retryAfter: 2 },
  });
