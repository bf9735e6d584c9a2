import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fromUtf8, utf8 } from '../../../src/kernel/bytes.ts';
import { type DtmfDigit, eventOfDigit } from '../../../src/protocol/dtmf/digit.ts';
import { dtmfRelayBody, dtmfRelayType } from '../../../src/protocol/dtmf/info.ts';
import { kpmlResponse, kpmlResponseType } from '../../../src/protocol/dtmf/kpml.ts';
import { writeTelephoneEvent } from '../../../src/protocol/dtmf/telephone-event.ts';
import { type RtpPacket, readRtp, writeRtp } from '../../../src/protocol/rtp/packet.ts';
import { parseAddress } from '../../../src/protocol/sip/address.ts';
import { header, type SipRequest, type SipResponse } from '../../../src/protocol/sip/message.ts';
import { Agent } from '../../sip/support/agent.ts';

export interface CallerOptions {
  readonly transport?: 'udp' | 'tcp';
  /** Formats and attributes of the offer. Default: PCMU and telephone-event 101. */
  readonly formats?: string;
  readonly attributes?: readonly string[];
  readonly mediaAddress?: string;
  readonly protocol?: string;
  readonly headers?: readonly (readonly [string, string])[];
}

/** Somebody at a phone: a SIP user agent with a media socket of its own. */
export class Caller implements AsyncDisposable {
  readonly agent: Agent;
  readonly #socket: Socket;
  readonly #options: CallerOptions;
  readonly #number: string;
  readonly heard: RtpPacket[] = [];
  #callId = '';
  #from = '';
  #to = '';
  #target = '';
  #cseq = 1;
  #remotePort = 0;
  #sequence = 1;
  #timestamp = 1000;

  private constructor(agent: Agent, socket: Socket, number: string, options: CallerOptions) {
    this.agent = agent;
    this.#socket = socket;
    this.#number = number;
    this.#options = options;
    socket.on('message', (bytes) => this.heard.push(readRtp(bytes)));
  }

  static async at(
    ports: { readonly udp?: number; readonly tcp?: number },
    number: string,
    options: CallerOptions = {},
  ): Promise<Caller> {
    const agent =
      options.transport === 'tcp' ? await Agent.tcp(number, ports.tcp!) : await Agent.udp(number, ports.udp!);
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const caller = new Caller(agent, socket, number, options);
    const registered = await agent.register();
    if (registered.status !== 200) throw new Error(`REGISTER: ${registered.status}`);
    return caller;
  }

  get mediaPort(): number {
    return (this.#socket.address() as AddressInfo).port;
  }

  offer(): Uint8Array {
    const { formats = '0 101', mediaAddress = '127.0.0.1', protocol = 'RTP/AVP' } = this.#options;
    const attributes = this.#options.attributes ?? ['rtpmap:0 PCMU/8000', 'rtpmap:101 telephone-event/8000'];
    return utf8(
      [
        'v=0',
        'o=- 1 1 IN IP4 127.0.0.1',
        's=-',
        `c=IN IP4 ${mediaAddress}`,
        't=0 0',
        `m=audio ${this.mediaPort} ${protocol} ${formats}`,
        ...attributes.map((each) => `a=${each}`),
        '',
      ].join('\r\n'),
    );
  }

  /** The final response; a 2xx is acknowledged. */
  async dial(number: string): Promise<SipResponse> {
    this.#callId = `${randomBytes(8).toString('hex')}@test`;
    this.#from = `<sip:${this.#number}@127.0.0.1>;tag=${randomBytes(4).toString('hex')}`;
    const invite = this.agent.send({
      method: 'INVITE',
      uri: `sip:${number}@127.0.0.1`,
      to: `<sip:${number}@127.0.0.1>`,
      from: this.#from,
      callId: this.#callId,
      cseq: this.#cseq,
      headers: [
        ['Contact', this.agent.contact()],
        ['Content-Type', 'application/sdp'],
        ...(this.#options.headers ?? []),
      ],
      body: this.offer(),
    });
    const response = await this.agent.response(this.#callId);
    if (response.status >= 300) {
      this.agent.ack(invite, response);
      return response;
    }
    this.#to = header(response, 'to')!;
    this.#target = parseAddress(header(response, 'contact')!).uriText;
    this.#remotePort = Number(/^m=audio (\d+)/m.exec(fromUtf8(response.body))![1]);
    this.within('ACK', [], undefined, this.#cseq);
    return response;
  }

  /** A request within the call. */
  within(
    method: string,
    headers: readonly (readonly [string, string])[] = [],
    body?: Uint8Array,
    cseq = ++this.#cseq,
  ): SipRequest {
    return this.agent.send({
      method,
      uri: this.#target,
      from: this.#from,
      to: this.#to,
      callId: this.#callId,
      cseq,
      headers: [['Contact', this.agent.contact()], ...headers],
      ...(body === undefined ? {} : { body }),
    });
  }

  responseTo(method: string): Promise<SipResponse> {
    return this.agent.response(
      this.#callId,
      (response) => response.status >= 200 && header(response, 'cseq')!.endsWith(` ${method}`),
    );
  }

  /** Presses keys by RFC 4733, each with its three last packets. */
  press(keys: string, payloadType = 101): void {
    for (const key of keys) {
      this.#timestamp += 1600;
      const packet = (end: boolean, duration: number, marker: boolean): void => {
        const payload = writeTelephoneEvent({ event: eventOfDigit(key as DtmfDigit), end, volume: 10, duration });
        const bytes = writeRtp({
          payloadType,
          marker,
          sequence: this.#sequence++,
          timestamp: this.#timestamp,
          ssrc: 7,
          payload,
        });
        this.#socket.send(bytes, this.#remotePort, '127.0.0.1');
      };
      packet(false, 160, true);
      packet(false, 320, false);
      for (let i = 0; i < 3; i++) packet(true, 480, false);
    }
  }

  async inform(keys: string): Promise<void> {
    for (const key of keys) {
      this.within('INFO', [['Content-Type', dtmfRelayType]], utf8(dtmfRelayBody(key as DtmfDigit)));
      const { status } = await this.responseTo('INFO');
      if (status !== 200) throw new Error(`INFO: ${status}`);
    }
  }

  async notify(keys: string): Promise<void> {
    for (const key of keys) {
      this.within(
        'NOTIFY',
        [
          ['Event', 'kpml'],
          ['Subscription-State', 'active;expires=300'],
          ['Content-Type', kpmlResponseType],
        ],
        utf8(kpmlResponse(key as DtmfDigit)),
      );
      const { status } = await this.responseTo('NOTIFY');
      if (status !== 200) throw new Error(`NOTIFY: ${status}`);
    }
  }

  /** Raw octets to the media port of the other side. */
  send(bytes: Uint8Array): void {
    this.#socket.send(bytes, this.#remotePort, '127.0.0.1');
  }

  /** The other side hangs up; this one answers. */
  async hungUp(): Promise<SipRequest> {
    const bye = await this.agent.request('BYE');
    this.agent.respond(bye, { status: 200 });
    return bye;
  }

  /** Packets that are not silence. */
  sounds(): readonly RtpPacket[] {
    return this.heard.filter(({ payload, payloadType }) => {
      const quiet = payloadType === 0 ? 0xff : 0xd5;
      return payload.some((octet) => octet !== quiet);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.agent[Symbol.asyncDispose]();
  }
}
