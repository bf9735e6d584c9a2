import type { Party } from '../../domain/calls/party.ts';
import {
  mayNameInContact,
  mayRequire,
  type RelaySource,
  relayedStatus,
  requestHeader,
  responseHeader,
} from '../../domain/calls/relay-headers.ts';
import { mayCarry } from '../../domain/calls/relay-rules.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { type Address, formatAddress, parseAddress, sipUriOf, tagOf } from '../../protocol/sip/address.ts';
import { reasonPhrase } from '../../protocol/sip/build.ts';
import { field, type HeaderField, header, type SipRequest, type SipResponse } from '../../protocol/sip/message.ts';
import { decodedUser } from '../../protocol/sip/uri.ts';
import { bodyTypes, withoutBody } from './bodies.ts';
import { fromOf, identityOf, referrerOf } from './party-headers.ts';
import { cleanReferTo } from './refer-to.ts';

/** Requests and answers that say who is speaking. */
const naming = new Set(['INVITE', 'UPDATE', 'REFER', 'MESSAGE']);
/** Those that move the other side's display. */
const showing = new Set(['INVITE', 'UPDATE']);

export function namesItsSender(method: string): boolean {
  return naming.has(method);
}

export interface RequestScreen {
  readonly from: RelaySource;
  /** The sender; undefined when another node has written it already. */
  readonly party: Party | undefined;
  readonly intercom: boolean;
  /** Ours, as the receiver knows it. */
  readonly host: string;
}

/** A request as far as another phone may see it. Via is left out: the way back is kept here. */
export function screenRequest(request: SipRequest, screen: RequestScreen): SipRequest {
  const { from, intercom, party, host } = screen;
  const { method } = request;
  const headers: HeaderField[] = [];
  for (const each of request.headers) {
    const fate = requestHeader(each.key, { from, method, intercom });
    if (fate === 'dropped') continue;
    if (fate === 'pass' || from === 'node') headers.push(each);
    else headers.push(...requestField(each, screen));
  }
  if (party !== undefined && naming.has(method)) {
    if (method === 'REFER') headers.push(...referrerOf(party, host));
    headers.push(
      ...identityOf(party, host, 'calling').filter(({ key }) => key !== 'remote-party-id' || showing.has(method)),
    );
  }
  const screened = { ...request, headers };
  return bodyTypes(request).every((type) => mayCarry(method, type)) ? screened : withoutBody(screened);
}

function requestField(each: HeaderField, { party, host, intercom }: RequestScreen): HeaderField[] {
  switch (each.key) {
    case 'from':
      return [party === undefined ? unnamed(each) : fromOf(party, host, tagOf(parseAddress(each.text)))];
    case 'to':
      return [unnamed(each)];
    case 'contact':
      return cleanContact(each);
    case 'require':
      return cleanRequire(each, intercom);
    case 'reason':
      return cleanReason(each);
    case 'refer-to':
      return cleanReferTo(each);
    case 'call-info':
      return /;\s*answer-after\s*=\s*\d+/i.test(each.text) ? [field('Call-Info', `<sip:${host}>;answer-after=0`)] : [];
    case 'alert-info':
      return /auto-?\s?answer|intercom/i.test(each.text)
        ? [field('Alert-Info', `<sip:${host}>;info=alert-autoanswer;delay=0`)]
        : [];
    case 'answer-mode':
      return /^\s*(?:auto|manual)\b/i.test(each.text)
        ? [field('Answer-Mode', /auto/i.test(each.text) ? 'Auto' : 'Manual')]
        : [];
    default:
      return [each];
  }
}

export interface ResponseScreen {
  readonly from: RelaySource;
  /** The request as its sender wrote it: what it must find again in the answer. */
  readonly asked: SipRequest;
  /** The request as it went out. */
  readonly sent: SipRequest;
  /** Who answers; undefined when nobody is named. */
  readonly party: Party | undefined;
  readonly host: string;
  /** Whether a host in a URI is this cluster's. */
  readonly isOurs: (host: string) => boolean;
}

/** An answer as far as the phone that asked may see it, with the asker's own Via, From, To, Call-ID and CSeq. */
export function screenResponse(response: SipResponse, screen: ResponseScreen): SipResponse {
  const { asked, from, host, party } = screen;
  const { method } = asked;
  const headers = frame(response, asked);
  for (const each of response.headers) {
    const fate = responseHeader(each.key, from);
    if (fate === 'pass') headers.push(each);
    else if (fate === 'rewritten') headers.push(...responseField(each, response.status, screen));
  }
  if (from === 'phone' && response.status < 300)
    headers.push(...screen.sent.headers.filter(({ key }) => key === 'record-route'));
  if (party !== undefined && showing.has(method) && response.status < 300)
    headers.push(...identityOf(party, host, 'called'));
  let status = relayedStatus(response.status);
  // A phone may send its callers on to a number, not to another system.
  if (status >= 300 && status < 400 && !headers.some(({ key }) => key === 'contact')) status = 480;
  const reason = from === 'node' && status === response.status ? response.reason : reasonPhrase(status);
  const screened: SipResponse = { ...response, status, reason, headers };
  return bodyTypes(response).every((type) => mayCarry(method, type)) ? screened : withoutBody(screened);
}

/** RFC 3261 §8.2.6.2, for a response that another than the asked one has written. */
function frame(response: SipResponse, asked: SipRequest): HeaderField[] {
  const to = header(response, 'to');
  const tag = to === undefined ? undefined : tagOf(parseAddress(to));
  return asked.headers.flatMap((each) => {
    if (each.key === 'via' || each.key === 'from' || each.key === 'call-id' || each.key === 'cseq') return [each];
    if (each.key !== 'to') return [];
    const address = parseAddress(each.text);
    return tag === undefined || tagOf(address) !== undefined
      ? [each]
      : [{ ...each, text: formatAddress({ ...address, params: [...address.params, ['tag', tag]] }) }];
  });
}

function responseField(each: HeaderField, status: number, { from, isOurs }: ResponseScreen): HeaderField[] {
  switch (each.key) {
    case 'contact': {
      if (status >= 400) return [];
      if (status < 300) return from === 'node' ? [each] : cleanContact(each);
      const address = readAddress(each);
      const uri = address === undefined ? undefined : sipUriOf(address);
      return uri !== undefined && decodedUser(uri) !== undefined && isOurs(uri.host) ? cleanContact(each) : [];
    }
    case 'record-route':
      return from === 'node' && status < 300 ? [each] : [];
    case 'require':
      return cleanRequire(each, false);
    case 'reason':
      return cleanReason(each);
    default:
      return [];
  }
}

/** Without a display name and parameters: the tag alone stays. */
function unnamed(each: HeaderField): HeaderField {
  const address = parseAddress(each.text);
  return {
    ...each,
    text: formatAddress({
      ...address,
      display: undefined,
      params: address.params.filter(([name]) => name.toLowerCase() === 'tag'),
    }),
  };
}

function cleanContact(each: HeaderField): HeaderField[] {
  const address = readAddress(each);
  if (address === undefined) return [];
  const params = address.params.filter(([name]) => mayNameInContact(name));
  return [{ ...each, text: formatAddress({ uriText: address.uriText, display: undefined, params }) }];
}

function readAddress(each: HeaderField): Address | undefined {
  try {
    return parseAddress(each.text);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return undefined;
  }
}

function cleanRequire(each: HeaderField, intercom: boolean): HeaderField[] {
  const tags = each.text.split(',').map((tag) => tag.trim());
  const kept = tags.filter((tag) => tag !== '' && mayRequire(tag, intercom));
  return kept.length === 0 ? [] : [{ ...each, text: kept.join(', ') }];
}

/** RFC 3326: protocol and cause. The words are the sender's, and would stand on the other's display. */
function cleanReason(each: HeaderField): HeaderField[] {
  const match = /^\s*(SIP|Q\.850)\s*;[^"]*?\bcause\s*=\s*(\d{1,3})\b/i.exec(each.text);
  return match === null ? [] : [{ ...each, text: `${match[1]};cause=${match[2]}` }];
}
