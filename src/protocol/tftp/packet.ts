import { MalformedError } from '../../kernel/errors.ts';

/** RFC 1350 §5 and RFC 2347. */
export const opcode = { rrq: 1, wrq: 2, data: 3, ack: 4, error: 5, oack: 6 } as const;

/** RFC 1350 §5 error codes, and 8 of RFC 2347 §3 (option negotiation failed). */
export const tftpError = {
  undefined: 0,
  fileNotFound: 1,
  accessViolation: 2,
  diskFull: 3,
  illegalOperation: 4,
  unknownTransferId: 5,
  fileExists: 6,
  noSuchUser: 7,
  optionRefused: 8,
} as const;

/** An option as it stands on the wire: the name in lower case, the value untouched. */
export interface TftpOption {
  readonly name: string;
  readonly value: string;
}

export interface TftpRequest {
  readonly type: 'rrq' | 'wrq';
  /** One character for each octet (ISO 8859-1). */
  readonly fileName: string;
  /** Lower case: `octet`, `netascii`, or whatever the peer wrote. */
  readonly mode: string;
  readonly options: readonly TftpOption[];
}

export type TftpPacket =
  | TftpRequest
  | { readonly type: 'data'; readonly block: number; readonly data: Uint8Array }
  | { readonly type: 'ack'; readonly block: number }
  | { readonly type: 'error'; readonly code: number; readonly message: string }
  | { readonly type: 'oack'; readonly options: readonly TftpOption[] };

/** RFC 2347 says 512 octets; longer requests are still read, so that an overlong name gets its answer. */
export const maxRequestLength = 2048;
const maxOptions = 8;

/**
 * Reads one datagram. `data` shares memory with the input.
 * Throws MalformedError for runts, unknown opcodes, missing NULs, names with control or non-ASCII characters, repeated or odd options.
 */
export function decodePacket(bytes: Uint8Array): TftpPacket {
  if (bytes.length < 4) throw new MalformedError('shorter than any TFTP packet', bytes.length);
  const code = (bytes[0]! << 8) | bytes[1]!;
  const word = (bytes[2]! << 8) | bytes[3]!;
  switch (code) {
    case opcode.rrq:
    case opcode.wrq:
      return decodeRequest(code === opcode.rrq ? 'rrq' : 'wrq', bytes);
    case opcode.data:
      return { type: 'data', block: word, data: bytes.subarray(4) };
    case opcode.ack:
      if (bytes.length !== 4) throw new MalformedError('an ACK has 4 octets', 4);
      return { type: 'ack', block: word };
    case opcode.error:
      return { type: 'error', code: word, message: decodeMessage(bytes.subarray(4)) };
    case opcode.oack:
      return { type: 'oack', options: pairs(strings(bytes, 2)) };
    default:
      throw new MalformedError(`unknown opcode ${code}`, 0);
  }
}

function decodeRequest(type: 'rrq' | 'wrq', bytes: Uint8Array): TftpRequest {
  if (bytes.length > maxRequestLength) throw new MalformedError('request too long', maxRequestLength);
  // Any octets may stand in the name: what is no name of a file here is answered like any other unknown name.
  const end = bytes.indexOf(0, 2);
  if (end < 0) throw new MalformedError('the name lacks its NUL', 2);
  let fileName = '';
  for (let at = 2; at < end; at++) fileName += String.fromCharCode(bytes[at]!);
  const [mode, ...rest] = strings(bytes, end + 1);
  if (mode === undefined || mode === '') throw new MalformedError('a request needs a mode', end + 1);
  return { type, fileName, mode: mode.toLowerCase(), options: pairs(rest) };
}

/** NUL-terminated printable ASCII strings to the end of the packet. */
function strings(bytes: Uint8Array, from: number): string[] {
  const found: string[] = [];
  let text = '';
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === 0) {
      found.push(text);
      text = '';
      if (found.length > 1 + 2 * maxOptions) throw new MalformedError('too many options', at);
    } else if (byte < 0x20 || byte > 0x7e) {
      throw new MalformedError('not printable ASCII', at);
    } else {
      text += String.fromCharCode(byte);
    }
  }
  if (text !== '') throw new MalformedError('a string lacks its NUL', bytes.length);
  return found;
}

function pairs(texts: readonly string[]): TftpOption[] {
  if (texts.length % 2 !== 0) throw new MalformedError('an option lacks its value');
  const options: TftpOption[] = [];
  for (let i = 0; i < texts.length; i += 2) {
    const name = texts[i]!.toLowerCase();
    if (name === '') throw new MalformedError('an option lacks its name');
    // RFC 2347: an option may only be specified once.
    if (options.some((option) => option.name === name)) throw new MalformedError(`option ${name} is repeated`);
    options.push({ name, value: texts[i + 1]! });
  }
  return options;
}

/** Lenient: peers write error texts without the final NUL and in any character set; only the printable part is kept. */
function decodeMessage(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0 || text.length === 200) break;
    text += byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '?';
  }
  return text;
}

/** Throws RangeError for strings that would not survive the wire. */
export function encodePacket(packet: TftpPacket): Uint8Array {
  switch (packet.type) {
    case 'rrq':
    case 'wrq':
      return encodeStrings(packet.type === 'rrq' ? opcode.rrq : opcode.wrq, [
        packet.fileName,
        packet.mode,
        ...packet.options.flatMap((option) => [option.name, option.value]),
      ]);
    case 'oack':
      return encodeStrings(
        opcode.oack,
        packet.options.flatMap((option) => [option.name, option.value]),
      );
    case 'data': {
      const out = new Uint8Array(4 + packet.data.length);
      writeHead(out, opcode.data, packet.block);
      out.set(packet.data, 4);
      return out;
    }
    case 'ack': {
      const out = new Uint8Array(4);
      writeHead(out, opcode.ack, packet.block);
      return out;
    }
    case 'error': {
      const out = new Uint8Array(5 + packet.message.length);
      writeHead(out, opcode.error, packet.code);
      putAscii(out, 4, packet.message);
      return out;
    }
  }
}

/** Opcode and block number (or error code) into the first four octets. */
export function writeHead(out: Uint8Array, code: number, word: number): void {
  out[0] = 0;
  out[1] = code;
  out[2] = (word >> 8) & 0xff;
  out[3] = word & 0xff;
}

function encodeStrings(code: number, texts: readonly string[]): Uint8Array {
  let length = 2;
  for (const text of texts) length += text.length + 1;
  const out = new Uint8Array(length);
  out[1] = code;
  let at = 2;
  for (const text of texts) {
    putAscii(out, at, text);
    at += text.length + 1;
  }
  return out;
}

function putAscii(out: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit > 0x7e) throw new RangeError('TFTP strings are printable ASCII');
    out[at + i] = unit;
  }
}
