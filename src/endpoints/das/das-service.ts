import { type OpenedRecord, ProofsUsedUp, type Redemption } from '../../domain/activation/handshake.ts';
import { type Refusal, refusalRemedy } from '../../domain/activation/refusal.ts';
import { mraOffRemedy } from '../../domain/oauth/oauth-settings.ts';
import type { Locator } from '../../identifiers/activation-code.ts';
import { equalBytes, toHex } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import {
  type ProveRequest,
  readConfirm,
  readProve,
  readStart,
  type StartRequest,
  UnsupportedSuiteError,
} from '../../protocol/activation/messages.ts';
import {
  acceptableA,
  challengePhone,
  evaluateProof,
  type ProvenPhone,
  sealReply,
} from '../../protocol/activation/server.ts';
import { confirmation } from '../../protocol/activation/transcript.ts';
import { RateLimiter } from '../listen/rate-limit.ts';
import { sourceOf } from '../listen/source.ts';
import { challengeBeat, onTheBeat, refusalBeat } from './beat.ts';
import { type DasAnswer, DasRefusal, refusalOf } from './das-answer.ts';
import type { AcceptedMic, DasConnection, PendingHandshake } from './das-connection.ts';
import type { DasParts, DasSettings } from './das-options.ts';
import { activatedResult } from './das-result.ts';
import { DasStory } from './das-story.ts';
import { type SessionIds, sessionIds } from './session-id.ts';
import { Turns } from './turns.ts';

export type DasStep = 'start' | 'prove' | 'confirm';

/** The three requests of spec §4 in the order of spec §5. Refusals before proof are thrown as DasRefusal. */
export class DasService {
  readonly #parts: DasParts;
  readonly #settings: DasSettings;
  readonly #sids: SessionIds;
  readonly #perSource: RateLimiter;
  readonly #perMic: RateLimiter;
  readonly #story: DasStory;
  readonly #turns = new Turns();

  constructor(parts: DasParts, settings: DasSettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#sids = sessionIds(settings.sidKey);
    this.#perSource = new RateLimiter(settings.limits.perSource);
    this.#perMic = new RateLimiter(settings.limits.perMic);
    this.#story = new DasStory(parts.timeline);
  }

  /** This node does not take the request now. The phone is told to come back; why is for the timeline: `service_off` or `busy`. */
  turnAway(connection: DasConnection, step: DasStep, refusal: DasRefusal, reason: 'service_off' | 'busy'): DasRefusal {
    const { counters } = this.#parts;
    if (step !== 'confirm') {
      counters.count(step === 'start' ? 'InvokeAttempts' : 'RegisterAttempts');
      counters.count(step === 'start' ? 'InvokeFails' : 'RegisterFails');
    }
    // A phone that comes back every second needs no line each time.
    if (this.#perSource.take(sourceOf(connection.source), performance.now()) === 0) {
      connection.mic ??= this.#parts.mic.inspect(connection.channel.peerChain);
      this.#story.refused(connection, step, refusal, undefined, reason);
    }
    return refusal;
  }

  async start(connection: DasConnection, body: string): Promise<DasAnswer> {
    const { crypto, counters, handshakes, surroundings, clock } = this.#parts;
    const arrivedAt = performance.now();
    counters.count('InvokeAttempts');
    // A new start ends the one before it.
    connection.giveUp();
    try {
      this.#throttle(this.#perSource, sourceOf(connection.source));
      const mic = this.#judge(connection);
      this.#throttle(this.#perMic, toHex(mic.sha256));
      const request = this.#fitting(read(readStart, body), mic);
      const record = await handshakes.open(request.locator as Locator, mic.sha256);
      const sid = this.#sids.make(Math.floor(clock.now() / 1000));
      const { handshake, body: reply } = challengePhone(crypto, {
        request,
        salt: record.salt,
        verifier: record.verifier,
        sid,
        dasId: surroundings.dasId(),
        ttl: this.#settings.ttl,
      });
      const pending = { handshake, record, mic, startedAt: performance.now() };
      connection.begin(pending);
      if (record.target.kind === 'decoy') counters.count('InvokeFails');
      this.#story.tell(connection, pending, { step: 'start', result: 'ok', detail: { firmware: request.fw } });
      await onTheBeat(arrivedAt, challengeBeat);
      return { status: 200, body: reply };
    } catch (error) {
      counters.count('InvokeFails');
      const refusal = this.#refusalOf(error);
      this.#story.refused(connection, 'start', refusal, undefined, reasonOf(error));
      throw refusal;
    }
  }

  async prove(connection: DasConnection, body: string): Promise<DasAnswer> {
    const { counters } = this.#parts;
    counters.count('RegisterAttempts');
    let pending: PendingHandshake | undefined;
    try {
      const admitted = this.#admit(connection, body);
      pending = admitted.pending;
      const { prove } = admitted;
      const { handshake, mic } = admitted.pending;
      const answer = await this.#turns.in(`${handshake.request.locator} ${toHex(mic.sha256)}`, () =>
        this.#prove(connection, prove, admitted.pending),
      );
      if (answer.refused) counters.count('RegisterFails');
      return answer;
    } catch (error) {
      counters.count('RegisterFails');
      const refusal = this.#refusalOf(error);
      const reason = reasonOf(error) ?? (pending && reasonKnownHere(refusal, pending.record));
      this.#story.refused(connection, 'prove', refusal, pending, reason);
      throw refusal;
    }
  }

  /** 1. The sid belongs to this connection and is used up now. */
  #admit(connection: DasConnection, body: string): { prove: ProveRequest; pending: PendingHandshake } {
    this.#throttle(this.#perSource, sourceOf(connection.source));
    let prove: ProveRequest;
    try {
      prove = read(readProve, body);
    } catch (error) {
      connection.giveUp();
      throw error;
    }
    return { prove, pending: this.#take(connection, prove.sid) };
  }

  /** 2. to 8. of spec §5. */
  async #prove(
    connection: DasConnection,
    prove: ProveRequest,
    pending: PendingHandshake,
  ): Promise<DasAnswer & { readonly refused: boolean }> {
    const { crypto, handshakes, mic: judge } = this.#parts;
    const { handshake, record, mic } = pending;
    const arrivedAt = performance.now();

    // 2. Strict ranges; the lengths were checked while reading.
    if (!acceptableA(crypto, prove.A)) throw new DasRefusal('bad_request', 'A is out of range.');

    // 3. The attempt is charged before M1 is looked at. Past a limit all the work is done, and its result is not looked at.
    const debited = await handshakes
      .debit(record, { sha256: mic.sha256, mac: mic.subject.mac })
      .catch(async (error: unknown) => {
        if (error instanceof ProofsUsedUp) await onTheBeat(arrivedAt, refusalBeat);
        throw error;
      });

    // 4. and 5.
    const evaluated = evaluateProof(crypto, handshake, prove, {
      channelBinding: connection.channel.channelBinding,
      micSha256: mic.sha256,
    });
    const proven = debited ? evaluated : undefined;
    if (proven === undefined) {
      const locked = await handshakes.mismatch(record, debited);
      if (locked) {
        this.#story.tell(connection, pending, { step: 'code-locked', result: 'info', reason: 'code_locked' });
      }
      await onTheBeat(arrivedAt, refusalBeat);
      throw new DasRefusal('code_not_accepted');
    }

    // 6. The MIC's key signed this very transcript: proof that lasts.
    if (!judge.proves(mic.der, prove.micAlg, proven.micProofInput, prove.micSig)) {
      await handshakes.mismatch(record, debited);
      throw new DasRefusal('mic_proof_invalid');
    }

    // 7.
    const redemption = await handshakes.redeem(record, {
      mac: mic.subject.mac,
      product: mic.subject.product,
      mode: this.#settings.mode,
      micSha256: mic.sha256,
      micDer: mic.der,
      micRootSha256: mic.rootSha256,
      transcriptHash: proven.th,
      m1: proven.m1,
      micAlg: prove.micAlg,
      micSig: prove.micSig,
      confirmKey: proven.keys.finalConfirm,
      attempt: toHex(handshake.sid),
      firmware: handshake.request.fw,
      sourceAddress: connection.source,
    });

    // 8.
    return this.#reply(connection, pending, proven, redemption);
  }

  #reply(connection: DasConnection, pending: PendingHandshake, proven: ProvenPhone, redemption: Redemption) {
    const { crypto } = this.#parts;
    if (redemption.kind === 'refused') {
      const reason: Refusal = redemption.reason;
      const { because } = redemption;
      this.#story.tell(connection, pending, {
        step: 'prove',
        result: 'failed',
        // The phone is told that its mode is not allowed; the administrator, what to switch on.
        reason: because ?? reason,
        detail: { remedy: because === undefined ? refusalRemedy[reason] : mraOffRemedy[because] },
      });
      return { status: 200, body: sealReply(crypto, proven, { status: 'refused', reason }), refused: true };
    }
    const result = activatedResult(redemption, this.#parts.surroundings);
    connection.unconfirmed = {
      activationId: redemption.device.activationId,
      confirmKey: proven.keys.finalConfirm,
      transcriptHash: proven.th,
    };
    return { status: 200, body: sealReply(crypto, proven, result), refused: false };
  }

  async confirm(connection: DasConnection, body: string): Promise<DasAnswer> {
    const { crypto, handshakes } = this.#parts;
    try {
      this.#throttle(this.#perSource, sourceOf(connection.source));
      const mic = connection.mic?.accepted ? connection.mic : this.#judge(connection);
      const { activationId, conf } = read(readConfirm, body);
      const matches = (confirmKey: Uint8Array, transcriptHash: Uint8Array) =>
        equalBytes(confirmation(crypto, confirmKey, transcriptHash, activationId), conf);
      const kept = connection.unconfirmed;
      const known = kept?.activationId === activationId && matches(kept.confirmKey, kept.transcriptHash);
      const outcome = await handshakes.confirm(activationId, mic.sha256, known ? 'verified' : matches);
      if (outcome.kind === 'unknown') throw new DasRefusal('session_expired', 'There is nothing to confirm.');
      if (outcome.kind === 'wrong') throw new DasRefusal('code_not_accepted', 'The confirmation is wrong.');
      connection.unconfirmed = undefined;
      if (outcome.device) this.#story.confirmed(connection, outcome.device, mic.subject.mac);
      return { status: 204, body: '' };
    } catch (error) {
      const refusal = refusalOf(error);
      this.#story.refused(connection, 'confirm', refusal);
      throw refusal;
    }
  }

  #throttle(limiter: RateLimiter, key: string): void {
    const wait = limiter.take(key, performance.now());
    if (wait === 0) return;
    this.#parts.counters.count('ThrottleCount');
    throw new DasRefusal('rate_limited', undefined, wait);
  }

  #refusalOf(error: unknown): DasRefusal {
    if (!(error instanceof ProofsUsedUp)) return refusalOf(error);
    this.#parts.counters.count('ProofsUsedUp');
    return new DasRefusal(
      'rate_limited',
      'This phone has failed too often within a day. Try again later, or ask the administrator.',
      error.retryAfter,
    );
  }

  #judge(connection: DasConnection): AcceptedMic {
    const verdict = this.#parts.mic.inspect(connection.channel.peerChain);
    connection.mic = verdict;
    if (!verdict.accepted) throw new DasRefusal(verdict.problem);
    return verdict;
  }

  /** What the message says of the phone must be what its certificate says, and the mode this door's. */
  #fitting(request: StartRequest, { subject }: AcceptedMic): StartRequest {
    if (request.model !== subject.product) throw new DasRefusal('bad_request', 'model is not the certificate’s.');
    if (request.mac !== subject.mac) throw new DasRefusal('bad_request', 'mac is not the certificate’s.');
    if (request.mode !== this.#settings.mode)
      throw new DasRefusal('bad_request', `mode must be ${this.#settings.mode} here.`);
    return request;
  }

  #take(connection: DasConnection, sid: Uint8Array): PendingHandshake {
    const pending = connection.take(sid);
    if (pending) {
      if (performance.now() - pending.startedAt > this.#settings.ttl * 1000) throw new DasRefusal('session_expired');
      return pending;
    }
    if (connection.hasUsed(sid)) throw new DasRefusal('session_expired');
    const age = this.#sids.age(sid, Math.floor(this.#parts.clock.now() / 1000));
    throw new DasRefusal(
      age !== undefined && age <= this.#settings.ttl ? 'session_channel_mismatch' : 'session_expired',
    );
  }
}

/** What the administrator is told instead of the answer to the phone. */
const reasonOf = (error: unknown) => (error instanceof ProofsUsedUp ? 'mic_proofs_used_up' : undefined);

/** The phone is told `code_not_accepted` whatever it was; the administrator sees which. */
function reasonKnownHere({ error }: DasRefusal, { device, target }: OpenedRecord): string {
  if (error !== 'code_not_accepted') return error;
  if (device === undefined) return 'code_unknown';
  return target.kind === 'decoy' ? 'code_locked' : 'code_wrong';
}

function read<T>(reader: (text: string) => T, body: string): T {
  try {
    return reader(body);
  } catch (error) {
    if (error instanceof UnsupportedSuiteError) throw new DasRefusal('unsupported_suite');
    if (error instanceof MalformedError) throw new DasRefusal('bad_request', `${error.message}.`);
    throw error;
  }
}
