import type { TransferParameters } from './options.ts';
import { plainParameters } from './options.ts';

/**
 * One file being sent, from the server's side. Block counts here are absolute (1 is the first block); on the wire they are taken modulo 65536,
 * so files of more than 65535 blocks roll over to 0.
 */
export interface ServerTransfer {
  readonly size: number;
  readonly blockSize: number;
  readonly windowSize: number;
  readonly blocks: number;
  /** The options packet still waits for its ACK 0. */
  readonly negotiating: boolean;
  /** True until any ACK has shown that the client's address is not forged. */
  readonly unproven: boolean;
  /** Octets that may still be sent before the first ACK; negative when block 1 is more than the request allows. */
  readonly allowance: number;
  /** Octets of the first answer: the OACK, or block 1. */
  readonly firstLength: number;
  /** How often the first answer was sent once more. */
  readonly answeredAgain: number;
  /** Last block acknowledged, and last block sent. */
  readonly acked: number;
  readonly sent: number;
  /** The window was already repeated since the last progress. */
  readonly repeated: boolean;
  readonly tries: number;
  readonly baseTimeoutMs: number;
  readonly ended: 'completed' | 'abandoned' | 'aborted' | undefined;
}

export type ServerTransferEvent =
  | { readonly type: 'ack'; readonly block: number }
  | { readonly type: 'error' }
  /** The request came once more, in so many octets. */
  | { readonly type: 'request'; readonly octets: number }
  | { readonly type: 'timeout' };

/** `blocks`: send blocks `from` to `to`, both included. `options`: send the OACK. */
export type ServerTransferEffect =
  | { readonly type: 'options' }
  | { readonly type: 'blocks'; readonly from: number; readonly to: number };

export interface ServerTransferStep {
  readonly transfer: ServerTransfer;
  readonly effect: ServerTransferEffect | undefined;
}

/** Octets sent before the first ACK stay within this many times the request (spec/security.md, invariant 16). */
export const amplificationLimit = 13;
const maxTries = 5;
/** The first answer is sent once more so often; who acknowledges nothing of it hears nothing any more. */
const maxAnsweredAgain = 4;

export interface ServerTransferStart {
  readonly size: number;
  readonly parameters?: TransferParameters;
  /** Octets of the request datagram. */
  readonly requestLength: number;
  /** Octets of the OACK datagram; 0 when no option was accepted. */
  readonly answerLength: number;
  readonly defaultTimeoutMs?: number;
}

/**
 * Begins a transfer. Exactly one datagram goes out before the first ACK: the OACK, or block 1. RFC 1350 leaves no smaller answer than block 1
 * to a request without options; it is sent once, and only what the allowance has left is ever repeated: `owed` says what the first answer is
 * above the limit.
 */
export function startServerTransfer(start: ServerTransferStart): ServerTransferStep {
  const parameters = start.parameters ?? plainParameters;
  const negotiating = start.answerLength > 0;
  const first = negotiating ? start.answerLength : 4 + Math.min(parameters.blockSize, start.size);
  const transfer: ServerTransfer = {
    size: start.size,
    blockSize: parameters.blockSize,
    windowSize: parameters.windowSize,
    // A last block shorter than blockSize ends the transfer, so an exact multiple needs an empty one (RFC 1350 §6).
    blocks: Math.floor(start.size / parameters.blockSize) + 1,
    negotiating,
    unproven: true,
    allowance: amplificationLimit * start.requestLength - first,
    firstLength: first,
    answeredAgain: 0,
    acked: 0,
    sent: negotiating ? 0 : 1,
    repeated: false,
    tries: 0,
    baseTimeoutMs:
      parameters.timeoutSeconds === undefined ? (start.defaultTimeoutMs ?? 1000) : parameters.timeoutSeconds * 1000,
    ended: undefined,
  };
  return { transfer, effect: negotiating ? { type: 'options' } : { type: 'blocks', from: 1, to: 1 } };
}

/** Octets by which the first answer is above `amplificationLimit`. Whoever lets the transfer begin lends them, until an ACK comes. */
export function owed({ allowance }: ServerTransfer): number {
  return Math.max(0, -allowance);
}

/** How long to wait for the next ACK before the `timeout` event, in milliseconds. Doubles with every silent try. */
export function transferTimeout(transfer: ServerTransfer): number {
  return Math.min(transfer.baseTimeoutMs * 2 ** transfer.tries, Math.max(transfer.baseTimeoutMs, 8000));
}

/** Offset and length of an absolute block inside the file, in octets. */
export function blockRange(transfer: ServerTransfer, block: number): { offset: number; length: number } {
  const offset = (block - 1) * transfer.blockSize;
  return { offset, length: Math.min(transfer.blockSize, transfer.size - offset) };
}

export function stepServerTransfer(transfer: ServerTransfer, event: ServerTransferEvent): ServerTransferStep {
  if (transfer.ended !== undefined) return { transfer, effect: undefined };
  switch (event.type) {
    case 'ack':
      return acknowledged(transfer, event.block);
    case 'error':
      return { transfer: { ...transfer, ended: 'aborted' }, effect: undefined };
    case 'request':
      return askedAgain(transfer, event.octets);
    case 'timeout':
      return silence(transfer);
  }
}

function acknowledged(transfer: ServerTransfer, block: number): ServerTransferStep {
  if (transfer.negotiating) {
    if (block !== 0) return { transfer, effect: undefined };
    return sendWindow({ ...transfer, negotiating: false, unproven: false, tries: 0 }, 0);
  }
  const ahead = (block - transfer.acked) & 0xffff;
  if (ahead === 0) {
    // RFC 7440 §4: a receiver that lost the first block of a window repeats its last ACK. Once per window only, and never with
    // a window of one: answering every duplicate ACK doubles all later traffic (RFC 1123 §4.2.3.1).
    if (transfer.windowSize === 1 || transfer.repeated || transfer.unproven) return { transfer, effect: undefined };
    return repeatWindow({ ...transfer, repeated: true });
  }
  if (ahead > transfer.sent - transfer.acked) return { transfer, effect: undefined };
  const acked = transfer.acked + ahead;
  if (acked === transfer.blocks) {
    return { transfer: { ...transfer, unproven: false, acked, ended: 'completed' }, effect: undefined };
  }
  return sendWindow({ ...transfer, unproven: false, tries: 0, repeated: false }, acked);
}

function sendWindow(transfer: ServerTransfer, acked: number): ServerTransferStep {
  const to = Math.min(acked + transfer.windowSize, transfer.blocks);
  return { transfer: { ...transfer, acked, sent: to }, effect: { type: 'blocks', from: acked + 1, to } };
}

function repeatWindow(transfer: ServerTransfer): ServerTransferStep {
  return { transfer, effect: { type: 'blocks', from: transfer.acked + 1, to: transfer.sent } };
}

function silence(transfer: ServerTransfer): ServerTransferStep {
  if (transfer.tries >= maxTries) return { transfer: { ...transfer, ended: 'abandoned' }, effect: undefined };
  const next = { ...transfer, tries: transfer.tries + 1 };
  if (!transfer.unproven) return repeatWindow({ ...next, repeated: true });
  // Nobody has answered from that address yet: wait, but repeat only what the allowance covers.
  return firstAnswer(next) ?? { transfer: next, effect: undefined };
}

/** A client that hears nothing repeats its request. */
function askedAgain(transfer: ServerTransfer, octets: number): ServerTransferStep {
  if (!transfer.unproven) return { transfer, effect: undefined };
  const next = { ...transfer, allowance: transfer.allowance + amplificationLimit * octets };
  return firstAnswer(next) ?? { transfer: next, effect: undefined };
}

/** The first answer once more, when the allowance covers it and it was not sent often already. */
function firstAnswer(transfer: ServerTransfer): ServerTransferStep | undefined {
  const { allowance, answeredAgain, firstLength } = transfer;
  if (firstLength > allowance || answeredAgain >= maxAnsweredAgain) return undefined;
  return {
    transfer: { ...transfer, allowance: allowance - firstLength, answeredAgain: answeredAgain + 1 },
    effect: transfer.negotiating ? { type: 'options' } : { type: 'blocks', from: 1, to: 1 },
  };
}
