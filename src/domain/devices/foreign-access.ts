import type { Transactions } from '../../kernel/transaction.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';

/** One row a minute for the same person and phone, so that who asks in a loop does not fill the log; in ms. */
const quiet = 60_000;
const mostRemembered = 10_000;

/**
 * Somebody asked for a phone that is not theirs, and was told that there is none. The audit log keeps it, whether the phone exists or not: the
 * answer, and the time it takes, are the same.
 */
export class ForeignAccess {
  readonly #parts: { readonly transactions: Transactions; readonly audit: AuditLog };
  readonly #told = new Map<string, number>();

  constructor(parts: { readonly transactions: Transactions; readonly audit: AuditLog }) {
    this.#parts = parts;
  }

  /** `id`: of the phone, where there is one. `now`: in ms, monotonic. */
  async note(
    actor: Actor,
    phone: { readonly name: string; readonly id: string | undefined },
    now: number,
  ): Promise<void> {
    const key = `${actor.name}\0${phone.name}`;
    const last = this.#told.get(key);
    if (last !== undefined && now - last < quiet) return;
    await this.#parts.transactions.run((tx) =>
      this.#parts.audit.append(tx, {
        actor,
        action: 'phone.access-refused',
        objectKind: 'phone',
        ...(phone.id !== undefined && { objectId: phone.id }),
        objectName: phone.name,
      }),
    );
    this.#told.delete(key);
    this.#told.set(key, now);
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= mostRemembered) break;
      this.#told.delete(oldest);
    }
  }
}
