import type { BootFailure, BootSetup } from '../boot/types.ts';
import type { Mic } from '../identity/mic.ts';
import { Phone } from '../phone.ts';
import type { PhoneOptions, TimedStep } from '../phone-options.ts';
import { fileStore, type PhoneStore } from '../state/store.ts';
import { LabFault } from './faults.ts';
import { type Mishap, mistyped, nowhere } from './mishaps.ts';
import { darkScreen, type Screen, type ScreenEvent, stepScreen } from './screen.ts';

export interface LabPhoneOptions {
  readonly id: string;
  readonly setup: BootSetup;
  /** What the label on its box says. */
  readonly label: string;
  readonly mic: Mic;
  readonly find: PhoneOptions['find'];
  /** How it comes in from outside, if it can; asked each time it is plugged in. */
  readonly remote: () => PhoneOptions['remote'];
  /** Where it is first. */
  readonly atHome: boolean;
  readonly mishap: Mishap | undefined;
  /** Where it keeps what it learns. */
  readonly stateDirectory: string;
  readonly onChange: () => void;
  readonly onStep: (step: TimedStep) => void;
}

/** Rings this long before a phone nobody sits at answers. */
const answerAfterMs = 4000;
/** Nobody hangs up for a phone of the lab. */
const callLastsMs = 60_000;
/** A phone that is taken away has this long to say goodbye. */
const goodbyeMs = 2000;

/** A reference phone with somebody's hands: cable, keys and screen. It lives through many boots; each is a `Phone` of its own. */
export class LabPhone {
  readonly id: string;
  readonly setup: BootSetup;
  readonly label: string;
  readonly mishap: Mishap | undefined;
  readonly #options: LabPhoneOptions;
  readonly #store: PhoneStore;
  #screen: Screen = darkScreen;
  #phone: Phone | undefined;
  #answerCode: ((text: string) => void) | undefined;
  #call: AbortController | undefined;
  #mistyped = false;
  #atHome: boolean;

  constructor(options: LabPhoneOptions) {
    this.#options = options;
    this.#atHome = options.atHome;
    this.id = options.id;
    this.setup = options.setup;
    this.label = options.label;
    this.mishap = options.mishap;
    this.#store = fileStore(options.stateDirectory, options.setup.deviceName);
  }

  get screen(): Screen {
    return this.#screen;
  }

  get plugged(): boolean {
    return this.#phone !== undefined;
  }

  get atHome(): boolean {
    return this.#atHome;
  }

  get directoryNumbers(): readonly string[] {
    return this.#phone?.directoryNumbers ?? [];
  }

  plugIn(): void {
    if (this.#phone !== undefined) return;
    const { setup, mic } = this.#options;
    const remote = this.#options.remote();
    const find = this.#atHome ? ({ by: 'nobody' } as const) : this.#options.find;
    const way = remote === undefined ? {} : ({ remote: this.#atHome ? 'only' : 'fallback' } as const);
    // Whatever an unplugged boot still says is of no interest.
    const mine = (work: () => void) => {
      if (this.#phone === phone) work();
    };
    const phone: Phone = new Phone({
      setup: { ...setup, ...way },
      mic,
      find,
      ...(remote === undefined ? {} : { remote }),
      store: this.#store,
      answerAfterMs,
      ...(this.mishap === 'service-unreachable' ? { dasAddress: nowhere } : {}),
      askCode: (problem, signal) => this.#askCode(problem, signal),
      onStep: (step) =>
        mine(() => {
          this.#options.onStep(step);
          this.#show({ type: 'step', step });
        }),
      onCall: (news) => mine(() => this.#show({ type: 'call', news })),
    });
    this.#phone = phone;
    this.#show({ type: 'plugged' });
    void phone.ended.then((failure) => mine(() => this.#ended(failure)));
    phone.powerOn().catch((error: Error) => mine(() => this.#ended({ code: 'defect', message: error.message })));
  }

  async unplug(): Promise<void> {
    const phone = this.#letGo();
    this.#show({ type: 'unplugged' });
    await phone?.unplug();
  }

  /** Unregisters before it goes, when the server lets it. */
  async remove(): Promise<void> {
    const registered = ['registered', 'ringing', 'calling', 'in-call'].includes(this.#screen.kind);
    const phone = this.#letGo();
    this.#show({ type: 'unplugged' });
    if (phone === undefined) return;
    if (registered) {
      const patience = new Promise<void>((resolve) => setTimeout(resolve, goodbyeMs).unref());
      await Promise.race([phone.powerOff(), patience]);
    }
    await phone.unplug();
  }

  /** Unplugged on the way; what it learned stays. */
  async carry(atHome: boolean): Promise<void> {
    if (this.#atHome === atHome) return;
    const wasPlugged = this.plugged;
    await this.unplug();
    this.#atHome = atHome;
    this.#options.onChange();
    if (wasPlugged) this.plugIn();
  }

  async factoryReset(): Promise<void> {
    const wasPlugged = this.plugged;
    await this.unplug();
    await this.#store.wipe();
    this.#mistyped = false;
    if (wasPlugged) this.plugIn();
  }

  enterCode(text: string): void {
    const answer = this.#answerCode;
    if (answer === undefined) {
      throw new LabFault('policy', 'lab_no_code_asked', 'The phone does not ask for a code now.', {
        remedy: 'Wait until its screen asks for the code.',
      });
    }
    this.#answerCode = undefined;
    const wrong = this.mishap === 'code-mistyped' && !this.#mistyped ? mistyped(text) : text;
    if (wrong !== text) this.#mistyped = true;
    answer(wrong);
  }

  /** Does not wait for what becomes of it. */
  call(number: string): void {
    const phone = this.#phone;
    if (phone === undefined || this.#screen.kind !== 'registered') {
      throw new LabFault('policy', 'lab_not_registered', 'The phone cannot call now.', {
        remedy: 'Wait until it is registered and no call is up.',
      });
    }
    const call = new AbortController();
    this.#call = call;
    this.#screen = { kind: 'calling', problem: null, with: number };
    this.#options.onChange();
    // What went wrong came as news.
    phone.call({ number, lasting: callLastsMs, signal: call.signal }).catch(() => undefined);
  }

  async hangUp(): Promise<void> {
    this.#call?.abort();
    this.#call = undefined;
    await this.#phone?.hangUp();
  }

  #letGo(): Phone | undefined {
    const phone = this.#phone;
    this.#phone = undefined;
    this.#answerCode = undefined;
    this.#call = undefined;
    return phone;
  }

  #ended(failure: BootFailure | undefined): void {
    this.#answerCode = undefined;
    this.#show(failure === undefined ? { type: 'unplugged' } : { type: 'ended', failure });
  }

  #askCode(problem: BootFailure | undefined, signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#answerCode = resolve;
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
      this.#show({ type: 'asked', problem });
    });
  }

  #show(event: ScreenEvent): void {
    this.#screen = stepScreen(this.#screen, event);
    this.#options.onChange();
  }
}
