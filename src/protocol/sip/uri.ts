import { MalformedError } from '../../kernel/errors.ts';
import { type Param, paramValue } from './grammar.ts';

/** sip: or sips: (RFC 3261 §19.1). `user` and parameters keep their escapes: what was read is what is written. */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Name, IPv4, or IPv6 in brackets; lower case. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: readonly Param[];
  /** After `?`, raw, without it. */
  readonly headers: string | undefined;
}

export type Uri = { readonly kind: 'sip'; readonly uri: SipUri } | { readonly kind: 'other'; readonly scheme: string };

const userPattern = /^(?:[A-Za-z0-9\-_.!~*'()&=+$,;?/]|%[0-9A-Fa-f]{2})+$/;
const passwordPattern = /^(?:[A-Za-z0-9\-_.!~*'()&=+$,]|%[0-9A-Fa-f]{2})*$/;
const hostPattern =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*\.?|\[[0-9A-Fa-f:.]{2,45}\])$/;
const paramPart = /^(?:[A-Za-z0-9\-_.!~*'()[\]/:&+$]|%[0-9A-Fa-f]{2})+$/;
const headersPattern =
  /^(?:[A-Za-z0-9\-_.!~*'()[\]/?:+$]|%[0-9A-Fa-f]{2})+=(?:[A-Za-z0-9\-_.!~*'()[\]/?:+$]|%[0-9A-Fa-f]{2})*(?:&(?:[A-Za-z0-9\-_.!~*'()[\]/?:+$]|%[0-9A-Fa-f]{2})+=(?:[A-Za-z0-9\-_.!~*'()[\]/?:+$]|%[0-9A-Fa-f]{2})*)*$/;
const scheme = /^[A-Za-z][A-Za-z0-9+\-.]*$/;

export function isHost(text: string): boolean {
  return text.length <= 255 && hostPattern.test(text);
}

/** `host`, `host:port`, `[v6]:port`. @throws MalformedError */
export function parseHostPort(text: string): { host: string; port: number | undefined } {
  const end = text[0] === '[' ? text.indexOf(']') + 1 : text.indexOf(':');
  const host = end <= 0 ? text : text.slice(0, end);
  const rest = end <= 0 ? '' : text.slice(end);
  if (!isHost(host)) throw new MalformedError('not a host');
  if (rest === '') return { host: host.toLowerCase(), port: undefined };
  if (!/^:[0-9]{1,5}$/.test(rest)) throw new MalformedError('not a port');
  const port = Number(rest.slice(1));
  if (port > 65535) throw new MalformedError('not a port');
  return { host: host.toLowerCase(), port };
}

/**
 * Any absolute URI; only sip and sips are taken apart.
 * @throws MalformedError
 */
export function parseUri(text: string): Uri {
  const colon = text.indexOf(':');
  if (colon <= 0) throw new MalformedError('a URI needs a scheme');
  const name = text.slice(0, colon);
  if (!scheme.test(name)) throw new MalformedError('a URI needs a scheme');
  const lower = name.toLowerCase();
  if (lower !== 'sip' && lower !== 'sips') {
    if (!/^[\x21-\x7e]+$/.test(text) || /[<>"]/.test(text))
      throw new MalformedError('a URI holds a forbidden character');
    return { kind: 'other', scheme: lower };
  }
  return { kind: 'sip', uri: parseSipUri(text) };
}

let lastText = '';
let lastUri: SipUri | undefined;

/**
 * The last answer is kept: From and To of a REGISTER, and their neighbours, often hold the same URI.
 * @throws MalformedError when it is not a well-formed sip: or sips: URI.
 */
export function parseSipUri(text: string): SipUri {
  if (lastUri !== undefined && text === lastText) return lastUri;
  const uri = readSipUri(text);
  lastText = text;
  lastUri = uri;
  return uri;
}

function readSipUri(text: string): SipUri {
  const colon = text.indexOf(':');
  const lower = text.slice(0, Math.max(colon, 0)).toLowerCase();
  if (lower !== 'sip' && lower !== 'sips') throw new MalformedError('not a sip URI');
  let rest = text.slice(colon + 1);
  let user: string | undefined;
  let password: string | undefined;
  const at = rest.indexOf('@');
  if (at >= 0) {
    const info = rest.slice(0, at);
    const split = info.indexOf(':');
    user = split < 0 ? info : info.slice(0, split);
    password = split < 0 ? undefined : info.slice(split + 1);
    if (!userPattern.test(user)) throw new MalformedError('not a user part');
    if (password !== undefined && !passwordPattern.test(password)) throw new MalformedError('not a password part');
    rest = rest.slice(at + 1);
  }
  let headers: string | undefined;
  const question = rest.indexOf('?');
  if (question >= 0) {
    headers = rest.slice(question + 1);
    if (!headersPattern.test(headers)) throw new MalformedError('not a headers part');
    rest = rest.slice(0, question);
  }
  const semicolon = rest.indexOf(';');
  const params = semicolon < 0 ? [] : parseUriParams(rest.slice(semicolon + 1));
  const { host, port } = parseHostPort(semicolon < 0 ? rest : rest.slice(0, semicolon));
  return { scheme: lower, user, password, host, port, params, headers };
}

function parseUriParams(text: string): Param[] {
  const params: Param[] = [];
  for (const piece of text.split(';')) {
    const equals = piece.indexOf('=');
    const name = equals < 0 ? piece : piece.slice(0, equals);
    const value = equals < 0 ? undefined : piece.slice(equals + 1);
    if (!paramPart.test(name) || (value !== undefined && !paramPart.test(value))) {
      throw new MalformedError('not a URI parameter');
    }
    if (params.some(([other]) => other.toLowerCase() === name.toLowerCase())) {
      throw new MalformedError(`URI parameter ${name} is given twice`);
    }
    params.push([name, value]);
  }
  return params;
}

export function formatUri(uri: SipUri): string {
  let text = `${uri.scheme}:`;
  if (uri.user !== undefined) text += `${uri.user}${uri.password === undefined ? '' : `:${uri.password}`}@`;
  text += uri.host;
  if (uri.port !== undefined) text += `:${uri.port}`;
  for (const [name, value] of uri.params) text += value === undefined ? `;${name}` : `;${name}=${value}`;
  if (uri.headers !== undefined) text += `?${uri.headers}`;
  return text;
}

/** Escapes resolved as UTF-8; escapes that are not UTF-8 stay as they are. */
export function decodedUser(uri: SipUri): string | undefined {
  if (uri.user === undefined || !uri.user.includes('%')) return uri.user;
  try {
    return decodeURIComponent(uri.user);
  } catch {
    return uri.user;
  }
}

/** Escapes whatever a user part may not hold. */
export function encodeUser(text: string): string {
  return encodeURIComponent(text).replace(/%(24|26|2B|2C|2F|3B|3D|3F)/g, (part) => decodeURIComponent(part));
}

function normalised(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}/g, (part) => {
    const c = String.fromCharCode(Number.parseInt(part.slice(1), 16));
    return /[A-Za-z0-9\-_.!~*'()]/.test(c) ? c : part.toUpperCase();
  });
}

const mustMatch = ['user', 'ttl', 'method', 'maddr', 'transport'];

/** RFC 3261 §19.1.4, the headers part compared as text. */
export function sameUri(a: SipUri, b: SipUri): boolean {
  if (a.scheme !== b.scheme || a.host !== b.host || a.port !== b.port) return false;
  if (normalised(a.user ?? '') !== normalised(b.user ?? '') || (a.user === undefined) !== (b.user === undefined)) {
    return false;
  }
  if (normalised(a.password ?? '') !== normalised(b.password ?? '') || a.headers !== b.headers) return false;
  for (const [name, value] of a.params) {
    const other = paramValue(b.params, name);
    if (other !== undefined && other.toLowerCase() !== (value ?? '').toLowerCase()) return false;
  }
  return mustMatch.every(
    (name) => paramValue(a.params, name)?.toLowerCase() === paramValue(b.params, name)?.toLowerCase(),
  );
}

export function sipUri(user: string | undefined, host: string, port?: number, params: readonly Param[] = []): SipUri {
  return { scheme: 'sip', user, password: undefined, host, port, params, headers: undefined };
}
