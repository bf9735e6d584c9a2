import { MalformedError } from '../../kernel/errors.ts';
import { formatParams, isQuotedString, isToken, type Param, paramValue, parseParams } from './grammar.ts';
import { parseUri, type SipUri, type Uri } from './uri.ts';

/** name-addr or addr-spec with header parameters: From, To, Contact, Route, Record-Route, Refer-To (RFC 3261 §20.10). */
export interface Address {
  /** Raw, quotes kept; undefined when there is none. */
  readonly display: string | undefined;
  /** The URI as it was written. */
  readonly uriText: string;
  readonly uri: Uri;
  readonly params: readonly Param[];
}

let lastText = '';
let lastAddress: Address | undefined;

/**
 * The last answer is kept: a Contact is checked with its message and read again by the registrar.
 * @throws MalformedError
 */
export function parseAddress(text: string): Address {
  if (lastAddress !== undefined && text === lastText) return lastAddress;
  const address = readAddress(text);
  lastText = text;
  lastAddress = address;
  return address;
}

function readAddress(text: string): Address {
  const trimmed = text.trim();
  const open = openBracket(trimmed);
  if (open < 0) {
    // addr-spec: what follows a semicolon belongs to the header, and `?`, `,` need brackets (RFC 3261 §20).
    const semicolon = trimmed.indexOf(';');
    const uriText = (semicolon < 0 ? trimmed : trimmed.slice(0, semicolon)).trim();
    if (/[?,\s<>"]/.test(uriText)) throw new MalformedError('a URI with ?, comma or space needs angle brackets');
    return {
      display: undefined,
      uriText,
      uri: parseUri(uriText),
      params: semicolon < 0 ? [] : parseParams(trimmed.slice(semicolon)),
    };
  }
  const close = trimmed.indexOf('>', open);
  if (close < 0) throw new MalformedError('an angle bracket is not closed');
  const before = trimmed.slice(0, open).trim();
  if (before !== '' && !isQuotedString(before) && !before.split(/[ \t]+/).every(isToken)) {
    throw new MalformedError('a display name needs quotes');
  }
  const uriText = trimmed.slice(open + 1, close);
  return {
    display: before === '' ? undefined : before,
    uriText,
    uri: parseUri(uriText),
    params: parseParams(trimmed.slice(close + 1)),
  };
}

function openBracket(text: string): number {
  if (text[0] !== '"') return text.indexOf('<');
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') {
      const rest = text.indexOf('<', i);
      if (rest < 0) throw new MalformedError('a display name without an address');
      return rest;
    }
  }
  throw new MalformedError('a quoted string is not closed');
}

export function formatAddress(address: Pick<Address, 'display' | 'uriText' | 'params'>): string {
  const display = address.display === undefined ? '' : `${address.display} `;
  return `${display}<${address.uriText}>${formatParams(address.params)}`;
}

/** The sip or sips URI of an address; undefined for other schemes. */
export function sipUriOf(address: Address): SipUri | undefined {
  return address.uri.kind === 'sip' ? address.uri.uri : undefined;
}

export function tagOf(address: Address): string | undefined {
  const tag = paramValue(address.params, 'tag');
  return tag === '' ? undefined : tag;
}
