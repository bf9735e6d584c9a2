import { MalformedError } from '../../kernel/errors.ts';
import { isToken, splitOutside } from './grammar.ts';
import { maxHeaderLines, maxMessageBytes } from './limits.ts';
import { type HeaderField, headerName, noBody, type SipMessage } from './message.ts';

/** Why a message that could be read must not be believed. A request gets `status` as its answer, a response is dropped. */
export interface SipProblem {
  readonly status: 400 | 413 | 505;
  readonly text: string;
}

export interface SipReading {
  readonly message: SipMessage;
  readonly problem: SipProblem | undefined;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Fields whose values routing works on one by one. */
const lists = new Set(['via', 'route', 'record-route', 'contact', 'path']);
// A control character is only allowed after a backslash (quoted-pair), CR and LF nowhere inside a line.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be found
const forbidden = /(?:^|[^\\])[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;
const requestLine = /^([^ ]+) ([^ ]+) (SIP\/[0-9]+\.[0-9]+)$/i;
const looseRequestLine = /^[ \t]*([^ \t]+)[ \t]+(.*?)[ \t]+(SIP\/[^ \t]*)[ \t]*$/i;
const statusLine = /^(SIP\/[0-9]+\.[0-9]+) ([0-9]+)(?: (.*))?$/i;

/**
 * One whole message: a datagram, or what the stream framer cut out. Octets after Content-Length are ignored, as RFC 3261 §18.3 says for datagrams.
 * @throws MalformedError when there is nothing that could be answered: no start line, no header end, not UTF-8, too large.
 */
export function readMessage(bytes: Uint8Array): SipReading {
  if (bytes.length > maxMessageBytes) throw new MalformedError('the message is too large', maxMessageBytes);
  let from = 0;
  while (bytes[from] === 13 && bytes[from + 1] === 10) from += 2;
  const end = headEnd(bytes, from);
  if (end < 0) throw new MalformedError('the header section does not end', bytes.length);
  let head: string;
  try {
    head = decoder.decode(bytes.subarray(from, end));
  } catch {
    throw new MalformedError('the header section is not UTF-8', from);
  }
  if (forbidden.test(head)) throw new MalformedError('a control character in the header section');
  return readHead(head, bytes.subarray(end + 4));
}

/** Offset of the CRLF CRLF that ends the header section, or -1. */
export function headEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(13, from); at >= 0; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at;
  }
  return -1;
}

function readHead(head: string, rest: Uint8Array): SipReading {
  const firstEnd = head.indexOf('\r\n');
  const first = firstEnd < 0 ? head : head.slice(0, firstEnd);
  let problem: SipProblem | undefined;
  const blame = (text: string, status: SipProblem['status'] = 400): void => {
    problem ??= { status, text };
  };
  const headers = readHeaders(firstEnd < 0 ? '' : head.slice(firstEnd + 2), blame);
  const body = readBody(headers, rest, blame);

  const response = statusLine.exec(first);
  if (response !== null) {
    const status = Number(response[2]);
    if (response[1]!.toUpperCase() !== 'SIP/2.0') blame('the SIP version is not 2.0', 505);
    if (response[2]!.length !== 3 || status < 100 || status > 699) blame('the status code is out of range');
    return { message: { kind: 'response', status, reason: response[3] ?? '', headers, body }, problem };
  }
  const strict = requestLine.exec(first);
  const request = strict ?? looseRequestLine.exec(first);
  if (request === null) throw new MalformedError('neither a request nor a status line', 0);
  if (strict === null) blame('the request line is not one method, one URI and one version');
  if (!isToken(request[1]!)) throw new MalformedError('the method is not a token', 0);
  if (request[3]!.toUpperCase() !== 'SIP/2.0') blame('the SIP version is not 2.0', 505);
  return { message: { kind: 'request', method: request[1]!, uri: request[2]!, headers, body }, problem };
}

function readHeaders(text: string, blame: (text: string) => void): HeaderField[] {
  const headers: HeaderField[] = [];
  let lines = 0;
  let at = 0;
  while (at < text.length) {
    let end = text.indexOf('\r\n', at);
    if (end < 0) end = text.length;
    let line = text.slice(at, end);
    at = end + 2;
    while (at < text.length && (text[at] === ' ' || text[at] === '\t')) {
      let more = text.indexOf('\r\n', at);
      if (more < 0) more = text.length;
      line = `${line.trimEnd()} ${text.slice(at, more).trimStart()}`;
      at = more + 2;
    }
    if (++lines > maxHeaderLines) {
      blame('too many header lines');
      break;
    }
    if (line.includes('\r') || line.includes('\n')) throw new MalformedError('a bare CR or LF in the header section');
    const colon = line.indexOf(':');
    const written = colon < 0 ? '' : line.slice(0, colon).trimEnd();
    if (!isToken(written)) {
      blame('a header line has no proper name');
      continue;
    }
    const { key, name } = headerName(written);
    const value = line.slice(colon + 1).trim();
    if (!lists.has(key) || !value.includes(',')) headers.push({ name, key, text: value });
    else addValues(headers, name, key, value, blame);
  }
  return headers;
}

function addValues(into: HeaderField[], name: string, key: string, value: string, blame: (text: string) => void): void {
  let pieces: string[];
  try {
    pieces = splitOutside(value, ',');
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    blame(error.message);
    pieces = [value];
  }
  if (into.length + pieces.length > maxHeaderLines * 2) {
    blame('too many header values');
    return;
  }
  for (const text of pieces) into.push({ name, key, text });
}

function readBody(headers: readonly HeaderField[], rest: Uint8Array, blame: (text: string) => void): Uint8Array {
  let length: number | undefined;
  for (const each of headers) {
    if (each.key !== 'content-length') continue;
    if (!/^[0-9]{1,9}$/.test(each.text)) {
      blame('Content-Length is not a length');
      return noBody;
    }
    if (length !== undefined) {
      blame('Content-Length is given twice');
      return noBody;
    }
    length = Number(each.text);
  }
  if (length === undefined) return copy(rest);
  if (length > rest.length) {
    blame('the body is shorter than Content-Length says');
    return copy(rest);
  }
  return copy(rest.subarray(0, length));
}

/** A message outlives the buffer it came in. (`slice` of a Buffer would share it.) */
function copy(bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 ? noBody : new Uint8Array(bytes);
}
