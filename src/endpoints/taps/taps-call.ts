import type { Binding } from '../../domain/registration/binding.ts';
import {
  type DialogueEffect,
  type DialogueEvent,
  type DialogueOutcome,
  type DialogueSetup,
  type DialogueState,
  startDialogue,
  stepDialogue,
} from '../../domain/taps/dialogue.ts';
import type { TapsCaller, TapsSettings } from '../../domain/taps/ports.ts';
import { fromUtf8, utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { DtmfDigit } from '../../protocol/dtmf/digit.ts';
import { digitOfInfo } from '../../protocol/dtmf/info.ts';
import {
  kpmlEvent,
  kpmlRequest,
  kpmlRequestType,
  kpmlResponseType,
  readKpmlResponse,
} from '../../protocol/dtmf/kpml.ts';
import { type ChosenAudio, chooseAudio, readSession, type SessionOffer } from '../../protocol/sdp/audio.ts';
import { buildResponse, type ResponseParts } from '../../protocol/sip/build.ts';
import { header, headerTokens, type SipRequest } from '../../protocol/sip/message.ts';
import type { AgentHost } from '../sip/local-agent.ts';
import type { ServerRun } from '../sip/transactions.ts';
import { Answering, allow } from './answering.ts';
import { AgentDialog } from './dialog.ts';
import type { MediaPort } from './media-port.ts';
import type { TapsAgentOptions } from './taps-options.ts';

/** Nobody needs longer; a call that does is forgotten somewhere. */
const longestCallMs = 300_000;

export interface TapsCallParts {
  readonly options: TapsAgentOptions;
  readonly node: AgentHost;
  readonly settings: TapsSettings;
  readonly caller: TapsCaller;
  readonly sessionId: string;
  readonly invite: ServerRun;
  readonly binding: Binding;
  readonly offer: SessionOffer;
  readonly audio: ChosenAudio;
  readonly media: MediaPort;
  readonly user: string;
  readonly toTag: string;
  /** The call is over, and its port free. */
  readonly onOver: () => void;
}

/** One answered call: SIP and media around the dialogue of the domain. */
export class TapsCall {
  readonly #parts: TapsCallParts;
  readonly #dialog: AgentDialog;
  readonly #answering: Answering;
  readonly #setup: DialogueSetup;
  readonly #guard: NodeJS.Timeout;
  #state: DialogueState;
  readonly #media: MediaPort;
  #preparedName = '';
  #listening: NodeJS.Timeout | undefined;
  #acknowledged = false;
  #bye: 'none' | 'ours' | 'theirs' = 'none';
  /** Phones may tell a key in two ways at once: the first way that is heard counts. */
  #keysBy: 'rtp' | 'info' | 'kpml' | undefined;
  readonly #over = Promise.withResolvers<void>();

  constructor(parts: TapsCallParts) {
    const { node, invite, binding, user, toTag, settings, caller } = parts;
    this.#parts = parts;
    this.#dialog = new AgentDialog(node, invite, binding, user, toTag);
    const media = {
      address: invite.flow.localAddress,
      port: parts.media.port,
      master: parts.media.master,
      sessionId: String(Number.parseInt(parts.sessionId.slice(0, 8), 16)),
    };
    this.#answering = new Answering(node, this.#dialog, media, () => this.#dispatch({ type: 'stopped' }));
    this.#setup = {
      languages: settings.languages,
      secured: settings.secured,
      autoRegistered: caller.autoRegistered,
    };
    this.#state = startDialogue(this.#setup);
    this.#media = parts.media;
    this.#guard = setTimeout(() => this.stop(), longestCallMs);
  }

  get callId(): string {
    return this.#dialog.callId;
  }

  answer(): void {
    this.#answering.answer(this.#parts.invite, this.#parts.offer, this.#parts.audio);
  }

  digit(by: 'rtp' | 'info' | 'kpml', digit: DtmfDigit): void {
    this.#keysBy ??= by;
    if (this.#keysBy === by) this.#dispatch({ type: 'key', key: digit });
  }

  spoken(): void {
    this.#dispatch({ type: 'spoken' });
  }

  acknowledged(): void {
    this.#answering.stop();
    if (this.#acknowledged) return;
    this.#acknowledged = true;
    this.#media.aim(this.#parts.audio, this.#parts.invite.flow.address);
    this.#subscribeKeys();
    this.#dispatch({ type: 'answered' });
  }

  /** Ends the call in good order. Resolves when it is over. */
  stop(): Promise<void> {
    this.#dispatch({ type: 'stopped' });
    return this.#over.promise;
  }

  /** A later request of this call. */
  request(server: ServerRun): void {
    const { request } = server;
    const respond = (parts: ResponseParts): undefined => {
      server.respond(buildResponse(request, { toTag: this.#dialog.toTag, ...parts }));
    };
    switch (request.method) {
      case 'BYE':
        respond({ status: 200 });
        this.#bye = 'theirs';
        this.#dispatch({ type: 'hung-up' });
        return;
      case 'INVITE':
      case 'UPDATE':
        this.#renegotiate(server, respond);
        return;
      case 'INFO': {
        const digit = digitOfInfo(header(request, 'content-type'), textOf(request));
        respond(
          digit === undefined ? { status: 415, headers: [['Accept', 'application/dtmf-relay']] } : { status: 200 },
        );
        if (digit !== undefined) this.digit('info', digit);
        return;
      }
      case 'NOTIFY':
        this.#keys(request, respond);
        return;
      case 'OPTIONS':
        respond({ status: 200, headers: [['Allow', allow]] });
        return;
      default:
        respond({ status: 405, headers: [['Allow', allow]] });
    }
  }

  #renegotiate(server: ServerRun, respond: (parts: ResponseParts) => undefined): undefined {
    const { request } = server;
    if (request.body.length === 0) {
      respond(
        request.method === 'UPDATE' ? { status: 200, headers: [['Contact', this.#dialog.contact]] } : { status: 488 },
      );
      return;
    }
    try {
      const offer = readSession(textOf(request));
      const audio = chooseAudio(offer);
      if (audio === undefined) return respond({ status: 488 });
      this.#dialog.retarget(request);
      this.#media.aim(audio, server.flow.address);
      this.#answering.answer(server, offer, audio);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      respond({ status: 400, reason: `Bad Request: ${error.message}` });
    }
  }

  /** Phones that cannot tell keys in the media may tell them by KPML, if they are asked (RFC 4730). */
  #subscribeKeys(): void {
    const { audio, invite } = this.#parts;
    const offers = headerTokens(invite.request, 'allow-events').map((each) => each.toLowerCase());
    if (audio.telephoneEvent !== undefined || !offers.includes(kpmlEvent)) return;
    this.#dialog.send('SUBSCRIBE', {
      headers: [
        ['Event', kpmlEvent],
        ['Expires', '300'],
        ['Accept', kpmlResponseType],
        ['Content-Type', kpmlRequestType],
      ],
      body: utf8(kpmlRequest()),
    });
  }

  #keys(request: SipRequest, respond: (parts: ResponseParts) => undefined): undefined {
    if (header(request, 'event')?.split(';', 1)[0]?.trim().toLowerCase() !== kpmlEvent) return respond({ status: 489 });
    respond({ status: 200 });
    if (request.body.length === 0) return;
    try {
      for (const digit of readKpmlResponse(textOf(request)).digits) this.digit('kpml', digit);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
  }

  #dispatch(event: DialogueEvent): void {
    const { state, effects } = stepDialogue(this.#setup, this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: DialogueEffect): void {
    switch (effect.type) {
      case 'say': {
        clearTimeout(this.#listening);
        const { prompts } = this.#parts.options;
        this.#media.say(effect.prompts.map(({ language, prompt }) => prompts.audio(language, prompt)));
        return;
      }
      case 'hush':
        this.#media.hush();
        return;
      case 'listen':
        clearTimeout(this.#listening);
        this.#listening = setTimeout(() => this.#dispatch({ type: 'silence' }), effect.ms);
        return;
      case 'check':
        clearTimeout(this.#listening);
        void this.#check(effect.number, effect.pin);
        return;
      case 'hang-up':
        this.#hangUp();
        return;
      case 'over':
        this.#finish(effect.outcome);
    }
  }

  async #check(directoryNumber: string, pin: string | undefined): Promise<void> {
    const { options, settings, caller, sessionId, invite } = this.#parts;
    try {
      await options.store.note(sessionId, { language: this.#state.language, directoryNumber });
      const claim = { caller, directoryNumber, pin, sourceAddress: invite.flow.address };
      const outcome = await options.claims.claim(claim, settings);
      this.#preparedName = outcome.preparedName;
      if (outcome.kind === 'refused')
        options.log.info({ device: caller.deviceName, reason: outcome.reason }, 'TAPS refused');
      this.#dispatch(
        outcome.kind === 'mapped'
          ? { type: 'mapped' }
          : { type: 'refused', reason: outcome.reason, proved: outcome.proved },
      );
    } catch (error) {
      options.log.error({ err: error, device: caller.deviceName }, 'TAPS could not change the records');
      this.#dispatch({ type: 'refused', reason: 'taps_failed', proved: true });
    }
  }

  #hangUp(): void {
    if (this.#bye !== 'none') return;
    this.#bye = 'ours';
    this.#dialog.send('BYE', { done: () => this.#farewell() });
  }

  /** The phone is free of the call: it may be told to start again. */
  #farewell(): void {
    const { options, caller } = this.#parts;
    if (this.#state.outcome?.kind === 'mapped') options.restart(caller.deviceName);
    this.#over.resolve();
  }

  #finish(outcome: DialogueOutcome): void {
    const { options, sessionId, caller, invite, onOver } = this.#parts;
    this.#answering.stop();
    clearTimeout(this.#guard);
    clearTimeout(this.#listening);
    this.#media.close();
    options.store
      .close(sessionId, outcome, this.#preparedName)
      .catch((error: unknown) => options.log.warn({ err: error }, 'the end of a TAPS session could not be stored'));
    if (outcome.reason !== undefined) options.failed(caller, outcome.reason, invite.flow.address);
    onOver();
    if (this.#bye === 'theirs') this.#farewell();
    else this.#hangUp();
  }
}

function textOf(request: SipRequest): string {
  try {
    return fromUtf8(request.body);
  } catch {
    return '';
  }
}
