import { failure } from './boot/enter.ts';
import { PhoneFault } from './boot/faults.ts';
import { stepBoot } from './boot/machine.ts';
import { type BootState, switchedOff } from './boot/state.ts';
import type { BootEffect, BootEvent, BootFailure, StepReport, TimerName } from './boot/types.ts';
import { type Asking, PhoneDrivers } from './drivers.ts';
import type { PhoneOptions } from './phone-options.ts';
import { SipAgent } from './sip/agent.ts';
import { type CallNews, type CallRequest, Calls } from './sip/calls.ts';

/** A reference phone: the boot machine with its drivers. One object is one phone, from power-on to power-off. */
export class Phone {
  readonly #options: PhoneOptions;
  readonly #agent: SipAgent;
  readonly #drivers: PhoneDrivers;
  #state: BootState = switchedOff;
  #poweredAt = performance.now();
  /** Aborted by `cancel`: whatever began under it is void. */
  #turn = new AbortController();
  /** Aborted when the phone is off. */
  readonly #life = new AbortController();
  readonly #timers = new Map<TimerName, NodeJS.Timeout>();
  /** Work that the boot does not wait for, but a clean end does. */
  readonly #background = new Set<Promise<unknown>>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<BootFailure | undefined>();

  constructor(options: PhoneOptions) {
    this.#options = options;
    this.#agent = new SipAgent({
      setup: options.setup,
      mic: options.mic,
      patienceMs: options.sipPatienceMs ?? 5000,
      onEvent: (event) => this.#dispatch(event),
    });
    this.#agent.calls = new Calls({
      answerAfter: options.answerAfterMs,
      onNews: (news) => {
        this.#tell(callStep(news));
        options.onCall?.(news);
      },
    });
    this.#drivers = new PhoneDrivers(options, this.#agent, () =>
      this.#tell({ step: 'start', outcome: 'done', text: 'The activation service answers.' }),
    );
    void this.#ended.promise.then((reason) => this.#ready.reject(reason === undefined ? stopped() : faultOf(reason)));
    this.#ready.promise.catch(() => {});
  }

  /** Resolves when the phone is registered for the first time; rejects with a PhoneFault when its boot ends before. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Resolves when the phone is off: with the failure that ended it, or undefined after a clean power-off. */
  get ended(): Promise<BootFailure | undefined> {
    return this.#ended.promise;
  }

  /** Of its lines, once it has its configuration. */
  get directoryNumbers(): readonly string[] {
    const lines = 'configuration' in this.#state ? this.#state.configuration.lines : [];
    return lines.map((line) => line.directoryNumber);
  }

  async powerOn(): Promise<void> {
    this.#poweredAt = performance.now();
    const stored = await this.#options.store.load();
    this.#dispatch({ type: 'power_on', stored });
  }

  /** Unregisters and switches off. Resolves when that is done. */
  async powerOff(): Promise<void> {
    if (this.#state.phase === 'off') await this.#finish(undefined);
    this.#dispatch({ type: 'power_off' });
    await this.#ended.promise;
  }

  /** Leaves without unregistering: the binding on the server runs out by itself. */
  async unplug(): Promise<void> {
    await this.#finish(undefined);
  }

  /** Resolves when the call has ended; rejects when it does not come up. */
  async call(request: CallRequest): Promise<void> {
    await this.#agent.call(request);
  }

  /** Ends the calls that are up. */
  async hangUp(): Promise<void> {
    await this.#agent.hangUp();
  }

  #dispatch(event: BootEvent): void {
    const { state, effects } = stepBoot(this.#options.setup, this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: BootEffect): void {
    switch (effect.type) {
      case 'cancel':
        this.#cancel();
        break;
      case 'report':
        this.#tell(effect.report);
        break;
      case 'timer':
        this.#arm(effect.name, effect.ms);
        break;
      case 'timer_at':
        this.#arm(effect.name, Math.max(0, effect.at - Date.now()));
        break;
      case 'drop_registration':
        this.#agent.drop();
        break;
      case 'stop_timer':
        clearTimeout(this.#timers.get(effect.name));
        break;
      case 'use_servers':
        this.#drivers.lookAt(effect.servers);
        break;
      case 'ready':
        this.#ready.resolve();
        break;
      case 'wipe':
        this.#behind(this.#options.store.wipe());
        break;
      case 'confirm':
        this.#confirm();
        break;
      case 'finish':
        void this.#finish(effect.failure);
        break;
      default:
        this.#perform(effect);
    }
  }

  #perform(effect: Asking): void {
    // What renews the tokens is never abandoned: the server has given up the old ones by then.
    const { signal } = effect.type === 'refresh_tokens' ? this.#life : this.#turn;
    const work = this.#drivers.perform(effect, signal);
    if (effect.type === 'store' || effect.type === 'refresh_tokens') this.#behind(work);
    work.then(
      (event) => {
        if (!signal.aborted) this.#dispatch(event);
      },
      (error: unknown) => {
        if (signal.aborted) return;
        const reason =
          error instanceof PhoneFault
            ? failure(error.code, error.message)
            : failure('defect', error instanceof Error ? (error.stack ?? error.message) : String(error));
        void this.#finish(reason);
      },
    );
  }

  #confirm(): void {
    const { signal } = this.#turn;
    const work = this.#drivers.confirm(signal);
    if (work === undefined) return;
    this.#behind(
      work.then((event) => {
        if (!signal.aborted) this.#dispatch(event);
      }),
    );
  }

  #arm(name: TimerName, ms: number): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.set(
      name,
      setTimeout(() => this.#dispatch({ type: 'timer', name }), ms),
    );
  }

  #tell(report: StepReport): void {
    this.#options.onStep?.({ ...report, atMs: Math.round(performance.now() - this.#poweredAt) });
  }

  #behind(work: Promise<unknown>): void {
    const quiet = work.catch(() => undefined);
    this.#background.add(quiet);
    void quiet.then(() => this.#background.delete(quiet));
  }

  #cancel(): void {
    this.#turn.abort(new Error('abandoned'));
    this.#turn = new AbortController();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#drivers.closeDas();
  }

  async #finish(reason: BootFailure | undefined): Promise<void> {
    await Promise.allSettled(this.#background);
    this.#cancel();
    this.#life.abort(new Error('the phone is off'));
    this.#agent.drop();
    await this.#drivers.release();
    this.#ended.resolve(reason);
  }
}

function faultOf(reason: BootFailure): PhoneFault {
  return new PhoneFault(reason.code, reason.message, reason.ref === undefined ? {} : { detail: { ref: reason.ref } });
}

function stopped(): PhoneFault {
  return new PhoneFault('stopped', 'The phone was switched off before it was registered.');
}

function callStep(news: CallNews): StepReport {
  const way = news.incoming ? 'from' : 'to';
  if (news.type === 'failed') {
    return { step: 'call', outcome: 'failed', text: `Call ${way} ${news.with}: ${news.detail}.` };
  }
  const words = { ringing: 'rings', answered: 'is answered', ended: 'has ended' } as const;
  const outcome = news.type === 'ringing' ? 'begun' : 'done';
  return { step: 'call', outcome, text: `Call ${way} ${news.with} ${words[news.type]}.` };
}
