import { hash } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { utf8 } from '../../../src/kernel/bytes.ts';
import { phoneRandom } from '../../../src/phone/sip/random.ts';
import { buildRequest, buildResponse, newBranch } from '../../../src/protocol/sip/build.ts';
import { digestChallenge, digestResponse, parseDigestCredentials } from '../../../src/protocol/sip/digest.ts';
import { header, type SipRequest, type SipResponse } from '../../../src/protocol/sip/message.ts';
import { readMessage } from '../../../src/protocol/sip/read.ts';
import { serviceControlBody } from '../../../src/protocol/sip/service-control.ts';
import { StreamFramer } from '../../../src/protocol/sip/stream.ts';
import { writeMessage } from '../../../src/protocol/sip/write.ts';
import type { Issued } from '../../support/certificates.ts';

export interface RegistrarBehaviour {
  /** Nodes listed before the real one that refuse connections. */
  readonly deadNodes?: number;
  /** Answers to REGISTER, used up one by one before the honest ones. */
  readonly answers?: { status: number; reason?: string; headers?: readonly (readonly [string, string])[] }[];
  /** Demands digest of this password. */
  readonly password?: string;
  readonly expires?: number;
}

export interface OddRegistrar extends AsyncDisposable {
  readonly nodes: readonly { readonly sipPort: number; readonly sipTlsPort: number }[];
  readonly registers: readonly SipRequest[];
  readonly responses: readonly SipResponse[];
  /** Resolves with the next REGISTER that is answered with 200. */
  nextRegister(): Promise<SipRequest>;
  /** Sends the registered phone a request and resolves with its answer. */
  ask(
    method: string,
    options?: { headers?: readonly (readonly [string, string])[]; body?: string },
  ): Promise<SipResponse>;
  restart(action: 'restart' | 'reset', registerCallId?: string): Promise<SipResponse>;
  /** Breaks every connection. */
  breakConnections(): void;
}

type Reply = (bytes: Uint8Array) => void;

/** A registrar on UDP, TCP and TLS that remembers what it got. */
export async function listenAsRegistrar(certificate: Issued, behaviour: RegistrarBehaviour): Promise<OddRegistrar> {
  const registers: SipRequest[] = [];
  const responses: SipResponse[] = [];
  const waiting: ((request: SipRequest) => void)[] = [];
  const asking = new Map<string, (response: SipResponse) => void>();
  const sockets = new Set<Socket>();
  let last: { request: SipRequest; reply: Reply } | undefined;

  const receive = (bytes: Uint8Array, reply: Reply) => {
    const { message } = readMessage(bytes);
    if (message.kind === 'response') {
      responses.push(message);
      asking.get(header(message, 'call-id') ?? '')?.(message);
      return;
    }
    if (message.method !== 'REGISTER') return;
    registers.push(message);
    const told = behaviour.answers?.shift();
    const respond = (status: number, headers: readonly (readonly [string, string])[] = [], reason?: string) =>
      reply(
        writeMessage(
          buildResponse(message, { status, toTag: 'odd', headers, ...(reason === undefined ? {} : { reason }) }),
        ),
      );
    if (told !== undefined) return respond(told.status, told.headers, told.reason);
    if (behaviour.password !== undefined && !proves(message, behaviour.password)) {
      const challenge = digestChallenge({ realm: 'odd', nonce: 'abc', algorithm: 'SHA-256' });
      return respond(401, [['WWW-Authenticate', challenge]]);
    }
    last = { request: message, reply };
    respond(200, [
      ['Expires', header(message, 'expires') === '0' ? '0' : String(behaviour.expires ?? 120)],
      ['Contact', header(message, 'contact') ?? ''],
    ]);
    for (const resolve of waiting.splice(0)) resolve(message);
  };
  const onStream = (socket: Socket) => {
    sockets.add(socket);
    const framer = new StreamFramer();
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      for (const frame of framer.push(chunk))
        if (frame.kind === 'message') receive(frame.bytes, (bytes) => socket.write(bytes));
    });
  };
  const tcp = createServer(onStream);
  const tls = createTlsServer(
    { cert: certificate.pem, key: certificate.keyPem, requestCert: true, rejectUnauthorized: false },
    onStream,
  );
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const sipPort = (tcp.address() as { port: number }).port;
  tls.listen(0, '127.0.0.1');
  await once(tls, 'listening');
  const udp: UdpSocket = createSocket('udp4');
  udp.bind(sipPort, '127.0.0.1');
  await once(udp, 'listening');
  udp.on('message', (bytes, peer) => receive(bytes, (answer) => udp.send(answer, peer.port, peer.address)));
  const real = { sipPort, sipTlsPort: (tls.address() as { port: number }).port };
  const dead = await Promise.all(Array.from({ length: behaviour.deadNodes ?? 0 }, deadNode));

  let asked = 0;
  const ask: OddRegistrar['ask'] = (method, { headers = [], body = '' } = {}) => {
    if (last === undefined) throw new Error('no phone is registered');
    const { request, reply } = last;
    const callId = `ask-${asked++}@odd`;
    const contact = /<([^>]+)>/.exec(header(request, 'contact') ?? '')![1]!;
    const answer = new Promise<SipResponse>((resolve) => asking.set(callId, resolve));
    reply(
      writeMessage(
        buildRequest({
          method,
          uri: contact,
          via: `SIP/2.0/UDP 127.0.0.1:${sipPort};branch=${newBranch(phoneRandom)}`,
          // A registrar speaks for itself: no user.
          from: '<sip:127.0.0.1>;tag=odd',
          to: `<${contact}>`,
          callId,
          cseq: 1,
          headers,
          body: utf8(body),
        }),
      ),
    );
    return answer;
  };
  return {
    nodes: [...dead, real],
    registers,
    responses,
    nextRegister: () => new Promise((resolve) => waiting.push(resolve)),
    ask,
    restart: (action, registerCallId) =>
      ask('NOTIFY', {
        headers: [
          ['Event', 'service-control'],
          ['Subscription-State', 'active'],
          ['Content-Type', 'text/plain'],
        ],
        body: serviceControlBody({ action, registerCallId: registerCallId ?? header(last!.request, 'call-id')! }),
      }),
    breakConnections() {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      udp.close();
      await Promise.all([tcp, tls].map((server) => new Promise((resolve) => (server as Server).close(resolve))));
    },
  };
}

async function deadNode(): Promise<{ sipPort: number; sipTlsPort: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return { sipPort: port, sipTlsPort: port };
}

function proves(request: SipRequest, password: string): boolean {
  const credentials = parseDigestCredentials(header(request, 'authorization') ?? '');
  if (credentials === undefined) return false;
  const md = (algorithm: 'MD5' | 'SHA-256', text: string) => hash(algorithm === 'MD5' ? 'md5' : 'sha256', text);
  return digestResponse(md, { ...credentials, method: 'REGISTER', password }) === credentials.response;
}
