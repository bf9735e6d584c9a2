import { concat, fromUtf8, utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { onlyMembers, parseObject } from '../json/fields.ts';
import { type PhoneVouch, readVouch, vouchObject } from './phone-vouch.ts';

/**
 * Opens a SIP stream from Expressway-C: 4 octets big-endian length, that many octets of JSON `{vouch}`, then SIP bytes both ways. One TLS
 * connection carries one phone's flow.
 */
export const largestPreface = 32 * 1024;

export function writeSipPreface(vouch: PhoneVouch): Uint8Array {
  const json = utf8(JSON.stringify({ vouch: vouchObject(vouch) }));
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, json.length);
  return concat(head, json);
}

/**
 * Undefined while octets are missing; else the vouch and what follows it. Throws MalformedError on a length past `largestPreface` or on bad
 * JSON.
 */
export function readSipPreface(
  bytes: Uint8Array,
): { readonly vouch: PhoneVouch; readonly rest: Uint8Array } | undefined {
  if (bytes.length < 4) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  if (length > largestPreface) throw new MalformedError('the preface is too long', 0);
  if (bytes.length < 4 + length) return undefined;
  let text: string;
  try {
    text = fromUtf8(bytes.subarray(4, 4 + length));
  } catch {
    throw new MalformedError('the preface is not UTF-8', 4);
  }
  const message = parseObject(text);
  onlyMembers(message, ['vouch']);
  return { vouch: readVouch(message['vouch']), rest: bytes.subarray(4 + length) };
}
