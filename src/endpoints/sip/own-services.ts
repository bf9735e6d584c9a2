import type { ResponseParts } from '../../protocol/sip/build.ts';
import { header, type SipRequest } from '../../protocol/sip/message.ts';

export const allowed = 'INVITE, ACK, BYE, CANCEL, REGISTER, OPTIONS, REFER, UPDATE, INFO, NOTIFY, PRACK, MESSAGE';

/**
 * What a phone asks of the server itself (reference/field-facts.md §7.2): alarms and tokens by REFER are accepted, nothing can be subscribed to yet.
 * `user`: the Request-URI's, when it has one; `own`: one of the sender's. Undefined: the request is for a phone.
 */
export function ownService(request: SipRequest, user?: string, own = false): ResponseParts | undefined {
  const { method } = request;
  if (method === 'SUBSCRIBE' || method === 'PUBLISH') return { status: 489, headers: [['Allow', allowed]] };
  if (method === 'REFER' && (user === undefined || own) && isRemotecc(request)) return { status: 202 };
  if (user !== undefined) return undefined;
  if (method === 'OPTIONS')
    return {
      status: 200,
      headers: [
        ['Allow', allowed],
        ['Accept', 'application/sdp'],
      ],
    };
  if (method === 'NOTIFY' || method === 'BYE' || method === 'UPDATE' || method === 'INFO' || method === 'PRACK')
    return { status: 481 };
  return method === 'REFER' || method === 'INVITE' || method === 'MESSAGE'
    ? { status: 404 }
    : { status: 405, headers: [['Allow', allowed]] };
}

function isRemotecc(request: SipRequest): boolean {
  return (
    /^<?urn:x-cisco-remotecc:/i.test(header(request, 'refer-to') ?? '') ||
    /^(?:application\/x-cisco-|multipart\/mixed)/i.test(header(request, 'content-type') ?? '')
  );
}
