import { isDtmfDigit } from '../../protocol/dtmf/digit.ts';
import { dtmfRelayBody, dtmfRelayType } from '../../protocol/dtmf/info.ts';
import { buildRequest, buildResponse, cancelFor, newCallId, newTag } from '../../protocol/sip/build.ts';
import { header, headerAll, type SipRequest, type SipResponse } from '../../protocol/sip/message.ts';
import { encodeUser } from '../../protocol/sip/uri.ts';
import { writeMessage } from '../../protocol/sip/write.ts';
import { answererDialog, callerOf, type Dialog, dialogOf, inDialog, sdp } from './dialog.ts';
import { phoneRandom } from './random.ts';
import { bracketed, type Registration, viaOf } from './registration.ts';

export interface CallRequest {
  readonly number: string;
  /** Milliseconds after which the caller hangs up; counted from the answer. */
  readonly lasting: number;
  /** Pressed one after the other once the call is answered, told by SIP INFO: this phone sends no media. */
  readonly keys?: string | undefined;
  readonly signal: AbortSignal;
}

export type CallNews =
  | { readonly type: 'ringing' | 'answered' | 'ended'; readonly with: string; readonly incoming: boolean }
  | { readonly type: 'failed'; readonly with: string; readonly incoming: boolean; readonly detail: string };

export interface CallOptions {
  /** Ring this long, then answer; undefined: calls are refused as busy. Milliseconds. */
  readonly answerAfter: number | undefined;
  readonly onNews: (news: CallNews) => void;
}

const dialogMethods: ReadonlySet<string> = new Set(['INVITE', 'ACK', 'BYE', 'CANCEL']);
const t1 = 500;

/** Calls of a lab phone: one at a time, offers and answers PCMU, sends no media. */
export class Calls {
  readonly #options: CallOptions;
  readonly #dialogs = new Map<string, Dialog>();
  /** Incoming calls that ring, or wait for their ACK, by Call-ID. */
  readonly #pending = new Map<
    string,
    { readonly request: SipRequest; readonly tag: string; timer: NodeJS.Timeout | undefined; answered: boolean }
  >();

  constructor(options: CallOptions) {
    this.#options = options;
  }

  handles(request: SipRequest): boolean {
    if (!dialogMethods.has(request.method)) return false;
    const callId = header(request, 'call-id') ?? '';
    return (
      this.#dialogs.has(callId) ||
      this.#pending.has(callId) ||
      (request.method === 'INVITE' && this.#options.answerAfter !== undefined)
    );
  }

  /** Resolves when the call has ended. Rejects with the reason when it does not come up. */
  async place(at: Registration, call: CallRequest): Promise<void> {
    const callId = newCallId(phoneRandom, at.link.local.host);
    const from = `<${at.aor}>;tag=${newTag(phoneRandom)}`;
    const uri = `sip:${encodeUser(call.number)}@${bracketed(at.domain)}`;
    const request = buildRequest({
      method: 'INVITE',
      uri,
      via: viaOf(at.link),
      from,
      to: `<${uri}>`,
      callId,
      cseq: 101,
      headers: [
        ['Contact', `<${at.contactUri}>`],
        ['Content-Type', 'application/sdp'],
      ],
      body: sdp(at),
    });
    const cancel = () => at.link.send(writeMessage(cancelFor(request)));
    call.signal.addEventListener('abort', cancel, { once: true });
    const news = (type: 'ringing' | 'answered' | 'ended') =>
      this.#options.onNews({ type, with: call.number, incoming: false });
    try {
      const acknowledge = (response: SipResponse) =>
        this.#acknowledge(
          at,
          dialogOf(response, from, callId, call.number, () => {}),
        );
      const response = await at.transactions.request(request, {
        onProvisional: ({ status }) => status === 180 && news('ringing'),
        onRepeated: acknowledge,
      });
      if (response.status >= 300) throw new Error(`${response.status} ${response.reason}`);
      acknowledge(response);
      news('answered');
      await new Promise<void>((resolve) => {
        const dialog = dialogOf(response, from, callId, call.number, () => {
          clearTimeout(timer);
          resolve();
        });
        const hangUp = () => void this.hangUp(at, dialog);
        const timer = setTimeout(hangUp, call.lasting);
        call.signal.addEventListener('abort', hangUp, { once: true });
        this.#dialogs.set(callId, dialog);
        void this.#press(at, dialog, call.keys ?? '');
      });
      news('ended');
    } catch (error) {
      this.#options.onNews({ type: 'failed', with: call.number, incoming: false, detail: (error as Error).message });
      throw error;
    } finally {
      call.signal.removeEventListener('abort', cancel);
    }
  }

  async #press(at: Registration, dialog: Dialog, keys: string): Promise<void> {
    for (const key of keys) {
      if (!isDtmfDigit(key) || !this.#dialogs.has(dialog.callId)) return;
      dialog.cseq += 1;
      const content = { type: dtmfRelayType, body: dtmfRelayBody(key) };
      await at.transactions.request(inDialog(at, dialog, 'INFO', content), { patienceMs: 4000 }).catch(() => undefined);
    }
  }

  async hangUp(at: Registration, dialog: Dialog): Promise<void> {
    if (!this.#dialogs.delete(dialog.callId)) return;
    dialog.cseq += 1;
    await at.transactions.request(inDialog(at, dialog, 'BYE'), { patienceMs: 4000 }).catch(() => undefined);
    dialog.ended();
  }

  /** Ends every call that is up. */
  async hangUpAll(at: Registration): Promise<void> {
    await Promise.all([...this.#dialogs.values()].map((dialog) => this.hangUp(at, dialog)));
  }

  receive(at: Registration, request: SipRequest): void {
    const callId = header(request, 'call-id') ?? '';
    switch (request.method) {
      case 'INVITE':
        this.#invited(at, request, callId);
        return;
      case 'ACK': {
        clearTimeout(this.#pending.get(callId)?.timer);
        this.#pending.delete(callId);
        return;
      }
      case 'CANCEL': {
        const ringing = this.#pending.get(callId);
        at.link.send(writeMessage(buildResponse(request, { status: 200, toTag: ringing?.tag ?? newTag(phoneRandom) })));
        if (ringing === undefined || ringing.answered) return;
        clearTimeout(ringing.timer);
        at.link.send(writeMessage(buildResponse(ringing.request, { status: 487, toTag: ringing.tag })));
        this.#options.onNews({ type: 'ended', with: callerOf(request), incoming: true });
        return;
      }
      case 'BYE': {
        at.link.send(writeMessage(buildResponse(request, { status: 200 })));
        const dialog = this.#dialogs.get(callId);
        this.#dialogs.delete(callId);
        dialog?.ended();
        return;
      }
    }
  }

  #invited(at: Registration, request: SipRequest, callId: string): void {
    const dialog = this.#dialogs.get(callId);
    const waiting = this.#pending.get(callId);
    if (waiting !== undefined) return;
    const who = callerOf(request);
    const tag = newTag(phoneRandom);
    const answer = () => {
      const response = buildResponse(request, {
        status: 200,
        toTag: tag,
        headers: [
          ...headerAll(request, 'record-route').map((route) => ['Record-Route', route] as const),
          ['Contact', `<${at.contactUri}>`],
          ['Content-Type', 'application/sdp'],
        ],
        body: sdp(at),
      });
      at.link.send(writeMessage(response));
      return response;
    };
    // A re-INVITE is answered as the call stands.
    if (dialog !== undefined) return void answer();
    const ringing: { request: SipRequest; tag: string; timer: NodeJS.Timeout | undefined; answered: boolean } = {
      request,
      tag,
      timer: undefined,
      answered: false,
    };
    this.#pending.set(callId, ringing);
    at.link.send(
      writeMessage(buildResponse(request, { status: 180, toTag: tag, headers: [['Contact', `<${at.contactUri}>`]] })),
    );
    this.#options.onNews({ type: 'ringing', with: who, incoming: true });
    ringing.timer = setTimeout(() => {
      ringing.answered = true;
      const response = answer();
      const ended = () => this.#options.onNews({ type: 'ended', with: who, incoming: true });
      this.#dialogs.set(callId, answererDialog(request, response, who, ended));
      this.#options.onNews({ type: 'answered', with: who, incoming: true });
      this.#repeat(at, ringing, callId, response, t1);
    }, this.#options.answerAfter);
  }

  /** RFC 3261 §13.3.1.4: the 2xx goes out again until its ACK comes, over any transport. */
  #repeat(
    at: Registration,
    ringing: { timer: NodeJS.Timeout | undefined },
    callId: string,
    response: SipResponse,
    ms: number,
  ): void {
    ringing.timer = setTimeout(() => {
      if (!this.#pending.has(callId)) return;
      if (ms > 16 * t1) {
        this.#pending.delete(callId);
        return;
      }
      at.link.send(writeMessage(response));
      this.#repeat(at, ringing, callId, response, ms * 2);
    }, ms);
    ringing.timer.unref();
  }

  #acknowledge(at: Registration, dialog: Dialog): void {
    at.link.send(writeMessage(inDialog(at, dialog, 'ACK')));
  }
}
