import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import type { Sealer } from '../../domain/ports.ts';
import { Fault } from '../../kernel/errors.ts';
import type { JsonWebKeyEc, JsonWebKeys } from '../../protocol/edge-access/cluster-view.ts';
import { say } from '../../texts/say.ts';

/** Sealer purpose of `oauth_key.private_sealed`; plain: PKCS#8 DER. */
const purpose = (kid: string) => `oauth-key ${kid}`;

/** A signing key as it is stored. Plain data: goes to other threads. Times in ms since the epoch. */
export interface StoredTokenKey {
  readonly kid: string;
  readonly jwk: JsonWebKeyEc;
  readonly sealed: Uint8Array;
  readonly signsFrom: number;
  readonly acceptedUntil: number | undefined;
}

export interface TokenKeys {
  readonly issuer: string;
  /** Public keys that tokens may be signed with now, or soon. */
  readonly jwks: JsonWebKeys;
  /** The key in turn. `now`: ms since the epoch. */
  signing(now: number): { readonly kid: string; readonly privateKey: KeyObject };
}

export async function makeTokenKey(sealer: Sealer): Promise<Pick<StoredTokenKey, 'kid' | 'jwk' | 'sealed'>> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x: x!, y: y! });
  return {
    kid,
    jwk: { kid, kty: 'EC', crv: 'P-256', x: x!, y: y!, alg: 'ES256', use: 'sig' },
    sealed: sealer.seal(purpose(kid), privateKey.export({ format: 'der', type: 'pkcs8' })),
  };
}

/** Private keys are opened when first used. */
export function tokenKeys(issuer: string, stored: readonly StoredTokenKey[], sealer: Sealer): TokenKeys {
  const byAge = stored.toSorted((a, b) => b.signsFrom - a.signsFrom);
  const opened = new Map<string, KeyObject>();
  return {
    issuer,
    jwks: { keys: byAge.map(({ jwk }) => jwk) },
    signing(now) {
      // Clocks of node and database may differ a little: with one key there is nothing to choose.
      const key = byAge.find(({ signsFrom }) => signsFrom <= now) ?? byAge.at(-1);
      if (key === undefined) throw new Fault('ours', say('no_token_key'));
      let privateKey = opened.get(key.kid);
      if (privateKey === undefined) {
        const der = Buffer.from(sealer.open(purpose(key.kid), key.sealed));
        privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
        opened.set(key.kid, privateKey);
      }
      return { kid: key.kid, privateKey };
    },
  };
}
