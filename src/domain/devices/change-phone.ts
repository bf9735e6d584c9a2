import type { DeviceName } from '../../identifiers/device-name.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { Actor } from '../ports.ts';
import { type LineRequest, readLines, requireFit } from './lines.ts';
import { randomBatName } from './naming.ts';
import { ownerUnconfirmed } from './owner-confirmation.ts';
import type { Phone } from './phone.ts';
import { type ChangePlan, type IdentityChange, planChange } from './phone-change.ts';
import { issueCode, tellCode } from './phone-code-parts.ts';
import {
  findOwner,
  lineText,
  lockPhone,
  mraServiceDomainId,
  newDigestPassword,
  type PhoneParts,
  requireReferences,
  setLines,
  tell,
} from './phone-parts.ts';
import type { PhoneReferences, PhoneRow, PreparedDeviceCode } from './ports.ts';

/** Absent members stay as they are. */
export interface ChangePhone extends IdentityChange, PhoneReferences {
  readonly description?: string | undefined;
  /** null or empty: nobody. */
  readonly ownerUserId?: string | null | undefined;
  /** null or empty: that of its device pool. */
  readonly mraServiceDomain?: string | null | undefined;
  /** All lines the phone shall have. */
  readonly lines?: readonly LineRequest[] | undefined;
  /** Of a non-secure profile: the digest password from now on. */
  readonly digestPassword?: string | undefined;
}

export interface ChangedPhone {
  readonly before: Phone;
  readonly after: Phone;
  readonly plan: ChangePlan;
}

/**
 * Changes a phone in the caller's transaction. 'needs-code': nothing was done; the plan makes a code, come again with a prepared one.
 * @throws DeviceFault naming the field at fault; `device_exists` when the new name is taken
 */
export async function changePhone(
  parts: PhoneParts,
  tx: Transaction,
  name: DeviceName,
  change: ChangePhone,
  prepared: PreparedDeviceCode | undefined,
  actor: Actor,
  ifVersion: number | undefined,
): Promise<ChangedPhone | 'needs-code'> {
  const { phones, codes } = parts;
  const before = await lockPhone(parts, tx, name, ifVersion);
  const plan = planChange(before, change);
  if (plan.issuesCode && prepared === undefined) return 'needs-code';
  const lines = change.lines === undefined ? undefined : readLines(change.lines);
  const fields: { -readonly [K in keyof PhoneRow]?: PhoneRow[K] } = {
    requiresActivationCode: plan.requiresActivationCode,
    allowActivationCodeViaMra: plan.allowActivationCodeViaMra,
    enabled: plan.enabled,
    ...(change.description === undefined ? {} : { description: change.description }),
    ...(change.mraServiceDomain === undefined
      ? {}
      : { mraServiceDomainId: await mraServiceDomainId(parts, tx, change.mraServiceDomain) }),
    ...(change.ownerUserId === undefined ? {} : await changedOwner(parts, tx, before, change.ownerUserId, actor)),
    ...(await changedReferences(parts, tx, before, change, lines?.length)),
  };
  // Code row before device row: the order of the redeem statement.
  // Ending access also ends a code that was used but never confirmed: its phone must not come back for more.
  if (plan.releasesCode || plan.endsAccess) await codes.releaseIfLive(tx, before.id, actor);
  if (plan.endsAccess) await parts.access.end(tx, before.id, before.name);
  await phones.update(tx, before.id, {
    ...fields,
    ...(plan.name.kind === 'keep'
      ? {}
      : { name: plan.name.name ?? randomBatName(parts.random), forgetsActivation: true }),
    ...(plan.endsAccess || change.digestPassword !== undefined
      ? { digestPasswordSealed: newDigestPassword(parts, change.digestPassword) }
      : {}),
  });
  if (lines !== undefined) await setLines(parts, tx, before.id, lines, actor);
  const after = (await phones.byId(before.id, tx))!;
  await auditChange(parts, tx, before, after, plan, actor, change.digestPassword !== undefined);
  if (!plan.issuesCode) return { before, after, plan };
  await issueCode(parts, tx, after, prepared!, actor);
  return { before, after: (await phones.byId(before.id, tx))!, plan };
}

/** A new owner; the same one stays as confirmed as before. */
async function changedOwner(
  parts: PhoneParts,
  tx: Transaction,
  before: Phone,
  userId: string | null,
  actor: Actor,
): Promise<Partial<PhoneRow>> {
  const owner = await findOwner(parts, tx, userId);
  if (owner?.userId === before.ownerUserId) return {};
  return { ownerId: owner?.id ?? null, ownerUnconfirmed: ownerUnconfirmed(actor, owner, 'existing') };
}

async function changedReferences(
  parts: PhoneParts,
  tx: Transaction,
  before: Phone,
  change: ChangePhone,
  lineCount: number | undefined,
): Promise<Partial<PhoneRow>> {
  const asked = [
    change.devicePool,
    change.phoneButtonTemplate,
    change.phoneSecurityProfile,
    change.sipProfile,
    change.commonPhoneProfile,
  ];
  if (lineCount === undefined && asked.every((each) => each === undefined)) return {};
  const wanted: PhoneReferences = {
    devicePool: change.devicePool ?? before.devicePool,
    phoneButtonTemplate: change.phoneButtonTemplate ?? before.phoneButtonTemplate,
    phoneSecurityProfile: change.phoneSecurityProfile ?? before.phoneSecurityProfile,
    sipProfile: change.sipProfile ?? before.sipProfile,
    commonPhoneProfile: change.commonPhoneProfile ?? before.commonPhoneProfile,
  };
  const found = requireReferences(await parts.references.references(tx, before.model, wanted), wanted);
  requireFit(found.template, before.model, lineCount ?? before.lines.length);
  return found.ids;
}

const audited = [
  'name',
  'description',
  'devicePool',
  'phoneButtonTemplate',
  'phoneSecurityProfile',
  'sipProfile',
  'commonPhoneProfile',
  'ownerUserId',
  'requiresActivationCode',
  'allowActivationCodeViaMra',
  'mraServiceDomain',
  'enabled',
] as const satisfies readonly (keyof Phone)[];

/** Old and new value of what differs; undefined when nothing does. */
export function differences(before: Phone, after: Phone): Record<string, { from: unknown; to: unknown }> | undefined {
  const changed: Record<string, { from: unknown; to: unknown }> = {};
  for (const field of audited) {
    if (before[field] !== after[field]) changed[field] = { from: before[field] ?? null, to: after[field] ?? null };
  }
  const was = before.lines.map(lineDetail);
  const is = after.lines.map(lineDetail);
  if (was.join('\0') !== is.join('\0')) changed['lines'] = { from: was, to: is };
  return Object.keys(changed).length === 0 ? undefined : changed;
}

function lineDetail(line: Phone['lines'][number]): string {
  return [lineText(line), line.label, line.display, line.maxCalls, line.busyTrigger].join(' | ');
}

/** One row per transition, so that rows and transitions can be counted against each other. */
async function auditChange(
  { audit }: PhoneParts,
  tx: Transaction,
  before: Phone,
  after: Phone,
  plan: ChangePlan,
  actor: Actor,
  setsDigestPassword: boolean,
): Promise<void> {
  const about = { actor, objectKind: 'phone', objectId: after.id, objectName: after.name };
  if (setsDigestPassword) await audit.append(tx, { ...about, action: 'phone.digest-password-set' });
  const changed = differences(before, after);
  if (changed === undefined) return;
  await audit.append(tx, { ...about, action: 'phone.changed', detail: { changed } });
  if (before.name !== after.name)
    await audit.append(tx, { ...about, action: 'phone.renamed', detail: { from: before.name, to: after.name } });
  if (plan.locks) await audit.append(tx, { ...about, action: 'phone.locked' });
  if (plan.unlocks) await audit.append(tx, { ...about, action: 'phone.unlocked' });
}

export function tellChanged(parts: PhoneParts, { before, after, plan }: ChangedPhone): void {
  if (before.name !== after.name) tell(parts, after, 'phone-renamed', { from: before.name, to: after.name });
  else if (differences(before, after) !== undefined) tell(parts, after, 'phone-changed');
  if (plan.releasesCode) tell(parts, after, 'code-released');
  if (plan.locks) tell(parts, after, 'phone-locked');
  if (plan.unlocks) tell(parts, after, 'phone-unlocked');
  if (plan.issuesCode) tellCode(parts, after);
}
