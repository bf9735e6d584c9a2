import type { FileReader, ServedFile } from '../../domain/provisioning/ports.ts';
import {
  blockRange,
  owed,
  type ServerTransfer,
  type ServerTransferEvent,
  type ServerTransferStep,
  stepServerTransfer,
  transferTimeout,
} from '../../protocol/tftp/server-transfer.ts';
import { frameBlock, framesOf } from './frames.ts';

/** Octets read from disk at once for files that are not in memory. */
const readAhead = 64 * 1024;

export interface SessionStart {
  readonly address: string;
  readonly port: number;
  /** Of the request datagram, to tell a repetition from a new request. */
  readonly request: Uint8Array;
  readonly step: ServerTransferStep;
  /** The OACK datagram; empty when the transfer has none. */
  readonly answer: Uint8Array;
  readonly content: Uint8Array | ServedFile;
  readonly now: number;
  readonly send: (datagram: Uint8Array, session: Session) => void;
  readonly failed: (session: Session, error: unknown) => void;
}

/** One transfer with its content and its clock. Sends what the machine says; knows no socket. */
export class Session {
  readonly address: string;
  readonly port: number;
  readonly request: Uint8Array;
  /** Octets of the first answer above what the request allows. */
  readonly lent: number;
  transfer: ServerTransfer;
  /** Milliseconds; past it the transfer gets its `timeout` event. */
  deadline: number;
  readonly #answer: Uint8Array;
  readonly #content: Uint8Array | ServedFile;
  readonly #frames: readonly Uint8Array[] | undefined;
  readonly #send: SessionStart['send'];
  readonly #failed: SessionStart['failed'];
  #reader: FileReader | undefined;
  #held: { offset: number; bytes: Uint8Array } | undefined;
  #reading = false;
  #wanted: { from: number; to: number } | undefined;

  constructor(start: SessionStart) {
    this.address = start.address;
    this.port = start.port;
    this.request = start.request;
    this.transfer = start.step.transfer;
    this.lent = owed(this.transfer);
    this.#answer = start.answer;
    this.#content = start.content;
    this.#frames =
      start.content instanceof Uint8Array ? framesOf(start.content, start.step.transfer.blockSize) : undefined;
    this.#send = start.send;
    this.#failed = start.failed;
    this.deadline = start.now + transferTimeout(this.transfer);
  }

  /** Carries out the effect of the step that made `transfer`. */
  perform(effect: ServerTransferStep['effect']): void {
    if (effect === undefined) return;
    if (effect.type === 'options') this.#send(this.#answer, this);
    else if (this.#content instanceof Uint8Array) this.#sendBlocks(effect.from, effect.to, this.#content, 0);
    else this.#readAndSend(effect.from, effect.to, this.#content);
  }

  handle(event: ServerTransferEvent, now: number): void {
    const step = stepServerTransfer(this.transfer, event);
    if (step.transfer !== this.transfer || step.effect !== undefined)
      this.deadline = now + transferTimeout(step.transfer);
    this.transfer = step.transfer;
    this.perform(step.effect);
  }

  close(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.close().catch(() => {});
  }

  #sendBlocks(from: number, to: number, bytes: Uint8Array, base: number): void {
    const { blockSize } = this.transfer;
    for (let block = from; block <= to; block++) {
      const datagram = this.#frames?.[block - 1] ?? frameBlock(bytes, (block - 1) * blockSize - base, blockSize, block);
      this.#send(datagram, this);
    }
  }

  #readAndSend(from: number, to: number, file: ServedFile): void {
    this.#wanted = { from, to };
    if (this.#reading) return;
    this.#reading = true;
    this.#readLoop(file)
      .catch((error: unknown) => this.#failed(this, error))
      .finally(() => {
        this.#reading = false;
        if (this.transfer.ended !== undefined) this.close();
      });
  }

  /** Sends the newest wish, reading first where the content is not held; wishes that come meanwhile replace each other. */
  async #readLoop(file: ServedFile): Promise<void> {
    while (this.#wanted !== undefined && this.transfer.ended === undefined) {
      const { from, to } = this.#wanted;
      this.#wanted = undefined;
      const start = blockRange(this.transfer, from).offset;
      const last = blockRange(this.transfer, to);
      const end = last.offset + last.length;
      if (this.#held === undefined || start < this.#held.offset || end > this.#held.offset + this.#held.bytes.length) {
        this.#reader ??= await file.open();
        const length = Math.min(Math.max(readAhead, end - start), file.size - start);
        const bytes = await this.#reader.read(start, length);
        if (bytes.length !== length) throw new Error('file ends before its size');
        this.#held = { offset: start, bytes };
      }
      this.#sendBlocks(from, to, this.#held.bytes, this.#held.offset);
    }
  }
}
