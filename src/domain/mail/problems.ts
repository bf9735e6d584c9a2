/** Why a message is not sent, or not yet. The words for each are in the onboarding catalogue. */

/** The mail server as a whole: every message waits, an administrator can help. */
export const serverProblems = [
  'mail_not_set_up',
  'mail_server_unreachable',
  'mail_tls_failed',
  'mail_login_refused',
  'mail_sender_refused',
] as const;
/** This message, for now. */
export const passingProblems = ['mail_server_busy'] as const;
/** This message, for good. */
export const lastingProblems = [
  'mail_recipient_refused',
  'mail_message_refused',
  'mail_address_missing',
  'mail_address_invalid',
] as const;
/** It is not wanted any more. */
export const cancellations = [
  'mail_code_used',
  'mail_code_ended',
  'mail_code_expired',
  'mail_owner_changed',
  'mail_owner_unconfirmed',
  'mail_hand_over_closed',
] as const;

export type ServerProblem = (typeof serverProblems)[number];
export type PassingProblem = (typeof passingProblems)[number];
export type LastingProblem = (typeof lastingProblems)[number];
export type Cancellation = (typeof cancellations)[number];
export type MailProblem = ServerProblem | PassingProblem | LastingProblem;

export function isServerProblem(problem: string): problem is ServerProblem {
  return (serverProblems as readonly string[]).includes(problem);
}

export function isLastingProblem(problem: string): problem is LastingProblem {
  return (lastingProblems as readonly string[]).includes(problem);
}

/**
 * Milliseconds until the next try, after so many. Quick at first: most outages are short; then four times an hour.
 */
export function retryDelay(attempts: number): number {
  return Math.min(5_000 * 3 ** Math.max(0, attempts - 1), 15 * 60_000);
}

/** What a server said, fit to be stored and shown: one printable line, no more than 200 characters, nothing that looks like a code. */
export function shownAnswer(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/(?:\d[-. ]?){15}\d/g, '****')
    .trim()
    .slice(0, 200);
}
