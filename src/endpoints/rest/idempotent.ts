import { createHash, hash } from 'node:crypto';
import type { Caller } from '../../domain/access/permissions.ts';
import type { Fingerprint, KeptAnswer, Once } from '../../domain/idempotency/once.ts';
import { type Changes, OutcomeUnknown } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import { RequestFault } from './request-fault.ts';
import type { Answer, RestRoute } from './route.ts';

/** Says of an answer that it is the one of an earlier request. */
const replayed = { 'idempotent-replayed': 'true' } as const;

/** Routes whose requests may carry an Idempotency-Key: those that make things, for who signed in. */
export function takesKey({ method, needs }: Pick<RestRoute, 'method' | 'needs'>): boolean {
  return method === 'POST' && needs !== 'public';
}

/**
 * The key as draft-ietf-httpapi-idempotency-key-header has it, a string of structured fields (`"8e03…"`), or bare as most clients send it. Undefined: none.
 */
export function keyOf(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = typeof header === 'string' ? header.trim() : '';
  const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/.exec(text)?.[1]?.replace(/\\(.)/g, '$1');
  const key = quoted ?? /^[\x21\x23-\x2b\x2d-\x7e]{1,255}$/.exec(text)?.[0];
  if (key !== undefined) return key;
  throw new RequestFault('caller', say('invalid_idempotency_key'), { field: 'Idempotency-Key' });
}

export const keysNotOffered = () =>
  new RequestFault('caller', say('invalid_idempotency_key.not_here'), { field: 'Idempotency-Key' });

/** Of a request whose body is read. */
export function fingerprintOf(method: string, url: string, body: unknown): Fingerprint {
  const bytes = hash('sha256', JSON.stringify([method, url, body ?? null]), 'buffer');
  return { now: () => bytes, complete: async () => bytes };
}

/** Of an upload: `body` is what the route reads, and is hashed on the way. */
export class UploadFingerprint implements Fingerprint {
  readonly body: AsyncIterable<Uint8Array>;
  readonly #hash;
  readonly #most: number;
  readonly #iterator: AsyncIterator<Uint8Array>;
  #octets = 0;
  #bytes: Uint8Array | undefined;

  constructor(method: string, url: string, body: AsyncIterable<Uint8Array>, maxOctets: number) {
    this.#hash = createHash('sha256').update(JSON.stringify([method, url]));
    this.#most = maxOctets;
    this.#iterator = body[Symbol.asyncIterator]();
    // Without `return`: who stops reading early leaves the rest to `complete`.
    this.body = { [Symbol.asyncIterator]: () => ({ next: () => this.#next() }) };
  }

  now(): Uint8Array | undefined {
    return this.#bytes;
  }

  async complete(): Promise<Uint8Array> {
    while (this.#bytes === undefined) {
      if (this.#octets > this.#most) throw new RequestFault('caller', say('body_too_large.bare'));
      await this.#next();
    }
    return this.#bytes;
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    const step = await this.#iterator.next();
    if (step.done === true) this.#bytes ??= this.#hash.digest();
    else {
      this.#octets += step.value.length;
      this.#hash.update(step.value);
    }
    return step;
  }
}

export interface Keyed {
  readonly once: Once;
  readonly key: string;
  readonly route: string;
  readonly fingerprint: Fingerprint;
  readonly caller: Caller;
  /** The failure as the caller would be told of it. */
  readonly failure: (error: unknown, changes: Changes) => KeptAnswer;
}

/** Carries out `handle`, or gives the answer of the request that was sent with this key before. */
export async function answerOnce(keyed: Keyed, handle: (changes: Changes) => Promise<Answer>): Promise<Answer> {
  const { once, key, route, fingerprint, caller, failure } = keyed;
  try {
    const outcome = await once.once<Answer>(
      {
        caller: caller.userUuid,
        key,
        route,
        fingerprint,
        actor: caller.actor,
        rights: [...caller.roles].sort().join(' '),
      },
      {
        work: handle,
        kept: ({ status, headers = {}, body, octets }) =>
          octets === undefined ? { status, headers, ...(body !== undefined && { body }) } : undefined,
        failure,
      },
    );
    if (outcome.kind === 'first') return outcome.answer;
    const { status, headers, body } = outcome.answer;
    return { status, headers: { ...headers, ...replayed }, ...(body !== undefined && { body }) };
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
    throw new RequestFault('ours', say('outcome_unknown.keyed'), { cause: error, detail: { retryAfter: 2 } });
  }
}
