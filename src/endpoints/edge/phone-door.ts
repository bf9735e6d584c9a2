import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type PhoneDemand, routeOf } from '../../domain/edge/phone-routes.ts';
import type { MicVerdict } from '../../domain/trust/mic-verdict.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { largestRequest } from '../../protocol/tunnel/requests.ts';
import { RateLimiter } from '../listen/rate-limit.ts';
import { BodyRefused, readRequest } from '../listen/read-body.ts';
import { sourceOf } from '../listen/source.ts';
import { type EdgeLimits, retryAfter } from './edge-limits.ts';
import { EdgeRefusal, passedAnswer, refusalAnswer } from './phone-answer.ts';
import type { EdgeMicJudge, OpenConnections, PhoneConnection } from './phone-connection.ts';
import { mayRepeat, rebuildBody } from './rebuild.ts';
import type { TokenCheck } from './token-check.ts';
import type { EdgeState, TunnelBoard } from './tunnel-board.ts';
import { TunnelLost } from './tunnel-link.ts';

type AcceptedMic = Extract<MicVerdict, { accepted: true }>;

export interface PhoneDoorParts {
  readonly board: TunnelBoard;
  readonly mic: EdgeMicJudge;
  readonly tokens: TokenCheck;
  readonly open: OpenConnections;
  readonly limits: EdgeLimits;
  readonly clock: Clock;
  readonly log: Log;
}

/** Requests and refusals since the start. */
export interface DoorCounts {
  requests: number;
  refusals: number;
}

/** One request of a phone: what it may ask, whether it may ask it now, and through which tunnel it goes. */
export class PhoneDoor {
  readonly #parts: PhoneDoorParts;
  readonly #handshakes: RateLimiter;
  readonly #requests: RateLimiter;
  readonly counts: DoorCounts = { requests: 0, refusals: 0 };
  #inFlight = 0;

  constructor(parts: PhoneDoorParts) {
    this.#parts = parts;
    this.#handshakes = new RateLimiter(parts.limits.handshakesPerSource);
    this.#requests = new RateLimiter(parts.limits.requestsPerSource);
  }

  mayConnect(source: string): boolean {
    return this.#handshakes.take(source, performance.now()) === 0;
  }

  /** So that the connection can be ended when its phone must go. True: it is a phone's, by its certificate. */
  opened(connection: PhoneConnection, socket: Socket): boolean {
    const verdict = connection.judge(this.#parts.mic);
    if (!verdict.accepted) return false;
    const device = deviceOf(verdict);
    this.#parts.open.add(device, connection);
    socket.once('close', () => this.#parts.open.remove(device, connection));
    return true;
  }

  /** Never throws. */
  async serve(request: IncomingMessage, connection: PhoneConnection, draining: boolean) {
    this.counts.requests++;
    this.#inFlight++;
    const oauth = request.url === '/oauth/token' ? 'oauth' : 'plain';
    try {
      return await this.#serve(request, connection, draining);
    } catch (error) {
      this.counts.refusals++;
      const refusal = this.#refusalOf(error);
      return refusalAnswer(refusal, oauth);
    } finally {
      this.#inFlight--;
    }
  }

  #refusalOf(error: unknown): EdgeRefusal {
    if (error instanceof EdgeRefusal) return error;
    if (error instanceof BodyRefused) {
      this.#parts.log.debug({ reason: error.reason }, 'the body of a request was not taken');
      return new EdgeRefusal('bad_request', error.message, error.reason === 'too-large' ? { status: 413 } : {});
    }
    if (error instanceof TunnelLost) {
      this.#parts.log.warn({ err: error }, 'a request of a phone was lost on its way inside');
      return new EdgeRefusal('busy', undefined, { retryAfter: retryAfter() });
    }
    const refusal = new EdgeRefusal('internal');
    this.#parts.log.error({ err: error, ref: refusal.ref }, 'a request of a phone failed');
    return refusal;
  }

  async #serve(request: IncomingMessage, connection: PhoneConnection, draining: boolean) {
    const verdict = routeOf(request.method ?? '', request.url ?? '');
    const most = verdict.kind === 'demand' ? largestRequest[verdict.demand.route] : 1024;
    // The body is read whatever the answer, so that the connection stays usable.
    const body = await readRequest(request, most);
    const wait = this.#requests.take(sourceOf(connection.source), performance.now());
    if (wait > 0) throw new EdgeRefusal('rate_limited', undefined, { retryAfter: wait + retryAfter(0, 3) });
    if (verdict.kind === 'not_found') throw new EdgeRefusal('not_found');
    if (verdict.kind === 'method_not_allowed') {
      const { allow } = verdict;
      throw new EdgeRefusal('bad_request', `The method must be ${allow}.`, { status: 405, allow });
    }
    if (draining || this.#inFlight > this.#parts.limits.inFlight) {
      throw new EdgeRefusal('busy', undefined, { retryAfter: retryAfter() });
    }
    refuseDoubled(request);
    const { demand } = verdict;
    const tunnelled = rebuildBody(demand, {
      contentType: request.headers['content-type'],
      authorization: request.headers.authorization,
      body,
    });
    const asks = this.#needs(demand);
    // A C that knows no cluster yet can say of no phone whether it is trusted.
    const needs = (state: EdgeState) => state.clusters.length > 0 && asks(state);
    if (this.#parts.board.choose(connection, needs) === undefined) throw this.#nobody(demand);
    const mic = this.#admit(connection);
    this.#authorize(demand, mic, request.headers.authorization);
    return passedAnswer(await this.#pass(demand, connection, tunnelled, needs));
  }

  /** What a C must allow for this to be passed to it. */
  #needs(demand: PhoneDemand): (state: EdgeState) => boolean {
    switch (demand.route) {
      case 'start':
      case 'prove':
      case 'confirm':
        return (state) => state.allowActivationCodeOnboarding;
      case 'config':
      case 'token':
        return (state) => state.authorizeByOauthTokenWithRefresh;
      case 'edgeConfig':
        return (state) => state.domains.includes(demand.domain);
    }
  }

  /** No C is there for it: is that so for all requests, or only for this kind? */
  #nobody(demand: PhoneDemand): EdgeRefusal {
    const { states } = this.#parts.board;
    if (states.every(({ clusters }) => clusters.length === 0)) {
      return new EdgeRefusal('busy', 'The edge has no connection to the inside at the moment.', {
        retryAfter: retryAfter(2, 8),
      });
    }
    switch (demand.route) {
      case 'edgeConfig':
        return new EdgeRefusal('not_found', 'This edge does not serve that domain.');
      case 'config':
      case 'token':
        return new EdgeRefusal('oauth_off', 'Authorize by OAuth token with refresh is off at this edge.');
      default:
        return new EdgeRefusal('busy', 'Activation code onboarding is not allowed at this edge.', {
          retryAfter: retryAfter(30, 30),
        });
    }
  }

  #admit(connection: PhoneConnection): AcceptedMic {
    const verdict = connection.judge(this.#parts.mic);
    if (!verdict.accepted) throw new EdgeRefusal(verdict.problem);
    return verdict;
  }

  /** A phone asks for its own file only, with a token that is bound to its certificate. */
  #authorize(demand: PhoneDemand, mic: AcceptedMic, authorization: string | undefined): void {
    if (demand.route !== 'config') return;
    const judged = this.#parts.tokens.judge(authorization, {
      audience: 'tftp',
      now: Math.floor(this.#parts.clock.now() / 1000),
      certificateSha256: mic.sha256,
    });
    if (!judged.accepted) throw new EdgeRefusal(judged.code, judged.message);
    if (demand.device !== deviceOf(mic) || judged.claims.sub !== demand.device) throw new EdgeRefusal('not_allowed');
  }

  async #pass(demand: PhoneDemand, connection: PhoneConnection, body: string, needs: (state: EdgeState) => boolean) {
    for (let attempt = 0; ; attempt++) {
      const link = this.#parts.board.choose(connection, needs);
      if (link === undefined) throw this.#nobody(demand);
      try {
        return await link.ask(demand.route, connection, body);
      } catch (error) {
        const again = error instanceof TunnelLost && (!error.passedOn || mayRepeat(demand.route, body));
        if (!again || attempt >= 2) throw error;
      }
    }
  }
}

function deviceOf({ subject }: AcceptedMic): string {
  return `SEP${subject.mac}`;
}

/** Headers that decide something, given twice: which one counts is a matter of taste, and of attacks. */
function refuseDoubled(request: IncomingMessage): void {
  for (const name of ['authorization', 'content-type', 'content-length', 'transfer-encoding', 'host']) {
    if ((request.headersDistinct[name]?.length ?? 0) > 1) {
      throw new EdgeRefusal('bad_request', `The header ${name} is given twice.`);
    }
  }
}
