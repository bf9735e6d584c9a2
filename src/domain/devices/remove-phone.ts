import type { DeviceName } from '../../identifiers/device-name.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { Actor } from '../ports.ts';
import type { Phone } from './phone.ts';
import { lineText, lockPhone, type PhoneParts } from './phone-parts.ts';

export interface RemoveOptions {
  /** Also the lines of the phone that no other phone has. */
  readonly removeUnusedLines?: boolean | undefined;
  readonly ifVersion?: number | undefined;
}

/**
 * Deletes a phone in the caller's transaction: its code dies, its registration ends. The caller tells the timeline.
 * @throws DeviceFault `phone_not_found`, `version_conflict`
 */
export async function removePhone(
  parts: PhoneParts,
  tx: Transaction,
  name: DeviceName,
  actor: Actor,
  options: RemoveOptions = {},
): Promise<Phone> {
  const { phones, codes, access, audit } = parts;
  const phone = await lockPhone(parts, tx, name, options.ifVersion);
  await codes.releaseIfLive(tx, phone.id, actor);
  await access.end(tx, phone.id, phone.name);
  await phones.remove(tx, phone.id);
  await audit.append(tx, {
    actor,
    action: 'phone.deleted',
    objectKind: 'phone',
    objectId: phone.id,
    objectName: phone.name,
    detail: { model: phone.model, lines: phone.lines.map(lineText), ownerUserId: phone.ownerUserId ?? null },
  });
  if (options.removeUnusedLines)
    await removeLines(
      parts,
      tx,
      phone.lines.map((each) => each.lineId),
      actor,
    );
  return phone;
}

/** Deletes those of the lines that no phone has. */
export async function removeLines(
  { phones, audit }: PhoneParts,
  tx: Transaction,
  lineIds: readonly string[],
  actor: Actor,
): Promise<void> {
  for (const line of await phones.removeUnusedLines(tx, lineIds))
    await audit.append(tx, {
      actor,
      action: 'line.deleted',
      objectKind: 'line',
      objectId: line.id,
      objectName: lineText(line),
    });
}
