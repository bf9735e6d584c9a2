import type { TLSSocket } from 'node:tls';
import { MalformedError } from '../../kernel/errors.ts';
import { confirm, type HandshakeOutcome, handshake } from '../activation/handshake.ts';
import { failure } from '../boot/enter.ts';
import { isPhoneFaultCode, type PhoneFaultCode } from '../boot/faults.ts';
import type { BootEvent, BootSetup, HeldTrustList, RemoteEffect, RemoteEvent } from '../boot/types.ts';
import { DnsError, Resolver } from '../dns/resolver.ts';
import { readDeviceConfiguration } from '../files/configuration.ts';
import { openSigned, UntrustedFileError } from '../files/trust.ts';
import type { Mic } from '../identity/mic.ts';
import { type CloudAddress, CloudClient } from './cloud-client.ts';
import { type EdgeAnswer, EdgeLink } from './edge-link.ts';
import { EdgeTls, UntrustedEdgeError } from './edge-tls.ts';
import type { EdgeTarget, EdgeTrust } from './model.ts';
import { tokenProblem } from './tokens.ts';

/** What a phone must know to go outside. */
export interface RemoteOptions {
  /** Undefined: it can go where it was assigned to, but ask nobody about a code. */
  readonly cloud: CloudAddress | undefined;
  /** DNS servers by IP address, best first. */
  readonly dns: readonly { readonly host: string; readonly port: number }[];
}

type Effect<T extends RemoteEffect['type']> = Extract<RemoteEffect, { type: T }>;

/** Carries out what a phone outside wants done. */
export class RemoteDrivers {
  readonly #setup: BootSetup;
  readonly #mic: Mic;
  readonly #onStarted: () => void;
  readonly #resolver: Resolver;
  readonly #tls: EdgeTls;
  readonly #cloud: CloudClient | undefined;
  #link: EdgeLink | undefined;
  #confirmBody: string | undefined;

  constructor(options: RemoteOptions, phone: { setup: BootSetup; mic: Mic; onStarted: () => void }) {
    this.#setup = phone.setup;
    this.#mic = phone.mic;
    this.#onStarted = phone.onStarted;
    this.#resolver = new Resolver(options.dns);
    this.#tls = new EdgeTls(phone.mic, this.#resolver);
    this.#cloud = options.cloud && new CloudClient(options.cloud, phone.mic, this.#resolver);
  }

  /** Rejects when aborted, or on a defect. */
  async perform(effect: RemoteEffect, signal: AbortSignal): Promise<BootEvent> {
    switch (effect.type) {
      case 'resolve_code':
        return await this.#resolve(effect, signal);
      case 'find_edges':
        return await this.#findEdges(effect, signal);
      case 'connect_edge':
        return await this.#connect(effect, signal);
      case 'activate_edge':
        return await this.#activate(effect, signal);
      case 'load_edge_configuration':
        return await this.#configuration(effect, signal);
      case 'refresh_tokens':
        return await this.#refresh(effect, signal);
      case 'check_token': {
        const phone = { deviceName: this.#setup.deviceName, certificate: this.#mic.certificate, now: Date.now() };
        const problem = tokenProblem(effect.tokens, phone);
        return problem === undefined
          ? { type: 'token_checked', detail: 'The token is for this phone and its certificate.' }
          : { type: 'token_unusable', detail: `The token cannot be used: ${problem}` };
      }
    }
  }

  /** TLS to an edge's SIP port, the edge's name and chain proved. Rejects with a reason in words, or when aborted. */
  sipSocket(target: EdgeTarget, trust: EdgeTrust, signal: AbortSignal, timeoutMs: number): Promise<TLSSocket> {
    return this.#tls.connect(target, trust, signal, timeoutMs);
  }

  /** Undefined when there is nothing to confirm through an edge. */
  confirm(signal: AbortSignal): Promise<BootEvent> | undefined {
    const [link, body] = [this.#link, this.#confirmBody];
    this.#confirmBody = undefined;
    if (link === undefined || body === undefined) return undefined;
    return link
      .channel(signal)
      .then((channel) => confirm(channel, body, signal))
      .catch((error: Error) => {
        signal.throwIfAborted();
        return `${error.message}.`;
      })
      .then((detail) => (detail === undefined ? { type: 'confirmed' } : { type: 'confirm_failed', detail }));
  }

  close(): void {
    this.#link?.close();
    this.#link = undefined;
  }

  async #resolve({ locator }: Effect<'resolve_code'>, signal: AbortSignal): Promise<RemoteEvent> {
    if (this.#cloud !== undefined) return await this.#cloud.resolve(locator, signal);
    const reason = failure('cloud_unreachable', 'This phone knows no cloud: enter the service domain first.');
    return { type: 'resolve_failed', failure: reason, retryAfterMs: undefined };
  }

  async #findEdges({ domain }: Effect<'find_edges'>, signal: AbortSignal): Promise<RemoteEvent> {
    try {
      return { type: 'edges', targets: await this.#resolver.services(`_collab-edge._tls.${domain}`, signal) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DnsError)) throw error;
      const code = error.kind === 'absent' ? 'edge_not_found' : 'dns_unreachable';
      return { type: 'edges_unknown', failure: failure(code, error.message) };
    }
  }

  async #connect({ domain, target, trust }: Effect<'connect_edge'>, signal: AbortSignal): Promise<RemoteEvent> {
    this.close();
    const link = new EdgeLink(this.#tls, target, trust);
    this.#link = link;
    try {
      const answer = await link.configuration(domain, signal);
      if (answer.type === 'given') return { type: 'edge_ready', edge: answer.value };
      const { message, ref, retryAfterMs } = answer;
      const reason = failure(codeOf(answer.error), `${target.host} refuses: ${message}`, ref);
      return { type: 'edge_failed', failure: reason, retryAfterMs };
    } catch (error) {
      signal.throwIfAborted();
      link.close();
      return { type: 'edge_failed', failure: networkFailure(target, error as Error), retryAfterMs: undefined };
    }
  }

  async #activate(effect: Effect<'activate_edge'>, signal: AbortSignal): Promise<BootEvent> {
    const away = (detail: string): BootEvent => ({ type: 'das_unreachable', detail, started: false });
    if (this.#link === undefined) return away('The connection is closed.');
    let outcome: HandshakeOutcome;
    try {
      outcome = await handshake({
        connection: await this.#link.channel(signal),
        mode: 'mra',
        mic: this.#mic,
        code: effect.code,
        product: this.#setup.model.product,
        mac: this.#setup.mac,
        load: effect.load,
        signal,
        onStarted: this.#onStarted,
      });
    } catch (error) {
      signal.throwIfAborted();
      return away(`The edge does not answer: ${(error as Error).message}.`);
    }
    this.#confirmBody = outcome.confirmBody;
    if (outcome.event.type !== 'activated') this.close();
    return outcome.event;
  }

  async #configuration(
    { accessToken, trust }: Effect<'load_edge_configuration'>,
    signal: AbortSignal,
  ): Promise<BootEvent> {
    const name = `${this.#setup.deviceName}.cnf.xml${trust === undefined ? '' : '.sgn'}`;
    try {
      if (this.#link === undefined) return { type: 'file_unreachable', detail: 'The connection is closed.' };
      const answer = await this.#link.file(name, accessToken, signal);
      return answer.type === 'refused' ? fileRefused(answer) : this.#read(name, answer.value, trust);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UntrustedFileError) return { type: 'file_unusable', detail: error.message, untrusted: true };
      if (error instanceof MalformedError) {
        return { type: 'file_unusable', detail: `${name} cannot be read: ${error.message}.`, untrusted: false };
      }
      return { type: 'file_unreachable', detail: `The edge gives no file: ${(error as Error).message}.` };
    }
  }

  /** Throws MalformedError or UntrustedFileError. */
  #read(name: string, bytes: Uint8Array, trust: HeldTrustList | undefined): BootEvent {
    const content = trust === undefined ? bytes : openSigned(bytes, trust, name);
    return { type: 'configuration', configuration: readDeviceConfiguration(content, this.#setup.model) };
  }

  async #refresh({ tokens }: Effect<'refresh_tokens'>, signal: AbortSignal): Promise<RemoteEvent> {
    const link = this.#link;
    if (link === undefined) return { type: 'tokens_unreachable', detail: 'The connection is closed.' };
    try {
      const answer = await link.refresh(tokens, signal);
      if (answer.type === 'given') return { type: 'tokens', tokens: answer.value };
      const gone = ['invalid_grant', 'invalid_client', 'unauthorized_client'].includes(answer.error);
      return gone
        ? { type: 'tokens_refused', detail: 'The server has withdrawn the access of this phone.' }
        : { type: 'tokens_unreachable', detail: `The edge gives no new token: ${answer.message}` };
    } catch (error) {
      signal.throwIfAborted();
      return { type: 'tokens_unreachable', detail: `The edge gives no new token: ${(error as Error).message}.` };
    }
  }
}

function codeOf(error: string): PhoneFaultCode {
  return isPhoneFaultCode(error) ? error : 'edge_unreachable';
}

function networkFailure({ host, port }: EdgeTarget, error: Error) {
  if (error instanceof UntrustedEdgeError) return failure('trust_mismatch', error.message);
  if (error instanceof DnsError) return failure('dns_unreachable', error.message);
  if (error instanceof MalformedError) {
    return failure('protocol_error', `${host} answers what the phone cannot read: ${error.message}.`);
  }
  return failure('edge_unreachable', `${host}:${port} cannot be reached: ${error.message}.`);
}

function fileRefused(answer: Extract<EdgeAnswer<never>, { type: 'refused' }>): BootEvent {
  const { error, message, status } = answer;
  if (status === 404) return { type: 'file_absent' };
  // Not its own file, not allowed any more: the token tells whether the phone has still anything to ask for here.
  if (status === 401 || status === 403) return { type: 'token_refused', detail: message };
  return { type: 'file_unreachable', detail: `The edge gives no file: ${status} ${error}.` };
}
