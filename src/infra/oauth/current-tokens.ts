import { hash, randomUUID } from 'node:crypto';
import type { PhoneTokens } from '../../domain/oauth/phone-tokens.ts';
import { phoneTokens } from '../../domain/oauth/phone-tokens.ts';
import type { Sealer } from '../../domain/ports.ts';
import { systemClock, systemRandom } from '../crypto/random.ts';
import type { OauthSnapshot } from '../database/oauth-key-store.ts';
import { accessTokenSigner } from './access-token-signer.ts';
import { type TokenKeys, tokenKeys } from './token-keys.ts';

export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');

export interface CurrentTokens {
  readonly tokens: PhoneTokens;
  keys(): TokenKeys;
  replace(snapshot: OauthSnapshot): void;
}

/** Tokens by the newest snapshot of keys and settings. */
export function currentTokens(snapshot: OauthSnapshot, sealer: Sealer): CurrentTokens {
  let newest = snapshot;
  let keys = tokenKeys(snapshot.issuer, snapshot.keys, sealer);
  return {
    keys: () => keys,
    tokens: phoneTokens({
      settings: () => newest.settings,
      signer: accessTokenSigner(() => keys, systemClock),
      random: systemRandom,
      sha256,
      uuid: randomUUID,
    }),
    replace(next) {
      newest = next;
      keys = tokenKeys(next.issuer, next.keys, sealer);
    },
  };
}
