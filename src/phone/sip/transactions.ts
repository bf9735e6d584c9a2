import { MalformedError } from '../../kernel/errors.ts';
import { ackFor, clientTransactionKey } from '../../protocol/sip/build.ts';
import {
  type ClientEvent,
  type ClientTimer,
  type ClientTransaction,
  clientTransaction,
  stepClient,
} from '../../protocol/sip/client-transaction.ts';
import { envelopeOf } from '../../protocol/sip/envelope.ts';
import type { SipRequest, SipResponse } from '../../protocol/sip/message.ts';
import { standardTimers } from '../../protocol/sip/timers.ts';
import { branchOf } from '../../protocol/sip/via.ts';
import { writeMessage } from '../../protocol/sip/write.ts';

/** Nobody answered, or the way to the node broke. */
export class NoAnswerError extends Error {}

export interface SendOptions {
  /** Milliseconds without any answer after which the request is given up; RFC 3261's own timer is 32 s. */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
  readonly onProvisional?: (response: SipResponse) => void;
  /** 2xx after the first, to an INVITE: each wants its ACK. */
  readonly onRepeated?: (response: SipResponse) => void;
}

interface Open {
  machine: ClientTransaction;
  readonly request: SipRequest;
  readonly options: SendOptions;
  readonly timers: Map<ClientTimer, NodeJS.Timeout>;
  resolve: (response: SipResponse) => void;
  reject: (error: Error) => void;
  settled: boolean;
}

/** The client transactions on one link, driven by the machine of src/protocol/sip. */
export class ClientTransactions {
  readonly #open = new Map<string, Open>();
  readonly #send: (bytes: Uint8Array) => void;
  readonly #reliable: boolean;

  constructor(send: (bytes: Uint8Array) => void, reliable: boolean) {
    this.#send = send;
    this.#reliable = reliable;
  }

  /** Resolves with the final response. Rejects with NoAnswerError, or when aborted. */
  request(request: SipRequest, options: SendOptions = {}): Promise<SipResponse> {
    const { signal, patienceMs } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { via, cseqMethod } = envelopeOf(request);
    const key = clientTransactionKey(branchOf(via) ?? '', cseqMethod);
    const answer = new Promise<SipResponse>((resolve, reject) => {
      const machine = clientTransaction(request.method, this.#reliable);
      this.#open.set(key, { machine, request, options, timers: new Map(), resolve, reject, settled: false });
    });
    const giveUp = (error: Error) => {
      const open = this.#open.get(key);
      if (open === undefined) return;
      this.#settle(open, () => open.reject(error));
      this.#end(key, open);
    };
    const abort = () => giveUp(signal?.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    const timer =
      patienceMs === undefined
        ? undefined
        : setTimeout(() => giveUp(new NoAnswerError('no answer in time')), patienceMs);
    this.#step(key, { type: 'start' }, undefined);
    return answer.finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    });
  }

  /** A response from the link. Strangers and late ones are dropped. */
  receive(response: SipResponse): void {
    let key: string;
    try {
      const { via, cseqMethod } = envelopeOf(response);
      key = clientTransactionKey(branchOf(via) ?? '', cseqMethod);
    } catch (error) {
      if (error instanceof MalformedError) return;
      throw error;
    }
    this.#step(key, { type: 'response', status: response.status }, response);
  }

  /** The link is gone: everything open fails. */
  fail(detail: string): void {
    for (const [key, open] of [...this.#open]) {
      this.#settle(open, () => open.reject(new NoAnswerError(detail)));
      this.#end(key, open);
    }
  }

  #step(key: string, event: ClientEvent, response: SipResponse | undefined): void {
    const open = this.#open.get(key);
    if (open === undefined) return;
    const next = stepClient(open.machine, event, standardTimers);
    open.machine = next.state;
    for (const effect of next.effects) {
      switch (effect.type) {
        case 'send':
          this.#send(writeMessage(open.request));
          break;
        case 'ack':
          if (response !== undefined) this.#send(writeMessage(ackFor(open.request, response)));
          break;
        case 'deliver':
          if (response !== undefined) this.#deliver(open, response);
          break;
        case 'timer':
          clearTimeout(open.timers.get(effect.timer));
          open.timers.set(
            effect.timer,
            setTimeout(() => this.#step(key, { type: 'timer', timer: effect.timer }, undefined), effect.ms).unref(),
          );
          break;
        case 'timedOut':
        case 'transportFailed':
          this.#settle(open, () => open.reject(new NoAnswerError('no answer in time')));
          break;
        case 'ended':
          this.#end(key, open);
          break;
      }
    }
  }

  #deliver(open: Open, response: SipResponse): void {
    if (response.status < 200) open.options.onProvisional?.(response);
    else if (open.settled) open.options.onRepeated?.(response);
    else this.#settle(open, () => open.resolve(response));
  }

  #settle(open: Open, finish: () => void): void {
    if (open.settled) return;
    open.settled = true;
    finish();
  }

  #end(key: string, open: Open): void {
    for (const timer of open.timers.values()) clearTimeout(timer);
    this.#open.delete(key);
  }
}
