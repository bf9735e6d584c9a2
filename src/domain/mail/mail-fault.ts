import { Fault } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';
import type { MailProblem } from './problems.ts';

export type MailFaultCode =
  | MailProblem
  | 'phone_not_found'
  | 'no_active_code'
  | 'no_owner'
  | 'code_withheld'
  | 'no_mail_address'
  | 'bad_mail_address'
  | 'hand_over_closed'
  | 'too_many_messages';

export class MailFault extends Fault<MailFaultCode> {}

export const mailNotSetUp = () => new MailFault('policy', say('mail_not_set_up'));

export const handOverClosed = () => new MailFault('policy', say('hand_over_closed'));
