import { hash, randomUUID } from 'node:crypto';
import type { OauthSettings } from '../../src/domain/oauth/oauth-settings.ts';
import { type PhoneTokens, phoneTokens } from '../../src/domain/oauth/phone-tokens.ts';
import { systemClock, systemRandom } from '../../src/infra/crypto/random.ts';
import { sealer } from '../../src/infra/crypto/sealer.ts';
import { accessTokenSigner } from '../../src/infra/oauth/access-token-signer.ts';
import { makeTokenKey, type TokenKeys, tokenKeys } from '../../src/infra/oauth/token-keys.ts';
import { testKeyEncryptionKey } from './activation.ts';

export const testIssuer = 'urn:firstring:cluster:00000000-0000-4000-8000-000000000001';

export interface TestTokens {
  readonly tokens: PhoneTokens;
  readonly keys: TokenKeys;
  /** What administrators decided; change it as a test goes. */
  settings: OauthSettings;
}

export const everythingOn: OauthSettings = {
  refreshLoginFlow: true,
  accessMinutes: 60,
  refreshDays: 60,
  mraActivation: true,
};

/** Real tokens by a key of the test's own. */
export async function testTokens(settings: Partial<OauthSettings> = {}): Promise<TestTokens> {
  const box = sealer(testKeyEncryptionKey);
  const keys = tokenKeys(testIssuer, [{ ...(await makeTokenKey(box)), signsFrom: 0, acceptedUntil: undefined }], box);
  const made: { settings: OauthSettings; keys: TokenKeys } = { settings: { ...everythingOn, ...settings }, keys };
  return Object.assign(made, {
    tokens: phoneTokens({
      settings: () => made.settings,
      signer: accessTokenSigner(() => keys, systemClock),
      random: systemRandom,
      sha256: (bytes) => hash('sha256', bytes, 'buffer'),
      uuid: randomUUID,
    }),
  });
}
