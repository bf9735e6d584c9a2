import { utf8 } from '../../kernel/bytes.ts';
import { parseAddress } from '../../protocol/sip/address.ts';
import { buildRequest } from '../../protocol/sip/build.ts';
import { envelopeOf } from '../../protocol/sip/envelope.ts';
import { header, headerAll, type SipRequest, type SipResponse } from '../../protocol/sip/message.ts';
import { type Registration, viaOf } from './registration.ts';

/** One side of a dialog that is up (RFC 3261 §12). */
export interface Dialog {
  readonly callId: string;
  readonly local: string;
  readonly remote: string;
  readonly target: string;
  readonly routes: readonly string[];
  readonly with: string;
  readonly incoming: boolean;
  cseq: number;
  readonly ended: () => void;
}

export function dialogOf(response: SipResponse, local: string, callId: string, who: string, ended: () => void): Dialog {
  const contact = header(response, 'contact');
  const { to } = envelopeOf(response);
  return {
    callId,
    local,
    remote: header(response, 'to') ?? '',
    target: contact === undefined ? to.uriText : parseAddress(contact).uriText,
    // The caller's route set is the Record-Route upside down (§12.1.2).
    routes: headerAll(response, 'record-route').reverse(),
    with: who,
    incoming: false,
    cseq: 101,
    ended,
  };
}

export function answererDialog(request: SipRequest, response: SipResponse, who: string, ended: () => void): Dialog {
  const contact = header(request, 'contact');
  const { from } = envelopeOf(request);
  return {
    callId: header(request, 'call-id') ?? '',
    local: header(response, 'to') ?? '',
    remote: header(request, 'from') ?? '',
    target: contact === undefined ? from.uriText : parseAddress(contact).uriText,
    routes: headerAll(request, 'record-route'),
    with: who,
    incoming: true,
    cseq: 100,
    ended,
  };
}

export function inDialog(
  at: Registration,
  dialog: Dialog,
  method: 'ACK' | 'BYE' | 'INFO',
  content?: { readonly type: string; readonly body: string },
): SipRequest {
  return buildRequest({
    method,
    uri: dialog.target,
    via: viaOf(at.link),
    from: dialog.local,
    to: dialog.remote,
    callId: dialog.callId,
    cseq: dialog.cseq,
    headers: [
      ...dialog.routes.map((route) => ['Route', route] as const),
      ...(content === undefined ? [] : [['Content-Type', content.type] as const]),
    ],
    ...(content === undefined ? {} : { body: utf8(content.body) }),
  });
}

export function callerOf(request: SipRequest): string {
  const { from } = envelopeOf(request);
  return from.uri.kind === 'sip' ? (from.uri.uri.user ?? from.uri.uri.host) : from.uriText;
}

/** An audio offer or answer. The port is the discard port: this phone hears nothing and says nothing. */
export function sdp(at: Registration): Uint8Array {
  const { host } = at.link.local;
  const family = host.includes(':') ? 'IP6' : 'IP4';
  const id = Date.now();
  return utf8(
    [
      'v=0',
      `o=firstring ${id} ${id} IN ${family} ${host}`,
      's=-',
      `c=IN ${family} ${host}`,
      't=0 0',
      'm=audio 9 RTP/AVP 0 101',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=sendrecv',
      '',
    ].join('\r\n'),
  );
}
