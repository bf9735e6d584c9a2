/** One part of a message (RFC 2045): enough to look into what was delivered, by other code than what wrote it. */
export interface MimePart {
  /** By lower-case name, unfolded, as they came. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** `text/plain`. */
  readonly type: string;
  readonly content: Buffer;
  readonly parts: readonly MimePart[];
}

/** `raw`: octets as latin1. */
export function readMime(raw: string): MimePart {
  const blank = raw.indexOf('\r\n\r\n');
  if (blank < 0) throw new Error('no empty line after the headers');
  const headers = new Map<string, string[]>();
  for (const line of raw
    .slice(0, blank)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon < 1) throw new Error(`not a header: ${line}`);
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  const body = raw.slice(blank + 4);
  const contentType = headers.get('content-type')?.[0] ?? 'text/plain';
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (type.startsWith('multipart/') && boundary !== undefined) {
    const pieces = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1);
    return {
      headers,
      type,
      content: Buffer.alloc(0),
      parts: pieces.map((piece) => readMime(piece.replace(/^\r\n/, ''))),
    };
  }
  return { headers, type, content: decoded(body, headers.get('content-transfer-encoding')?.[0] ?? '7bit'), parts: [] };
}

function decoded(body: string, encoding: string): Buffer {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64');
    case 'quoted-printable':
      return Buffer.from(
        body
          .replace(/=[ \t]*\r\n/g, '')
          .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      );
    default:
      return Buffer.from(body, 'latin1');
  }
}

/** The first part of that type, at any depth. */
export function partOf(part: MimePart, type: string): MimePart | undefined {
  return part.type === type ? part : part.parts.map((each) => partOf(each, type)).find((each) => each !== undefined);
}

export function headerOf(part: MimePart, name: string): string | undefined {
  const all = part.headers.get(name) ?? [];
  if (all.length > 1) throw new Error(`${name} ${all.length} times`);
  return all[0];
}

/** RFC 2047 encoded words, and what is not encoded, as text. */
export function decodedHeader(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?([^?]+)\?([QB])\?([^?]*)\?=/gi, (_, _charset: string, how: string, word: string) =>
      how.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString('latin1')
        : word
            .replace(/_/g, ' ')
            .replace(/=([0-9A-F]{2})/gi, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    )
    .replace(/[\x80-\xff]+/g, (octets) => Buffer.from(octets, 'latin1').toString());
}
