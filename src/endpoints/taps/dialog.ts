import type { Binding } from '../../domain/registration/binding.ts';
import { parseAddress } from '../../protocol/sip/address.ts';
import { buildRequest } from '../../protocol/sip/build.ts';
import { header, headerAll, type SipRequest, type SipResponse } from '../../protocol/sip/message.ts';
import type { Flow } from '../sip/flow.ts';
import type { AgentHost } from '../sip/local-agent.ts';
import type { ServerRun } from '../sip/transactions.ts';

/** Our side of a call that a phone made to us (RFC 3261 §12, as UAS). */
export class AgentDialog {
  readonly callId: string;
  readonly toTag: string;
  /** User part of our Contact: later requests of the call name it. */
  readonly user: string;
  readonly #node: AgentHost;
  readonly #binding: Binding;
  readonly #flow: Flow;
  readonly #local: string;
  readonly #remote: string;
  readonly #routes: readonly string[];
  #target: string;
  #cseq = 100;

  constructor(node: AgentHost, server: ServerRun, binding: Binding, user: string, toTag: string) {
    const { request, envelope, flow } = server;
    this.#node = node;
    this.#binding = binding;
    this.#flow = flow;
    this.callId = envelope.callId;
    this.toTag = toTag;
    this.user = user;
    this.#local = `${header(request, 'to') ?? ''};tag=${toTag}`;
    this.#remote = header(request, 'from') ?? '';
    this.#routes = headerAll(request, 'record-route');
    this.#target = binding.contact;
    this.retarget(request);
  }

  get contact(): string {
    return `<sip:${this.user}@${this.#node.hostPort(this.#flow)};transport=${this.#flow.transport}>`;
  }

  /** A re-INVITE may move the other side. */
  retarget(request: SipRequest): void {
    const contact = header(request, 'contact');
    if (contact !== undefined) this.#target = parseAddress(contact).uriText;
  }

  /** Sends a request within the call. `done`: the final response, or undefined when none came. */
  send(
    method: string,
    options: {
      readonly headers?: readonly (readonly [string, string])[];
      readonly body?: Uint8Array;
      readonly done?: (response: SipResponse | undefined) => void;
    } = {},
  ): void {
    const { done } = options;
    const flow = this.#node.flowTo(this.#binding) ?? this.#flow;
    const branch = this.#node.newBranch();
    this.#cseq++;
    const request = buildRequest({
      method,
      uri: this.#target,
      via: this.#node.viaFor(flow, branch),
      from: this.#local,
      to: this.#remote,
      callId: this.callId,
      cseq: this.#cseq,
      headers: [
        ...this.#routes.map((route) => ['Route', route] as const),
        ['Contact', this.contact],
        ...(options.headers ?? []),
      ],
      ...(options.body === undefined ? {} : { body: options.body }),
    });
    this.#node.openClient(request, branch, flow, {
      response: (response) => {
        if (response.status >= 200) done?.(response);
      },
      failed: () => done?.(undefined),
    });
  }
}
