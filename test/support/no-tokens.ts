import { type PhoneTokens, phoneTokens } from '../../src/domain/oauth/phone-tokens.ts';
import { systemRandom } from '../../src/infra/crypto/random.ts';

/** For handshakes that have nothing to do with MRA: "OAuth with Refresh Login Flow" is off. */
export const noTokens: PhoneTokens = phoneTokens({
  settings: () => ({ refreshLoginFlow: false, accessMinutes: 60, refreshDays: 60, mraActivation: true }),
  signer: { sign: () => Promise.reject(new Error('no tokens here')) },
  random: systemRandom,
  sha256: () => new Uint8Array(32),
  uuid: () => '',
});
