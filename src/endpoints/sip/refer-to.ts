import { MalformedError } from '../../kernel/errors.ts';
import { formatAddress, parseAddress, sipUriOf } from '../../protocol/sip/address.ts';
import { paramValue } from '../../protocol/sip/grammar.ts';
import { type HeaderField, header, headerAll, type SipRequest } from '../../protocol/sip/message.ts';
import { formatUri, type SipUri } from '../../protocol/sip/uri.ts';

/** What a REFER asks for (RFC 3515): a call to somebody, or anything else. Undefined: nothing. */
export function refersTo(request: SipRequest): 'call' | 'other' | undefined {
  const values = headerAll(request, 'refer-to');
  if (values.length === 0) return undefined;
  return values.length === 1 && targetOf(values[0]!) !== undefined ? 'call' : 'other';
}

/** Call-ID of the call that the one who gets the REFER shall replace (RFC 3891). */
export function replacedByReferral(request: SipRequest): string | undefined {
  const uri = targetOf(header(request, 'refer-to') ?? '');
  const text = uri === undefined ? undefined : replacesOf(uri);
  if (text === undefined) return undefined;
  try {
    return callIdOf(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}

/** Call-ID of the call that an INVITE wants to replace. */
export function replacedCall(request: SipRequest): string | undefined {
  const values = headerAll(request, 'replaces');
  return values.length === 1 ? callIdOf(values[0]!) : undefined;
}

/** The number to call, and the call to replace; no other header that the other phone would have to write into its INVITE. */
export function cleanReferTo(each: HeaderField): HeaderField[] {
  const uri = targetOf(each.text);
  if (uri === undefined) return [];
  const replaces = replacesOf(uri);
  const uriText = formatUri({ ...uri, headers: replaces === undefined ? undefined : `Replaces=${replaces}` });
  return [{ ...each, text: formatAddress({ display: undefined, uriText, params: [] }) }];
}

function targetOf(text: string): SipUri | undefined {
  try {
    const uri = sipUriOf(parseAddress(text));
    const method = uri === undefined ? undefined : paramValue(uri.params, 'method');
    return method === undefined || method.toUpperCase() === 'INVITE' ? uri : undefined;
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return undefined;
  }
}

/** Still escaped. */
function replacesOf({ headers }: SipUri): string | undefined {
  for (const pair of headers?.split('&') ?? []) {
    const [name, value] = pair.split('=', 2);
    if (name?.toLowerCase() === 'replaces' && value) return value;
  }
  return undefined;
}

function callIdOf(replaces: string): string | undefined {
  const callId = replaces.split(';', 1)[0]!.trim();
  return callId === '' ? undefined : callId;
}
