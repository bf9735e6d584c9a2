import { acceptAnswer, plainParameters, type TransferParameters } from './options.ts';
import { decodePacket, encodePacket, opcode, type TftpOption, type TftpPacket, tftpError } from './packet.ts';

/** One file being read, from the client's side. The driver owns the socket, the clock and the timer. */
export interface ClientTransfer {
  readonly request: Uint8Array;
  readonly asked: readonly TftpOption[];
  readonly maxSize: number;
  readonly parameters: TransferParameters;
  /** The server's transfer id (its UDP port), fixed by its first answer (RFC 1350 §4). */
  readonly peer: number | undefined;
  /** Blocks received in order. */
  readonly received: number;
  /** Blocks received since the last ACK. */
  readonly unacked: number;
  /** What came so far, newest first: a list that grows without copying. */
  readonly parts: Parts | undefined;
  readonly size: number;
  readonly tries: number;
  readonly baseTimeoutMs: number;
  readonly outcome: ClientOutcome | undefined;
}

interface Parts {
  readonly data: Uint8Array;
  readonly before: Parts | undefined;
}

/** `refused`: the server's own error packet. `silent`: no answer. `broken`: an answer that follows no RFC. `too_large`: above maxSize. */
export type ClientOutcome =
  | { readonly type: 'completed'; readonly bytes: Uint8Array }
  | { readonly type: 'refused'; readonly code: number; readonly message: string }
  | { readonly type: 'silent' }
  | { readonly type: 'broken'; readonly message: string }
  | { readonly type: 'too_large' };

export type ClientTransferEvent =
  /** A datagram from the server's address; `port` is its source port. */
  { readonly type: 'datagram'; readonly bytes: Uint8Array; readonly port: number } | { readonly type: 'timeout' };

/** `port` undefined: to the server's well-known port. */
export interface ClientTransferEffect {
  readonly type: 'send';
  readonly bytes: Uint8Array;
  readonly port: number | undefined;
}

export interface ClientTransferStep {
  readonly transfer: ClientTransfer;
  readonly effects: readonly ClientTransferEffect[];
}

export interface ReadRequest {
  readonly fileName: string;
  /** Options to ask for; undefined ones are left out. Sizes in octets. */
  readonly blockSize?: number;
  readonly windowSize?: number;
  readonly timeoutSeconds?: number;
  readonly askSize?: boolean;
  /** A larger file ends the transfer with `too_large`. Default 1 MiB. */
  readonly maxSize?: number;
  /** Wait before a repetition; doubles each time. Default 1000. */
  readonly baseTimeoutMs?: number;
}

const maxTries = 5;

/** Begins a read in octet mode. Throws RangeError when the name is not printable ASCII. */
export function startRead(read: ReadRequest): ClientTransferStep {
  const asked: TftpOption[] = [];
  if (read.blockSize !== undefined) asked.push({ name: 'blksize', value: String(read.blockSize) });
  if (read.windowSize !== undefined) asked.push({ name: 'windowsize', value: String(read.windowSize) });
  if (read.timeoutSeconds !== undefined) asked.push({ name: 'timeout', value: String(read.timeoutSeconds) });
  if (read.askSize === true) asked.push({ name: 'tsize', value: '0' });
  const request = encodePacket({ type: 'rrq', fileName: read.fileName, mode: 'octet', options: asked });
  const transfer: ClientTransfer = {
    request,
    asked,
    maxSize: read.maxSize ?? 1 << 20,
    parameters: plainParameters,
    peer: undefined,
    received: 0,
    unacked: 0,
    parts: undefined,
    size: 0,
    tries: 0,
    baseTimeoutMs: read.baseTimeoutMs ?? 1000,
    outcome: undefined,
  };
  return { transfer, effects: [{ type: 'send', bytes: request, port: undefined }] };
}

/** How long the driver waits before the `timeout` event, in milliseconds. */
export function clientTimeout(transfer: ClientTransfer): number {
  return transfer.baseTimeoutMs * 2 ** Math.min(transfer.tries, 3);
}

export function stepClientTransfer(transfer: ClientTransfer, event: ClientTransferEvent): ClientTransferStep {
  if (transfer.outcome !== undefined) return finalAnswer(transfer, event);
  if (event.type === 'timeout') {
    if (transfer.tries >= maxTries) return { transfer: { ...transfer, outcome: { type: 'silent' } }, effects: [] };
    const tries = transfer.tries + 1;
    // Say what really came, not what was last acknowledged: part of a window may have arrived since.
    const again = transfer.peer === undefined ? transfer.request : ack(transfer.received);
    return {
      transfer: { ...transfer, tries, unacked: 0 },
      effects: [{ type: 'send', bytes: again, port: transfer.peer }],
    };
  }
  if (transfer.peer !== undefined && event.port !== transfer.peer) return stranger(transfer, event);
  let packet: TftpPacket;
  try {
    packet = decodePacket(event.bytes);
  } catch {
    // Junk is ignored: the real answer may still come.
    return { transfer, effects: [] };
  }
  switch (packet.type) {
    case 'error':
      return {
        transfer: { ...transfer, outcome: { type: 'refused', code: packet.code, message: packet.message } },
        effects: [],
      };
    case 'oack':
      return options(transfer, packet.options, event.port);
    case 'data':
      return data(transfer, packet.block, packet.data, event.port);
    default:
      return { transfer, effects: [] };
  }
}

function options(transfer: ClientTransfer, answered: readonly TftpOption[], port: number): ClientTransferStep {
  if (transfer.received > 0) return { transfer, effects: [] };
  let parameters: TransferParameters;
  try {
    parameters = acceptAnswer(transfer.asked, answered);
  } catch (error) {
    return fail(transfer, port, { type: 'broken', message: (error as Error).message }, tftpError.optionRefused);
  }
  if (parameters.transferSize !== undefined && parameters.transferSize > transfer.maxSize) {
    return fail(transfer, port, { type: 'too_large' }, tftpError.diskFull);
  }
  return acknowledge({ ...transfer, parameters, peer: port }, 0);
}

function data(transfer: ClientTransfer, block: number, bytes: Uint8Array, port: number): ClientTransferStep {
  const ahead = (block - transfer.received) & 0xffff;
  if (ahead !== 1) {
    // A gap inside a window: say at once which block came last (RFC 7440 §4). An old block's ACK was lost: repeat it only
    // after silence, never per packet.
    const gap = transfer.peer !== undefined && ahead > 1 && ahead <= transfer.parameters.windowSize;
    return gap && transfer.unacked > 0 ? acknowledge(transfer, transfer.received) : { transfer, effects: [] };
  }
  const { blockSize, windowSize } = transfer.parameters;
  if (bytes.length > blockSize) {
    return fail(transfer, port, { type: 'broken', message: 'block too long' }, tftpError.illegalOperation);
  }
  const size = transfer.size + bytes.length;
  if (size > transfer.maxSize) return fail(transfer, port, { type: 'too_large' }, tftpError.diskFull);
  // The driver may reuse its receive buffer, so the block is copied.
  const parts: Parts = { data: bytes.slice(), before: transfer.parts };
  const received = transfer.received + 1;
  const next = { ...transfer, peer: port, parts, size, received, unacked: transfer.unacked + 1, tries: 0 };
  if (bytes.length < blockSize) {
    const done = acknowledge(next, received);
    return { ...done, transfer: { ...done.transfer, outcome: { type: 'completed', bytes: join(parts, size) } } };
  }
  return next.unacked >= windowSize ? acknowledge(next, received) : { transfer: next, effects: [] };
}

function join(parts: Parts, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let end = size;
  for (let part: Parts | undefined = parts; part !== undefined; part = part.before) {
    end -= part.data.length;
    out.set(part.data, end);
  }
  return out;
}

function acknowledge(transfer: ClientTransfer, block: number): ClientTransferStep {
  return {
    transfer: { ...transfer, unacked: 0, tries: 0 },
    effects: [{ type: 'send', bytes: ack(block), port: transfer.peer }],
  };
}

function ack(block: number): Uint8Array {
  return encodePacket({ type: 'ack', block: block & 0xffff });
}

function fail(transfer: ClientTransfer, port: number, outcome: ClientOutcome, code: number): ClientTransferStep {
  const bytes = encodePacket({ type: 'error', code, message: 'stopped' });
  return { transfer: { ...transfer, outcome }, effects: [{ type: 'send', bytes, port }] };
}

function stranger(transfer: ClientTransfer, event: { bytes: Uint8Array; port: number }): ClientTransferStep {
  if (event.bytes[1] === opcode.error) return { transfer, effects: [] };
  const bytes = encodePacket({ type: 'error', code: tftpError.unknownTransferId, message: 'Unknown transfer ID' });
  return { transfer, effects: [{ type: 'send', bytes, port: event.port }] };
}

/** After the end only a repeated last block is answered: its ACK was lost (RFC 1350 §6 "dallying"). */
function finalAnswer(transfer: ClientTransfer, event: ClientTransferEvent): ClientTransferStep {
  const again = event.type === 'datagram' && event.port === transfer.peer && event.bytes[1] === opcode.data;
  if (transfer.outcome?.type !== 'completed' || !again) {
    return { transfer, effects: [] };
  }
  return { transfer, effects: [{ type: 'send', bytes: ack(transfer.received), port: transfer.peer }] };
}
