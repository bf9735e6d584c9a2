import { type Binding, flowKey } from '../../domain/registration/binding.ts';
import type { PeerNode } from '../../domain/registration/cluster.ts';
import type { Registrar } from '../../domain/registration/registrar.ts';
import { canonicalHost, sameHost } from '../../identifiers/host.ts';
import { MalformedError } from '../../kernel/errors.ts';
import {
  buildResponse,
  clientTransactionKey,
  newBranch,
  newTag,
  type ResponseParts,
} from '../../protocol/sip/build.ts';
import type { Envelope, RequestEnvelope } from '../../protocol/sip/envelope.ts';
import { paramValue, withParam } from '../../protocol/sip/grammar.ts';
import { judgeMessage } from '../../protocol/sip/judge.ts';
import { headerAll, type SipRequest, type SipResponse, withoutHeader } from '../../protocol/sip/message.ts';
import type { SipUri } from '../../protocol/sip/uri.ts';
import { branchOf, formatVia, parseVia, type Via } from '../../protocol/sip/via.ts';
import { writeMessage } from '../../protocol/sip/write.ts';
import { type Flow, uriHost } from './flow.ts';
import { isOwnAddress } from './local-address.ts';
import type { SipServerOptions } from './options.ts';
import { pooledRandom } from './pooled-random.ts';
import type { Streams } from './stream-listener.ts';
import { type ClientRun, type ClientUser, Transactions } from './transactions.ts';
import type { UdpListener } from './udp-listener.ts';

/** A strangers' datagram is never answered with more than this many times its own size. */
const strangerAmplification = 2;

export interface RequestHandler {
  /** `envelope` is checked; no server transaction exists yet. */
  request(flow: Flow, request: SipRequest, envelope: RequestEnvelope, size: number): void;
}

/** Takes messages in, gives them out, and keeps the transactions between. What a request means is the handlers' work. */
export class SipNode {
  readonly options: SipServerOptions;
  readonly registrar: Registrar;
  readonly transactions: Transactions;
  readonly names: ReadonlySet<string>;
  streams: Streams | undefined;
  udp: UdpListener | undefined;
  ports: { udp?: number; tcp?: number; tls?: number; oauth?: number; edge?: number } = {};
  handlers: { register: RequestHandler; relay: RequestHandler } | undefined;
  #dropped = 0;

  constructor(options: SipServerOptions, registrar: Registrar, transactionLimit: number) {
    this.options = { ...options, random: pooledRandom(options.random) };
    this.registrar = registrar;
    this.transactions = new Transactions(transactionLimit);
    this.names = new Set(
      [options.host, ...(options.names ?? [])].flatMap((name) => (name ? [canonicalHost(name)] : [])),
    );
  }

  /** Messages that got no answer because there was nothing to answer. */
  get dropped(): number {
    return this.#dropped;
  }

  get agent(): string {
    return this.options.host ?? 'firstring';
  }

  /** Every octet of every port ends here, so nothing thrown below may get out. */
  readonly receive = (flow: Flow, bytes: Uint8Array): void => {
    try {
      this.#receive(flow, bytes);
    } catch (error) {
      this.#dropped++;
      if (!(error instanceof MalformedError)) {
        this.options.log.error({ err: error, address: flow.address }, 'a SIP message could not be handled');
      }
    }
  };

  #receive(flow: Flow, bytes: Uint8Array): void {
    // Keep-alives of phones behind NAT.
    if (bytes.length <= 4) return;
    const verdict = judgeMessage(bytes);
    if (verdict.kind === 'drop') {
      this.#dropped++;
      return;
    }
    if (verdict.kind === 'response') {
      this.#response(verdict.response, verdict.envelope);
      return;
    }
    const request = withReceived(verdict.request, flow);
    if (verdict.kind === 'refuse') {
      this.replyBare(flow, request, verdict, bytes.length);
      return;
    }
    const { envelope } = verdict;
    const handler = request.method === 'REGISTER' ? this.handlers?.register : this.handlers?.relay;
    handler?.request(flow, request, envelope, bytes.length);
  }

  #response(response: SipResponse, envelope: Envelope): void {
    const branch = branchOf(envelope.via);
    const run =
      branch === undefined ? undefined : this.transactions.client(clientTransactionKey(branch, envelope.cseqMethod));
    if (run === undefined) {
      this.#dropped++;
      return;
    }
    run.step({ type: 'response', status: response.status }, response);
  }

  /** Whether a phone is registered over this flow, or a certificate stands behind it. */
  isKnown(flow: Flow): boolean {
    return flow.identity.kind === 'certificate' || this.registrar.table.devicesOfFlow(flowKey(flow)).length > 0;
  }

  /** Sends a response without a transaction (RFC 3261 §8.2.7), and tells what went out. To strangers over UDP never more than twice what they sent. */
  reply(flow: Flow, request: SipRequest, response: SipResponse, size: number): Uint8Array | undefined {
    const send = this.#wayBack(flow, request);
    let bytes = writeMessage(response);
    if (!flow.reliable && bytes.length > size * strangerAmplification && !this.isKnown(flow)) {
      bytes = writeMessage(slimmed(response));
      if (bytes.length > size * strangerAmplification) {
        this.#dropped++;
        return undefined;
      }
    }
    send(bytes);
    return bytes;
  }

  /** The answer that this request got before. */
  replyAgain(flow: Flow, request: SipRequest, bytes: Uint8Array): void {
    this.#wayBack(flow, request)(bytes);
  }

  replyWith(flow: Flow, request: SipRequest, parts: ResponseParts, size: number): Uint8Array | undefined {
    const toTag = parts.toTag ?? newTag(this.options.random);
    return this.reply(flow, request, buildResponse(request, { ...parts, toTag }), size);
  }

  /** For requests whose fields may be broken: needs nothing but a Via that can be followed, and never answers an ACK. */
  replyBare(flow: Flow, request: SipRequest, parts: ResponseParts, size: number): void {
    this.#dropped++;
    if (request.method === 'ACK') return;
    const via = headerAll(request, 'via')[0];
    if (via === undefined) return;
    parseVia(via);
    this.reply(flow, request, buildResponse(request, parts), size);
  }

  /** A transaction that answers along the way the request came. */
  openServer(key: string, request: SipRequest, envelope: RequestEnvelope, flow: Flow) {
    return this.transactions.openServer(key, request, envelope, flow, this.#wayBack(flow, request));
  }

  /** RFC 3261 §18.2.2 and RFC 3581: the connection, or the source address with the port that Via asks for. */
  #wayBack(flow: Flow, request: SipRequest): (bytes: Uint8Array) => boolean {
    if (flow.reliable) return (bytes) => flow.send(bytes);
    const via = parseVia(headerAll(request, 'via')[0]!);
    const port = paramValue(via.params, 'rport') === undefined ? (via.port ?? 5060) : flow.port;
    if (port === flow.port) return (bytes) => flow.send(bytes);
    const back = this.udp?.flowTo(flow.address, port === 0 ? flow.port : port);
    return (bytes) => back?.send(bytes) ?? false;
  }

  /** Host and port that the other side of a flow reaches us at. */
  hostPort(flow: Pick<Flow, 'transport' | 'localAddress' | 'door'>): string {
    const { door = 'line' } = flow;
    const port = this.ports[door === 'line' ? flow.transport : door] ?? 5060;
    return `${uriHost(this.options.host ?? flow.localAddress)}:${port}`;
  }

  viaFor(flow: Flow, branch: string): string {
    return `SIP/2.0/${flow.transport.toUpperCase()} ${this.hostPort(flow)};branch=${branch};rport`;
  }

  newBranch(): string {
    return newBranch(this.options.random);
  }

  openClient(request: SipRequest, branch: string, flow: Flow, user: ClientUser): ClientRun {
    return this.transactions.openClient(clientTransactionKey(branch, request.method), request, flow, user);
  }

  /** The way to a phone's contact: its connection, or its address. Undefined when a stream is gone. */
  flowTo(binding: Binding): Flow | undefined {
    const { flow } = binding;
    if (flow.transport === 'udp') return this.udp?.flowTo(flow.address, flow.targetPort);
    return this.streams?.byConnection(flow.connection);
  }

  flowToPeer(peer: PeerNode): Flow | undefined {
    return this.streams?.toPeer(peer);
  }

  /** Whether a Route value names this very node: several may share a host. */
  isThisNode(uri: SipUri): boolean {
    const tls = paramValue(uri.params, 'transport')?.toLowerCase() === 'tls';
    const port = uri.port ?? (tls ? 5061 : 5060);
    return Object.values(this.ports).includes(port) && this.isOurs(uri.host);
  }

  /** Whether a host in a URI means this node (or its cluster, by name). */
  isOurs(host: string): boolean {
    const name = canonicalHost(host);
    return this.names.has(name) || this.options.serves?.(name) === true || isOwnAddress(host);
  }
}

/** Strangers get the answer, not the advice. */
function slimmed(response: SipResponse): SipResponse {
  const bare = ['warning', 'server', 'allow', 'supported'].reduce(withoutHeader<SipResponse>, response);
  const challenges = bare.headers.filter((each) => each.key.endsWith('-authenticate'));
  const first = challenges[0];
  return { ...bare, headers: bare.headers.filter((each) => !each.key.endsWith('-authenticate') || each === first) };
}

function withReceived(request: SipRequest, flow: Flow): SipRequest {
  const at = request.headers.findIndex((each) => each.key === 'via');
  if (at < 0) return request;
  let via: Via;
  try {
    via = parseVia(request.headers[at]!.text);
  } catch {
    return request;
  }
  const asksPort = via.params.some(([name]) => name.toLowerCase() === 'rport');
  if (!asksPort && sameHost(via.host, flow.address)) return request;
  let params = withParam(via.params, 'received', flow.address);
  if (asksPort) params = withParam(params, 'rport', String(flow.port));
  return {
    ...request,
    headers: request.headers.with(at, { ...request.headers[at]!, text: formatVia({ ...via, params }) }),
  };
}
