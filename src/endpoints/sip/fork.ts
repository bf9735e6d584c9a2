import { buildResponse, cancelFor, newTag } from '../../protocol/sip/build.ts';
import { header, type SipRequest, type SipResponse, withoutFirst } from '../../protocol/sip/message.ts';
import { branchOf, parseVia } from '../../protocol/sip/via.ts';
import type { Flow } from './flow.ts';
import type { SipNode } from './sip-node.ts';
import type { ClientRun, ServerRun } from './transactions.ts';

/** A ringing phone that nobody answers is given up after this time (RFC 3261 §16.6 timer C), ms. */
const timerC = 185_000;

export interface ForkTarget {
  readonly flow: Flow;
  /** Ready to go out, our Via included. */
  readonly request: SipRequest;
}

interface Branch {
  readonly flow: Flow;
  readonly request: SipRequest;
  run: ClientRun | undefined;
  /** A final status other than 2xx; 2xx are passed on at once. */
  final: SipResponse | undefined;
  done: boolean;
  provisional: boolean;
  cancelWanted: boolean;
  cancelSent: boolean;
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
    this.#branches = targets.map(({ flow, request }) => ({
      flow,
      request,
      run: undefined,
      final: undefined,
      done: false,
      provisional: false,
      cancelWanted: false,
      cancelSent: false,
      timer: undefined,
    }));
    server.cancelled = () => this.#cancelAll();
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
    const response = withoutFirst(received, 'via');
    // Without another Via it was meant for us, and there is nobody to pass it to (RFC 3261 §16.7 step 3).
    if (header(response, 'via') === undefined) return;
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
      this.#cancelAll();
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

  #cancelAll(): void {
    if (!this.#invite) return;
    for (const branch of this.#branches) if (!branch.done) this.#cancel(branch);
  }

  #cancel(branch: Branch): void {
    branch.cancelWanted = true;
    // RFC 3261 §9.1: not before a provisional response has shown that the INVITE arrived.
    if (branch.provisional) this.#sendCancel(branch);
  }

  #sendCancel(branch: Branch): void {
    if (branch.cancelSent) return;
    branch.cancelSent = true;
    const cancel = cancelFor(branch.request);
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
