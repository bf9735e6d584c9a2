import { fromUtf8 } from '../../kernel/bytes.ts';
import { header, headerAll, noBody, type SipMessage } from '../../protocol/sip/message.ts';

const contentHeaders = new Set([
  'content-type',
  'content-length',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-id',
  'mime-version',
]);

/**
 * Media types of a message's body and of the parts of a multipart one: lower case, no parameters. What cannot be looked into (packed, nested, without a
 * type) is named so that no rule lets it pass.
 */
export function bodyTypes(message: SipMessage): readonly string[] {
  if (message.body.length === 0) return [];
  const written = header(message, 'content-type') ?? '';
  const type = bare(written);
  if (headerAll(message, 'content-encoding').some((each) => each.trim().toLowerCase() !== 'identity'))
    return [type, 'encoded'];
  if (!type.startsWith('multipart/')) return [type];
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(written);
  const mark = boundary?.[1] ?? boundary?.[2];
  let text: string;
  try {
    text = fromUtf8(message.body);
  } catch {
    return [type, 'unreadable'];
  }
  if (mark === undefined) return [type, 'unreadable'];
  const pieces = `\r\n${text}`.split(`\r\n--${mark}`).slice(1);
  const parts = pieces.filter((piece) => !piece.startsWith('--'));
  if (parts.length === 0) return [type, 'unreadable'];
  return [type, ...parts.map(partType)];
}

function partType(part: string): string {
  const end = part.indexOf('\r\n\r\n');
  const head = (end < 0 ? part : part.slice(0, end)).replace(/\r\n[ \t]+/g, ' ');
  if (/^content-(?:transfer-)?encoding:(?!\s*(?:7bit|8bit|binary|identity)\s*$)/im.test(head)) return 'encoded';
  const type = bare(/^content-type:([^\r\n]*)/im.exec(head)?.[1] ?? 'text/plain');
  return type.startsWith('multipart/') ? 'nested' : type;
}

function bare(text: string): string {
  return text.split(';', 1)[0]!.trim().toLowerCase();
}

export function withoutBody<M extends SipMessage>(message: M): M {
  return { ...message, headers: message.headers.filter(({ key }) => !contentHeaders.has(key)), body: noBody };
}
