import { Fault, type Sentence } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';

export type AccessFaultCode =
  | 'not_signed_in'
  | 'sign_in_refused'
  | 'session_expired'
  | 'forbidden'
  | 'cross_site_refused'
  | 'too_many_guesses'
  | 'busy';

export class AccessFault extends Fault<AccessFaultCode> {}

export const notSignedIn = () => new AccessFault('caller', say('not_signed_in'));

/** One answer for an unknown user, a wrong password and a disabled user. */
export const signInRefused = () => new AccessFault('caller', say('sign_in_refused'));

export const sessionExpired = () => new AccessFault('caller', say('session_expired'));

export const forbidden = () => new AccessFault('policy', say('forbidden'));

export const crossSiteRefused = (sentence: Sentence<'cross_site_refused'>) => new AccessFault('policy', sentence);

export const tooManyGuesses = (retryAfterSeconds: number) =>
  new AccessFault('policy', say('too_many_guesses', { minutes: Math.ceil(retryAfterSeconds / 60) }), {
    detail: { retryAfter: retryAfterSeconds },
  });

export const tooBusy = () => new AccessFault('policy', say('busy'), { detail: { retryAfter: 2 } });
