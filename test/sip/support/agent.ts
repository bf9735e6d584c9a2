import { hash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { buildRequest, buildResponse, newBranch, newTag, type ResponseParts } from '../../../src/protocol/sip/build.ts';
import { answerDigest } from '../../../src/protocol/sip/digest.ts';
import {
  header,
  headerAll,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../../../src/protocol/sip/message.ts';
import { readMessage } from '../../../src/protocol/sip/read.ts';
import { StreamFramer } from '../../../src/protocol/sip/stream.ts';
import { writeMessage } from '../../../src/protocol/sip/write.ts';
import { nodeRandom } from './fakes.ts';

export interface Outgoing {
  readonly method: string;
  readonly uri?: string;
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly branch?: string;
  readonly maxForwards?: number;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: Uint8Array;
}

/** A user agent on a raw socket: sends what it is told, keeps what comes until somebody asks for it. */
export class Agent implements AsyncDisposable {
  readonly user: string;
  readonly transport: 'UDP' | 'TCP' | 'TLS';
  /** `127.0.0.1:port` of its own socket. */
  readonly address: string;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #close: () => Promise<void>;
  readonly #inbox: SipMessage[] = [];
  readonly #waiting = new Set<() => void>();
  /** Raw octets that were no message: keep-alive answers. */
  pongs = 0;
  closed = false;
  octetsReceived = 0;

  constructor(
    user: string,
    transport: Agent['transport'],
    address: string,
    send: (bytes: Uint8Array) => void,
    close: () => Promise<void>,
  ) {
    this.user = user;
    this.transport = transport;
    this.address = address;
    this.#send = send;
    this.#close = close;
  }

  static async udp(user: string, port: number): Promise<Agent> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const agent: Agent = new Agent(
      user,
      'UDP',
      `127.0.0.1:${socket.address().port}`,
      (bytes) => socket.send(bytes, port, '127.0.0.1'),
      async () => {
        socket.close();
        await once(socket, 'close');
      },
    );
    socket.on('message', (bytes) => {
      agent.octetsReceived += bytes.length;
      agent.#arrived(readMessage(bytes).message);
    });
    return agent;
  }

  static async tcp(user: string, port: number): Promise<Agent> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return Agent.#stream(user, 'TCP', socket);
  }

  static async tls(user: string, port: number, options: ConnectionOptions = {}): Promise<Agent> {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    await once(socket, 'secureConnect');
    return Agent.#stream(user, 'TLS', socket);
  }

  /** On a connection that was made by other means. */
  static over(user: string, socket: Socket): Agent {
    return Agent.#stream(user, 'TLS', socket);
  }

  static #stream(user: string, transport: 'TCP' | 'TLS', socket: Socket): Agent {
    const framer = new StreamFramer();
    const agent: Agent = new Agent(
      user,
      transport,
      `127.0.0.1:${socket.localPort}`,
      (bytes) => socket.write(bytes),
      async () => {
        if (agent.closed) return;
        socket.destroy();
        await once(socket, 'close');
      },
    );
    socket.on('error', () => {});
    socket.on('close', () => {
      agent.closed = true;
      agent.#wake();
    });
    socket.on('data', (chunk: Buffer) => {
      agent.octetsReceived += chunk.length;
      for (const frame of framer.push(chunk)) {
        if (frame.kind === 'message') agent.#arrived(readMessage(frame.bytes).message);
        else {
          agent.pongs++;
          agent.#wake();
        }
      }
    });
    return agent;
  }

  #arrived(message: SipMessage): void {
    this.#inbox.push(message);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  raw(bytes: Uint8Array): void {
    this.#send(bytes);
  }

  /** Resolves once `found` answers something else than undefined; asked after everything that happens on the socket. */
  until<T>(found: () => T | undefined, what: string, patienceMs = 10_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        const held = this.#inbox.map((each) => (each.kind === 'request' ? each.method : each.status)).join(' ');
        reject(new Error(`${this.user} waited for ${what}; held: ${held || 'nothing'}`));
      }, patienceMs);
      const look = (): void => {
        const value = found();
        if (value === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(value);
      };
      this.#waiting.add(look);
      look();
    });
  }

  #take(matches: (message: SipMessage) => boolean): SipMessage | undefined {
    const at = this.#inbox.findIndex(matches);
    return at < 0 ? undefined : this.#inbox.splice(at, 1)[0];
  }

  /** The oldest request that nobody has asked for yet; an ACK asks for nothing. */
  peek(): SipRequest | undefined {
    return this.#inbox.find((message) => message.kind === 'request' && message.method !== 'ACK') as
      | SipRequest
      | undefined;
  }

  async response(
    callId: string,
    matches: (response: SipResponse) => boolean = ({ status }) => status >= 200,
  ): Promise<SipResponse> {
    const is = (message: SipMessage): boolean =>
      message.kind === 'response' && header(message, 'call-id') === callId && matches(message);
    return (await this.until(() => this.#take(is), `a response in ${callId}`)) as SipResponse;
  }

  async request(method: string): Promise<SipRequest> {
    const is = (message: SipMessage): boolean => message.kind === 'request' && message.method === method;
    const taken = await this.until(() => this.#take(is) ?? (this.closed ? 'closed' : undefined), `a ${method}`);
    if (taken === 'closed') throw new Error(`the connection of ${this.user} is closed`);
    return taken as SipRequest;
  }

  contact(): string {
    return `<sip:${this.user}@${this.address};transport=${this.transport.toLowerCase()}>`;
  }

  build(out: Outgoing): SipRequest {
    return buildRequest({
      method: out.method,
      uri: out.uri ?? 'sip:127.0.0.1',
      via: `SIP/2.0/${this.transport} ${this.address};branch=${out.branch ?? newBranch(nodeRandom)};rport`,
      from: out.from ?? `<sip:${this.user}@127.0.0.1>;tag=${newTag(nodeRandom)}`,
      to: out.to ?? `<sip:${this.user}@127.0.0.1>`,
      callId: out.callId ?? `${randomBytes(8).toString('hex')}@test`,
      cseq: out.cseq ?? 1,
      ...(out.maxForwards === undefined ? {} : { maxForwards: out.maxForwards }),
      ...(out.body === undefined ? {} : { body: out.body }),
      headers: out.headers ?? [],
    });
  }

  send(out: Outgoing): SipRequest {
    const request = this.build(out);
    this.#send(writeMessage(request));
    return request;
  }

  respond(request: SipRequest, parts: ResponseParts): void {
    const recorded = headerAll(request, 'record-route').map((text) => ['Record-Route', text] as const);
    this.#send(
      writeMessage(
        buildResponse(request, {
          toTag: `${this.user}tag`,
          ...parts,
          headers: [...recorded, ...(parts.headers ?? [])],
        }),
      ),
    );
  }

  /** Sends, and once more with credentials when challenged. The final response. */
  async ask(out: Outgoing, username?: string, password = 'secret'): Promise<SipResponse> {
    const callId = out.callId ?? `${randomBytes(8).toString('hex')}@test`;
    const first = this.send({ ...out, callId });
    const response = await this.response(callId);
    if (username === undefined || (response.status !== 401 && response.status !== 407)) return response;
    if (out.method === 'INVITE') this.ack(first, response);
    const proxy = response.status === 407;
    this.send({
      ...out,
      callId,
      cseq: (out.cseq ?? 1) + 1,
      headers: [...(out.headers ?? []), this.credentials(first, response, username, password, proxy)],
    });
    return this.response(callId);
  }

  credentials(
    request: SipRequest,
    response: SipResponse,
    username: string,
    password: string,
    proxy: boolean,
  ): readonly [string, string] {
    const answer = answerDigest((algorithm, text) => hash(algorithm === 'MD5' ? 'md5' : 'sha256', text, 'hex'), {
      challenges: headerAll(response, proxy ? 'proxy-authenticate' : 'www-authenticate'),
      method: request.method,
      uri: request.uri,
      username,
      password,
      cnonce: randomBytes(8).toString('hex'),
    });
    return [proxy ? 'Proxy-Authorization' : 'Authorization', answer ?? 'none'];
  }

  register(
    username?: string,
    more: Partial<Outgoing> & { readonly expires?: number; readonly contact?: string } = {},
  ): Promise<SipResponse> {
    const headers = [
      ['Contact', more.contact ?? this.contact()] as const,
      ['Expires', String(more.expires ?? 3600)] as const,
      ...(more.headers ?? []),
    ];
    return this.ask({ method: 'REGISTER', ...more, headers }, username);
  }

  /** ACK of a refusal: same transaction. Without a Via branch of its own. */
  ack(invite: SipRequest, response: SipResponse): void {
    const via = header(invite, 'via')!;
    const cseq = Number(header(invite, 'cseq')!.split(' ')[0]);
    const ack = buildRequest({
      method: 'ACK',
      uri: invite.uri,
      via,
      from: header(invite, 'from')!,
      to: header(response, 'to')!,
      callId: header(invite, 'call-id')!,
      cseq,
    });
    this.#send(writeMessage(ack));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}
