import { macOf } from '../../identifiers/device-name.ts';
import { Fault } from '../../kernel/errors.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { Actor } from '../ports.ts';
import type { CodeSummary, Phone } from './phone.ts';
import { type PhoneParts, tell } from './phone-parts.ts';
import type { PreparedDeviceCode } from './ports.ts';

/** A code for the phone as it is now: bound to its MAC where it has one (A5). */
export async function issueCode(
  parts: PhoneParts,
  tx: Transaction,
  phone: Pick<Phone, 'id' | 'name' | 'model'>,
  prepared: PreparedDeviceCode,
  actor: Actor,
  timeToLiveHours?: number,
  options: { readonly fresh?: boolean } = {},
): Promise<void> {
  const mac = macOf(phone.name);
  await parts.codes.issue(tx, prepared, {
    deviceId: phone.id,
    deviceName: phone.name,
    model: phone.model,
    ...(mac === undefined ? {} : { boundMac: mac }),
    timeToLiveHours: timeToLiveHours ?? (await parts.references.activationTimeToLiveHours(tx)),
    ...options,
    actor,
  });
}

/** A locator is free when a code is prepared, and may be taken when it is stored; then another is prepared. */
const codeTries = 5;

/**
 * Runs work with a fresh prepared code, again with another one when its locator was taken meanwhile. `viaMra`: "Allow Activation Code via MRA" of
 * the phone: the code gets its locator from the cloud where that is set up, and works inside as well.
 */
export async function withPreparedCode<T>(
  { codes }: PhoneParts,
  viaMra: boolean,
  work: (prepared: PreparedDeviceCode) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work(await codes.prepare({ viaMra }));
    } catch (error) {
      if (tries === codeTries || !(error instanceof Fault && error.code === 'code_collision')) throw error;
    }
  }
}

/** A new code, or one that waits until the cloud gives its first digits. */
export function tellCode(
  parts: PhoneParts,
  phone: Pick<Phone, 'id' | 'name' | 'model'> & { readonly activationCode?: Pick<CodeSummary, 'state'> | undefined },
): void {
  tell(parts, phone, phone.activationCode?.state === 'draft' ? 'code-waits' : 'code-made');
}
