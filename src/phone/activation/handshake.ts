import { createHash } from 'node:crypto';
import { MalformedError } from '../../kernel/errors.ts';
import { type PlainErrorBody, readPlainError } from '../../protocol/activation/answers.ts';
import { beginActivation, proveActivation, readChallenge, readResult } from '../../protocol/activation/client.ts';
import type { ActivatedResult } from '../../protocol/activation/result.ts';
import type { Mode } from '../../protocol/activation/suite.ts';
import { failure } from '../boot/enter.ts';
import type { BootEvent, BootFailure } from '../boot/types.ts';
import type { Mic } from '../identity/mic.ts';
import { tokensOf } from '../mra/tokens.ts';
import type { DasChannel, DasReply } from './das-connection.ts';
import { phoneCrypto, runKdf } from './suite-crypto.ts';

export interface HandshakeInput {
  readonly connection: DasChannel;
  readonly mode: Mode;
  readonly mic: Mic;
  readonly code: string;
  readonly product: string;
  readonly mac: string;
  readonly load: string;
  readonly signal: AbortSignal;
  /** Called when start was answered. */
  readonly onStarted: () => void;
}

export type HandshakeOutcome = {
  readonly event: Extract<BootEvent, { type: 'activated' | 'das_refused' | 'das_unreachable' }>;
  /** Body of confirm, when there is something to confirm. */
  readonly confirmBody: string | undefined;
};

const base = '/das/v1/activation';

/** start and prove of spec/activation.md §4 over one connection. Rejects only when aborted. */
export async function handshake(input: HandshakeInput): Promise<HandshakeOutcome> {
  let started = false;
  try {
    const { connection, mic, signal } = input;
    const begun = beginActivation(phoneCrypto, {
      code: input.code,
      model: input.product,
      mac: input.mac,
      fw: input.load,
      mode: input.mode,
    });
    const startReply = await connection.post(`${base}/start`, begun.body, signal);
    if (startReply.status !== 200) return refused(startReply, false);
    const challenged = readChallenge(begun.state, startReply.body);
    started = true;
    input.onStarted();
    const proving = proveActivation(phoneCrypto, challenged.state, {
      kdfOutput: await runKdf(challenged.kdf),
      channelBinding: connection.channelBinding(),
      micDer: mic.certificate,
      micAlg: mic.algorithm,
      signMic: mic.sign,
    });
    const proveReply = await connection.post(`${base}/prove`, proving.body, signal);
    if (proveReply.status !== 200) return refused(proveReply, true);
    const reply = readResult(phoneCrypto, proving.state, proveReply.body);
    if (reply.kind === 'server_proof_failed') {
      return stop(failure('server_proof_failed', 'The server could not prove that it knows the code.'), true);
    }
    if (reply.result.status === 'refused') {
      return stop(failure(reply.result.reason, sealedWords[reply.result.reason]), true);
    }
    return { event: { type: 'activated', reply: replyOf(reply.result) }, confirmBody: reply.confirmBody };
  } catch (error) {
    input.signal.throwIfAborted();
    if (error instanceof MalformedError) {
      return stop(failure('protocol_error', `The server's answer cannot be read: ${error.message}.`), started);
    }
    const detail = started ? 'The connection broke off in the middle of the handshake' : 'The node does not answer';
    return {
      event: { type: 'das_unreachable', detail: `${detail}: ${(error as Error).message}.`, started },
      confirmBody: undefined,
    };
  }
}

const sealedWords = {
  code_expired: 'The code is right, but it has expired.',
  code_already_used: 'The code has been used for another phone.',
  code_released: 'The code has been withdrawn.',
  model_mismatch: 'The code is for another phone model.',
  mac_mismatch: 'The code is for another phone.',
  mode_not_allowed: 'The code may not be used in this network.',
  device_name_conflict: 'There is a record for this phone already.',
  device_disabled: 'The record of this phone is switched off.',
} as const;

function stop(reason: BootFailure, started: boolean, retryAfterMs?: number): HandshakeOutcome {
  return { event: { type: 'das_refused', failure: reason, started, retryAfterMs }, confirmBody: undefined };
}

function refused(reply: DasReply, started: boolean): HandshakeOutcome {
  const body = readPlainError(reply.body);
  if (body === undefined) {
    // A balancer's page, perhaps: worth another node when the status says that it will pass.
    const code = reply.status === 503 || reply.status === 429 ? 'busy' : 'protocol_error';
    return stop(failure(code, `The server answers ${reply.status} without saying why.`), started, reply.retryAfterMs);
  }
  return stop(plainFailure(body), started, reply.retryAfterMs);
}

function plainFailure({ error, message, ref }: PlainErrorBody): BootFailure {
  return failure(error, error === 'code_not_accepted' ? 'The code is not accepted.' : sentence(message), ref);
}

function sentence(text: string): string {
  const clean = text
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 300);
  return clean === '' ? 'The server refuses.' : /[.!?]$/.test(clean) ? clean : `${clean}.`;
}

function replyOf(result: ActivatedResult): Extract<BootEvent, { type: 'activated' }>['reply'] {
  return {
    activationId: result.activationId,
    already: result.already,
    deviceName: result.deviceName,
    itlSha256: result.trust.itlSha256,
    itlPreviousSha256: result.trust.itlPreviousSha256 ?? [],
    tftp: result.tftp,
    digest: result.sip.digest,
    clusterHint: createHash('sha256').update(result.dasId).digest('hex'),
    ...(result.mra === undefined ? {} : { remote: remoteOf(result, result.mra) }),
  };
}

function remoteOf({ oauth, trust }: ActivatedResult, mra: NonNullable<ActivatedResult['mra']>) {
  return {
    ...mra,
    edgeTrustSha256: trust.phoneEdgeTrustSha256,
    tokens: oauth === undefined ? undefined : tokensOf(oauth, Date.now()),
  };
}

/** confirm of spec/activation.md §4. Resolves with why it did not work, or undefined. */
export async function confirm(connection: DasChannel, body: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const reply = await connection.post(`${base}/confirm`, body, signal);
    return reply.status === 204 ? undefined : `the server answers ${reply.status}.`;
  } catch (error) {
    signal.throwIfAborted();
    return `${(error as Error).message}.`;
  }
}
