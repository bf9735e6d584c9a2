import { unquote } from './grammar.ts';

export type DigestAlgorithm = 'MD5' | 'SHA-256';

/** Lower-case hex digest of UTF-8 text. */
export type DigestHash = (algorithm: DigestAlgorithm, text: string) => string;

/** A challenge or credentials header: scheme in lower case, parameter names in lower case, values unquoted. */
export interface AuthHeader {
  readonly scheme: string;
  readonly params: ReadonlyMap<string, string>;
}

const authParam = /[ \t]*([A-Za-z0-9\-.!%*_+`'~]+)[ \t]*=[ \t]*("(?:[^"\\]|\\[\s\S])*"|[^\s,"]+)[ \t]*(?:,(?!\s*$)|$)/y;

/** Undefined when it is not `Scheme name=value, …` or a name comes twice. */
export function parseAuthHeader(text: string): AuthHeader | undefined {
  const match = /^([A-Za-z0-9\-.!%*_+`'~]+)[ \t]+(\S.*)$/s.exec(text.trim());
  if (match === null) return undefined;
  const params = new Map<string, string>();
  const rest = match[2]!;
  authParam.lastIndex = 0;
  while (authParam.lastIndex < rest.length) {
    const found = authParam.exec(rest);
    if (found === null) return undefined;
    const name = found[1]!.toLowerCase();
    if (params.has(name)) return undefined;
    params.set(name, unquote(found[2]!));
  }
  return { scheme: match[1]!.toLowerCase(), params };
}

/** Credentials of RFC 8760 / RFC 3261 §22.4 with qop=auth. `nc` as a number, `ncText` as it was hashed. */
export interface DigestCredentials {
  readonly algorithm: DigestAlgorithm;
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly cnonce: string;
  readonly nc: number;
  readonly ncText: string;
}

/** Undefined when it is another scheme, lacks a part, or does not use qop=auth: without qop there is no replay protection. */
export function parseDigestCredentials(text: string): DigestCredentials | undefined {
  const header = parseAuthHeader(text);
  if (header?.scheme !== 'digest') return undefined;
  const { params } = header;
  const algorithm = algorithmOf(params.get('algorithm'));
  const [username, realm, nonce, uri] = ['username', 'realm', 'nonce', 'uri'].map((name) => params.get(name));
  const [response, cnonce, ncText] = ['response', 'cnonce', 'nc'].map((name) => params.get(name));
  if (algorithm === undefined || params.get('qop')?.toLowerCase() !== 'auth') return undefined;
  if (!username || realm === undefined || !nonce || !uri || !response || !cnonce || !ncText) return undefined;
  if (!/^[0-9a-f]{8}$/i.test(ncText) || !/^[0-9a-f]{32,64}$/i.test(response)) return undefined;
  return {
    algorithm,
    username,
    realm,
    nonce,
    uri,
    response: response.toLowerCase(),
    cnonce,
    nc: Number.parseInt(ncText, 16),
    ncText,
  };
}

function algorithmOf(text: string | undefined): DigestAlgorithm | undefined {
  const upper = (text ?? 'MD5').toUpperCase();
  return upper === 'MD5' || upper === 'SHA-256' ? upper : undefined;
}

export interface ChallengeOptions {
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm: DigestAlgorithm;
  /** The nonce was ours but too old: the client may try again without asking a person. */
  readonly stale?: boolean;
}

/** Value of WWW-Authenticate or Proxy-Authenticate. */
export function digestChallenge({ realm, nonce, algorithm, stale }: ChallengeOptions): string {
  return `Digest realm="${realm}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale ? ', stale=true' : ''}`;
}

/** The `response` value for qop=auth. */
export function digestResponse(
  hash: DigestHash,
  parts: Pick<DigestCredentials, 'algorithm' | 'username' | 'realm' | 'nonce' | 'uri' | 'cnonce' | 'ncText'> & {
    readonly method: string;
    readonly password: string;
    /** What `digestSecret` made of the password before, to save a hash. */
    readonly ha1?: string;
  },
): string {
  const { algorithm } = parts;
  const a1 = parts.ha1 ?? digestSecret(hash, algorithm, parts);
  const a2 = hash(algorithm, `${parts.method}:${parts.uri}`);
  return hash(algorithm, `${a1}:${parts.nonce}:${parts.ncText}:${parts.cnonce}:auth:${a2}`);
}

/** The part of the response that is the same for every request of one user: H(user:realm:password). As secret as the password. */
export function digestSecret(
  hash: DigestHash,
  algorithm: DigestAlgorithm,
  { username, realm, password }: { readonly username: string; readonly realm: string; readonly password: string },
): string {
  return hash(algorithm, `${username}:${realm}:${password}`);
}

/** Compares without leaking how far two digests agree. */
export function sameDigest(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

export interface DigestAnswer {
  /** Values of WWW-Authenticate or Proxy-Authenticate. SHA-256 is answered where it is offered, wherever it stands. */
  readonly challenges: readonly string[];
  readonly method: string;
  /** Usually the Request-URI. */
  readonly uri: string;
  readonly username: string;
  readonly password: string;
  /** Hex text, fresh for each answer. */
  readonly cnonce: string;
  /** How often this nonce has been used, this time included. Default 1. */
  readonly nonceCount?: number;
}

/** The client's side: value of Authorization or Proxy-Authorization, or undefined when no challenge is understood. */
export function answerDigest(hash: DigestHash, answer: DigestAnswer): string | undefined {
  const strongestFirst = answer.challenges.toSorted((a, b) => Number(/sha-256/i.test(b)) - Number(/sha-256/i.test(a)));
  for (const text of strongestFirst) {
    const challenge = parseAuthHeader(text);
    if (challenge?.scheme !== 'digest') continue;
    const algorithm = algorithmOf(challenge.params.get('algorithm'));
    const realm = challenge.params.get('realm');
    const nonce = challenge.params.get('nonce');
    if (algorithm === undefined || realm === undefined || nonce === undefined) continue;
    const offered = challenge.params.get('qop');
    if (offered === undefined || !offered.split(',').some((each) => each.trim().toLowerCase() === 'auth')) continue;
    const { username, uri, cnonce } = answer;
    const ncText = (answer.nonceCount ?? 1).toString(16).padStart(8, '0');
    const { method, password } = answer;
    const response = digestResponse(hash, { algorithm, username, realm, nonce, uri, cnonce, ncText, method, password });
    const opaque = challenge.params.get('opaque');
    return (
      `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", ` +
      `algorithm=${algorithm}, qop=auth, nc=${ncText}, cnonce="${cnonce}"${opaque === undefined ? '' : `, opaque="${opaque}"`}`
    );
  }
  return undefined;
}
