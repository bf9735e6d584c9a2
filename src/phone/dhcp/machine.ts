import { concat, equalBytes } from '../../kernel/bytes.ts';
import {
  addressBytes,
  type DhcpMessage,
  dhcpOption,
  dhcpType,
  messageTypeOf,
  optionText,
  tftpServersOf,
} from './packet.ts';

/**
 * The client's half of RFC 2131 §4.4 as far as a phone's boot needs it: DISCOVER → OFFER → REQUEST → ACK.
 * Offers without a TFTP server are passed over while another may come.
 */
export interface DhcpSetup {
  readonly xid: number;
  readonly hardware: Uint8Array;
  /** Option 60: what kind of phone asks. */
  readonly vendorClass: string;
  /** One wait per transmission, milliseconds: the last one ends the attempt. */
  readonly waits: readonly number[];
}

export type DhcpState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'selecting'; readonly tries: number; readonly heard: number }
  | { readonly phase: 'requesting'; readonly tries: number; readonly offer: DhcpMessage }
  | { readonly phase: 'bound'; readonly lease: Lease }
  | { readonly phase: 'failed' };

export interface Lease {
  readonly address: string;
  readonly server: string;
  /** Seconds; undefined when the server did not say. */
  readonly seconds: number | undefined;
  readonly tftp: readonly string[];
}

export type DhcpEvent =
  | { readonly type: 'start' }
  | { readonly type: 'message'; readonly message: DhcpMessage }
  | { readonly type: 'timeout' }
  | { readonly type: 'release' };

export type DhcpEffect =
  | { readonly type: 'send'; readonly message: DhcpMessage }
  | { readonly type: 'timer'; readonly ms: number }
  | { readonly type: 'bound'; readonly lease: Lease }
  | { readonly type: 'failed'; readonly reason: 'no_answer' | 'no_tftp_server' | 'refused' };

export interface DhcpStep {
  readonly state: DhcpState;
  readonly effects: readonly DhcpEffect[];
}

export const idleDhcp: DhcpState = { phase: 'idle' };

export function stepDhcp(setup: DhcpSetup, state: DhcpState, event: DhcpEvent): DhcpStep {
  switch (event.type) {
    case 'start':
      return transmit(setup, { phase: 'selecting', tries: 0, heard: 0 });
    case 'timeout':
      return onTimeout(setup, state);
    case 'message':
      return onMessage(setup, state, event.message);
    case 'release':
      return state.phase === 'bound'
        ? { state: idleDhcp, effects: [{ type: 'send', message: releaseOf(setup, state.lease) }] }
        : { state: idleDhcp, effects: [] };
  }
}

function onTimeout(setup: DhcpSetup, state: DhcpState): DhcpStep {
  if (state.phase !== 'selecting' && state.phase !== 'requesting') return { state, effects: [] };
  const heard = state.phase === 'selecting' ? state.heard : 0;
  // A server that answered twice without a TFTP server has none to name.
  if (state.tries < setup.waits.length && heard < 2) return transmit(setup, state);
  return fail(heard > 0 ? 'no_tftp_server' : 'no_answer');
}

function onMessage(setup: DhcpSetup, state: DhcpState, message: DhcpMessage): DhcpStep {
  const ours = message.op === 'reply' && message.xid === setup.xid && equalBytes(message.hardware, setup.hardware);
  if (!ours) return { state, effects: [] };
  const type = messageTypeOf(message);
  if (state.phase === 'selecting' && type === dhcpType.offer) {
    const usable = tftpServersOf(message).length > 0 && message.options.get(dhcpOption.serverIdentifier)?.length === 4;
    if (!usable) return { state: { ...state, heard: state.heard + 1 }, effects: [] };
    return transmit(setup, { phase: 'requesting', tries: 0, offer: message });
  }
  if (state.phase !== 'requesting') return { state, effects: [] };
  if (type === dhcpType.nak) return fail('refused');
  if (type !== dhcpType.ack) return { state, effects: [] };
  // Some servers give the options in the OFFER only.
  const inAck = tftpServersOf(message);
  const lease: Lease = {
    address: message.yourAddress,
    server: serverOf(state.offer),
    seconds: leaseSeconds(message),
    tftp: inAck.length > 0 ? inAck : tftpServersOf(state.offer),
  };
  return { state: { phase: 'bound', lease }, effects: [{ type: 'bound', lease }] };
}

function transmit(setup: DhcpSetup, state: Extract<DhcpState, { tries: number }>): DhcpStep {
  const wait = setup.waits[state.tries];
  if (wait === undefined) return fail('no_answer');
  const message = state.phase === 'selecting' ? discoverOf(setup) : requestOf(setup, state.offer);
  return {
    state: { ...state, tries: state.tries + 1 },
    effects: [
      { type: 'send', message },
      { type: 'timer', ms: wait },
    ],
  };
}

function fail(reason: Extract<DhcpEffect, { type: 'failed' }>['reason']): DhcpStep {
  return { state: { phase: 'failed' }, effects: [{ type: 'failed', reason }] };
}

function discoverOf(setup: DhcpSetup): DhcpMessage {
  return requestMessage(setup, dhcpType.discover, new Map());
}

function requestOf(setup: DhcpSetup, offer: DhcpMessage): DhcpMessage {
  return requestMessage(
    setup,
    dhcpType.request,
    new Map([
      [dhcpOption.requestedAddress, addressBytes(offer.yourAddress)],
      [dhcpOption.serverIdentifier, addressBytes(serverOf(offer))],
    ]),
  );
}

function releaseOf(setup: DhcpSetup, lease: Lease): DhcpMessage {
  return {
    ...requestMessage(setup, dhcpType.release, new Map([[dhcpOption.serverIdentifier, addressBytes(lease.server)]])),
    clientAddress: lease.address,
    broadcast: false,
  };
}

function requestMessage(setup: DhcpSetup, type: number, extra: ReadonlyMap<number, Uint8Array>): DhcpMessage {
  const asked = [
    dhcpOption.subnetMask,
    dhcpOption.router,
    dhcpOption.domainNameServer,
    dhcpOption.domainName,
    dhcpOption.tftpServerName,
    dhcpOption.tftpServerAddresses,
  ];
  const options = new Map<number, Uint8Array>([
    [dhcpOption.messageType, Uint8Array.of(type)],
    [dhcpOption.clientIdentifier, concat(Uint8Array.of(1), setup.hardware)],
    ...extra,
  ]);
  if (type !== dhcpType.release) {
    options.set(dhcpOption.maximumMessageSize, Uint8Array.of(1500 >> 8, 1500 & 0xff));
    options.set(dhcpOption.vendorClass, optionText(setup.vendorClass));
    options.set(dhcpOption.parameterRequestList, Uint8Array.from(asked));
  }
  return {
    op: 'request',
    xid: setup.xid,
    secs: 0,
    // The phone has no address yet, so the answer must be a broadcast.
    broadcast: true,
    clientAddress: '0.0.0.0',
    yourAddress: '0.0.0.0',
    serverAddress: '0.0.0.0',
    relayAddress: '0.0.0.0',
    hardware: setup.hardware,
    options,
  };
}

function serverOf(offer: DhcpMessage): string {
  return offer.options.get(dhcpOption.serverIdentifier)?.join('.') ?? offer.serverAddress;
}

function leaseSeconds(message: DhcpMessage): number | undefined {
  const value = message.options.get(dhcpOption.leaseTime);
  if (value?.length !== 4) return undefined;
  return new DataView(value.buffer, value.byteOffset, 4).getUint32(0);
}
