import { crossSiteRefused } from '../domain/access/access-fault.ts';
import { say } from '../texts/say.ts';

/** Header fields of a request, by name in lower case. */
export interface RequestHeaders {
  readonly [name: string]: string | readonly string[] | undefined;
}

/**
 * The one rule for every door that takes what a browser sends by itself (a cookie, a remembered HTTP Basic password): another page cannot use them.
 * A browser names the page a request comes from in Origin and Sec-Fetch-Site, and no page can forge either; programs send neither.
 * Reading by following a link stays possible (a link in an e-mail): what comes back reaches no page but ours.
 * Throws AccessFault `cross_site_refused`. Sources: Fetch §3.2, W3C Fetch Metadata.
 */
export function refuseCrossSite(method: string, headers: RequestHeaders): void {
  const origin = single(headers['origin']);
  if (changes(method) && origin !== undefined && origin.toLowerCase() !== ownOrigin(headers))
    throw crossSiteRefused(say('cross_site_refused.origin', { origin: origin.slice(0, 200) }));
  const site = single(headers['sec-fetch-site'])?.toLowerCase();
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  if (!changes(method) && single(headers['sec-fetch-mode'])?.toLowerCase() === 'navigate') return;
  throw crossSiteRefused(say('cross_site_refused'));
}

/** Whether a method may change something. */
export function changes(method: string): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method);
}

/**
 * A browser, not a program: what a challenge makes it ask a person for, it keeps and sends with every later request, those of other pages
 * too. Old browsers send no Sec-Fetch fields, but none calls itself anything else than Mozilla when it wants a page; some SOAP clients want
 * HTML as well, under names of their own.
 */
export function comesFromBrowser(headers: RequestHeaders): boolean {
  if (['sec-fetch-mode', 'sec-fetch-site', 'sec-fetch-dest'].some((name) => headers[name] !== undefined)) return true;
  return (
    /\btext\/html\b/i.test(single(headers['accept']) ?? '') && /^Mozilla\//.test(single(headers['user-agent']) ?? '')
  );
}

/** WWW-Authenticate for who is not signed in; undefined for a browser, which would remember the password. */
export function basicChallenge(realm: string, headers: RequestHeaders): string | undefined {
  return comesFromBrowser(headers) ? undefined : `Basic realm="${realm}", charset="UTF-8"`;
}

/** The value of a field that comes once; of several, the first. */
export function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

/** RFC 6265 §4.2; the first of a name counts. */
export function cookiesOf(
  header: string | readonly string[] | undefined,
): Readonly<Record<string, string | undefined>> {
  const found: Record<string, string | undefined> = Object.create(null);
  for (const pair of (single(header) ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0) found[pair.slice(0, equals).trim()] ??= pair.slice(equals + 1).trim();
  }
  return found;
}

/** A Set-Cookie value that no other site, no script and no plain connection gets hold of. The name must begin with `__Host-`. `life`: seconds; absent: the browser's session. */
export function hostCookie(name: `__Host-${string}`, value: string, life?: number): string {
  return `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=Strict${life === undefined ? '' : `; Max-Age=${life}`}`;
}

/** Beside the cookie of a session, and long after it: the browser is one in which somebody signed in before. */
export const deviceCookieOf = (sessionCookie: `__Host-${string}`): `__Host-${string}` => `${sessionCookie}-device`;

/** What a sign-in leaves in the browser. `deviceLife`: seconds. */
export function signInCookies(
  name: `__Host-${string}`,
  { token, device }: { readonly token: string; readonly device: string },
  deviceLife: number,
): { readonly 'set-cookie': string[] } {
  return { 'set-cookie': [hostCookie(name, token), hostCookie(deviceCookieOf(name), device, deviceLife)] };
}

/** RFC 7617, UTF-8. Undefined: absent, or not Basic. */
export function readBasic(authorization: string | undefined): { userId: string; password: string } | undefined {
  const match = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? '');
  const decoded = match === null ? '' : Buffer.from(match[1]!, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1 || decoded.includes('\0') || decoded.length > 1024) return undefined;
  return { userId: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

function ownOrigin(headers: RequestHeaders): string {
  return `https://${(single(headers['host']) ?? single(headers[':authority']))?.toLowerCase()}`;
}
