import { crossSiteRefused, forbidden, notSignedIn, signInRefused } from '../../domain/access/access-fault.ts';
import type { AccessService } from '../../domain/access/access-service.ts';
import type { Caller } from '../../domain/access/permissions.ts';
import { say } from '../../texts/say.ts';
import { changes, cookiesOf, type RequestHeaders, readBasic, single } from '../browser-requests.ts';
import type { Needs } from './route.ts';

export const sessionCookie = '__Host-firstring';

export interface Identity {
  readonly caller: Caller;
  readonly session: { readonly token: string; readonly csrfToken: string } | undefined;
}

/**
 * Who sends this request. HTTP Basic wins over a cookie. What other sites send never comes this far (`refuseCrossSite`); a change that comes with a
 * cookie must show more: an Origin, and the token of the session in a header, which no other site can read.
 */
export async function identify(
  access: AccessService,
  request: { method: string; headers: RequestHeaders; source: string; sessionCookie?: string | undefined },
): Promise<Identity | undefined> {
  const authorization = single(request.headers['authorization']);
  if (authorization !== undefined) {
    const given = readBasic(authorization);
    if (given === undefined) throw signInRefused();
    return { caller: await access.withPassword(given.userId, given.password, request.source), session: undefined };
  }
  const token = cookiesOf(request.headers['cookie'])[request.sessionCookie ?? sessionCookie];
  if (token === undefined) return undefined;
  const session = await access.withSession(token, request.source);
  if (changes(request.method)) {
    if (single(request.headers['origin']) === undefined) throw crossSiteRefused(say('cross_site_refused.no_origin'));
    const given = single(request.headers['x-csrf-token']);
    if (given === undefined || !sameText(given, session.csrfToken))
      throw crossSiteRefused(say('cross_site_refused.token'));
  }
  return { caller: session.caller, session: { token, csrfToken: session.csrfToken } };
}

/** Throws when `identity` does not open a door that needs `needs`. */
export function authorize(needs: Needs, identity: Identity | undefined): void {
  if (needs === 'public') return;
  if (identity === undefined) throw notSignedIn();
  if (needs === 'signed-in') return;
  if (!needs.some((permission) => identity.caller.can(permission))) throw forbidden();
}

function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < Math.min(a.length, b.length); i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
