import type { DeviceName } from '../../identifiers/device-name.ts';
import { macOf } from '../../identifiers/device-name.ts';
import type { Sentence } from '../../kernel/errors.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import { addPhone, tellAdded } from '../devices/add-phone.ts';
import { changePhone, tellChanged } from '../devices/change-phone.ts';
import type { Phone } from '../devices/phone.ts';
import { lockPhone, tell } from '../devices/phone-parts.ts';
import { removeLines, removePhone } from '../devices/remove-phone.ts';
import type { JobRow, PhoneSnapshot } from './job.ts';
import { phoneDiff } from './phone-diff.ts';
import { type RowError, rowError } from './row-error.ts';
import type { RowOutcome, WorkContext } from './work-context.ts';

/** Takes back what one row of another job did, unless what it made has been used or changed since: then it is kept, and says why. */
export async function undoRow(context: WorkContext, tx: Transaction, row: JobRow): Promise<RowOutcome> {
  if (row.action === 'nothing')
    return { row: { line: row.line, state: 'done', action: 'nothing', deviceName: row.deviceName } };
  if (row.action === 'delete') return bringBack(context, tx, row);
  const { parts } = context;
  const there = row.deviceId === undefined ? undefined : await parts.phones.byId(row.deviceId, tx);
  if (there === undefined) return kept(row, undefined, say('phone_gone', { name: row.deviceName ?? '' }));
  const phone = await lockPhone(parts, tx, there.name);
  const used = usedSince(row, phone);
  if (used !== undefined) return kept(row, phone, used);
  switch (row.action) {
    case 'add':
      return removeAgain(context, tx, row, phone);
    case 'change':
    case 'code':
      return changeBack(context, tx, row, phone);
    default:
      return kept(row, phone, say('cannot_be_taken_back'));
  }
}

/** Undefined: as the job left it. */
function usedSince(row: JobRow, phone: Phone): Sentence | undefined {
  const wasThere = row.before !== undefined;
  if (!wasThere && phone.firstActivatedAt !== undefined) return say('activated_since', { name: phone.name });
  if (phone.activationCode?.state === 'consumed' || phone.activationCode?.state === 'confirmed')
    if (!wasThere || row.codeId !== undefined) return say('code_used_since', { name: phone.name });
  if (!wasThere && phone.registration !== undefined) return say('registered_since', { name: phone.name });
  if (phone.version !== row.versionAfter) return say('changed_since', { name: phone.name });
  return undefined;
}

async function removeAgain(context: WorkContext, tx: Transaction, row: JobRow, phone: Phone): Promise<RowOutcome> {
  const { parts, actor, job } = context;
  const gone = await removePhone(parts, tx, phone.name, actor);
  await removeLines(parts, tx, row.madeLines, actor);
  return {
    row: {
      line: row.line,
      state: 'done',
      action: 'delete',
      deviceId: gone.id,
      deviceName: gone.name,
      changes: job.dryRun ? phoneDiff(gone, undefined) : [],
    },
    tell: () => tell(parts, gone, 'phone-deleted'),
  };
}

async function changeBack(context: WorkContext, tx: Transaction, row: JobRow, phone: Phone): Promise<RowOutcome> {
  const { parts, actor, codes } = context;
  const before = row.before!;
  const { name: _, model: __, lines, ...members } = before;
  const change = { ...members, lines };
  // A phone that was locked before keeps its lock, but the code this job made dies with it.
  if (row.codeId !== undefined) await parts.codes.releaseIfLive(tx, phone.id, actor);
  let outcome = await changePhone(parts, tx, phone.name, change, undefined, actor, undefined);
  if (outcome === 'needs-code')
    outcome = await changePhone(
      parts,
      tx,
      phone.name,
      change,
      await codes.take(before.allowActivationCodeViaMra),
      actor,
      undefined,
    );
  if (outcome === 'needs-code') throw new Error('a code was given and is asked for again');
  await removeLines(parts, tx, row.madeLines, actor);
  const changed = outcome;
  return {
    row: {
      line: row.line,
      state: 'done',
      action: 'change',
      deviceId: phone.id,
      deviceName: changed.after.name,
      changes: phoneDiff(phone, changed.after),
    },
    tell: () => tellChanged(parts, changed),
  };
}

async function bringBack(context: WorkContext, tx: Transaction, row: JobRow): Promise<RowOutcome> {
  const { parts, actor, codes, job } = context;
  const before = row.before as PhoneSnapshot;
  const name = before.name as DeviceName;
  if ((await parts.phones.find(name, tx)) !== undefined) return kept(row, undefined, say('name_taken_since', { name }));
  const prepared = before.requiresActivationCode ? await codes.take(before.allowActivationCodeViaMra) : undefined;
  const phone = await addPhone(
    parts,
    tx,
    { ...before, mac: macOf(name), batName: macOf(name) === undefined ? name : undefined },
    prepared,
    actor,
  );
  return {
    row: {
      line: row.line,
      state: 'done',
      action: 'add',
      deviceId: phone.id,
      deviceName: phone.name,
      changes: job.dryRun ? phoneDiff(undefined, phone) : [],
    },
    tell: () => tellAdded(parts, phone),
  };
}

function kept(row: JobRow, phone: Phone | undefined, sentence: Sentence): RowOutcome {
  const error: RowError = rowError(null, null, sentence);
  return {
    row: {
      line: row.line,
      state: 'kept',
      action: 'nothing',
      deviceId: row.deviceId,
      deviceName: phone?.name ?? row.deviceName,
      errors: [error],
    },
  };
}
