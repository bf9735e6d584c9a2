import { type Binding, flowKey } from '../../domain/registration/binding.ts';
import { sipUriOf } from '../../protocol/sip/address.ts';
import { buildResponse, newTag, type ResponseParts } from '../../protocol/sip/build.ts';
import { cancelledTransactionKey, type RequestEnvelope, serverTransactionKey } from '../../protocol/sip/envelope.ts';
import { headerTokens, type SipRequest, withoutHeader } from '../../protocol/sip/message.ts';
import { decodedUser, type SipUri } from '../../protocol/sip/uri.ts';
import { writeMessage } from '../../protocol/sip/write.ts';
import type { Authenticator } from './authenticator.ts';
import { asksToken, type Flow } from './flow.ts';
import { Fork, type ForkTarget } from './fork.ts';
import { ownService } from './own-services.ts';
import { neighbour, type RouteTokens } from './record-route.ts';
import { warning } from './refusals.ts';
import { type Hop, outgoing, stripOwnRoutes, type TakenRoutes } from './routing.ts';
import type { RequestHandler, SipNode } from './sip-node.ts';
import { isHops, type Refusal, Targets } from './targets.ts';
import type { ServerRun } from './transactions.ts';

/** Who sends a request: a registered phone, or a neighbour whose Route carries our cluster's proof. */
type Sender = { readonly kind: 'phone'; readonly binding: Binding } | { readonly kind: 'neighbour' };

/** Record-routing proxy between registered phones (RFC 3261 §16). It keeps transactions, never calls. */
export class RelayHandler implements RequestHandler {
  readonly #node: SipNode;
  readonly #authenticator: Authenticator;
  readonly #tokens: RouteTokens;
  readonly #targets: Targets;

  constructor(node: SipNode, authenticator: Authenticator, tokens: RouteTokens) {
    this.#node = node;
    this.#authenticator = authenticator;
    this.#tokens = tokens;
    this.#targets = new Targets(node);
  }

  request(flow: Flow, request: SipRequest, envelope: RequestEnvelope, size: number): undefined {
    const { transactions } = this.#node;
    const { method } = request;
    const known = transactions.server(serverTransactionKey(request, envelope));
    if (known !== undefined && sameSource(known.flow, flow)) {
      known.step(method === 'ACK' ? { type: 'ack' } : { type: 'request' });
      return;
    }
    if (known !== undefined) return;
    const taken = stripOwnRoutes(request, envelope.callId, this.#tokens, (uri) => this.#node.isThisNode(uri));
    const sender = this.#senderOf(flow, envelope, taken);
    if (method === 'ACK') {
      if (sender === undefined) return;
      if (sender.kind === 'phone' && this.#isLocal(envelope)) this.#node.options.localAgent?.acknowledged(envelope);
      else this.#relayAck(sender, taken, envelope);
      return;
    }
    const refuse = (parts: ResponseParts): undefined => {
      this.#node.replyWith(flow, request, parts, size);
      return undefined;
    };
    if (method === 'CANCEL') {
      const invite = transactions.server(cancelledTransactionKey(request, envelope));
      if (invite === undefined || !sameSource(invite.flow, flow)) return refuse({ status: 481 });
      // Its own transaction needs no memory: the same CANCEL again gets the same answer.
      refuse({ status: 200 });
      invite.cancel();
      return;
    }
    if (sender === undefined) {
      if (method === 'OPTIONS' && this.#isForUs(envelope)) return refuse(ownService(request)!);
      return refuse(this.#forbidden('The sender is not registered, or is not who From says'));
    }
    if (envelope.uri.kind !== 'sip') return refuse({ status: 416 });
    if (envelope.maxForwards === 0) return refuse({ status: 483 });
    const required = headerTokens(request, 'proxy-require');
    if (required.length > 0) return refuse({ status: 420, headers: [['Unsupported', required.join(', ')]] });
    if (transactions.full)
      return refuse({ status: 503, headers: [['Retry-After', String(2 + this.#node.options.random.below(8))]] });

    const server = this.#node.openServer(serverTransactionKey(request, envelope), request, envelope, flow);
    if (method === 'INVITE') server.respond(buildResponse(request, { status: 100 }));
    this.#route(server, sender, taken).catch((error: unknown) => {
      this.#node.options.log.error(
        { error: String(error), callId: envelope.callId },
        'a SIP request could not be routed',
      );
      this.#respond(server, { status: 503, headers: [['Retry-After', '10']] });
    });
  }

  #forbidden(words: string): ResponseParts {
    return { status: 403, headers: [['Warning', warning(this.#node.agent, words)]] };
  }

  #respond(server: ServerRun, { words, ...parts }: Refusal): undefined {
    const headers =
      words === undefined ? (parts.headers ?? []) : [['Warning', warning(this.#node.agent, words)] as const];
    server.respond(buildResponse(server.request, { ...parts, headers, toTag: newTag(this.#node.options.random) }));
  }

  #isForUs(envelope: RequestEnvelope): boolean {
    return (
      envelope.uri.kind === 'sip' && envelope.uri.uri.user === undefined && this.#node.isOurs(envelope.uri.uri.host)
    );
  }

  /** For the user agent inside this node: by the Request-URI alone, for its calls run through no other node. */
  #isLocal({ uri }: RequestEnvelope): boolean {
    if (uri.kind !== 'sip' || !this.#node.isOurs(uri.uri.host)) return false;
    const user = decodedUser(uri.uri)?.split(';', 1)[0];
    return user !== undefined && this.#node.options.localAgent?.serves(user) === true;
  }

  /** A request's From belongs to the phone whose flow it came over. */
  #senderOf(flow: Flow, envelope: RequestEnvelope, taken: TakenRoutes): Sender | undefined {
    const { table } = this.#node.registrar;
    const names = table.devicesOfFlow(flowKey(flow));
    const from = sipUriOf(envelope.from);
    const user = from === undefined ? undefined : decodedUser(from);
    if (names.length > 0) {
      if (user === undefined) return undefined;
      for (const name of names) {
        for (const binding of table.ofDevice(name)) {
          if (user.toUpperCase() === name || binding.numbers.includes(user)) return { kind: 'phone', binding };
        }
      }
      return undefined;
    }
    // Neighbours come by the cluster's own listener: through the edge comes nobody but the phone that was let in.
    if (asksToken(flow)) return undefined;
    const { sides } = taken;
    return sides !== undefined && (sides.left === neighbour || sides.right === neighbour)
      ? { kind: 'neighbour' }
      : undefined;
  }

  async #route(server: ServerRun, sender: Sender, taken: TakenRoutes): Promise<undefined> {
    const { envelope } = server;
    if (taken.sides === undefined && envelope.toTag === undefined && sender.kind === 'phone') {
      const challenge = await this.#challengeFor(server.flow, server.request, sender.binding);
      if (challenge !== undefined) return this.#respond(server, challenge);
    }
    if (sender.kind === 'phone' && taken.sides === undefined && this.#isLocal(envelope)) {
      this.#node.options.localAgent?.request(server, sender.binding);
      return;
    }
    const hops = await this.#hops(server, sender, taken);
    if (!isHops(hops)) return this.#respond(server, hops);
    if (server.cancelRequested) return this.#respond(server, { status: 487 });
    const request = withoutHeader(withoutHeader(taken.request, 'p-asserted-identity'), 'proxy-authorization');
    const targets: ForkTarget[] = hops.map((hop) => ({
      flow: hop.flow,
      request: outgoing(this.#node, this.#tokens, server.flow, { ...server, request }, hop),
    }));
    new Fork(this.#node, server, targets).start();
  }

  /** Over UDP an address proves little, so phones with digest prove each new call; a connection was proved by its REGISTER. */
  async #challengeFor(flow: Flow, request: SipRequest, binding: Binding): Promise<Refusal | undefined> {
    if (flow.transport !== 'udp') return undefined;
    const device = await this.#node.options.directory.byName(binding.deviceName);
    if (device === undefined) return this.#forbidden('The phone is no longer in the database');
    const credentials = this.#authenticator.credentials(request, 'proxy-authorization');
    const verdict = this.#authenticator.check(request, credentials, device);
    if (verdict.kind === 'proved' && !verdict.repeated) return undefined;
    if (verdict.kind === 'wrong') return this.#forbidden('The digest credentials are wrong');
    const stale = verdict.kind === 'proved' || verdict.stale;
    return {
      status: 407,
      headers: this.#authenticator.challenges(request, stale).map((text) => ['Proxy-Authenticate', text] as const),
    };
  }

  async #hops(server: ServerRun, sender: Sender, taken: TakenRoutes): Promise<readonly Hop[] | Refusal> {
    const uri = (server.envelope.uri as { uri: SipUri }).uri;
    if (taken.sides !== undefined && taken.initial === undefined)
      return this.#targets.withinCall(sender.kind === 'phone' ? sender.binding.deviceName : neighbour, taken);
    if (taken.rest.length > 0) return { status: 403, words: 'Requests are not relayed to other systems' };
    if (taken.initial !== undefined) {
      const hops = this.#targets.ofNeighbour(taken.initial);
      return hops.length > 0 ? hops : { status: 480 };
    }
    if (sender.kind !== 'phone') return { status: 403 };
    if (!this.#node.isOurs(uri.host)) return { status: 404, words: 'Requests are not relayed to other systems' };
    const user = decodedUser(uri)?.split(';', 1)[0];
    const own = user === undefined ? ownService(server.request) : ownService(server.request, user);
    if (own !== undefined) return own;
    return user === undefined ? { status: 404 } : this.#targets.newCall(user, sender.binding, uri);
  }

  /** The ACK of a 2xx has no transaction: it is passed on and forgotten (RFC 3261 §16.11). */
  #relayAck(sender: Sender, taken: TakenRoutes, envelope: RequestEnvelope): void {
    if (taken.sides === undefined || envelope.maxForwards === 0) return;
    const hops = this.#targets.withinCall(sender.kind === 'phone' ? sender.binding.deviceName : neighbour, taken);
    if (!isHops(hops)) return;
    const hop = hops[0]!;
    hop.flow.send(
      writeMessage(outgoing(this.#node, this.#tokens, hop.flow, { request: taken.request, envelope }, hop)),
    );
  }
}

function sameSource(a: Flow, b: Flow): boolean {
  return a.reliable || b.reliable ? a.connection === b.connection : a.address === b.address;
}
