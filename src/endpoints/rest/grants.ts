import { GrantPath, Grants, PhoneGrantsPath, TokenKeyList } from '../../contract/grants.ts';
import type { Grant as GrantRecord, GrantService } from '../../domain/oauth/grants.ts';
import type { OauthFaultCode } from '../../domain/oauth/oauth-fault.ts';
import type { TokenKeyService } from '../../domain/oauth/token-key-service.ts';
import { toHex } from '../../kernel/bytes.ts';
import type { ProblemTable } from './problem.ts';
import { noContent, ok, type RestModule, route } from './route.ts';

const problems = {
  phone_not_found: { status: 404, title: 'There is no such phone' },
  grant_not_found: { status: 404, title: 'The phone holds no such tokens' },
} satisfies ProblemTable<OauthFaultCode>;

const show = ({
  deviceId: _,
  micSha256,
  createdAt,
  refreshedAt,
  expiresAt,
  accessUntil,
  revokedAt,
  ...grant
}: GrantRecord) => ({
  ...grant,
  activationId: grant.activationId ?? null,
  micSha256: toHex(micSha256),
  createdAt: createdAt.toISOString(),
  refreshedAt: refreshedAt?.toISOString() ?? null,
  expiresAt: expiresAt.toISOString(),
  accessUntil: accessUntil.toISOString(),
  state: revokedAt !== undefined ? 'revoked' : expiresAt.getTime() < Date.now() ? 'expired' : 'live',
  revokedAt: revokedAt?.toISOString() ?? null,
});

export function grantModule(grants: GrantService, keys: TokenKeyService): RestModule {
  return {
    tag: 'OAuth',
    description: 'The tokens that phones outside come in with',
    problems,
    routes: [
      route({
        method: 'GET',
        path: '/phones/{name}/grants',
        needs: ['phones.read'],
        summary: 'List the tokens of a phone',
        description: 'What its activations gave it, newest first: since when, until when, whether it still counts.',
        params: PhoneGrantsPath,
        answers: { 200: Grants },
        problems: ['phone_not_found'],
        async handle({ params: { name } }) {
          return ok({ items: (await grants.list(name.toUpperCase())).map(show) });
        },
      }),
      route({
        method: 'DELETE',
        path: '/phones/{name}/grants',
        needs: ['phones.write'],
        summary: 'Revoke the tokens of a phone',
        description:
          'The phone outside loses its registration within seconds and needs a new activation code to come back.',
        params: PhoneGrantsPath,
        answers: { 204: null },
        problems: ['phone_not_found', 'grant_not_found'],
        async handle({ params: { name }, caller }) {
          await grants.revoke(name.toUpperCase(), undefined, caller.actor);
          return noContent();
        },
      }),
      route({
        method: 'DELETE',
        path: '/phones/{name}/grants/{id}',
        needs: ['phones.write'],
        summary: 'Revoke one grant of a phone',
        description: 'The same for this very grant: refused when the phone has got another one meanwhile.',
        params: GrantPath,
        answers: { 204: null },
        problems: ['phone_not_found', 'grant_not_found'],
        async handle({ params: { name, id }, caller }) {
          await grants.revoke(name.toUpperCase(), id, caller.actor);
          return noContent();
        },
      }),
      route({
        method: 'GET',
        path: '/oauth-keys',
        needs: ['system.read'],
        summary: 'List the keys of access tokens',
        description: 'Shows what access tokens are signed with. The public keys themselves are at /oauth/v1/jwks.',
        answers: { 200: TokenKeyList },
        async handle() {
          return ok({ items: (await keys.list()).map(showKey) });
        },
      }),
      route({
        method: 'POST',
        path: '/oauth-keys',
        needs: ['system.write'],
        summary: 'Make a new key for access tokens',
        description:
          'The new key is published at once and signs two minutes later; tokens signed by the one before stay good until they end.',
        answers: { 200: TokenKeyList },
        async handle({ caller }) {
          await keys.rotate(caller.actor);
          return ok({ items: (await keys.list()).map(showKey) });
        },
      }),
    ],
  };
}

const showKey = (key: { kid: string; signsFrom: Date; acceptedUntil: Date | undefined }) => ({
  kid: key.kid,
  signsFrom: key.signsFrom.toISOString(),
  acceptedUntil: key.acceptedUntil?.toISOString() ?? null,
});
