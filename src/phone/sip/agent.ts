import { hash as digestOf } from 'node:crypto';
import { fromUtf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { sipUriOf } from '../../protocol/sip/address.ts';
import { buildResponse, newTag } from '../../protocol/sip/build.ts';
import { answerDigest } from '../../protocol/sip/digest.ts';
import { envelopeOf } from '../../protocol/sip/envelope.ts';
import { header, headerAll, type SipMessage, type SipRequest, type SipResponse } from '../../protocol/sip/message.ts';
import { readMessage } from '../../protocol/sip/read.ts';
import { readServiceControl } from '../../protocol/sip/service-control.ts';
import { encodeUser } from '../../protocol/sip/uri.ts';
import { writeMessage } from '../../protocol/sip/write.ts';
import type { BootEvent, BootSetup, SipTransport } from '../boot/types.ts';
import type { Mic } from '../identity/mic.ts';
import type { CallRequest, Calls } from './calls.ts';
import { openLink, type SipLink, type SipWay } from './link.ts';
import { phoneRandom } from './random.ts';
import {
  expiresOf,
  offeredSeconds,
  type RegisterOrder,
  reasonOf,
  registerRequest,
  retryAfterOf,
} from './register-messages.ts';
import { bracketed, type Registration } from './registration.ts';
import { ClientTransactions, NoAnswerError } from './transactions.ts';

export type RegisterOutcome = Extract<BootEvent, { type: 'registered' | 'register_refused' | 'node_unreachable' }>;

export interface AgentOptions {
  readonly setup: BootSetup;
  readonly mic: Mic;
  /** How long a node may take to answer, milliseconds. */
  readonly patienceMs: number;
  /** What happens by itself while registered. */
  readonly onEvent: (event: Extract<BootEvent, { type: 'service_control' | 'connection_lost' }>) => void;
}

const allowed = 'INVITE, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REFER, UPDATE, SUBSCRIBE';

/** The phone's SIP user agent: one registration with one node, kept over refreshes. */
export class SipAgent {
  readonly #options: AgentOptions;
  #at: { readonly key: string; readonly registration: Registration; effect: RegisterOrder; live: boolean } | undefined;
  /** Set by whoever wants calls; without it INVITE is answered 486. */
  calls: Calls | undefined;

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  /** Registers, or refreshes when the node is the one of before. Rejects only when aborted. */
  async register(effect: RegisterOrder, way: SipWay, signal: AbortSignal): Promise<RegisterOutcome> {
    const { edge, node } = effect;
    const { transport } = effect.configuration;
    const port = edge?.target.port ?? (transport === 'tls' ? node.sipTlsPort : node.sipPort);
    const host = edge?.target.host ?? node.host;
    const lineName = effect.configuration.lines[0]?.directoryNumber ?? this.#options.setup.deviceName;
    const key = `${transport}|${host}|${port}|${lineName}`;
    try {
      if (this.#at?.key !== key) {
        this.#drop();
        await this.#open(key, { host, port, transport, lineName }, effect, way, signal);
      }
      const at = this.#at!;
      at.effect = effect;
      const response = await this.#sendRegister(offeredSeconds, signal);
      if (response.status >= 200 && response.status < 300) {
        at.live = true;
        return { type: 'registered', expiresSeconds: expiresOf(response), lineName };
      }
      this.#drop();
      return {
        type: 'register_refused',
        status: response.status,
        reason: reasonOf(response),
        retryAfterMs: retryAfterOf(response),
      };
    } catch (error) {
      this.#drop();
      signal.throwIfAborted();
      return {
        type: 'node_unreachable',
        detail: `${host}:${port} over ${transport.toUpperCase()}: ${(error as Error).message}.`,
      };
    }
  }

  /** Ends the registration as far as it can. Never rejects. */
  async unregister(): Promise<void> {
    if (this.#at?.live !== true) {
      this.#drop();
      return;
    }
    this.#at.live = false;
    const signal = AbortSignal.timeout(2000);
    await this.#sendRegister(0, signal).catch(() => undefined);
    this.#drop();
  }

  /** Forgets the link without a word. */
  drop(): void {
    this.#drop();
  }

  get registration(): Registration | undefined {
    return this.#at?.registration;
  }

  /** Ends the calls that are up. */
  async hangUp(): Promise<void> {
    const { registration } = this;
    if (registration !== undefined) await this.calls?.hangUpAll(registration);
  }

  /** Places a call. Rejects when the phone is not registered. */
  async call(request: CallRequest): Promise<void> {
    const { registration } = this;
    if (registration === undefined || this.calls === undefined) throw new Error('the phone is not registered');
    await this.calls.place(registration, request);
  }

  async #open(
    key: string,
    target: { host: string; port: number; transport: SipTransport; lineName: string },
    effect: RegisterOrder,
    way: SipWay,
    signal: AbortSignal,
  ): Promise<void> {
    const { mic, setup, patienceMs } = this.#options;
    let transactions: ClientTransactions | undefined;
    const link = await openLink({
      node: { host: target.host, port: target.port },
      transport: target.transport,
      mic,
      way,
      onMessage: (bytes) => this.#receive(bytes, link),
      onClose: (detail) => {
        transactions?.fail(detail);
        if (this.#at?.registration.link !== link) return;
        const { live } = this.#at;
        this.#at = undefined;
        if (live) this.#options.onEvent({ type: 'connection_lost', detail: `The connection is lost: ${detail}.` });
      },
      timeoutMs: patienceMs,
      signal,
    });
    transactions = new ClientTransactions((bytes) => link.send(bytes), link.reliable);
    const host = bracketed(link.local.host);
    const user = effect.configuration.lines[0]?.contact ?? phoneRandom.uuid();
    const [mac, tail] = [setup.mac.toLowerCase(), phoneRandom.bytes(10)];
    const hex = Buffer.from(tail).toString('hex');
    const registration: Registration = {
      link,
      transactions,
      // The field's form: MAC first.
      callId: `${mac.slice(0, 8)}-${mac.slice(8)}${hex.slice(0, 4)}-${hex.slice(4, 12)}-${hex.slice(12)}@${link.local.host}`,
      contactUri: `sip:${encodeUser(user)}@${host}:${link.local.port};transport=${link.transport}`,
      // Through an edge the names stay those of the node behind it.
      aor: `sip:${encodeUser(target.lineName)}@${bracketed(effect.node.host)}`,
      domain: effect.node.host,
      cseq: 100,
    };
    this.#at = { key, registration, effect, live: false };
  }

  async #sendRegister(expires: number, signal: AbortSignal): Promise<SipResponse> {
    const at = this.#at;
    if (at === undefined) throw new NoAnswerError('the connection is closed');
    const { registration, effect } = at;
    const bearer =
      effect.edge === undefined ? undefined : ([`Authorization`, `Bearer ${effect.edge.accessToken}`] as const);
    const first = registerRequest(this.#options.setup, registration, effect, expires, bearer);
    const options = { patienceMs: this.#options.patienceMs, signal };
    const response = await registration.transactions.request(first, options);
    const { digest } = effect;
    if ((response.status !== 401 && response.status !== 407) || digest === undefined) return response;
    const proxy = response.status === 407;
    const answer = answerDigest(md, {
      challenges: headerAll(response, proxy ? 'proxy-authenticate' : 'www-authenticate'),
      method: 'REGISTER',
      uri: first.uri,
      username: digest.username,
      password: digest.password,
      cnonce: Buffer.from(phoneRandom.bytes(8)).toString('hex'),
    });
    if (answer === undefined) return response;
    const name = proxy ? 'Proxy-Authorization' : 'Authorization';
    const second = registerRequest(this.#options.setup, registration, effect, expires, [name, answer]);
    return await registration.transactions.request(second, options);
  }

  #receive(bytes: Uint8Array, link: SipLink): void {
    let message: SipMessage;
    try {
      const reading = readMessage(bytes);
      if (reading.problem !== undefined) return;
      message = reading.message;
    } catch {
      // Junk from the network is not answered.
      return;
    }
    const at = this.#at;
    if (at === undefined || at.registration.link !== link) return;
    if (message.kind === 'response') {
      at.registration.transactions.receive(message);
      return;
    }
    if (this.calls?.handles(message) === true) {
      this.calls.receive(at.registration, message);
      return;
    }
    const [response, event] = this.#answer(message, at.registration);
    if (response !== undefined) link.send(writeMessage(response));
    if (event !== undefined) this.#options.onEvent(event);
  }

  #answer(
    request: SipRequest,
    registration: Registration,
  ): [SipResponse | undefined, Extract<BootEvent, { type: 'service_control' }> | undefined] {
    const toTag = newTag(phoneRandom);
    switch (request.method) {
      case 'ACK':
        return [undefined, undefined];
      case 'OPTIONS':
        return [
          buildResponse(request, {
            status: 200,
            toTag,
            headers: [
              ['Allow', allowed],
              ['Accept', 'application/sdp'],
            ],
          }),
          undefined,
        ];
      case 'NOTIFY': {
        const event = header(request, 'event')?.split(';')[0]?.trim().toLowerCase();
        if (event !== 'service-control') return [buildResponse(request, { status: 489, toTag }), undefined];
        if (!isOfRegistrar(request)) return [buildResponse(request, { status: 403, toTag }), undefined];
        return [buildResponse(request, { status: 200, toTag }), controlOf(request, registration)];
      }
      case 'REFER':
        // Out of a dialog the server sends lamp and forwarding states this way; taken, not shown.
        return [buildResponse(request, { status: 202, toTag }), undefined];
      case 'INVITE':
        return [buildResponse(request, { status: 486, toTag }), undefined];
      case 'BYE':
      case 'CANCEL':
        return [buildResponse(request, { status: 481, toTag }), undefined];
      default:
        return [buildResponse(request, { status: 405, toTag, headers: [['Allow', allowed]] }), undefined];
    }
  }

  #drop(): void {
    const at = this.#at;
    this.#at = undefined;
    at?.registration.transactions.fail('the connection is closed');
    at?.registration.link.close();
  }
}

/** Sent by the registrar itself, straight over the flow of the registration: nobody stands behind it, and no user speaks in it. */
function isOfRegistrar(request: SipRequest): boolean {
  try {
    const { from, toTag } = envelopeOf(request);
    const uri = sipUriOf(from);
    const relayed = headerAll(request, 'via').length !== 1 || header(request, 'record-route') !== undefined;
    return !relayed && toTag === undefined && uri !== undefined && uri.user === undefined;
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return false;
  }
}

function controlOf(
  request: SipRequest,
  registration: Registration,
): Extract<BootEvent, { type: 'service_control' }> | undefined {
  let text: string;
  try {
    text = fromUtf8(request.body);
  } catch {
    return undefined;
  }
  const control = readServiceControl(text);
  // It names the registration, which only the registrar and the phone know; another one is an old one.
  if (control === undefined || control.registerCallId !== registration.callId) {
    return undefined;
  }
  return { type: 'service_control', action: control.action };
}

const md: Parameters<typeof answerDigest>[0] = (algorithm, text) =>
  digestOf(algorithm === 'MD5' ? 'md5' : 'sha256', text);
