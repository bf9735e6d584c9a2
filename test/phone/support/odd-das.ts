import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { phoneCrypto } from '../../../src/phone/activation/suite-crypto.ts';
import { type PlainError, plainErrorStatus, writePlainError } from '../../../src/protocol/activation/answers.ts';
import { readProve, readProveReply, readStart, writeProveReply } from '../../../src/protocol/activation/messages.ts';
import type { ActivatedResult, SealedResult } from '../../../src/protocol/activation/result.ts';
import {
  challengePhone,
  evaluateProof,
  type ServerHandshake,
  sealReply,
} from '../../../src/protocol/activation/server.ts';
import { channelBindingLabel, channelBindingLength } from '../../../src/protocol/activation/suite.ts';
import type { Issued } from '../../support/certificates.ts';

export interface DasBehaviour {
  /** Answers to start, used up one by one before the honest ones begin. */
  readonly startErrors?: PlainError[];
  /** Answers to prove, likewise. */
  readonly proveErrors?: PlainError[];
  /** Seconds, with each of those errors. */
  readonly retryAfter?: number;
  /** Does not know the code, but claims that the phone is in. */
  readonly fakeProof?: boolean;
  /** Changes what an authentic server says. */
  readonly result?: (honest: ActivatedResult) => SealedResult;
  /** Closes the connection instead of answering prove, this often. */
  hangUps?: number;
  /** Answers start with this text. */
  readonly startText?: string;
  /** Answers confirm with this status. */
  readonly confirmStatus?: number;
}

export interface OddDas {
  readonly certificate: Issued;
  readonly verifier: { readonly salt: Uint8Array; readonly verifier: Uint8Array };
  readonly trustList: Uint8Array;
  readonly received: { path: string; body: string }[];
  readonly behaviour: DasBehaviour;
  readonly onActivated: () => void;
  /** Answers what is no message of the activation service; false: it does not know it either. */
  readonly other?: (path: string, request: IncomingMessage, response: ServerResponse, body: string) => boolean;
}

export async function listenAsDas(das: OddDas): Promise<Server> {
  const open = new WeakMap<object, ServerHandshake>();
  const { certificate, behaviour } = das;
  const server = createServer(
    {
      cert: certificate.pem,
      key: certificate.keyPem,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
    },
    (request, response) => {
      void readBody(request).then((body) => {
        const path = request.url ?? '';
        das.received.push({ path, body });
        const socket = request.socket as TLSSocket;
        if (das.other?.(path, request, response, body) === true) return;
        if (path.endsWith('/start')) start(das, open, socket, body, response);
        else if (path.endsWith('/prove')) prove(das, open, socket, body, response);
        else response.writeHead(behaviour.confirmStatus ?? 204).end();
      });
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function start(
  das: OddDas,
  open: WeakMap<object, ServerHandshake>,
  socket: TLSSocket,
  body: string,
  response: ServerResponse,
): void {
  const error = das.behaviour.startErrors?.shift();
  if (error !== undefined) {
    refuse(response, error, das.behaviour.retryAfter);
    return;
  }
  if (das.behaviour.startText !== undefined) return void response.writeHead(200).end(das.behaviour.startText);
  const { salt, verifier } = das.verifier;
  const sid = phoneCrypto.randomBytes(16);
  const challenge = challengePhone(phoneCrypto, {
    request: readStart(body),
    salt,
    verifier,
    sid,
    dasId: 'odd',
    ttl: 60,
  });
  open.set(socket, challenge.handshake);
  response.writeHead(200, { 'content-type': 'application/json' }).end(challenge.body);
}

function prove(
  das: OddDas,
  open: WeakMap<object, ServerHandshake>,
  socket: TLSSocket,
  body: string,
  response: ServerResponse,
): void {
  const { behaviour } = das;
  if ((behaviour.hangUps ?? 0) > 0) {
    behaviour.hangUps! -= 1;
    socket.destroy();
    return;
  }
  const error = behaviour.proveErrors?.shift();
  if (error !== undefined) {
    refuse(response, error, behaviour.retryAfter);
    return;
  }
  const proven = evaluateProof(phoneCrypto, open.get(socket)!, readProve(body), {
    channelBinding: socket.exportKeyingMaterial(channelBindingLength, channelBindingLabel, Buffer.alloc(0)),
    micSha256: createHash('sha256').update(socket.getPeerX509Certificate()!.raw).digest(),
  });
  if (behaviour.fakeProof === true) {
    const forged = writeProveReply({ M2: phoneCrypto.randomBytes(32), sealed: phoneCrypto.randomBytes(200) });
    return void response.writeHead(200).end(forged);
  }
  if (proven === undefined) {
    refuse(response, 'code_not_accepted', undefined);
    return;
  }
  const honest: ActivatedResult = {
    status: 'activated',
    activationId: '5f0e4a0e-0000-4000-8000-000000000001',
    already: false,
    deviceName: 'SEP001122334455',
    dasId: 'odd',
    serverTime: new Date().toISOString(),
    trust: {
      itlSha256: createHash('sha256').update(das.trustList).digest('hex'),
      tvs: [],
      phoneEdgeTrustSha256: [],
    },
    tftp: [],
    configUrl: 'https://127.0.0.1:1/SEP001122334455.cnf.xml',
    sip: {
      transport: 'tls',
      servers: [],
      digest: { username: 'SEP001122334455', password: 'a digest password' },
    },
    confirmBy: new Date(Date.now() + 60_000).toISOString(),
  };
  const result = behaviour.result?.(honest) ?? honest;
  const reply = sealReply(phoneCrypto, proven, result);
  readProveReply(reply);
  das.onActivated();
  response.writeHead(200, { 'content-type': 'application/json' }).end(reply);
}

function refuse(response: ServerResponse, error: PlainError, retryAfter: number | undefined): void {
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  response
    .writeHead(plainErrorStatus[error], headers)
    .end(writePlainError({ error, message: 'as told', ref: 'ref-1' }));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
