import type { DeviceName } from '../../identifiers/device-name.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { addPhone, storePhone, tellAdded } from '../devices/add-phone.ts';
import { type ChangePhone, changePhone, tellChanged } from '../devices/change-phone.ts';
import type { Phone } from '../devices/phone.ts';
import { makeCode, releaseCode } from '../devices/phone-code-steps.ts';
import { lockPhone, phoneNotFound, tell } from '../devices/phone-parts.ts';
import { removePhone } from '../devices/remove-phone.ts';
import { nameOf } from './check-rows.ts';
import type { JobRow } from './job.ts';
import { phoneDiff, snapshotOf } from './phone-diff.ts';
import { ownerUserId, planInsert } from './plan-insert.ts';
import { planUpdate } from './plan-update.ts';
import { type RowInput, readRow } from './row-input.ts';
import { undoRow } from './undo-row.ts';
import type { RowOutcome, WorkContext } from './work-context.ts';

/** Does one row in the caller's transaction, through the same rules as every other door. @throws Fault naming the field at fault */
export async function workRow(context: WorkContext, tx: Transaction, row: JobRow): Promise<RowOutcome> {
  context.recorder.start();
  switch (context.job.kind) {
    case 'insert-phones':
      return row.action === 'change' ? overridePhone(context, tx, row) : insertPhone(context, tx, row);
    case 'update-phones':
      return updatePhone(context, tx, row);
    case 'delete-phones':
      return deletePhone(context, tx, row);
    case 'generate-codes':
      return generateCode(context, tx, row);
    case 'release-codes':
      return endCode(context, tx, row);
    case 'e-mail-codes':
      return mailCode(context, tx, row);
    case 'undo':
      return undoRow(context, tx, row);
  }
}

async function insertPhone(context: WorkContext, tx: Transaction, row: JobRow): Promise<RowOutcome> {
  const { job, parts, recorder, actor } = context;
  const request = insertRequest(context, readRow(job.columns, row.input));
  const prepared = request.requiresActivationCode
    ? await context.codes.take(request.allowActivationCodeViaMra === true)
    : undefined;
  if (job.dryRun) {
    const phone = await addPhone(parts, tx, request, prepared, actor);
    const changes = phoneDiff(undefined, phone);
    return { row: { line: row.line, state: 'done', action: 'add', deviceName: phone.name, changes } };
  }
  // Of a real run the phone itself can be looked at: it is not read again here, and its version is noted with the row.
  const added = await storePhone(parts, tx, request, prepared, actor);
  const { draft } = recorder;
  return {
    row: {
      line: row.line,
      state: 'done',
      action: 'add',
      deviceId: added.id,
      deviceName: added.name,
      ...recorder.taken(),
    },
    tell: () => tellAdded(parts, draft ? { ...added, activationCode: { state: 'draft' } } : added),
  };
}

async function overridePhone(context: WorkContext, tx: Transaction, row: JobRow): Promise<RowOutcome> {
  const { job } = context;
  const input = readRow(job.columns, row.input);
  const { mac: _, batName: __, model: ___, lines, ...rest } = insertRequest(context, input);
  const change = { ...rest, ...(lines !== undefined && lines.length > 0 ? { lines } : {}) };
  return applyChange(context, tx, row, nameOf(input)! as DeviceName, withoutUndefined(change) as ChangePhone);
}

function insertRequest(context: WorkContext, input: RowInput) {
  const { job, owners } = context;
  const owner = owners.get((ownerUserId(input, job.template) ?? '').toLowerCase());
  // The check found nothing wrong; what changed since, the rules themselves refuse.
  return planInsert(job, input, owner).request!;
}

async function updatePhone(context: WorkContext, tx: Transaction, row: JobRow): Promise<RowOutcome> {
  const { job, parts } = context;
  const input = row.input.length === 0 ? undefined : readRow(job.columns, row.input);
  const phone = await lockPhone(parts, tx, await targetOf(context, tx, row));
  return applyChange(context, tx, row, phone.name, planUpdate(job.options.change, input, phone));
}

async function applyChange(
  context: WorkContext,
  tx: Transaction,
  row: JobRow,
  name: DeviceName,
  change: ChangePhone,
): Promise<RowOutcome> {
  const { parts, recorder, actor, codes } = context;
  let outcome = await changePhone(parts, tx, name, change, undefined, actor, undefined);
  if (outcome === 'needs-code') {
    const prepared = await codes.take(change.allowActivationCodeViaMra === true);
    outcome = await changePhone(parts, tx, name, change, prepared, actor, undefined);
  }
  if (outcome === 'needs-code') throw new Error('a code was given and is asked for again');
  const { before, after } = outcome;
  const changes = phoneDiff(before, after);
  const changed = outcome;
  return {
    row: {
      line: row.line,
      state: 'done',
      action: changes.length === 0 ? 'nothing' : 'change',
      deviceId: after.id,
      deviceName: after.name,
      before: snapshotOf(before),
      versionAfter: after.version,
      changes,
      ...recorder.taken(),
    },
    tell: () => tellChanged(parts, changed),
  };
}

async function deletePhone(context: WorkContext, tx: Transaction, row: JobRow): Promise<RowOutcome> {
  const { parts, job, actor } = context;
  const { removeUnusedLines } = job.options;
  const gone = await removePhone(parts, tx, await targetOf(context, tx, row), actor, { removeUnusedLines });
  return {
    row: {
      line: row.line,
      state: 'done',
      action: 'delete',
      deviceId: gone.id,
      deviceName: gone.name,
      before: snapshotOf(gone),
      changes: job.dryRun ? phoneDiff(gone, undefined) : [],
    },
    tell: () => tell(parts, gone, 'phone-deleted'),
  };
}

async function generateCode(context: WorkContext, tx: Transaction, row: JobRow): Promise<RowOutcome> {
  const { parts, recorder, actor, codes } = context;
  const before = await lockPhone(parts, tx, await targetOf(context, tx, row));
  const prepared = await codes.take(before.allowActivationCodeViaMra);
  const { locks } = await makeCode(parts, tx, before, prepared, actor);
  const after = (await parts.phones.byId(before.id, tx))!;
  return {
    row: {
      line: row.line,
      state: 'done',
      action: 'code',
      deviceId: after.id,
      deviceName: after.name,
      before: snapshotOf(before),
      versionAfter: after.version,
      changes: [
        ...phoneDiff(before, after),
        { field: 'activationCode', from: before.activationCode?.state ?? null, to: 'active' },
      ],
      ...recorder.taken(),
    },
    tell() {
      if (locks) tell(parts, after, 'phone-locked');
      tell(parts, after, 'code-made');
    },
  };
}

async function endCode(context: WorkContext, tx: Transaction, row: JobRow): Promise<RowOutcome> {
  const { parts, actor } = context;
  const phone = await releaseCode(parts, tx, await targetOf(context, tx, row), actor);
  return {
    row: {
      line: row.line,
      state: 'done',
      action: 'release',
      deviceId: phone.id,
      deviceName: phone.name,
      changes: [{ field: 'activationCode', from: phone.activationCode?.state ?? null, to: null }],
    },
    tell: () => tell(parts, phone, 'code-released'),
  };
}

async function mailCode(context: WorkContext, tx: Transaction, row: JobRow): Promise<RowOutcome> {
  const { parts, actor, mail } = context;
  const name = await targetOf(context, tx, row);
  const refused = await mail.queue(tx, name, actor);
  if (refused !== undefined) throw refused;
  const phone = (await parts.phones.find(name, tx))!;
  return {
    row: { line: row.line, state: 'done', action: 'e-mail', deviceId: phone.id, deviceName: phone.name },
    tell: () => tell(parts, phone, 'code-e-mail-queued', { by: actor.name }),
  };
}

/** The phone a row of a selection is about: the same record, whatever it is called today. */
async function targetOf({ parts, job }: WorkContext, tx: Transaction, row: JobRow): Promise<DeviceName> {
  if (row.deviceId !== undefined) {
    const phone: Phone | undefined = await parts.phones.byId(row.deviceId, tx);
    if (phone !== undefined) return phone.name;
    throw await phoneNotFound(parts, (row.deviceName ?? '') as DeviceName);
  }
  return nameOf(readRow(job.columns, row.input)) as DeviceName;
}

function withoutUndefined(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
