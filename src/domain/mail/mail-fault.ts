import { Fault } from '../../kernel/errors.ts';
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

export const mailNotSetUp = () =>
  new MailFault('policy', 'mail_not_set_up', 'E-mail is not set up here.', {
    remedy: 'Set the enterprise parameters "SMTP Server" and "E-mail Sender Address".',
  });

export const handOverClosed = () =>
  new MailFault(
    'policy',
    'hand_over_closed',
    'Messages carry no activation code here, and Self Care shows none: there is nothing to send.',
    {
      remedy:
        'Set the enterprise parameter "E-mail Contains Activation Code" or "Show Phones Ready to Activate" to true.',
    },
  );
