import { ackFor } from '../../protocol/sip/build.ts';
import {
  type ClientEvent,
  type ClientTransaction,
  clientTransaction,
  stepClient,
} from '../../protocol/sip/client-transaction.ts';
import type { RequestEnvelope } from '../../protocol/sip/envelope.ts';
import type { SipRequest, SipResponse } from '../../protocol/sip/message.ts';
import {
  type ServerEvent,
  type ServerTransaction,
  serverTransaction,
  stepServer,
} from '../../protocol/sip/server-transaction.ts';
import { standardTimers, type TimerValues } from '../../protocol/sip/timers.ts';
import { writeMessage } from '../../protocol/sip/write.ts';
import type { Flow } from './flow.ts';

class Timers {
  readonly #running = new Map<string, NodeJS.Timeout>();

  start(name: string, ms: number, fire: () => void): void {
    clearTimeout(this.#running.get(name));
    this.#running.set(name, setTimeout(fire, ms));
  }

  stop(): void {
    for (const timer of this.#running.values()) clearTimeout(timer);
    this.#running.clear();
  }
}

/** A request of somebody else's that we owe a final response. */
export class ServerRun {
  readonly key: string;
  readonly request: SipRequest;
  readonly envelope: RequestEnvelope;
  readonly flow: Flow;
  /** Takes a CANCEL on to where the request went; until that is known `cancelRequested` remembers it. */
  cancelled: ((reason: string | undefined) => void) | undefined;
  /** Another node of the cluster sent it. */
  fromNode = false;
  cancelRequested = false;
  finalStatus: number | undefined;
  readonly #table: Transactions;
  readonly #reply: (response: Uint8Array) => boolean;
  readonly #timers = new Timers();
  #machine: ServerTransaction;
  #last: Uint8Array | undefined;

  constructor(
    table: Transactions,
    key: string,
    request: SipRequest,
    envelope: RequestEnvelope,
    flow: Flow,
    reply: (bytes: Uint8Array) => boolean,
  ) {
    this.#table = table;
    this.key = key;
    this.request = request;
    this.envelope = envelope;
    this.flow = flow;
    this.#reply = reply;
    this.#machine = serverTransaction(request.method, flow.reliable);
  }

  /** `reason`: value of Reason (RFC 3326) for the phones that ring. */
  cancel(reason?: string): void {
    this.cancelRequested = true;
    if (this.finalStatus === undefined) this.cancelled?.(reason);
  }

  respond(response: SipResponse): void {
    if (response.status >= 200) this.finalStatus ??= response.status;
    this.step({ type: 'respond', status: response.status }, response);
  }

  step(event: ServerEvent, response?: SipResponse): void {
    const { state, effects } = stepServer(this.#machine, event, this.#table.timers);
    this.#machine = state;
    for (const effect of effects) {
      if (effect.type === 'send' && response !== undefined) {
        this.#last = writeMessage(response);
        this.#reply(this.#last);
      } else if (effect.type === 'resend' && this.#last !== undefined) this.#reply(this.#last);
      else if (effect.type === 'timer') {
        const { timer, ms } = effect;
        this.#timers.start(timer, ms, () => this.step({ type: 'timer', timer }));
      } else if (effect.type === 'ended') this.end();
    }
  }

  end(): void {
    this.#timers.stop();
    this.#table.forgetServer(this);
  }
}

export interface ClientUser {
  response(response: SipResponse): void;
  /** No answer, or no way to send: as if this status had come. */
  failed(status: 408 | 503): void;
}

/** A request of ours that somebody owes a final response. */
export class ClientRun {
  readonly key: string;
  readonly request: SipRequest;
  readonly #table: Transactions;
  readonly #flow: Flow;
  readonly #bytes: Uint8Array;
  readonly #user: ClientUser;
  readonly #timers = new Timers();
  #machine: ClientTransaction;

  constructor(table: Transactions, key: string, request: SipRequest, flow: Flow, user: ClientUser) {
    this.#table = table;
    this.key = key;
    this.request = request;
    this.#flow = flow;
    this.#user = user;
    this.#bytes = writeMessage(request);
    this.#machine = clientTransaction(request.method, flow.reliable);
  }

  get over(): boolean {
    return (
      this.#machine.state === 'completed' || this.#machine.state === 'terminated' || this.#machine.state === 'accepted'
    );
  }

  step(event: ClientEvent, response?: SipResponse): void {
    const { state, effects } = stepClient(this.#machine, event, this.#table.timers);
    this.#machine = state;
    let sent = true;
    for (const effect of effects) {
      if (effect.type === 'send') sent = this.#flow.send(this.#bytes);
      else if (effect.type === 'ack' && response !== undefined)
        this.#flow.send(writeMessage(ackFor(this.request, response)));
      else if (effect.type === 'deliver' && response !== undefined) this.#user.response(response);
      else if (effect.type === 'timedOut') this.#user.failed(408);
      else if (effect.type === 'transportFailed') this.#user.failed(503);
      else if (effect.type === 'timer') {
        const { timer, ms } = effect;
        this.#timers.start(timer, ms, () => this.step({ type: 'timer', timer }));
      } else if (effect.type === 'ended') this.end();
    }
    // Told only afterwards, so that the timers just started are stopped again.
    if (!sent) queueMicrotask(() => this.step({ type: 'transportFailed' }));
  }

  end(): void {
    this.#timers.stop();
    this.#table.forgetClient(this);
  }
}

/** All transactions of the node, bounded. */
export class Transactions {
  readonly timers: TimerValues;
  readonly #limit: number;
  readonly #servers = new Map<string, ServerRun>();
  readonly #clients = new Map<string, ClientRun>();

  constructor(limit: number, timers: TimerValues = standardTimers) {
    this.#limit = limit;
    this.timers = timers;
  }

  get count(): number {
    return this.#servers.size + this.#clients.size;
  }

  get full(): boolean {
    return this.count >= this.#limit;
  }

  server(key: string): ServerRun | undefined {
    return this.#servers.get(key);
  }

  openServer(
    key: string,
    request: SipRequest,
    envelope: RequestEnvelope,
    flow: Flow,
    reply: (bytes: Uint8Array) => boolean,
  ): ServerRun {
    const run = new ServerRun(this, key, request, envelope, flow, reply);
    this.#servers.set(key, run);
    return run;
  }

  openClient(key: string, request: SipRequest, flow: Flow, user: ClientUser): ClientRun {
    const run = new ClientRun(this, key, request, flow, user);
    this.#clients.set(key, run);
    run.step({ type: 'start' });
    return run;
  }

  /** The run that a response belongs to; the sender's Via branch is ours, so strangers cannot guess it. */
  client(key: string): ClientRun | undefined {
    return this.#clients.get(key);
  }

  forgetServer(run: ServerRun): void {
    if (this.#servers.get(run.key) === run) this.#servers.delete(run.key);
  }

  forgetClient(run: ClientRun): void {
    if (this.#clients.get(run.key) === run) this.#clients.delete(run.key);
  }

  close(): void {
    for (const run of [...this.#servers.values()]) run.end();
    for (const run of [...this.#clients.values()]) run.end();
  }
}
