import { MalformedError } from '../kernel/errors.ts';
import { DasConnection } from './activation/das-connection.ts';
import { confirm, handshake } from './activation/handshake.ts';
import { failure } from './boot/enter.ts';
import { PhoneFault } from './boot/faults.ts';
import type { BootEffect, BootEvent, HeldTrustList } from './boot/types.ts';
import { type DhcpLease, dhcpLease } from './dhcp/client.ts';
import { readDefaultConfiguration, readDeviceConfiguration } from './files/configuration.ts';
import { FileFetcher } from './files/fetch.ts';
import { fetchFirmware } from './files/firmware.ts';
import { hostPortText, mergeServers } from './files/servers.ts';
import { OlderFileError, openSigned, readProvedTrustList, readTrustList, UntrustedFileError } from './files/trust.ts';
import { RemoteDrivers } from './mra/drivers.ts';
import type { PhoneOptions } from './phone-options.ts';
import type { SipAgent } from './sip/agent.ts';
import { judge, type TlsJudge } from './trust/judge.ts';

/** Effects that answer with an event. */
export type Asking = Exclude<
  BootEffect,
  {
    type:
      | 'cancel'
      | 'report'
      | 'timer'
      | 'timer_at'
      | 'stop_timer'
      | 'use_servers'
      | 'ready'
      | 'wipe'
      | 'confirm'
      | 'drop_registration'
      | 'finish';
  }
>;

type Effect<T extends BootEffect['type']> = Extract<BootEffect, { type: T }>;

/** Carries out the boot machine's effects over real sockets, files and certificates. */
export class PhoneDrivers {
  readonly #options: PhoneOptions;
  readonly #agent: SipAgent;
  readonly #onStarted: () => void;
  readonly #fetcher = new FileFetcher();
  #das: DasConnection | undefined;
  #confirmBody: string | undefined;
  #lease: DhcpLease | undefined;
  readonly #remote: RemoteDrivers | undefined;

  /** `onStarted`: the activation service has answered start. */
  constructor(options: PhoneOptions, agent: SipAgent, onStarted: () => void) {
    this.#options = options;
    this.#agent = agent;
    this.#onStarted = onStarted;
    const { mic, remote, setup } = options;
    this.#remote = remote && new RemoteDrivers(remote, { setup, mic, onStarted });
  }

  /** Rejects when aborted, or on a defect. */
  async perform(effect: Asking, signal: AbortSignal): Promise<BootEvent> {
    const { setup, askCode } = this.#options;
    switch (effect.type) {
      case 'discover':
        return await this.#discover(signal);
      case 'load_trust_list':
        return await this.#file(effect.file, signal, (bytes) => ({
          type: 'trust_list',
          list:
            effect.proved === undefined
              ? readTrustList(bytes, effect.known)
              : readProvedTrustList(bytes, effect.proved),
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
        const text = await askCode(effect.problem, signal, effect.where);
        return text === undefined ? { type: 'no_code' } : { type: 'code_typed', text };
      }
      case 'connect_das':
        return await this.#connectDas(effect, signal);
      case 'activate':
        return await this.#activate(effect, signal);
      case 'store':
        return await this.#store(effect);
      case 'load_firmware': {
        const outcome = await fetchFirmware(this.#fetcher, effect.load, signal);
        return outcome.type === 'ready'
          ? { type: 'firmware_ready', load: effect.load, detail: outcome.detail }
          : { type: 'firmware_kept', detail: outcome.detail };
      }
      case 'register':
        return await this.#register(effect, signal);
      case 'unregister':
        await this.#agent.unregister();
        return { type: 'unregistered' };
      default:
        if (this.#remote === undefined)
          throw new PhoneFault('defect', 'a phone without a way in from outside went there');
        return await this.#remote.perform(effect, signal);
    }
  }

  lookAt(servers: readonly string[]): void {
    const { find } = this.#options;
    this.#fetcher.use(mergeServers(find.by === 'hand' ? find.servers : [], servers));
  }

  /** Undefined when there is nothing to confirm. */
  confirm(signal: AbortSignal): Promise<BootEvent> | undefined {
    const [das, body] = [this.#das, this.#confirmBody];
    this.#confirmBody = undefined;
    if (das === undefined || body === undefined) return this.#remote?.confirm(signal);
    return confirm(das, body, signal).then((detail) => {
      this.closeDas();
      return detail === undefined ? { type: 'confirmed' } : { type: 'confirm_failed', detail };
    });
  }

  closeDas(): void {
    this.#das?.close();
    this.#das = undefined;
  }

  /** Gives back what the phone holds of the network. */
  async release(): Promise<void> {
    this.closeDas();
    this.#remote?.close();
    this.#fetcher.close();
    const lease = this.#lease;
    this.#lease = undefined;
    await lease?.release();
  }

  async #discover(signal: AbortSignal): Promise<BootEvent> {
    const { find, setup } = this.#options;
    if (find.by === 'nobody') {
      const reason = failure('dhcp_no_tftp_server', 'Nothing around names a TFTP server.');
      return { type: 'discovery_failed', failure: reason };
    }
    if (find.by === 'hand') {
      const servers = find.servers.map(({ tftp }) => hostPortText(tftp));
      return { type: 'discovered', servers, by: 'set by hand' };
    }
    try {
      await this.#lease?.release();
      this.#lease = undefined;
      // DHCP scopes of the field tell phones by these words.
      const vendorClass = `Cisco Systems, Inc. IP Phone ${setup.model.product}`;
      const lease = await dhcpLease({ interfaceName: find.interfaceName, mac: setup.mac, vendorClass, signal });
      this.#lease = lease;
      return { type: 'discovered', servers: lease.tftp, by: `DHCP server ${lease.server}, address ${lease.address}` };
    } catch (error) {
      if (!(error instanceof PhoneFault)) throw error;
      return { type: 'discovery_failed', failure: failure(error.code, error.message) };
    }
  }

  async #file(name: string, signal: AbortSignal, read: (bytes: Uint8Array) => BootEvent): Promise<BootEvent> {
    const outcome = await this.#fetcher.fetch(name, signal);
    if (outcome.type === 'absent') return { type: 'file_absent' };
    if (outcome.type === 'unreachable') return { type: 'file_unreachable', detail: outcome.detail };
    try {
      return read(outcome.bytes);
    } catch (error) {
      if (error instanceof UntrustedFileError) return { type: 'file_unusable', detail: error.message, untrusted: true };
      if (error instanceof OlderFileError) {
        return { type: 'file_unusable', detail: error.message, untrusted: false, older: true };
      }
      if (!(error instanceof MalformedError)) throw error;
      return { type: 'file_unusable', detail: `${name} cannot be read: ${error.message}.`, untrusted: false };
    }
  }

  /** With a trust list the phone asks for the signed form, and takes no other. */
  #signedFile(
    name: string,
    trust: HeldTrustList | undefined,
    signal: AbortSignal,
    read: (bytes: Uint8Array) => BootEvent,
  ): Promise<BootEvent> {
    if (trust === undefined) return this.#file(name, signal, read);
    return this.#file(`${name}.sgn`, signal, (bytes) => read(openSigned(bytes, trust, `${name}.sgn`)));
  }

  async #connectDas(effect: Effect<'connect_das'>, signal: AbortSignal): Promise<BootEvent> {
    this.closeDas();
    try {
      const { dasAddress, mic } = this.#options;
      const das = await DasConnection.open(dasAddress?.(effect.url) ?? effect.url, mic, signal);
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
      this.closeDas();
      return { type: 'das_untrusted', detail: verdict.detail, answered: verdict.answered };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof PhoneFault) throw error;
      const detail = `The node cannot be reached: ${(error as Error).message}.`;
      return { type: 'das_unreachable', detail, started: false };
    }
  }

  async #activate(effect: Effect<'activate'>, signal: AbortSignal): Promise<BootEvent> {
    const { setup, mic } = this.#options;
    if (this.#das === undefined) {
      return { type: 'das_unreachable', detail: 'The connection is closed.', started: false };
    }
    const { event, confirmBody } = await handshake({
      connection: this.#das,
      mode: 'onprem',
      mic,
      code: effect.code,
      product: setup.model.product,
      mac: setup.mac,
      load: effect.load,
      signal,
      onStarted: this.#onStarted,
    });
    this.#confirmBody = confirmBody;
    if (event.type !== 'activated') this.closeDas();
    return event;
  }

  #store(effect: Effect<'store'>): Promise<BootEvent> {
    return this.#options.store.save(effect.phone).then(
      () => ({ type: 'stored' }),
      (error: Error) => ({ type: 'store_failed', detail: `The result cannot be stored: ${error.message}.` }),
    );
  }

  #register(effect: Effect<'register'>, signal: AbortSignal): Promise<BootEvent> {
    const { edge } = effect;
    if (edge === undefined) return this.#agent.register(effect, { judge: this.#sipJudge(effect) }, signal);
    const open = (patienceMs: number) => {
      if (this.#remote === undefined) throw new PhoneFault('defect', 'a phone without a way out registered outside');
      return this.#remote.sipSocket(edge.target, edge.trust, signal, patienceMs);
    };
    return this.#agent.register(effect, { open }, signal);
  }

  #sipJudge(effect: Effect<'register'>): TlsJudge {
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
}
