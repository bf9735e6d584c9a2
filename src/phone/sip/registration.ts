import { newBranch } from '../../protocol/sip/build.ts';
import type { BootSetup } from '../boot/types.ts';
import type { SipLink } from './link.ts';
import { phoneRandom } from './random.ts';
import type { ClientTransactions } from './transactions.ts';

/** Where and as whom the phone is registered now. */
export interface Registration {
  readonly link: SipLink;
  readonly transactions: ClientTransactions;
  readonly callId: string;
  /** Contact URI. */
  readonly contactUri: string;
  /** Host part of addresses here: the node's. */
  readonly domain: string;
  /** Address of record: `sip:1001@node`. */
  readonly aor: string;
  cseq: number;
}

export function viaOf(link: SipLink): string {
  const { host, port } = link.local;
  return `SIP/2.0/${link.transport.toUpperCase()} ${bracketed(host)}:${port};branch=${newBranch(phoneRandom)};rport`;
}

export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

export function userAgent(setup: BootSetup): string {
  return `Firstring-${setup.model.product}/0.1`;
}
