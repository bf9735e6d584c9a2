/** Everything that stops a phone outside, by the stable code its events carry. */
export const outsideReasons = [
  'oauth_off',
  'mra_activation_off',
  'mra_not_allowed',
  'foreign_file',
  'token_required',
  'token_invalid',
  'token_expired',
  'token_revoked',
  'token_wrong_certificate',
  'token_wrong_audience',
  'refresh_reused',
  'refresh_expired',
] as const;
export type OutsideReason = (typeof outsideReasons)[number];
