/** One header field line after unfolding. List headers that routing needs hold one value per field. */
export interface HeaderField {
  /** As it is written out: the long form for known headers. */
  readonly name: string;
  /** Lower-case long form: `call-id`. */
  readonly key: string;
  readonly text: string;
}

export interface SipRequest {
  readonly kind: 'request';
  /** Case-sensitive: INVITE. */
  readonly method: string;
  /** The Request-URI as it was written. */
  readonly uri: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
}

export interface SipResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
}

export type SipMessage = SipRequest | SipResponse;

export const noBody = new Uint8Array(0);

/** RFC 3261 §7.3.3 and the extensions' own compact forms. */
const compact: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
};

const irregular: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'www-authenticate': 'WWW-Authenticate',
  'mime-version': 'MIME-Version',
  rack: 'RAck',
  rseq: 'RSeq',
  'sip-etag': 'SIP-ETag',
  'sip-if-match': 'SIP-If-Match',
};

const known = new Map<string, { key: string; name: string }>();

/** Resolves compact forms and case. `v` → {key: 'via', name: 'Via'}; an unknown name keeps its spelling. */
export function headerName(written: string): { key: string; name: string } {
  const hit = known.get(written);
  if (hit !== undefined) return hit;
  const lower = written.toLowerCase();
  const key = (lower.length === 1 ? compact[lower] : undefined) ?? lower;
  return { key, name: key === lower ? written : nameOf(key) };
}

/** `call-id` → `Call-ID`. */
export function nameOf(key: string): string {
  return irregular[key] ?? key.replace(/(^|-)([a-z])/g, (_, dash: string, c: string) => dash + c.toUpperCase());
}

for (const key of [
  ...Object.values(compact),
  ...Object.keys(irregular),
  ...[
    'max-forwards',
    'expires',
    'user-agent',
    'server',
    'authorization',
    'proxy-authorization',
    'allow',
    'accept',
    'date',
    'route',
    'record-route',
    'reason',
    'session-id',
    'require',
    'warning',
  ],
]) {
  const entry = { key, name: nameOf(key) };
  for (const spelling of [key, entry.name]) known.set(spelling, entry);
}
for (const [letter, key] of Object.entries(compact)) known.set(letter, { key, name: nameOf(key) });

export function field(name: string, text: string): HeaderField {
  const { key, name: written } = headerName(name);
  return { name: written, key, text };
}

/** First value. `key` is the lower-case long name. */
export function header(message: { readonly headers: readonly HeaderField[] }, key: string): string | undefined {
  for (const each of message.headers) if (each.key === key) return each.text;
  return undefined;
}

export function headerAll(message: { readonly headers: readonly HeaderField[] }, key: string): string[] {
  const values: string[] = [];
  for (const each of message.headers) if (each.key === key) values.push(each.text);
  return values;
}

/** Tokens of a comma list over all fields of that name: Supported, Require, Allow. */
export function headerTokens(message: { readonly headers: readonly HeaderField[] }, key: string): string[] {
  const tokens: string[] = [];
  for (const each of message.headers) {
    if (each.key !== key) continue;
    for (const piece of each.text.split(',')) if (piece.trim() !== '') tokens.push(piece.trim());
  }
  return tokens;
}

/** Replaces the first field of that name (others are dropped), or appends it. */
export function withHeader<M extends SipMessage>(message: M, name: string, text: string): M {
  const fresh = field(name, text);
  const headers: HeaderField[] = [];
  let placed = false;
  for (const each of message.headers) {
    if (each.key !== fresh.key) headers.push(each);
    else if (!placed) {
      headers.push(fresh);
      placed = true;
    }
  }
  if (!placed) headers.push(fresh);
  return { ...message, headers };
}

export function withoutHeader<M extends SipMessage>(message: M, key: string): M {
  return { ...message, headers: message.headers.filter((each) => each.key !== key) };
}

/** Puts a value before the others of its name: the order of Via, Route and Record-Route is their meaning. */
export function withHeaderOnTop<M extends SipMessage>(message: M, name: string, text: string): M {
  return { ...message, headers: [field(name, text), ...message.headers] };
}

/** Drops the first value of that name. */
export function withoutFirst<M extends SipMessage>(message: M, key: string): M {
  const at = message.headers.findIndex((each) => each.key === key);
  return at < 0 ? message : { ...message, headers: message.headers.toSpliced(at, 1) };
}
