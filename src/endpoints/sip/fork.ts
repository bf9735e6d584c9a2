import { buildResponse, cancelFor, newTag } from '../../protocol/sip/build.ts';
import { header, headerAll, type SipRequest, type SipResponse } from '../../protocol/sip/message.ts';
import { branchOf, parseVia } from '../../protocol/sip/via.ts';
import type { Flow } from './flow.ts';
import type { SipNode } from './sip-node.ts';
import type { ClientRun, ServerRun } from './transactions.ts';

/** So that the phones that rang along do not list a missed call (RFC 3326). */
export const answeredElsewhere = 'SIP;cause=200;text="Call completed elsewhere"';
/** A ringing phone that nobody answers is given up after this time (RFC 3261 §16.6 timer C), ms. */
const timerC = 185_000;

export interface ForkTarget {
  readonly flow: Flow;
  /** Ready to go out, our Via included. */
  readonly request: SipRequest;
  /** The answer as the sender may see it. */
  readonly screen: (response: SipResponse) => SipResponse;
}

interface Branch {
  readonly flow: Flow;
  readonly request: SipRequest;
  readonly screen: ForkTarget['screen'];
  run: ClientRun | undefined;
  /** A final status other than 2xx; 2xx are passed on at once. */
  final: SipResponse | undefined;
  done: boolean;
  provisional: boolean;
  cancelWanted: boolean;
  cancelSent: boolean;
  /** Value of Reason (RFC 3326). */
  cancelReason: string | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** One request on its way to one or several phones: response context of RFC 3261 §16.7. */
export class Fork {
  readonly #node: SipNode;
  readonly #server: ServerRun;
  readonly #invite: boolean;
  readonly #branches: Branch[];
  #answered = false;

  constructor(node: SipNode, server: ServerRun, targets: readonly ForkTarget[]) {
    this.#node = node;
    this.#server = server;
    this.#invite = server.request.method === 'INVITE';
    this.#branches = targets.map(({ flow, request, screen }) => ({
      flow,
      request,
      screen,
      run: undefined,
      final: undefined,
      done: false,
      provisional: false,
      cancelWanted: false,
      cancelSent: false,
      cancelReason: undefined,
      timer: undefined,
    }));
    server.cancelled = (reason) => this.#cancelAll(reason);
  }

  start(): void {
    for (const branch of this.#branches) {
      const id = branchOf(parseVia(header(branch.request, 'via')!))!;
      branch.run = this.#node.openClient(branch.request, id, branch.flow, {
        response: (response) => this.#response(branch, response),
        failed: (status) => this.#settle(branch, this.#local(status === 503 ? 480 : 408)),
      });
      if (this.#invite) this.#watch(branch);
    }
  }

  #watch(branch: Branch): void {
    clearTimeout(branch.timer);
    branch.timer = setTimeout(() => {
      if (branch.provisional) this.#cancel(branch);
      else this.#settle(branch, this.#local(408));
    }, timerC);
  }

  #local(status: number): SipResponse {
    return buildResponse(this.#server.request, { status, toTag: newTag(this.#node.options.random) });
  }

  #response(branch: Branch, received: SipResponse): void {
    const { status } = received;
    // Ours is the only Via that went out.
    if (headerAll(received, 'via').length !== 1) return;
    const response = branch.screen(received);
    if (status < 200) {
      branch.provisional = true;
      if (branch.cancelWanted) this.#sendCancel(branch);
      if (status === 100 || this.#answered || branch.cancelWanted) return;
      if (this.#invite) this.#watch(branch);
      this.#server.respond(response);
      return;
    }
    if (status < 300) {
      this.#finish(branch);
      if (this.#answered && !this.#invite) return;
      this.#answered = true;
      this.#server.respond(response);
      this.#cancelAll(answeredElsewhere);
      return;
    }
    this.#settle(branch, response);
    if (status >= 600) this.#cancelAll();
  }

  #finish(branch: Branch): void {
    branch.done = true;
    clearTimeout(branch.timer);
  }

  #settle(branch: Branch, response: SipResponse): void {
    if (branch.done) return;
    this.#finish(branch);
    branch.final = response;
    if (this.#answered || !this.#branches.every((each) => each.done)) return;
    this.#answered = true;
    this.#server.respond(best(this.#branches.flatMap((each) => each.final ?? [])));
  }

  #cancelAll(reason?: string): void {
    if (!this.#invite) return;
    for (const branch of this.#branches) if (!branch.done) this.#cancel(branch, reason);
  }

  #cancel(branch: Branch, reason?: string): void {
    branch.cancelWanted = true;
    branch.cancelReason ??= reason;
    // RFC 3261 §9.1: not before a provisional response has shown that the INVITE arrived.
    if (branch.provisional) this.#sendCancel(branch);
  }

  #sendCancel(branch: Branch): void {
    if (branch.cancelSent) return;
    branch.cancelSent = true;
    const cancel = cancelFor(branch.request, branch.cancelReason);
    const id = branchOf(parseVia(header(cancel, 'via')!))!;
    this.#node.openClient(cancel, id, branch.flow, { response: () => {}, failed: () => {} });
    // A phone that never ends the INVITE after CANCEL must not hold the caller for ever.
    clearTimeout(branch.timer);
    branch.timer = setTimeout(() => {
      branch.run?.end();
      this.#settle(branch, this.#local(487));
    }, 64 * this.#node.transactions.timers.t1);
  }
}

const preferred = [401, 407, 415, 420, 484, 486];
const reluctant = [404, 480, 408];

/** RFC 3261 §16.7 step 6: a 6xx, else the lowest class; within 4xx what tells the caller most. */
function best(finals: readonly SipResponse[]): SipResponse {
  const rank = ({ status }: SipResponse): number => {
    if (status >= 600) return 0;
    if (status < 400 || status >= 500) return status;
    if (preferred.includes(status)) return 400 + preferred.indexOf(status);
    if (reluctant.includes(status)) return 480 + reluctant.indexOf(status);
    return status === 487 ? 410 : 450;
  };
  const chosen = finals.toSorted((a, b) => rank(a) - rank(b))[0]!;
  // A 503 would make the caller leave this node; the fault is one phone's.
  return chosen.status === 503 ? { ...chosen, status: 500, reason: 'Server Internal Error' } : chosen;
}
