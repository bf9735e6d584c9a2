import { concat, fromUtf8, utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';

/** Trust Verification Service, TCP 2445 inside TLS. Source: reference/field-facts.md §4. */

export const tvsHeaderLength = 10;
/** A request holds one certificate and a name; nothing legitimate comes near this. */
export const maxTvsBodyLength = 8 * 1024;
const protocolId = 0x57;
const protocolVersion = 1;
const command = { verifyRequest: 1, verifyResponse: 2, queryRequest: 3, queryResponse: 4 } as const;
const element = { deviceName: 1, certificate: 2, status: 7, roles: 8, ttl: 9 } as const;

export interface TvsRequest {
  readonly type: 'verify' | 'query';
  /** u32, echoed in the response. */
  readonly sessionId: number;
  /** `CP-8841-SEP001122334455`. */
  readonly deviceName: string;
  /** DER. */
  readonly certificate: Uint8Array;
}

export interface TvsResponse {
  readonly type: 'verify' | 'query';
  readonly sessionId: number;
  /** Undefined: not trusted. */
  readonly verdict: TvsVerdict | undefined;
}

export interface TvsVerdict {
  /** Numbers of `trustRole` in src/protocol/trust-list. */
  readonly roles: readonly number[];
  /** Seconds the answer may be kept. */
  readonly ttl: number;
}

interface Head {
  readonly command: number;
  readonly sessionId: number;
  readonly bodyLength: number;
}

/** Length of the whole message that starts with these octets; undefined while fewer than 10 are there. Throws MalformedError. */
export function tvsMessageLength(bytes: Uint8Array): number | undefined {
  return bytes.length < tvsHeaderLength ? undefined : tvsHeaderLength + decodeHead(bytes).bodyLength;
}

function decodeHead(bytes: Uint8Array): Head {
  if (bytes.length < tvsHeaderLength) throw new MalformedError('shorter than a TVS header', bytes.length);
  if (bytes[0] !== protocolId) throw new MalformedError('not TVS', 0);
  if (bytes[1] !== protocolVersion) throw new MalformedError(`TVS version ${bytes[1]} is unknown`, 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bodyLength = view.getUint16(8);
  if (bodyLength > maxTvsBodyLength) throw new MalformedError('TVS body too long', 8);
  return { command: bytes[2]!, sessionId: view.getUint32(4), bodyLength };
}

function elements(bytes: Uint8Array, head: Head): Map<number, Uint8Array> {
  if (bytes.length !== tvsHeaderLength + head.bodyLength) throw new MalformedError('TVS body length does not fit');
  const found = new Map<number, Uint8Array>();
  let at = tvsHeaderLength;
  while (at < bytes.length) {
    if (at + 3 > bytes.length) throw new MalformedError('element cut short', at);
    const tag = bytes[at]!;
    const length = (bytes[at + 1]! << 8) | bytes[at + 2]!;
    if (at + 3 + length > bytes.length) throw new MalformedError('element longer than the message', at);
    if (found.has(tag)) throw new MalformedError(`element ${tag} is repeated`, at);
    found.set(tag, bytes.subarray(at + 3, at + 3 + length));
    at += 3 + length;
  }
  return found;
}

/** One whole request. Throws MalformedError. Unknown elements are passed over. */
export function decodeTvsRequest(bytes: Uint8Array): TvsRequest {
  const head = decodeHead(bytes);
  if (head.command !== command.verifyRequest && head.command !== command.queryRequest) {
    throw new MalformedError(`TVS command ${head.command} is no request`, 2);
  }
  const found = elements(bytes, head);
  const name = found.get(element.deviceName);
  const certificate = found.get(element.certificate);
  if (name === undefined || certificate === undefined || certificate.length === 0) {
    throw new MalformedError('a request needs a device name and a certificate');
  }
  return {
    type: head.command === command.verifyRequest ? 'verify' : 'query',
    sessionId: head.sessionId,
    deviceName: decodeName(name),
    certificate,
  };
}

function decodeName(bytes: Uint8Array): string {
  if (bytes.length < 2 || bytes.length > 65 || bytes[0] !== 1) throw new MalformedError('bad device name');
  try {
    const name = fromUtf8(bytes.subarray(1));
    if (/^[\x21-\x7e]+$/.test(name)) return name;
  } catch {
    // falls through to the same answer
  }
  throw new MalformedError('device name is not printable ASCII');
}

export function encodeTvsRequest(request: TvsRequest): Uint8Array {
  return message(
    request.type === 'verify' ? command.verifyRequest : command.queryRequest,
    request.sessionId,
    put(element.deviceName, concat(Uint8Array.of(1), utf8(request.deviceName))),
    put(element.certificate, request.certificate),
  );
}

export function encodeTvsResponse(response: TvsResponse): Uint8Array {
  const { verdict } = response;
  const code = response.type === 'verify' ? command.verifyResponse : command.queryResponse;
  if (verdict === undefined) return message(code, response.sessionId, put(element.status, Uint8Array.of(1)));
  const ttl = new Uint8Array(4);
  new DataView(ttl.buffer).setUint32(0, verdict.ttl);
  return message(
    code,
    response.sessionId,
    put(element.status, Uint8Array.of(0)),
    put(element.roles, Uint8Array.from(verdict.roles)),
    put(element.ttl, ttl),
  );
}

/** One whole response. Throws MalformedError; anything but status 0 with roles and TTL reads as not trusted. */
export function decodeTvsResponse(bytes: Uint8Array): TvsResponse {
  const head = decodeHead(bytes);
  if (head.command !== command.verifyResponse && head.command !== command.queryResponse) {
    throw new MalformedError(`TVS command ${head.command} is no response`, 2);
  }
  const found = elements(bytes, head);
  const type = head.command === command.verifyResponse ? 'verify' : 'query';
  const status = found.get(element.status);
  if (status?.length !== 1) throw new MalformedError('a response needs a status');
  if (status[0] !== 0) return { type, sessionId: head.sessionId, verdict: undefined };
  const roles = found.get(element.roles);
  const ttl = found.get(element.ttl);
  if (roles === undefined || ttl?.length !== 4) throw new MalformedError('a valid verdict needs roles and TTL');
  const seconds = new DataView(ttl.buffer, ttl.byteOffset, 4).getUint32(0);
  return { type, sessionId: head.sessionId, verdict: { roles: [...roles], ttl: seconds } };
}

function put(tag: number, value: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(tag, value.length >> 8, value.length & 0xff), value);
}

function message(code: number, sessionId: number, ...parts: Uint8Array[]): Uint8Array {
  const body = concat(...parts);
  if (body.length > maxTvsBodyLength) throw new RangeError('TVS body too long');
  const head = new Uint8Array(tvsHeaderLength);
  const view = new DataView(head.buffer);
  head[0] = protocolId;
  head[1] = protocolVersion;
  head[2] = code;
  view.setUint32(4, sessionId);
  view.setUint16(8, body.length);
  return concat(head, body);
}
