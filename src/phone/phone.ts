import { performance } from 'node:perf_hooks';
import { MalformedError } from '../kernel/errors.ts';
import { DasConnection } from './activation/das-connection.ts';
import { confirm, handshake } from './activation/handshake.ts';
import { failure } from './boot/enter.ts';
import { PhoneFault } from './boot/faults.ts';
import { stepBoot } from './boot/machine.ts';
import { type BootState, switchedOff } from './boot/state.ts';
import type { BootEffect, BootEvent, BootFailure, BootSetup, StepReport, TimerName } from './boot/types.ts';
import { type DhcpLease, dhcpLease } from './dhcp/client.ts';
import { readDefaultConfiguration, readDeviceConfiguration } from './files/configuration.ts';
import { FileFetcher } from './files/fetch.ts';
import { fetchFirmware } from './files/firmware.ts';
import { type FileServer, hostPortText, mergeServers } from './files/servers.ts';
import { openSigned, readTrustList, UntrustedFileError } from './files/trust.ts';
import type { Mic } from './identity/mic.ts';
import { SipAgent } from './sip/agent.ts';
import { type CallNews, type CallRequest, Calls } from './sip/calls.ts';
import type { PhoneStore } from './state/store.ts';
import { judge, type TlsJudge } from './trust/judge.ts';

export interface PhoneOptions {
  readonly setup: BootSetup;
  readonly mic: Mic;
  readonly store: PhoneStore;
  /** TFTP servers set by hand, or the interface on which DHCP is asked for them. */
  readonly find:
    | { readonly by: 'hand'; readonly servers: readonly FileServer[] }
    | { readonly by: 'dhcp'; readonly interfaceName: string };
  /** What the person at the phone types; undefined: nobody types anything (any more). `problem`: why the last entry did not work. */
  readonly askCode: (problem: BootFailure | undefined, signal: AbortSignal) => Promise<string | undefined>;
  /** Each step as it happens; `atMs` counts from power-on. */
  readonly onStep?: (step: TimedStep) => void;
  /** Accept calls after ringing this long, milliseconds; undefined: calls are refused as busy. */
  readonly answerAfterMs?: number;
  /** How long a SIP node may take to answer, milliseconds. Default 5000. */
  readonly sipPatienceMs?: number;
}

/** Effects that answer with an event. */
type Asking = Exclude<
  BootEffect,
  { type: 'cancel' | 'report' | 'timer' | 'stop_timer' | 'use_servers' | 'ready' | 'wipe' | 'confirm' | 'finish' }
>;

export interface TimedStep extends StepReport {
  readonly atMs: number;
}

/** A reference phone: the boot machine with its drivers. One object is one phone, from power-on to power-off. */
export class Phone {
  readonly #options: PhoneOptions;
  readonly #fetcher = new FileFetcher();
  readonly #agent: SipAgent;
  #state: BootState = switchedOff;
  #poweredAt = performance.now();
  /** Aborted by `cancel`: whatever began under it is void. */
  #turn = new AbortController();
  readonly #timers = new Map<TimerName, NodeJS.Timeout>();
  #das: DasConnection | undefined;
  #confirmBody: string | undefined;
  #lease: DhcpLease | undefined;
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
    this.#agent.calls = new Calls({ answerAfter: options.answerAfterMs, onNews: (news) => this.#tell(callStep(news)) });
    this.#ended.promise.then(
      (reason) => this.#ready.reject(reason === undefined ? stopped() : faultOf(reason)),
      () => {},
    );
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

  async powerOn(): Promise<void> {
    this.#poweredAt = performance.now();
    const stored = await this.#options.store.load();
    this.#dispatch({ type: 'power_on', stored });
  }

  /** Unregisters and switches off. Resolves when that is done. */
  async powerOff(): Promise<void> {
    this.#dispatch({ type: 'power_off' });
    await this.#ended.promise;
    await this.#release();
  }

  /** Leaves without unregistering: the binding on the server runs out by itself. */
  async unplug(): Promise<void> {
    await Promise.allSettled(this.#background);
    this.#cancel();
    this.#agent.drop();
    await this.#release();
    this.#ended.resolve(undefined);
  }

  /** Resolves when the call has ended; rejects when it does not come up. */
  async call(request: CallRequest): Promise<void> {
    await this.#agent.call(request);
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
      case 'stop_timer':
        clearTimeout(this.#timers.get(effect.name));
        break;
      case 'use_servers':
        this.#setServers(effect.servers);
        break;
      case 'ready':
        this.#ready.resolve();
        break;
      case 'wipe':
        this.#closeDas();
        this.#behind(this.#options.store.wipe());
        break;
      case 'confirm':
        this.#confirm();
        break;
      case 'finish':
        void this.#finish(effect.failure);
        break;
      default:
        this.#run(effect);
    }
  }

  #run(effect: Asking): void {
    const { signal } = this.#turn;
    this.#eventOf(effect, signal).then(
      (event) => {
        if (!signal.aborted) this.#dispatch(event);
      },
      (error: unknown) => {
        if (signal.aborted) return;
        const reason =
          error instanceof PhoneFault ? failure(error.code, error.message) : failure('defect', String(error));
        void this.#finish(reason);
      },
    );
  }

  async #eventOf(effect: Asking, signal: AbortSignal): Promise<BootEvent> {
    const { setup, store, askCode } = this.#options;
    switch (effect.type) {
      case 'discover':
        return await this.#discover(signal);
      case 'load_trust_list':
        return await this.#file(effect.file, signal, (bytes) => ({
          type: 'trust_list',
          list: readTrustList(bytes, effect.known),
        }));
      case 'load_configuration':
        return await this.#signedFile(`${setup.deviceName}.cnf.xml`, effect.trust, signal, (bytes) => ({
          type: 'configuration',
          configuration: readDeviceConfiguration(bytes, setup.model),
        }));
      case 'load_defaults':
        return await this.#signedFile('XMLDefault.cnf.xml', effect.trust, signal, (bytes) => ({
          type: 'defaults',
          defaults: readDefaultConfiguration(bytes, setup.model),
        }));
      case 'ask_code': {
        const text = await askCode(effect.problem, signal);
        return text === undefined ? { type: 'no_code' } : { type: 'code_typed', text };
      }
      case 'connect_das':
        return await this.#connectDas(effect, signal);
      case 'activate':
        return await this.#activate(effect, signal);
      case 'store':
        return await store.save(effect.phone).then(
          (): BootEvent => ({ type: 'stored' }),
          (error: Error): BootEvent => ({
            type: 'store_failed',
            detail: `The result cannot be stored: ${error.message}.`,
          }),
        );
      case 'load_firmware': {
        const outcome = await fetchFirmware(this.#fetcher, effect.load, signal);
        return outcome.type === 'ready'
          ? { type: 'firmware_ready', load: effect.load, detail: outcome.detail }
          : { type: 'firmware_kept', detail: outcome.detail };
      }
      case 'register':
        return await this.#agent.register(effect, this.#sipJudge(effect), signal);
      case 'unregister':
        await this.#agent.unregister();
        return { type: 'unregistered' };
    }
  }

  async #discover(signal: AbortSignal): Promise<BootEvent> {
    const { find, setup } = this.#options;
    if (find.by === 'hand') {
      const servers = find.servers.map(({ tftp }) => hostPortText(tftp));
      return { type: 'discovered', servers, by: 'set by hand' };
    }
    try {
      await this.#lease?.release();
      this.#lease = undefined;
      const vendorClass = `Cisco Systems, Inc. IP Phone ${setup.model.product}`;
      const lease = await dhcpLease({ interfaceName: find.interfaceName, mac: setup.mac, vendorClass, signal });
      this.#lease = lease;
      return { type: 'discovered', servers: lease.tftp, by: `DHCP server ${lease.server}, address ${lease.address}` };
    } catch (error) {
      if (!(error instanceof PhoneFault)) throw error;
      return { type: 'discovery_failed', failure: failure(error.code, error.message) };
    }
  }

  #setServers(servers: readonly string[]): void {
    const { find } = this.#options;
    this.#fetcher.use(mergeServers(find.by === 'hand' ? find.servers : [], servers));
  }

  async #file(name: string, signal: AbortSignal, read: (bytes: Uint8Array) => BootEvent): Promise<BootEvent> {
    const outcome = await this.#fetcher.fetch(name, signal);
    if (outcome.type === 'absent') return { type: 'file_absent' };
    if (outcome.type === 'unreachable') return { type: 'file_unreachable', detail: outcome.detail };
    try {
      return read(outcome.bytes);
    } catch (error) {
      if (error instanceof UntrustedFileError) return { type: 'file_unusable', detail: error.message, untrusted: true };
      if (!(error instanceof MalformedError)) throw error;
      return { type: 'file_unusable', detail: `${name} cannot be read: ${error.message}.`, untrusted: false };
    }
  }

  /** With a trust list the phone asks for the signed form, and takes no other. */
  #signedFile(
    name: string,
    trust: Extract<BootEffect, { type: 'load_configuration' }>['trust'],
    signal: AbortSignal,
    read: (bytes: Uint8Array) => BootEvent,
  ): Promise<BootEvent> {
    if (trust === undefined) return this.#file(name, signal, read);
    return this.#file(`${name}.sgn`, signal, (bytes) => read(openSigned(bytes, trust, `${name}.sgn`)));
  }

  async #connectDas(effect: Extract<BootEffect, { type: 'connect_das' }>, signal: AbortSignal): Promise<BootEvent> {
    this.#closeDas();
    try {
      const das = await DasConnection.open(effect.url, this.#options.mic, signal);
      this.#das = das;
      const verdict = await judge({
        certificate: das.serverCertificate,
        trust: effect.trust,
        tvs: effect.tvs,
        roles: ['APP-SERVER'],
        deviceName: this.#longName(),
        signal,
      });
      if (verdict.trusted) return { type: 'das_trusted', by: verdict.by };
      this.#closeDas();
      return { type: 'das_untrusted', detail: verdict.detail };
    } catch (error) {
      signal.throwIfAborted();
      return {
        type: 'das_unreachable',
        detail: `The node cannot be reached: ${(error as Error).message}.`,
        started: false,
      };
    }
  }

  async #activate(effect: Extract<BootEffect, { type: 'activate' }>, signal: AbortSignal): Promise<BootEvent> {
    const { setup, mic } = this.#options;
    if (this.#das === undefined)
      return { type: 'das_unreachable', detail: 'The connection is closed.', started: false };
    const { event, confirmBody } = await handshake({
      connection: this.#das,
      mic,
      code: effect.code,
      product: setup.model.product,
      mac: setup.mac,
      load: effect.load,
      signal,
      onStarted: () => this.#tell({ step: 'start', outcome: 'done', text: 'The activation service answers.' }),
    });
    this.#confirmBody = confirmBody;
    if (event.type !== 'activated') this.#closeDas();
    return event;
  }

  #confirm(): void {
    const [das, body] = [this.#das, this.#confirmBody];
    this.#confirmBody = undefined;
    if (das === undefined || body === undefined) return;
    const { signal } = this.#turn;
    const work = confirm(das, body, signal).then((detail) => {
      this.#closeDas();
      if (!signal.aborted)
        this.#dispatch(detail === undefined ? { type: 'confirmed' } : { type: 'confirm_failed', detail });
    });
    this.#behind(work);
  }

  #sipJudge(effect: Extract<BootEffect, { type: 'register' }>): TlsJudge {
    return (certificate, signal) =>
      judge({
        certificate,
        trust: effect.trust,
        tvs: effect.configuration.tvs,
        roles: ['CCM', 'CCM+TFTP'],
        listRoles: ['CCM', 'CCM+TFTP'],
        deviceName: this.#longName(),
        signal,
      });
  }

  /** As the phone calls itself to TVS: `CP-8845-SEP001122334455`. */
  #longName(): string {
    return `${this.#options.setup.model.product}-${this.#options.setup.deviceName}`;
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
    this.#closeDas();
  }

  #closeDas(): void {
    this.#das?.close();
    this.#das = undefined;
  }

  async #finish(reason: BootFailure | undefined): Promise<void> {
    await Promise.allSettled(this.#background);
    this.#cancel();
    this.#agent.drop();
    await this.#release();
    this.#ended.resolve(reason);
  }

  async #release(): Promise<void> {
    this.#fetcher.close();
    const lease = this.#lease;
    this.#lease = undefined;
    await lease?.release();
  }
}

export function faultOf(reason: BootFailure): PhoneFault {
  const detail = reason.ref === undefined ? {} : { detail: { ref: reason.ref } };
  return new PhoneFault(reason.code, reason.message, detail);
}

function stopped(): PhoneFault {
  return new PhoneFault('stopped', 'The phone was switched off before it was registered.');
}

function callStep(news: CallNews): StepReport {
  const way = news.incoming ? 'from' : 'to';
  if (news.type === 'failed')
    return { step: 'call', outcome: 'failed', text: `Call ${way} ${news.with}: ${news.detail}.` };
  const words = { ringing: 'rings', answered: 'is answered', ended: 'has ended' } as const;
  return {
    step: 'call',
    outcome: news.type === 'ringing' ? 'begun' : 'done',
    text: `Call ${way} ${news.with} ${words[news.type]}.`,
  };
}
