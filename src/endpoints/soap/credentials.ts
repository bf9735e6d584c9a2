/** RFC 7617, UTF-8. Undefined: absent, or not Basic. */
export function readBasic(authorization: string | undefined): { userId: string; password: string } | undefined {
  const match = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? '');
  const decoded = match === null ? '' : Buffer.from(match[1]!, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1 || decoded.includes('\0') || decoded.length > 1024) return undefined;
  return { userId: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

/** RFC 6265 §4.2; the first of a name counts. */
export function cookiesOf(header: string | undefined): Readonly<Record<string, string | undefined>> {
  const found: Record<string, string | undefined> = Object.create(null);
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0) found[pair.slice(0, equals).trim()] ??= pair.slice(equals + 1).trim();
  }
  return found;
}
