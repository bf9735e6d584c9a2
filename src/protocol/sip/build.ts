import { toHex } from '../../kernel/bytes.ts';
import type { Random } from '../../kernel/random.ts';
import { type Address, formatAddress, parseAddress } from './address.ts';
import type { RequestEnvelope } from './envelope.ts';
import { withParam } from './grammar.ts';
import { field, type HeaderField, header, noBody, type SipRequest, type SipResponse } from './message.ts';
import { branchCookie } from './via.ts';

/** 64 random bits: more than the 32 that RFC 3261 §19.3 asks for. */
export function newTag(random: Random): string {
  return toHex(random.bytes(8));
}

export function newBranch(random: Random): string {
  return `${branchCookie}${toHex(random.bytes(12))}`;
}

/** A Call-ID unique in space and time. `host` is the maker's. */
export function newCallId(random: Random, host: string): string {
  return `${toHex(random.bytes(12))}@${host}`;
}

export interface RequestParts {
  readonly method: string;
  readonly uri: string;
  /** Whole Via value, branch included. */
  readonly via: string;
  /** Values with brackets and tag as they go out. */
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq: number;
  readonly maxForwards?: number;
  /** Further fields in order: Contact, Route, Expires, Authorization … */
  readonly headers?: readonly (readonly [name: string, text: string])[];
  readonly body?: Uint8Array;
}

export function buildRequest(parts: RequestParts): SipRequest {
  return {
    kind: 'request',
    method: parts.method,
    uri: parts.uri,
    headers: [
      field('Via', parts.via),
      field('Max-Forwards', String(parts.maxForwards ?? 70)),
      field('From', parts.from),
      field('To', parts.to),
      field('Call-ID', parts.callId),
      field('CSeq', `${parts.cseq} ${parts.method}`),
      ...(parts.headers ?? []).map(([name, text]) => field(name, text)),
    ],
    body: parts.body ?? noBody,
  };
}

const phrases: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  181: 'Call Is Being Forwarded',
  182: 'Queued',
  183: 'Session Progress',
  200: 'OK',
  202: 'Accepted',
  300: 'Multiple Choices',
  301: 'Moved Permanently',
  302: 'Moved Temporarily',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  423: 'Interval Too Brief',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  483: 'Too Many Hops',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  489: 'Bad Event',
  491: 'Request Pending',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  504: 'Server Time-out',
  505: 'Version Not Supported',
  600: 'Busy Everywhere',
  603: 'Decline',
  604: 'Does Not Exist Anywhere',
  606: 'Not Acceptable',
};

export function reasonPhrase(status: number): string {
  return phrases[status] ?? 'Unknown';
}

export interface ResponseParts {
  readonly status: number;
  readonly reason?: string;
  /** Added to To when it has none and the status is above 100. */
  readonly toTag?: string;
  readonly headers?: readonly (readonly [name: string, text: string])[];
  readonly body?: Uint8Array;
}

/** RFC 3261 §8.2.6: Via, From, To, Call-ID and CSeq are those of the request. Works on requests that lack some of them. */
export function buildResponse(request: SipRequest, parts: ResponseParts): SipResponse {
  const headers: HeaderField[] = [];
  for (const each of request.headers) {
    if (each.key === 'via' || each.key === 'from' || each.key === 'call-id' || each.key === 'cseq') headers.push(each);
    else if (each.key === 'to') headers.push(parts.toTag === undefined ? each : withToTag(each, parts.toTag));
  }
  for (const [name, text] of parts.headers ?? []) headers.push(field(name, text));
  const { status } = parts;
  return {
    kind: 'response',
    status,
    reason: parts.reason ?? reasonPhrase(status),
    headers,
    body: parts.body ?? noBody,
  };
}

function withToTag(to: HeaderField, tag: string): HeaderField {
  // Nearly every first request ends its To with the bracket.
  if (to.text.endsWith('>')) return { ...to, text: `${to.text};tag=${tag}` };
  let address: Address;
  try {
    address = parseAddress(to.text);
  } catch {
    return to;
  }
  if (address.params.some(([name]) => name.toLowerCase() === 'tag')) return to;
  return { ...to, text: formatAddress({ ...address, params: withParam(address.params, 'tag', tag) }) };
}

/** ACK of a final non-2xx response (RFC 3261 §17.1.1.3): the INVITE's Request-URI, Via and Route, the response's To. */
export function ackFor(invite: SipRequest, response: SipResponse): SipRequest {
  return sameTransaction(invite, 'ACK', header(response, 'to') ?? header(invite, 'to') ?? '');
}

/** CANCEL of an INVITE that is out (RFC 3261 §9.1). `reason`: value of Reason (RFC 3326). */
export function cancelFor(invite: SipRequest, reason?: string): SipRequest {
  const cancel = sameTransaction(invite, 'CANCEL', header(invite, 'to') ?? '');
  return reason === undefined ? cancel : { ...cancel, headers: [...cancel.headers, field('Reason', reason)] };
}

function sameTransaction(invite: SipRequest, method: string, to: string): SipRequest {
  const number = (header(invite, 'cseq') ?? '1').split(/[ \t]/, 1)[0]!;
  const headers: HeaderField[] = [field('Via', header(invite, 'via') ?? ''), field('Max-Forwards', '70')];
  for (const each of invite.headers) if (each.key === 'route') headers.push(each);
  headers.push(field('From', header(invite, 'from') ?? ''), field('To', to));
  headers.push(field('Call-ID', header(invite, 'call-id') ?? ''), field('CSeq', `${number} ${method}`));
  return { kind: 'request', method, uri: invite.uri, headers, body: noBody };
}

/** A key that a response's client transaction is found by: branch of the top Via and the CSeq method. */
export function clientTransactionKey(branch: string, cseqMethod: string): string {
  return `${branch}|${cseqMethod}`;
}

/** Request-URI user, or host when there is none, for logs. */
export function targetText(envelope: RequestEnvelope): string {
  return envelope.uri.kind === 'sip' ? (envelope.uri.uri.user ?? envelope.uri.uri.host) : envelope.uri.scheme;
}
