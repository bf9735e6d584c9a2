import { type Binding, flowKey } from '../../domain/registration/binding.ts';
import { owns } from '../../domain/registration/identify.ts';
import type { RegisteringDevice } from '../../domain/registration/ports.ts';
import { sipUriOf } from '../../protocol/sip/address.ts';
import type { RequestEnvelope } from '../../protocol/sip/envelope.ts';
import type { SipRequest } from '../../protocol/sip/message.ts';
import { decodedUser } from '../../protocol/sip/uri.ts';
import type { Authenticator } from './authenticator.ts';
import { asksToken, type Flow } from './flow.ts';
import { ProvedFlows } from './proved-flows.ts';
import { neighbour, type RouteTokens } from './record-route.ts';
import { digestWrong } from './refusals.ts';
import type { TakenRoutes } from './routing.ts';
import type { SipNode } from './sip-node.ts';
import type { Refusal } from './targets.ts';

/** Who sends a request: a registered phone, or a node of this cluster that vouches for it. */
export type Sender = { readonly kind: 'phone'; readonly binding: Binding } | { readonly kind: 'neighbour' };

/** A request's From belongs to the phone behind its flow; this tells which phone that is. */
export class Senders {
  readonly #node: SipNode;
  readonly #authenticator: Authenticator;
  readonly #tokens: RouteTokens;
  readonly proved: ProvedFlows;

  constructor(node: SipNode, authenticator: Authenticator, tokens: RouteTokens) {
    this.#node = node;
    this.#authenticator = authenticator;
    this.#tokens = tokens;
    this.proved = new ProvedFlows(node.options.clock);
  }

  /** foreign: it is not, and cannot become, who From says. unproved: a stranger so far, whom digest may prove. */
  known(
    flow: Flow,
    request: SipRequest,
    envelope: RequestEnvelope,
    { sides }: TakenRoutes,
  ): Sender | 'foreign' | 'unproved' {
    const names = this.#namesOf(flow);
    const user = userOf(envelope);
    if (names.length > 0)
      return names.map((name) => this.#speaker(name, user)).find((each) => each !== undefined) ?? 'foreign';
    // Neighbours come by the cluster's own listener: through the edge comes nobody but the phone that was let in.
    if (asksToken(flow)) return 'foreign';
    const relayed = sides !== undefined && (sides.left === neighbour || sides.right === neighbour);
    if (relayed && this.#tokens.vouched(request)) return { kind: 'neighbour' };
    const { identity } = flow;
    if (identity.kind === 'certificate') return this.#speaker(identity.deviceName, user) ?? 'foreign';
    return user === undefined ? 'foreign' : 'unproved';
  }

  #namesOf(flow: Flow): readonly string[] {
    const registered = this.#node.registrar.table.devicesOfFlow(flowKey(flow));
    const proved = this.proved.deviceOf(flow);
    return proved === undefined || registered.includes(proved) ? registered : [...registered, proved];
  }

  /** The binding by which this device may speak as `user`. */
  #speaker(deviceName: string, user: string | undefined): Sender | undefined {
    if (user === undefined) return undefined;
    const binding = this.#node.registrar.table
      .ofDevice(deviceName)
      .find((each) => user.toUpperCase() === deviceName || each.numbers.includes(user));
    return binding === undefined ? undefined : { kind: 'phone', binding };
  }

  /** Whether it is worth looking into a stranger's request; if not, it gets a challenge and leaves nothing behind. */
  mayProve(flow: Flow, request: SipRequest, envelope: RequestEnvelope): boolean {
    const credentials = this.#authenticator.credentials(request, 'proxy-authorization');
    if (credentials !== undefined) return this.#authenticator.answers(credentials, flow.address);
    return this.#neighbours(flow, envelope).length > 0;
  }

  /** Bindings of the same address that may speak as From says. */
  #neighbours(flow: Flow, envelope: RequestEnvelope): Binding[] {
    const { table } = this.#node.registrar;
    const user = userOf(envelope);
    if (user === undefined) return [];
    return [...table.ofNumber(user), ...table.ofDevice(user.toUpperCase())].filter(
      (binding) => binding.flow.address === flow.address && binding.flow.edge === undefined,
    );
  }

  /** A registered phone over another flow than its REGISTER's (RFC 3261 §22.3): its digest proves it. */
  async prove(flow: Flow, request: SipRequest, envelope: RequestEnvelope): Promise<Sender | Refusal> {
    const { directory } = this.#node.options;
    const user = userOf(envelope);
    const credentials = this.#authenticator.credentials(request, 'proxy-authorization');
    if (credentials === undefined) {
      // A phone whose profile asks for no proof has none to give; its address has to do.
      for (const binding of this.#neighbours(flow, envelope)) {
        const device = await directory.byName(binding.deviceName);
        if (device?.authentication.kind === 'none') return { kind: 'phone', binding };
      }
      return this.challenge(flow, request, false);
    }
    const named = await directory.byName(credentials.username.toUpperCase());
    const device = named?.authentication.kind === 'digest' && owns(named, user ?? '') ? named : undefined;
    const refusal = this.#digest(flow, request, device, false);
    if (refusal !== undefined) return refusal;
    const sender = this.#speaker(device!.name, user);
    if (sender === undefined) return { status: 403, words: 'The sender is not registered' };
    this.proved.add(flow, device!.name);
    return sender;
  }

  /** Over UDP an address proves little, so phones with digest prove each new call; a connection was proved by its REGISTER. */
  async challengeFor(flow: Flow, request: SipRequest, binding: Binding): Promise<Refusal | undefined> {
    if (flow.transport !== 'udp') return undefined;
    const device = await this.#node.options.directory.byName(binding.deviceName);
    if (device === undefined) return { status: 403, words: 'The phone is no longer in the database' };
    return this.#digest(flow, request, device, true);
  }

  challenge(flow: Flow, request: SipRequest, stale: boolean): Refusal {
    return {
      status: 407,
      headers: this.#authenticator
        .challenges(request, stale, flow.address)
        .map((text) => ['Proxy-Authenticate', text] as const),
    };
  }

  #digest(flow: Flow, request: SipRequest, device: RegisteringDevice | undefined, own: boolean): Refusal | undefined {
    const credentials = this.#authenticator.credentials(request, 'proxy-authorization');
    const verdict = this.#authenticator.check(request, credentials, device, { address: flow.address, own });
    switch (verdict.kind) {
      case 'proved':
        return verdict.repeated ? this.challenge(flow, request, true) : undefined;
      case 'wrong':
        return { status: 403, words: digestWrong };
      case 'braked':
        return { status: 503, headers: [['Retry-After', String(verdict.seconds)]] };
      case 'challenge':
        return this.challenge(flow, request, verdict.stale);
    }
  }
}

function userOf({ from }: RequestEnvelope): string | undefined {
  const uri = sipUriOf(from);
  return uri === undefined ? undefined : decodedUser(uri);
}
