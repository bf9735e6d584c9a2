import { MalformedError } from '../../kernel/errors.ts';
import { type Address, parseAddress, sipUriOf } from './address.ts';
import { paramValue, parseNumber } from './grammar.ts';
import { header, headerAll, type SipRequest } from './message.ts';
import type { SipUri } from './uri.ts';

/** What a phone says about itself in the Contact of a REGISTER (reference/field-facts.md §7.1). */
export interface RegisterContact {
  readonly address: Address;
  readonly uri: SipUri;
  /** Seconds; undefined when the parameter is absent. */
  readonly expires: number | undefined;
  /** `urn:uuid:…` of +sip.instance, brackets removed, lower case. */
  readonly instance: string | undefined;
  /** `+u.sip!devicename.ccm.cisco.com`. */
  readonly deviceName: string | undefined;
  /** `+u.sip!model.ccm.cisco.com`: a type id. */
  readonly model: string | undefined;
  /** `cisco-keep-alive`: a backup node is only asked whether it lives. */
  readonly keepAlive: boolean;
}

export type RegisterContacts =
  | { readonly all: true }
  | { readonly all: false; readonly contacts: readonly RegisterContact[] };

/**
 * All Contacts of a REGISTER; `*` alone means "every binding".
 * @throws MalformedError on a bad value, `*` beside others, or a Contact that is not sip.
 */
export function registerContacts(request: SipRequest): RegisterContacts {
  const values = headerAll(request, 'contact');
  if (values.includes('*')) {
    if (values.length !== 1) throw new MalformedError('Contact * stands alone');
    return { all: true };
  }
  return { all: false, contacts: values.map(readContact) };
}

/** Expires of a request, seconds; undefined when there is none. A malformed value counts as 3600 (RFC 3261 §20.19). */
export function expiresHeader(request: SipRequest): number | undefined {
  const text = header(request, 'expires');
  return text === undefined ? undefined : secondsOr(text, 3600);
}

function readContact(text: string): RegisterContact {
  const address = parseAddress(text);
  const uri = sipUriOf(address);
  if (uri === undefined) throw new MalformedError('a Contact must be a sip URI');
  const expires = paramValue(address.params, 'expires');
  const instance = paramValue(address.params, '+sip.instance');
  const keepAlive =
    paramValue(address.params, 'cisco-keep-alive') !== undefined ||
    paramValue(uri.params, 'cisco-keep-alive') !== undefined;
  return {
    address,
    uri,
    // RFC 3261 §20.19: a malformed value counts as 3600.
    expires: expires === undefined ? undefined : secondsOr(expires, 3600),
    instance: instance === undefined ? undefined : instance.replace(/^<|>$/g, '').toLowerCase(),
    deviceName: paramValue(address.params, '+u.sip!devicename.ccm.cisco.com')?.toUpperCase(),
    model: paramValue(address.params, '+u.sip!model.ccm.cisco.com'),
    keepAlive,
  };
}

function secondsOr(text: string, otherwise: number): number {
  try {
    return parseNumber(text, 0xffffffff, 'expires');
  } catch {
    return otherwise;
  }
}

export interface ContactParts {
  /** `sip:uuid@192.0.2.1:5060;transport=tcp` */
  readonly uri: string;
  /** 12 hex digits. */
  readonly mac: string;
  readonly deviceName: string;
  readonly modelId: number;
  /** Adds `cisco-keep-alive`: for backup nodes, with Expires 0. */
  readonly keepAlive?: boolean;
}

/** The phone's side: Contact value with the field's parameters. */
export function phoneContact(parts: ContactParts): string {
  return (
    `<${parts.uri}>;+sip.instance="<urn:uuid:00000000-0000-0000-0000-${parts.mac.toLowerCase()}>"` +
    `;+u.sip!devicename.ccm.cisco.com="${parts.deviceName}";+u.sip!model.ccm.cisco.com="${parts.modelId}"` +
    `${parts.keepAlive ? ';cisco-keep-alive' : ''}`
  );
}
