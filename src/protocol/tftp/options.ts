import { MalformedError } from '../../kernel/errors.ts';
import type { TftpOption } from './packet.ts';

/** What a side is willing to do. Source: spec/security.md "TFTP, configuration, ITL, TVS, SIP". */
export interface TransferLimits {
  /** Octets of data in a block, 8..65464; 1428 keeps a packet inside one Ethernet frame. */
  readonly maxBlockSize: number;
  /** Blocks in flight, 1..65535 (RFC 7440). */
  readonly maxWindowSize: number;
}

export const defaultLimits: TransferLimits = { maxBlockSize: 1428, maxWindowSize: 4 };

export interface TransferParameters {
  readonly blockSize: number;
  readonly windowSize: number;
  /** Retransmission timeout in seconds asked for by the client (RFC 2349), if any. */
  readonly timeoutSeconds: number | undefined;
  /** Size in octets, as the tsize option tells it. */
  readonly transferSize: number | undefined;
}

export const plainParameters: TransferParameters = {
  blockSize: 512,
  windowSize: 1,
  timeoutSeconds: undefined,
  transferSize: undefined,
};

export interface Negotiated {
  readonly parameters: TransferParameters;
  /** What the OACK says; empty: no OACK, the transfer is plain RFC 1350. */
  readonly answer: readonly TftpOption[];
}

/**
 * A server's answer to the options of a read request. Unknown options and values outside their RFC's range are left out of the answer,
 * which tells the client they are not in force (RFC 2347); values above our limits are lowered (RFC 2348, RFC 7440).
 * @param size octets of the file, for tsize; undefined when it is not known (netascii).
 */
export function negotiate(
  asked: readonly TftpOption[],
  size: number | undefined,
  limits: TransferLimits = defaultLimits,
): Negotiated {
  let { blockSize, windowSize, timeoutSeconds, transferSize } = plainParameters;
  const answer: TftpOption[] = [];
  for (const { name, value } of asked) {
    const number = decimal(value);
    if (number === undefined) continue;
    if (name === 'blksize' && number >= 8 && number <= 65464) {
      blockSize = Math.min(number, limits.maxBlockSize);
      answer.push({ name, value: String(blockSize) });
    } else if (name === 'windowsize' && number >= 1 && number <= 65535) {
      windowSize = Math.min(number, limits.maxWindowSize);
      answer.push({ name, value: String(windowSize) });
    } else if (name === 'timeout' && number >= 1 && number <= 255) {
      timeoutSeconds = number;
      answer.push({ name, value });
    } else if (name === 'tsize' && number === 0 && size !== undefined) {
      transferSize = size;
      answer.push({ name, value: String(size) });
    }
  }
  return { parameters: { blockSize, windowSize, timeoutSeconds, transferSize }, answer };
}

/**
 * A client's reading of an OACK: only what was asked for may come back, and never more than was asked (RFC 2347, 2348, 7440).
 * Throws MalformedError otherwise; the client then sends error 8.
 */
export function acceptAnswer(asked: readonly TftpOption[], answered: readonly TftpOption[]): TransferParameters {
  let { blockSize, windowSize, timeoutSeconds, transferSize } = plainParameters;
  for (const { name, value } of answered) {
    const wanted = asked.find((option) => option.name === name);
    const number = decimal(value);
    if (wanted === undefined || number === undefined) throw new MalformedError(`option ${name} was not asked for`);
    const bound = Number(wanted.value);
    if (name === 'blksize' && number >= 8 && number <= bound) blockSize = number;
    else if (name === 'windowsize' && number >= 1 && number <= bound) windowSize = number;
    else if (name === 'timeout' && number === bound) timeoutSeconds = number;
    else if (name === 'tsize') transferSize = number;
    else throw new MalformedError(`option ${name} came back with a value out of range`);
  }
  return { blockSize, windowSize, timeoutSeconds, transferSize };
}

function decimal(text: string): number | undefined {
  return /^[0-9]{1,10}$/.test(text) ? Number(text) : undefined;
}
