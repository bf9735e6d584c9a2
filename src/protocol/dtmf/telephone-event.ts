import { MalformedError } from '../../kernel/errors.ts';
import { type DtmfDigit, digitOfEvent } from './digit.ts';

/** Payload of a telephone-event packet (RFC 4733 §2.3). */
export interface TelephoneEvent {
  readonly event: number;
  readonly end: boolean;
  /** −dBm0, 0–63. */
  readonly volume: number;
  /** In timestamp units, from the start of the event. */
  readonly duration: number;
}

export function writeTelephoneEvent({ event, end, volume, duration }: TelephoneEvent): Uint8Array {
  const octets = Uint8Array.of(event & 0xff, (end ? 0x80 : 0) | (volume & 0x3f), 0, 0);
  new DataView(octets.buffer).setUint16(2, Math.min(duration, 0xffff));
  return octets;
}

/** @throws MalformedError */
export function readTelephoneEvent(payload: Uint8Array): TelephoneEvent {
  if (payload.length < 4) throw new MalformedError('a telephone-event has four octets');
  const [event, flags, high, low] = payload as unknown as [number, number, number, number];
  return { event, end: (flags & 0x80) !== 0, volume: flags & 0x3f, duration: (high << 8) | low };
}

/** The presses heard last, by the timestamp that the packets of one press share; the newest first. */
export interface EventHearing {
  readonly recent: readonly number[];
}

export const heardNothing: EventHearing = { recent: [] };

/** Packets later than that many presses do not happen. */
const remembered = 4;

/**
 * A press is many packets with one timestamp, the last of them sent three times: the first that arrives is the press. Late packets of the presses before are
 * none. Timestamps need not grow: senders that play recorded keys start over with each.
 */
export function hear(
  state: EventHearing,
  timestamp: number,
  { event }: TelephoneEvent,
): { readonly state: EventHearing; readonly digit: DtmfDigit | undefined } {
  if (state.recent.includes(timestamp)) return { state, digit: undefined };
  return { state: { recent: [timestamp, ...state.recent].slice(0, remembered) }, digit: digitOfEvent(event) };
}
