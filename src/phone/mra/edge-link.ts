import { MalformedError } from '../../kernel/errors.ts';
import { readPlainError } from '../../protocol/activation/answers.ts';
import { readEdgeRefusal } from '../../protocol/edge-access/refusal.ts';
import { readTokenAnswer, writeTokenRequest } from '../../protocol/oauth/token-messages.ts';
import { type DasChannel, dasChannel } from '../activation/das-connection.ts';
import { type HttpReply, TlsHttp } from '../http/tls-http.ts';
import { edgeConfigurationPath, readEdgeConfiguration } from './edge-configuration.ts';
import { type EdgeTls, UntrustedEdgeError } from './edge-tls.ts';
import type { EdgeConfiguration, EdgeTarget, EdgeTrust, Tokens } from './model.ts';
import { tokensOf } from './tokens.ts';

/** `refused`: the edge answered, with a status that says no. */
export type EdgeAnswer<T> =
  | { readonly type: 'given'; readonly value: T }
  | {
      readonly type: 'refused';
      readonly status: number;
      /** A code of spec/activation.md §6 or of the edge; empty when it does not say. */
      readonly error: string;
      readonly message: string;
      readonly ref: string | undefined;
      readonly retryAfterMs: number | undefined;
    };

/** One edge, as a phone speaks to it: one kept connection, opened again when it broke. Everything rejects with the network's error, or when aborted. */
export class EdgeLink {
  readonly #tls: EdgeTls;
  readonly target: EdgeTarget;
  readonly trust: EdgeTrust;
  #http: TlsHttp | undefined;

  constructor(tls: EdgeTls, target: EdgeTarget, trust: EdgeTrust) {
    this.#tls = tls;
    this.target = target;
    this.trust = trust;
  }

  close(): void {
    this.#http?.close();
    this.#http = undefined;
  }

  async configuration(domain: string, signal: AbortSignal): Promise<EdgeAnswer<EdgeConfiguration>> {
    const reply = await this.#ask({ method: 'GET', path: edgeConfigurationPath(domain), signal, timeoutMs: 8000 });
    return reply.status === 200 ? given(readEdgeConfiguration(reply.body, this.target)) : refused(reply);
  }

  /** The channel of one handshake: the connection of this moment, and no other after it. */
  async channel(signal: AbortSignal): Promise<DasChannel> {
    return dasChannel(await this.#open(signal));
  }

  async file(name: string, accessToken: string, signal: AbortSignal): Promise<EdgeAnswer<Uint8Array>> {
    const headers = { authorization: `Bearer ${accessToken}` };
    const reply = await this.#ask({ method: 'GET', path: `/config/${name}`, headers, signal, maxSize: 1 << 20 });
    return reply.status === 200 ? given(reply.body) : refused(reply);
  }

  /** `refused` with `invalid_grant`: the tokens are gone for good. */
  async refresh({ refreshToken, requestId }: Tokens, signal: AbortSignal): Promise<EdgeAnswer<Tokens>> {
    const body = writeTokenRequest({ refreshToken, requestId, audiences: [] });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await this.#ask({ method: 'POST', path: '/oauth/token', headers, body, signal });
    try {
      const answer = readTokenAnswer(reply.body.toString('utf8'));
      if (answer.kind === 'tokens') return given(tokensOf(answer, Date.now()));
      return { ...refused(reply), error: answer.error, message: answer.description };
    } catch (error) {
      if (error instanceof MalformedError) return refused(reply);
      throw error;
    }
  }

  async #open(signal: AbortSignal): Promise<TlsHttp> {
    if (this.#http?.open === true) return this.#http;
    this.close();
    const socket = await this.#tls.connect(this.target, this.trust, signal);
    this.#http = new TlsHttp(socket, `${this.target.host}:${this.target.port}`);
    return this.#http;
  }

  async #ask(asked: Parameters<TlsHttp['ask']>[0]): Promise<HttpReply> {
    const kept = this.#http?.open === true;
    try {
      return await (await this.#open(asked.signal)).ask(asked);
    } catch (error) {
      this.close();
      asked.signal.throwIfAborted();
      // The edge may have closed a connection nobody used for a while; a request that asks for something may be repeated.
      if (!kept || asked.method !== 'GET' || error instanceof UntrustedEdgeError) throw error;
      return await (await this.#open(asked.signal)).ask(asked);
    }
  }
}

function given<T>(value: T): EdgeAnswer<T> {
  return { type: 'given', value };
}

function refused(reply: HttpReply): Extract<EdgeAnswer<never>, { type: 'refused' }> {
  const text = reply.body.toString('utf8');
  const said = readEdgeRefusal(text) ?? readPlainError(text);
  return {
    type: 'refused',
    status: reply.status,
    error: said?.error ?? '',
    message: said?.message ?? `the answer is ${reply.status} without a reason`,
    ref: said?.ref,
    retryAfterMs: reply.retryAfterMs,
  };
}
