import { concat, utf8 } from '../../kernel/bytes.ts';
import type { SipMessage } from './message.ts';

/** Serialises; Content-Length is always written, last, from the body's real length. */
export function writeMessage(message: SipMessage): Uint8Array {
  const head = utf8(headText(message));
  return message.body.length === 0 ? head : concat(head, message.body);
}

/** Start line and header section up to and with the empty line. */
export function headText(message: SipMessage): string {
  let text =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0\r\n`
      : `SIP/2.0 ${message.status} ${message.reason}\r\n`;
  for (const { key, name, text: value } of message.headers) {
    if (key !== 'content-length') text += `${name}: ${value}\r\n`;
  }
  return `${text}Content-Length: ${message.body.length}\r\n\r\n`;
}
