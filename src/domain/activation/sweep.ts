import type { Transactions } from '../../kernel/transaction.ts';
import type { Timeline } from '../ports.ts';
import type { SweepStore } from './ports.ts';

/** A handshake that started in time may still finish: ttl 60 s and some slack. Seconds. */
const graceSeconds = 90;
const batch = 500;

export interface SweepResult {
  readonly expired: number;
  readonly locked: number;
  readonly freed: number;
}

/**
 * Ends overdue codes, frees locators after their quarantine, and forgets proofs that failed more than a day ago. Run it every minute on any node: what two nodes do at once is done once.
 * `quarantineDays`: default 30.
 */
export async function sweepCodes(
  parts: { readonly store: SweepStore; readonly transactions: Transactions; readonly timeline: Timeline },
  quarantineDays = 30,
): Promise<SweepResult> {
  let expired = 0;
  let locked = 0;
  let freed = 0;
  for (;;) {
    const ended = await parts.transactions.run((tx) => parts.store.endOverdue(tx, graceSeconds, batch));
    for (const code of ended) {
      if (code.became === 'expired') expired++;
      else locked++;
      parts.timeline.record({
        ...(code.deviceId !== undefined && { deviceId: code.deviceId }),
        deviceName: code.deviceName,
        step: code.became === 'expired' ? 'code-expired' : 'code-locked',
        result: 'info',
        reason: code.became === 'expired' ? 'code_expired' : 'code_locked',
      });
    }
    if (ended.length < batch) break;
  }
  for (;;) {
    const count = await parts.transactions.run((tx) => parts.store.free(tx, quarantineDays, batch));
    freed += count;
    if (count < batch) break;
  }
  while ((await parts.transactions.run((tx) => parts.store.forgetFailedProofs(tx, batch))) === batch);
  return { expired, locked, freed };
}
