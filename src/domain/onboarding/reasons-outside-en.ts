import type { OutsideReason } from './steps-outside.ts';
import type { ReasonText } from './texts.ts';

/** What stops a phone outside: English. */
export const outsideReasonsEn: Readonly<Record<OutsideReason, ReasonText>> = {
  oauth_off: {
    cause: 'Phones outside come in with tokens, and OAuth with Refresh Login Flow is off.',
    remedy: 'Set the enterprise parameter “OAuth with Refresh Login Flow” to Enabled, then type the code again.',
  },
  mra_activation_off: {
    cause: 'Activation from outside is switched off for the whole cluster.',
    remedy:
      'Set the service parameter “Enable MRA Activation” of the Device Activation Service to True, then type the code again.',
  },
  mra_not_allowed: {
    cause: 'The record of this phone does not allow it to be used from outside.',
    remedy: 'Tick “Allow Activation Code via MRA” on the phone and generate a new activation code.',
  },
  foreign_file: {
    cause: 'The phone asked for a file that is not its own.',
    remedy: 'If this happens again, revoke the tokens of the phone and look at who has it.',
  },
  token_required: {
    cause: 'The phone showed no access token.',
    remedy: 'Update the firmware of the phone; if that does not help, activate it again with a new code.',
  },
  token_invalid: {
    cause: 'The access token was not made by this cluster, or not for this phone.',
    remedy: 'Activate the phone again with a new activation code.',
  },
  token_expired: {
    cause: 'The access token was too old.',
    remedy: 'Nothing to do if the phone comes back by itself; otherwise check the clocks of phone, edge and nodes.',
  },
  token_revoked: {
    cause: 'The tokens of the phone have been revoked.',
    remedy: 'Generate a new activation code for the phone if it is to be used from outside again.',
  },
  token_wrong_certificate: {
    cause: 'The token belongs to another certificate than the one the phone showed: it may have been copied.',
    remedy: 'Revoke the tokens of the phone that the token was made for and activate that phone again.',
  },
  token_wrong_audience: {
    cause: 'The access token is not for this service.',
    remedy: 'Update the firmware of the phone.',
  },
  refresh_reused: {
    cause: 'A refresh token was used twice: it may have been copied. All tokens of the phone have been revoked.',
    remedy: 'Find out who has the phone, then activate it again with a new code.',
  },
  refresh_expired: {
    cause: 'The phone was away for longer than its refresh token is good for.',
    remedy: 'Generate a new activation code for the phone.',
  },
};
