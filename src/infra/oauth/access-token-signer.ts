import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { AccessTokenSigner } from '../../domain/oauth/phone-tokens.ts';
import type { Clock } from '../../kernel/clock.ts';
import {
  accessTokenAlgorithm,
  accessTokenType,
  certificateConfirmation,
  phoneClientId,
} from '../../protocol/oauth/access-token.ts';
import type { TokenKeys } from './token-keys.ts';

/** Signs with whatever key is in turn. */
export function accessTokenSigner(keys: () => TokenKeys, clock: Clock): AccessTokenSigner {
  return {
    sign({ familyId, deviceId, deviceName, micSha256, audiences, lifeSeconds }) {
      const now = clock.now();
      const { kid, privateKey } = keys().signing(now);
      const issuedAt = Math.floor(now / 1000);
      return new SignJWT({
        fam: familyId,
        did: deviceId,
        client_id: phoneClientId,
        cnf: { ...certificateConfirmation(micSha256) },
      })
        .setProtectedHeader({ alg: accessTokenAlgorithm, typ: accessTokenType, kid })
        .setIssuer(keys().issuer)
        .setSubject(deviceName)
        .setAudience([...audiences])
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifeSeconds)
        .setJti(randomUUID())
        .sign(privateKey);
    },
  };
}
