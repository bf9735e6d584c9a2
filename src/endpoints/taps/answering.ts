import { utf8 } from '../../kernel/bytes.ts';
import { type AnswerParts, type ChosenAudio, type SessionOffer, writeAnswer } from '../../protocol/sdp/audio.ts';
import { buildResponse } from '../../protocol/sip/build.ts';
import { headerAll } from '../../protocol/sip/message.ts';
import type { AgentHost } from '../sip/local-agent.ts';
import type { ServerRun } from '../sip/transactions.ts';
import type { AgentDialog } from './dialog.ts';

export const allow = 'INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, NOTIFY, UPDATE';

/** What every answer of one call says. */
export type AnsweringSession = Pick<AnswerParts, 'address' | 'port' | 'master' | 'sessionId'>;

/** Answers offers of one call with 200, and repeats that until the ACK comes. */
export class Answering {
  readonly #node: AgentHost;
  readonly #dialog: AgentDialog;
  readonly #session: AnsweringSession;
  readonly #unacknowledged: () => void;
  #version = 1;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    node: AgentHost,
    dialog: AgentDialog,
    session: AnsweringSession,
    /** No ACK came in the time RFC 3261 gives it. */
    unacknowledged: () => void,
  ) {
    this.#node = node;
    this.#dialog = dialog;
    this.#session = session;
    this.#unacknowledged = unacknowledged;
  }

  answer(server: ServerRun, offer: SessionOffer, chosen: ChosenAudio): void {
    const { request } = server;
    const sdp = writeAnswer({
      offer,
      chosen,
      ...this.#session,
      sessionVersion: this.#version++,
    });
    const response = buildResponse(request, {
      status: 200,
      toTag: this.#dialog.toTag,
      headers: [
        ...headerAll(request, 'record-route').map((route) => ['Record-Route', route] as const),
        ['Contact', this.#dialog.contact],
        ['Allow', allow],
        ['Content-Type', 'application/sdp'],
      ],
      body: utf8(sdp),
    });
    server.respond(response);
    if (request.method !== 'INVITE') return;
    // RFC 3261 §13.3.1.4: over any transport.
    const { t1, t2 } = this.#node.transactions.timers;
    let waited = 0;
    const again = (ms: number): void => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        waited += ms;
        if (waited >= 64 * t1) return this.#unacknowledged();
        server.respond(response);
        again(Math.min(2 * ms, t2));
      }, ms);
    };
    again(t1);
  }

  /** The ACK came, or nobody waits for it any more. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
