import { utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { readXml } from '../phone-config/xml-reader.ts';
import { type DtmfDigit, isDtmfDigit } from './digit.ts';

/** Key presses by SIP SUBSCRIBE and NOTIFY (RFC 4730). */

export const kpmlEvent = 'kpml';
export const kpmlRequestType = 'application/kpml-request+xml';
export const kpmlResponseType = 'application/kpml-response+xml';

/** Asks for every key, one by one, as long as the subscription lasts. */
export function kpmlRequest(): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<kpml-request xmlns="urn:ietf:params:xml:ns:kpml-request" version="1.0">',
    '<pattern persist="persist"><regex tag="key">[x*#ABCD]</regex></pattern>',
    '</kpml-request>',
    '',
  ].join('\r\n');
}

export interface KpmlResponse {
  /** 200: keys; 423 and others end the subscription. */
  readonly code: number;
  readonly digits: readonly DtmfDigit[];
}

/** @throws MalformedError */
export function readKpmlResponse(text: string): KpmlResponse {
  const root = readXml(utf8(text));
  if (root.name.replace(/^.*:/, '') !== 'kpml-response') throw new MalformedError('there is no kpml-response');
  const code = root.attributes['code'] ?? '';
  if (!/^[1-9][0-9]{2}$/.test(code)) throw new MalformedError('a kpml-response has a code');
  const digits = [...(root.attributes['digits'] ?? '')].map((each) => each.toUpperCase());
  if (!digits.every(isDtmfDigit)) throw new MalformedError('a kpml-response tells of a key that is none');
  return { code: Number(code), digits };
}

/** What a phone sends: one key. */
export function kpmlResponse(digit: DtmfDigit): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\r\n' +
    `<kpml-response xmlns="urn:ietf:params:xml:ns:kpml-response" version="1.0" code="200" text="OK" digits="${digit}" tag="key"/>\r\n`
  );
}
