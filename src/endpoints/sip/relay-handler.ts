import { buildResponse, newTag, type ResponseParts } from '../../protocol/sip/build.ts';
import { cancelledTransactionKey, type RequestEnvelope, serverTransactionKey } from '../../protocol/sip/envelope.ts';
import { header, headerTokens, type SipRequest } from '../../protocol/sip/message.ts';
import { decodedUser, type SipUri } from '../../protocol/sip/uri.ts';
import { writeMessage } from '../../protocol/sip/write.ts';
import type { Authenticator } from './authenticator.ts';
import { type Flow, uriHost } from './flow.ts';
import { answeredElsewhere, Fork, type ForkTarget } from './fork.ts';
import { allowed, ownService } from './own-services.ts';
import { neighbour, type RouteTokens } from './record-route.ts';
import { warning } from './refusals.ts';
import { RelayPolicy } from './relay-policy.ts';
import { type Hop, outgoing, stripOwnRoutes, type TakenRoutes } from './routing.ts';
import { screenRequest, screenResponse } from './screen.ts';
import { type Sender, Senders } from './senders.ts';
import type { RequestHandler, SipNode } from './sip-node.ts';
import { isHops, type Refusal, Targets } from './targets.ts';
import type { ServerRun } from './transactions.ts';

/** Record-routing proxy between registered phones (RFC 3261 §16). It keeps transactions, never calls. */
export class RelayHandler implements RequestHandler {
  readonly #node: SipNode;
  readonly #tokens: RouteTokens;
  readonly #senders: Senders;
  readonly #targets: Targets;
  readonly #policy: RelayPolicy;

  constructor(node: SipNode, authenticator: Authenticator, tokens: RouteTokens) {
    this.#node = node;
    this.#tokens = tokens;
    this.#senders = new Senders(node, authenticator, tokens);
    this.#targets = new Targets(node, this.#senders.proved);
    this.#policy = new RelayPolicy(node);
  }

  connectionLost(connection: number): void {
    this.#senders.proved.connectionLost(connection);
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
    const refuse = (parts: ResponseParts): undefined => {
      this.#node.replyWith(flow, request, parts, size);
      return undefined;
    };
    if (method === 'CANCEL') return this.#cancel(flow, request, envelope, refuse);
    const taken = stripOwnRoutes(request, envelope.callId, this.#tokens, (uri) => this.#node.isThisNode(uri));
    const sender = this.#senders.known(flow, request, envelope, taken);
    if (method === 'ACK') {
      if (typeof sender === 'string') return;
      if (sender.kind === 'phone' && this.#isLocal(envelope)) this.#node.options.localAgent?.acknowledged(envelope);
      else this.#relayAck(sender, taken, envelope);
      return;
    }
    if (typeof sender === 'string') {
      if (method === 'OPTIONS' && this.#isForUs(envelope)) return refuse(ownService(request)!);
      if (sender === 'foreign') {
        return refuse(this.#worded({ status: 403, words: 'The sender is not registered, or is not who From says' }));
      }
      if (!this.#senders.mayProve(flow, request, envelope))
        return refuse(this.#senders.challenge(flow, request, false));
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
      this.#node.options.log.error({ err: error, callId: envelope.callId }, 'a SIP request could not be routed');
      this.#respond(server, { status: 503, headers: [['Retry-After', '10']] });
    });
  }

  #cancel(
    flow: Flow,
    request: SipRequest,
    envelope: RequestEnvelope,
    refuse: (parts: ResponseParts) => undefined,
  ): undefined {
    const invite = this.#node.transactions.server(cancelledTransactionKey(request, envelope));
    if (invite === undefined || !sameSource(invite.flow, flow)) return refuse({ status: 481 });
    // Its own transaction needs no memory: the same CANCEL again gets the same answer.
    refuse({ status: 200 });
    // Only another node knows that somebody else picked up; a caller could hide a missed call with it.
    const elsewhere = invite.fromNode && header(request, 'reason') === answeredElsewhere;
    invite.cancel(elsewhere ? answeredElsewhere : undefined);
    return undefined;
  }

  #worded({ words, ...parts }: Refusal): ResponseParts {
    if (words === undefined) return parts;
    return { ...parts, headers: [...(parts.headers ?? []), ['Warning', warning(this.#node.agent, words)]] };
  }

  #respond(server: ServerRun, refusal: Refusal): undefined {
    const parts = this.#worded(refusal);
    server.respond(buildResponse(server.request, { ...parts, toTag: newTag(this.#node.options.random) }));
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

  async #route(server: ServerRun, found: Sender | 'unproved', taken: TakenRoutes): Promise<undefined> {
    const { envelope, flow, request } = server;
    let sender: Sender;
    if (found === 'unproved') {
      const proved = await this.#senders.prove(flow, request, envelope);
      if (!('kind' in proved)) return this.#respond(server, proved);
      sender = proved;
    } else {
      sender = found;
      if (taken.sides === undefined && sender.kind === 'phone') {
        const challenge = await this.#senders.challengeFor(flow, request, sender.binding);
        if (challenge !== undefined) return this.#respond(server, challenge);
      }
    }
    server.fromNode = sender.kind === 'neighbour';
    if (sender.kind === 'phone' && taken.sides === undefined && this.#isLocal(envelope)) {
      this.#node.options.localAgent?.request(server, sender.binding);
      return;
    }
    const own = this.#own(server, sender, taken);
    if (own !== undefined) return this.#respond(server, own);
    const refusal = this.#policy.judge(request, envelope, sender, taken);
    if (refusal !== undefined) {
      const headers = refusal.status === 405 || refusal.status === 489 ? [['Allow', allowed] as const] : [];
      return this.#respond(server, { ...refusal, headers });
    }
    const hops = await this.#hops(server, sender, taken);
    if (!isHops(hops)) return this.#respond(server, hops);
    if (server.cancelRequested) return this.#respond(server, { status: 487 });
    new Fork(this.#node, server, await this.#targetsOf(server, sender, taken, hops)).start();
  }

  /** What is for the system itself. */
  #own({ envelope, request }: ServerRun, sender: Sender, taken: TakenRoutes): ResponseParts | undefined {
    if (taken.sides !== undefined || sender.kind !== 'phone') return undefined;
    const { uri } = envelope.uri as { uri: SipUri };
    if (!this.#node.isOurs(uri.host) || taken.rest.length > 0) return undefined;
    const user = decodedUser(uri)?.split(';', 1)[0];
    if (user === undefined) return ownService(request) ?? { status: 404 };
    const { deviceName, numbers } = sender.binding;
    return ownService(request, user, user.toUpperCase() === deviceName || numbers.includes(user));
  }

  async #targetsOf(
    server: ServerRun,
    sender: Sender,
    taken: TakenRoutes,
    hops: readonly Hop[],
  ): Promise<readonly ForkTarget[]> {
    const { envelope, flow, request } = server;
    const speaker = await this.#policy.speaker(request, envelope, sender, taken);
    const transfer = this.#policy.transfer(request, envelope, sender, taken);
    return await Promise.all(
      hops.map(async (hop): Promise<ForkTarget> => {
        const from = speaker === undefined ? 'node' : 'phone';
        const host = this.#hostFor(hop.flow);
        const screened = screenRequest(taken.request, {
          from,
          party: speaker?.party,
          intercom: speaker?.intercom === true,
          host,
        });
        const sides = { ...hop.sides, ...(speaker?.party.hidden && taken.sides === undefined && { hidden: true }) };
        const sent = outgoing(this.#node, this.#tokens, flow, { request: screened, envelope }, { ...hop, sides });
        const party = await this.#policy.answerer(request, envelope, hop);
        return {
          flow: hop.flow,
          request: sent,
          screen: (response) => {
            if (transfer !== undefined && response.status >= 300) transfer.declined();
            return screenResponse(response, {
              from: hop.toNode === true ? 'node' : 'phone',
              asked: request,
              sent,
              party: party?.(response),
              host: this.#hostFor(flow),
              isOurs: (name) => this.#node.isOurs(name),
            });
          },
        };
      }),
    );
  }

  /** This cluster's name towards whoever is behind a flow. */
  #hostFor(flow: Flow): string {
    return uriHost(this.#node.options.host ?? flow.localAddress);
  }

  async #hops(server: ServerRun, sender: Sender, taken: TakenRoutes): Promise<readonly Hop[] | Refusal> {
    const { envelope } = server;
    const { uri } = envelope.uri as { uri: SipUri };
    if (taken.sides !== undefined && taken.initial === undefined)
      return this.#targets.withinCall(nameOf(sender), taken, envelope);
    if (taken.rest.length > 0) return { status: 403, words: 'Requests are not relayed to other systems' };
    if (taken.initial !== undefined) {
      const hops = sender.kind === 'neighbour' ? this.#targets.ofNeighbour(taken.initial) : [];
      return hops.length > 0 ? hops : { status: 480 };
    }
    if (sender.kind !== 'phone') return { status: 403 };
    if (!this.#node.isOurs(uri.host)) return { status: 404, words: 'Requests are not relayed to other systems' };
    const user = decodedUser(uri)?.split(';', 1)[0];
    return user === undefined ? { status: 404 } : this.#targets.newCall(user, sender.binding, uri);
  }

  /** The ACK of a 2xx has no transaction: it is passed on and forgotten (RFC 3261 §16.11). */
  #relayAck(sender: Sender, taken: TakenRoutes, envelope: RequestEnvelope): void {
    if (taken.sides === undefined || envelope.maxForwards === 0) return;
    if (this.#policy.judge(taken.request, envelope, sender, taken) !== undefined) return;
    const hops = this.#targets.withinCall(nameOf(sender), taken, envelope);
    if (!isHops(hops)) return;
    const hop = hops[0]!;
    const request = screenRequest(taken.request, {
      from: sender.kind === 'neighbour' ? 'node' : 'phone',
      party: this.#policy.unnamed(envelope, sender, taken),
      intercom: false,
      host: this.#hostFor(hop.flow),
    });
    hop.flow.send(writeMessage(outgoing(this.#node, this.#tokens, hop.flow, { request, envelope }, hop)));
  }
}

/** As the sides of a call name it. */
function nameOf(sender: Sender): string {
  return sender.kind === 'phone' ? sender.binding.deviceName : neighbour;
}

function sameSource(a: Flow, b: Flow): boolean {
  return a.reliable || b.reliable ? a.connection === b.connection : a.address === b.address;
}
