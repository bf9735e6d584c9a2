import { crossSiteRefused, forbidden, notSignedIn, signInRefused } from '../../domain/access/access-fault.ts';
import type { AccessService } from '../../domain/access/access-service.ts';
import type { Caller } from '../../domain/access/permissions.ts';
import type { Needs } from './route.ts';

export const sessionCookie = '__Host-firstring';

export interface Headers {
  readonly [name: string]: string | readonly string[] | undefined;
}

export interface Identity {
  readonly caller: Caller;
  readonly session: { readonly token: string; readonly csrfToken: string } | undefined;
}

/**
 * Who sends this request. HTTP Basic wins over a cookie. A change that comes with a cookie must show that it comes from our own pages:
 * the Origin must be this server and the token of the session must be in a header, which no other site can read.
 */
export async function identify(
  access: AccessService,
  request: { method: string; headers: Headers; source: string; sessionCookie?: string | undefined },
): Promise<Identity | undefined> {
  const changes = !['GET', 'HEAD', 'OPTIONS'].includes(request.method);
  const authorization = single(request.headers['authorization']);
  if (changes) refuseForeignOrigin(request.headers);
  if (authorization !== undefined) {
    const { userId, password } = readBasic(authorization);
    return { caller: await access.withPassword(userId, password, request.source), session: undefined };
  }
  const token = cookiesOf(request.headers)[request.sessionCookie ?? sessionCookie];
  if (token === undefined) return undefined;
  const session = await access.withSession(token, request.source);
  if (changes) {
    if (single(request.headers['origin']) === undefined) throw crossSiteRefused('The Origin header is missing.');
    const given = single(request.headers['x-csrf-token']);
    if (given === undefined || !sameText(given, session.csrfToken))
      throw crossSiteRefused('The X-CSRF-Token header is missing or is not the one of this session.');
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

/** A browser names the page a change comes from; programs need not. */
export function refuseForeignOrigin(headers: Headers): void {
  const origin = single(headers['origin']);
  if (origin === undefined) return;
  const host = single(headers['host']) ?? single(headers[':authority']);
  if (origin.toLowerCase() !== `https://${host?.toLowerCase()}`)
    throw crossSiteRefused(`The request comes from ${origin.slice(0, 200)}, which is not this server.`);
}

export function cookiesOf(headers: Headers): Record<string, string | undefined> {
  const found: Record<string, string | undefined> = Object.create(null);
  for (const pair of (single(headers['cookie']) ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0) found[pair.slice(0, equals).trim()] ??= pair.slice(equals + 1).trim();
  }
  return found;
}

/** RFC 7617 with UTF-8. */
function readBasic(authorization: string): { userId: string; password: string } {
  const match = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization);
  const decoded = match === null ? undefined : Buffer.from(match[1]!, 'base64').toString('utf8');
  const colon = decoded?.indexOf(':') ?? -1;
  if (decoded === undefined || colon < 1 || decoded.includes('\0') || decoded.length > 1024) throw signInRefused();
  return { userId: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < Math.min(a.length, b.length); i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
