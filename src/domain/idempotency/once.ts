import { equalBytes, utf8 } from '../../kernel/bytes.ts';
import type { Changes, ChangeWatch, OutcomeUnknown, Transactions } from '../../kernel/transaction.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor, Sealer } from '../ports.ts';
import { answerNotKept, inProgress, keyReused } from './idempotency-fault.ts';
import type { IdempotencyStore, KeyOwner } from './ports.ts';

/** An answer as it is kept: JSON, or no body. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: unknown;
}

/** What a request says, as a hash over its method, address and body. */
export interface Fingerprint {
  /** Undefined while the body is not read. */
  now(): Uint8Array | undefined;
  /** Reads what is left of the body. */
  complete(): Promise<Uint8Array>;
}

export interface OnceRequest extends KeyOwner {
  /** `POST /api/v1/phones` */
  readonly route: string;
  readonly fingerprint: Fingerprint;
  readonly actor: Actor;
  /** What the caller may do. An answer is shown again only to who may do the same. */
  readonly rights: string;
}

export interface OnceWork<A> {
  /** Carries the request out. */
  work(changes: Changes): Promise<A>;
  /** What is kept of its answer; undefined: it cannot be kept. */
  kept(answer: A): KeptAnswer | undefined;
  /** What the caller is told of a failure. */
  failure(error: unknown, changes: Changes): KeptAnswer;
}

export type OnceOutcome<A> =
  | { readonly kind: 'first'; readonly answer: A }
  | { readonly kind: 'repeated'; readonly answer: KeptAnswer };

interface Sealed {
  readonly rights: string;
  readonly answer: KeptAnswer;
}

export interface OnceParts {
  readonly store: IdempotencyStore;
  readonly sealer: Sealer;
  /** HMAC-SHA256 under a key all nodes share: bodies hold passwords, and a plain hash of one could be searched. */
  readonly mac: (bytes: Uint8Array) => Uint8Array;
  readonly changes: ChangeWatch;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
}

/** How many answers wait for a database that is away. */
const mostUnstored = 1_000;

/**
 * Requests that are carried out once, however often they are sent (draft-ietf-httpapi-idempotency-key-header). The claim on a key is noted in
 * the transaction of the change, so what was changed and what is known of it cannot differ. Answers are sealed: some hold a code.
 */
export class Once {
  readonly #parts: OnceParts;
  /** Being carried out here. */
  readonly #running = new Set<string>();
  /** Carried out, and the database did not take the answer yet. */
  readonly #unstored = new Map<string, { readonly fingerprint: Uint8Array; readonly sealed: Uint8Array }>();

  constructor(parts: OnceParts) {
    this.#parts = parts;
  }

  /** Throws IdempotencyFault; OutcomeUnknown when a commit stays in doubt, while the work goes on waiting for word of it; and what the work throws. */
  async once<A>(request: OnceRequest, what: OnceWork<A>): Promise<OnceOutcome<A>> {
    const { caller, key, route, fingerprint } = request;
    const claim = await this.#parts.store.claim({ caller, key, route, fingerprint: this.#mac(fingerprint.now()) });
    if (claim.kind === 'taken') return { kind: 'first', answer: await this.#carryOut(claim.id, request, what) };
    // Of an upload in progress nobody knows yet what it says.
    if (claim.fingerprint === undefined) throw inProgress();
    if (!equalBytes(claim.fingerprint, this.#parts.mac(await fingerprint.complete()))) throw keyReused();
    if (claim.kind === 'in-progress') throw inProgress();
    if (claim.kind === 'unanswered') throw answerNotKept(claim.made);
    const { rights, answer } = this.#open(claim.id, claim.sealed);
    if (rights !== request.rights) throw answerNotKept([]);
    await this.#tell(request, answer);
    return { kind: 'repeated', answer };
  }

  /** Call it every few seconds: what runs here stays ours, and answers that the database did not take are offered again. Never rejects. */
  async upkeep(): Promise<void> {
    if (this.#running.size + this.#unstored.size === 0) return;
    try {
      await this.#parts.store.renew([...this.#running, ...this.#unstored.keys()]);
      for (const [id, { fingerprint, sealed }] of [...this.#unstored]) {
        await this.#parts.store.answer(id, fingerprint, sealed);
        this.#unstored.delete(id);
      }
    } catch {
      // The database is away; the next time.
    }
  }

  #carryOut<A>(id: string, request: OnceRequest, what: OnceWork<A>): Promise<A> {
    const { store, changes: watch } = this.#parts;
    this.#running.add(id);
    let change = 0;
    let changes: Changes = { made: false, inDoubt: false };
    const carried = (onDoubt: (doubt: OutcomeUnknown) => void) =>
      watch.during(
        (noted) => {
          changes = noted;
          return what.work(noted);
        },
        {
          onDoubt,
          beforeCommit: async (tx) => {
            if (!(await store.noteChange(tx, id, ++change))) throw inProgress();
          },
          wasCommitted: async () => (await store.lastChange(id)) === change,
        },
      );
    const finished = async (onDoubt: (doubt: OutcomeUnknown) => void): Promise<A> => {
      try {
        const answer = await carried(onDoubt);
        await this.#keep(id, request, what.kept(answer), changes);
        return answer;
      } catch (error) {
        const changed = changes.made || changes.inDoubt;
        await this.#keep(id, request, changed ? what.failure(error, changes) : 'nothing', changes);
        throw error;
      } finally {
        this.#running.delete(id);
      }
    };
    return new Promise<A>((resolve, reject) => {
      finished(reject).then(resolve, reject);
    });
  }

  /** `nothing`: the request was refused and may be sent again. Undefined: what was done stays claimed, without an answer. Never rejects. */
  async #keep(
    id: string,
    { fingerprint, rights }: OnceRequest,
    answer: KeptAnswer | 'nothing' | undefined,
    changes: Changes,
  ): Promise<void> {
    const { store, sealer } = this.#parts;
    if (answer === undefined && changes.made) return;
    if (answer === undefined || answer === 'nothing') return store.drop(id).catch(() => {});
    const sealed = sealer.seal(keptAnswerPurpose(id), utf8(JSON.stringify({ rights, answer } satisfies Sealed)));
    const print = this.#mac(await fingerprint.complete().catch(() => fingerprint.now()));
    if (print === undefined) return;
    try {
      await store.answer(id, print, sealed);
    } catch {
      if (this.#unstored.size < mostUnstored) this.#unstored.set(id, { fingerprint: print, sealed });
    }
  }

  #mac(print: Uint8Array | undefined): Uint8Array | undefined {
    return print && this.#parts.mac(print);
  }

  #open(id: string, sealed: Uint8Array): Sealed {
    return JSON.parse(new TextDecoder().decode(this.#parts.sealer.open(keptAnswerPurpose(id), sealed))) as Sealed;
  }

  /** An answer that is shown again may hold what every look at is written down for. */
  #tell({ actor, route, key }: OnceRequest, { status }: KeptAnswer): Promise<void> {
    return this.#parts.transactions.run((tx) =>
      this.#parts.audit.append(tx, {
        actor,
        action: 'request.repeated',
        objectKind: 'request',
        objectId: key,
        objectName: route,
        detail: { status },
      }),
    );
  }
}

export const keptAnswerPurpose = (id: string) => `kept-answer:${id}`;
