import { isIPv4, isIPv6 } from 'node:net';
import type { SipTransport } from '../../domain/registration/binding.ts';
import type { FlowIdentity } from '../../domain/registration/identify.ts';

/** Where a message came from and answers go back to: a datagram's source, or a connection. */
export interface Flow {
  readonly transport: SipTransport;
  readonly reliable: boolean;
  /** The other side. */
  readonly address: string;
  readonly port: number;
  /** Ours. */
  readonly localAddress: string;
  readonly localPort: number;
  /** Undefined for UDP. */
  readonly connection: number | undefined;
  readonly identity: FlowIdentity;
  /** SHA-256 of the certificate that was accepted. */
  readonly micSha256: Uint8Array | undefined;
  /** Left out: `line`, where phones are known by certificate or digest. */
  readonly door?: FlowDoor;
  /** The Expressway-E in between. */
  readonly edge?: string | undefined;
  /** What the last REGISTER was accepted with. */
  token?: FlowToken | undefined;
  /** False when the connection is gone. Never throws. */
  send(bytes: Uint8Array): boolean;
}

/** `oauth`: a phone inside that shows an access token. `edge`: a phone outside, vouched for by an Expressway-C, that shows one. */
export type FlowDoor = 'line' | 'oauth' | 'edge';

export interface FlowToken {
  readonly family: string;
  readonly deviceName: string;
}

export function asksToken({ door }: Pick<Flow, 'door'>): boolean {
  return door === 'oauth' || door === 'edge';
}

export type MessageSink = (flow: Flow, bytes: Uint8Array) => void;

/** `192.0.2.1` stays, IPv6 gets its brackets. */
export function uriHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** How a UDP socket names an address to send to: a socket of IPv6 reaches IPv4 by its mapped addresses only. */
export function reachable(address: string, boundTo: string): string {
  return isIPv6(boundTo) && isIPv4(address) ? `::ffff:${address}` : address;
}

/** `::ffff:192.0.2.1` → `192.0.2.1`. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
