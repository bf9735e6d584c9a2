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
  /** False when the connection is gone. Never throws. */
  send(bytes: Uint8Array): boolean;
}

export type MessageSink = (flow: Flow, bytes: Uint8Array) => void;

/** `192.0.2.1` stays, IPv6 gets its brackets. */
export function uriHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** `::ffff:192.0.2.1` → `192.0.2.1`. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
