import { concat, fromUtf8, utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';

/** Message types of RFC 2132 §9.6. */
export const dhcpType = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
} as const;

/** The options this client reads or sends. RFC 2132; 150 is the field's TFTP server list (RFC 5859). */
export const dhcpOption = {
  subnetMask: 1,
  router: 3,
  domainNameServer: 6,
  domainName: 15,
  requestedAddress: 50,
  leaseTime: 51,
  overload: 52,
  messageType: 53,
  serverIdentifier: 54,
  parameterRequestList: 55,
  maximumMessageSize: 57,
  vendorClass: 60,
  clientIdentifier: 61,
  tftpServerName: 66,
  tftpServerAddresses: 150,
} as const;

/** RFC 2131 §2. Addresses are dotted quads; `hardware` is the 6-octet Ethernet address. */
export interface DhcpMessage {
  readonly op: 'request' | 'reply';
  readonly xid: number;
  readonly secs: number;
  readonly broadcast: boolean;
  readonly clientAddress: string;
  readonly yourAddress: string;
  readonly serverAddress: string;
  readonly relayAddress: string;
  readonly hardware: Uint8Array;
  /** By option code, values joined where an option came in several pieces (RFC 3396). */
  readonly options: ReadonlyMap<number, Uint8Array>;
}

const fixedLength = 236;
const cookie = Uint8Array.of(99, 130, 83, 99);
/** RFC 1542 §2.1: relays may drop shorter BOOTP messages. */
const minimumLength = 300;

export function encodeDhcp(message: DhcpMessage): Uint8Array {
  const head = new Uint8Array(fixedLength);
  const view = new DataView(head.buffer);
  head[0] = message.op === 'request' ? 1 : 2;
  head[1] = 1;
  head[2] = 6;
  view.setUint32(4, message.xid);
  view.setUint16(8, message.secs);
  view.setUint16(10, message.broadcast ? 0x8000 : 0);
  head.set(addressBytes(message.clientAddress), 12);
  head.set(addressBytes(message.yourAddress), 16);
  head.set(addressBytes(message.serverAddress), 20);
  head.set(addressBytes(message.relayAddress), 24);
  if (message.hardware.length !== 6) throw new RangeError('an Ethernet address has 6 octets');
  head.set(message.hardware, 28);
  const parts: Uint8Array[] = [head, cookie];
  for (const [code, value] of message.options) {
    if (code < 1 || code > 254) throw new RangeError(`${code} is not a DHCP option`);
    // An empty option still has its code and length.
    for (let at = 0; at === 0 || at < value.length; at += 255) {
      const piece = value.subarray(at, at + 255);
      parts.push(Uint8Array.of(code, piece.length), piece);
    }
  }
  parts.push(Uint8Array.of(255));
  const bytes = concat(...parts);
  return bytes.length >= minimumLength ? bytes : concat(bytes, new Uint8Array(minimumLength - bytes.length));
}

/** Throws MalformedError on anything that is not an Ethernet DHCP message. */
export function decodeDhcp(bytes: Uint8Array): DhcpMessage {
  if (bytes.length < fixedLength + cookie.length)
    throw new MalformedError('too short for a DHCP message', bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const op = bytes[0];
  if (op !== 1 && op !== 2) throw new MalformedError('neither a BOOTP request nor a reply', 0);
  if (bytes[1] !== 1 || bytes[2] !== 6) throw new MalformedError('not an Ethernet hardware address', 1);
  for (let i = 0; i < cookie.length; i++) {
    if (bytes[fixedLength + i] !== cookie[i]) throw new MalformedError('no DHCP magic cookie', fixedLength);
  }
  const options = new Map<number, Uint8Array>();
  readOptions(bytes, fixedLength + cookie.length, bytes.length, options);
  // RFC 2131 §4.1: option 52 says that file and sname hold options too, in that order.
  const overload = options.get(dhcpOption.overload)?.[0] ?? 0;
  if (overload & 1) readOptions(bytes, 108, 236, options);
  if (overload & 2) readOptions(bytes, 44, 108, options);
  return {
    op: op === 1 ? 'request' : 'reply',
    xid: view.getUint32(4),
    secs: view.getUint16(8),
    broadcast: (view.getUint16(10) & 0x8000) !== 0,
    clientAddress: addressText(bytes.subarray(12, 16)),
    yourAddress: addressText(bytes.subarray(16, 20)),
    serverAddress: addressText(bytes.subarray(20, 24)),
    relayAddress: addressText(bytes.subarray(24, 28)),
    hardware: bytes.slice(28, 34),
    options,
  };
}

function readOptions(bytes: Uint8Array, start: number, end: number, into: Map<number, Uint8Array>): void {
  let at = start;
  while (at < end) {
    const code = bytes[at]!;
    if (code === 0) {
      at += 1;
      continue;
    }
    if (code === 255) return;
    const length = bytes[at + 1];
    if (at + 1 >= end || length === undefined || at + 2 + length > end) {
      throw new MalformedError(`option ${code} runs past the end`, at);
    }
    const value = bytes.slice(at + 2, at + 2 + length);
    const earlier = into.get(code);
    into.set(code, earlier === undefined ? value : concat(earlier, value));
    at += 2 + length;
  }
}

/** Undefined when the message carries no valid option 53. */
export function messageTypeOf(message: DhcpMessage): number | undefined {
  const value = message.options.get(dhcpOption.messageType);
  return value?.length === 1 ? value[0] : undefined;
}

/** TFTP servers a phone may use, best first: option 150 (addresses), then option 66 (a name or an address). */
export function tftpServersOf(message: DhcpMessage): readonly string[] {
  const servers: string[] = [];
  const addresses = message.options.get(dhcpOption.tftpServerAddresses);
  if (addresses !== undefined && addresses.length % 4 === 0) {
    for (let at = 0; at < addresses.length; at += 4) servers.push(addressText(addresses.subarray(at, at + 4)));
  }
  const name = textOf(message.options.get(dhcpOption.tftpServerName));
  if (name !== undefined && /^[A-Za-z0-9.:_-]{1,255}$/.test(name)) servers.push(name);
  return [...new Set(servers)];
}

function textOf(value: Uint8Array | undefined): string | undefined {
  if (value === undefined) return undefined;
  try {
    // Some servers end the text with a NUL.
    return fromUtf8(value).replace(/\0+$/, '');
  } catch {
    return undefined;
  }
}

export function optionText(text: string): Uint8Array {
  return utf8(text);
}

export function addressBytes(address: string): Uint8Array {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  const octets = match?.slice(1).map(Number) ?? [];
  if (octets.length !== 4 || octets.some((octet) => octet > 255))
    throw new RangeError(`${address} is not an IPv4 address`);
  return Uint8Array.from(octets);
}

export function addressText(bytes: Uint8Array): string {
  return bytes.join('.');
}
