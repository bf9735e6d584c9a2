import { utf8 } from '../../kernel/bytes.ts';
import { buildRequest, newTag } from '../../protocol/sip/build.ts';
import { phoneContact } from '../../protocol/sip/contact.ts';
import { header, headerAll, type SipRequest, type SipResponse } from '../../protocol/sip/message.ts';
import { phoneReason } from '../../protocol/sip/phone-reason.ts';
import { bulkRegisterBody, bulkRegisterContentType } from '../../protocol/sip/remotecc.ts';
import type { BootEffect, BootSetup } from '../boot/types.ts';
import { phoneRandom } from './random.ts';
import { bracketed, type Registration, userAgent, viaOf } from './registration.ts';

export type RegisterOrder = Extract<BootEffect, { type: 'register' }>;

/** Seconds a phone asks for; the server grants its keep-alive interval. */
export const offeredSeconds = 3600;

/** A REGISTER as phones of the field send it; counts the registration's CSeq up. `expires` 0 ends the registration. */
export function registerRequest(
  setup: BootSetup,
  registration: Registration,
  effect: RegisterOrder,
  expires: number,
  credentials: readonly [string, string] | undefined,
): SipRequest {
  registration.cseq += 1;
  const contact = phoneContact({
    uri: registration.contactUri,
    mac: setup.mac,
    deviceName: setup.deviceName,
    modelId: setup.model.typeId,
  });
  const bulk = expires > 0 && effect.configuration.lines.length > 0;
  return buildRequest({
    method: 'REGISTER',
    uri: `sip:${bracketed(effect.node.host)}`,
    via: viaOf(registration.link),
    from: `<${registration.aor}>;tag=${newTag(phoneRandom)}`,
    to: `<${registration.aor}>`,
    callId: registration.callId,
    cseq: registration.cseq,
    headers: [
      ['User-Agent', userAgent(setup)],
      ['Contact', expires === 0 ? `${contact};expires=0` : contact],
      ['Expires', String(expires)],
      ['Supported', 'replaces,join,norefersub,X-cisco-callinfo,X-cisco-service-control,X-cisco-sis-7.0.0'],
      ['Reason', phoneReason(setup.deviceName, effect.load, '')],
      ...(credentials === undefined ? [] : [credentials]),
      ...(bulk ? [['MIME-Version', '1.0'] as const, ['Content-Type', bulkRegisterContentType] as const] : []),
    ],
    ...(bulk ? { body: utf8(bulkRegisterBody()) } : {}),
  });
}

/** What the server granted: its Expires, else the Contact's, else what was asked for. */
export function expiresOf(response: SipResponse): number {
  const own = header(response, 'expires');
  const inContact = headerAll(response, 'contact')
    .map((contact) => /;\s*expires=(\d{1,9})/i.exec(contact)?.[1])
    .find((text) => text !== undefined);
  const text = own ?? inContact ?? '';
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : offeredSeconds;
}

/** The Warning's words tell more than the reason phrase. */
export function reasonOf(response: SipResponse): string {
  const warning = /^\s*\d{3}\s+\S+\s+"((?:[^"\\]|\\.)*)"/.exec(header(response, 'warning') ?? '')?.[1];
  return warning === undefined ? response.reason : `${response.reason}, ${warning}`;
}

export function retryAfterOf(response: SipResponse): number | undefined {
  const seconds = /^\s*(\d{1,6})/.exec(header(response, 'retry-after') ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
