/** What administrators decide about tokens, as it is now. */
export interface OauthSettings {
  /** Enterprise parameter "OAuth with Refresh Login Flow". */
  readonly refreshLoginFlow: boolean;
  /** "OAuth Access Token Expiry Timer (minutes)", 1 to 1440. */
  readonly accessMinutes: number;
  /** "Physical Phone OAuth Refresh Token Expiry Timer (days)", 1 to 90. */
  readonly refreshDays: number;
  /** Service parameter "Enable MRA Activation". */
  readonly mraActivation: boolean;
}

/** The longest life an access token can be given: how long an old signing key has to stay known. */
export const longestAccessMinutes = 1440;

/** Why no phone may activate over MRA now; undefined: it may. The codes are reasons of the timeline. */
export type MraOff = 'oauth_off' | 'mra_activation_off';

export function mraOff({ refreshLoginFlow, mraActivation }: OauthSettings): MraOff | undefined {
  if (!mraActivation) return 'mra_activation_off';
  return refreshLoginFlow ? undefined : 'oauth_off';
}

export const mraOffRemedy: Readonly<Record<MraOff, string>> = {
  oauth_off: 'Set the enterprise parameter "OAuth with Refresh Login Flow" to Enabled.',
  mra_activation_off: 'Set the service parameter "Enable MRA Activation" of the Device Activation Service to True.',
};
