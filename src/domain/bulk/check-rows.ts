import { sepName } from '../../identifiers/device-name.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AddPhone } from '../devices/add-phone.ts';
import { disallow, refuse } from '../devices/faults.ts';
import { requireFit } from '../devices/lines.ts';
import { requireModel } from '../devices/naming.ts';
import { missingReferences, nameTaken, noSuchMraServiceDomain } from '../devices/phone-parts.ts';
import type { FoundReferences, PhoneReferenceStore, PhoneReferences } from '../devices/ports.ts';
import type { BulkJob, JobRow } from './job.ts';
import { bulkLimits } from './limits.ts';
import { LineWatch, type PlannedRow } from './line-watch.ts';
import { headingsOf, type InsertPlan, ownerUserId, planInsert } from './plan-insert.ts';
import { linesOfInsert, linesOfUpdate } from './planned-lines.ts';
import type { BulkLookups, CheckedRow, LineName } from './ports.ts';
import { errorOfFault, type RowError, rowError } from './row-error.ts';
import { noneCell, type RowInput, readRow } from './row-input.ts';

export interface CheckParts {
  readonly lookups: BulkLookups;
  readonly references: PhoneReferenceStore;
  readonly transactions: Transactions;
}

/** Looks at rows before anything is done: everything that can be known to be wrong is told at once, with its column. */
export class RowChecker {
  readonly #parts: CheckParts;
  readonly #job: BulkJob;
  /** References that were looked up: a file names few of them, again and again. */
  readonly #references = new Map<string, FoundReferences>();
  readonly #partitions = new Map<string, boolean>();
  readonly #domains = new Map<string, boolean>();
  readonly #lines: LineWatch;

  constructor(parts: CheckParts, job: BulkJob) {
    this.#parts = parts;
    this.#job = job;
    this.#lines = new LineWatch(parts.lookups);
  }

  async check(rows: readonly JobRow[]): Promise<readonly CheckedRow[]> {
    switch (this.#job.kind) {
      case 'insert-phones':
        return this.#inserts(rows);
      case 'undo':
        return rows.map((row) => ready(row, undefined, row.action));
      default:
        return this.#existing(rows);
    }
  }

  async #inserts(rows: readonly JobRow[]): Promise<readonly CheckedRow[]> {
    const job = this.#job;
    const inputs = rows.map((row) => readRow(job.columns, row.input));
    const ownerIds = inputs.map((input) => ownerUserId(input, job.template));
    const [owners, phones] = await Promise.all([
      this.#parts.lookups.owners(ownerIds.flatMap((each) => (each === null ? [] : [each]))),
      this.#parts.lookups.phones(inputs.flatMap((input) => nameOf(input) ?? [])),
    ]);
    const plans = inputs.map((input, index) =>
      planInsert(job, input, owners.get((ownerIds[index] ?? '').toLowerCase())),
    );
    await this.#learnDomains(inputs);
    await this.#learnPartitions(
      plans.flatMap((plan) => plan.request?.lines?.map((line) => line.partition ?? '') ?? []),
    );
    const checked: CheckedRow[] = [];
    const planned: PlannedRow[] = [];
    for (const [index, row] of rows.entries()) {
      const input = inputs[index]!;
      const plan = plans[index]!;
      const errors = [...plan.errors];
      const heading = headingsOf(job.columns, plan.places);
      const cell = (field: string) => this.#cell(row, field, plan.places);
      const complain = (error: unknown) => errors.push(errorOfFault(error, heading, cell)!);
      const owner = ownerIds[index];
      if (owner != null && !owners.has(owner.toLowerCase())) complain(noSuchOwner(owner));
      if (plan.request !== undefined) await this.#checkReferences(plan.request, plan, complain);
      const name = nameOf(input);
      const there = name === undefined ? undefined : phones.get(name);
      if (there !== undefined && !job.options.override) complain(nameTaken(name as Parameters<typeof nameTaken>[0]));
      else if (there !== undefined && plan.request !== undefined && there.model !== plan.request.model)
        complain(otherModel(name!, there.model));
      const action = there === undefined ? 'add' : 'change';
      checked.push(
        errors.length > 0
          ? failed(row, name, errors)
          : {
              ...ready(row, name, action),
              needsCode: action === 'add' && plan.request!.requiresActivationCode === true,
            },
      );
      planned.push({
        line: row.line,
        name: there === undefined ? undefined : name,
        lines: errors.length > 0 ? [] : linesOfInsert(plan, input, heading),
      });
    }
    return this.#withNotes(checked, planned);
  }

  async #withNotes(checked: readonly CheckedRow[], planned: readonly PlannedRow[]): Promise<readonly CheckedRow[]> {
    const notes = await this.#lines.watch(planned);
    return checked.map((row, index) => (notes[index]!.length === 0 ? row : { ...row, notes: notes[index]! }));
  }

  async #existing(rows: readonly JobRow[]): Promise<readonly CheckedRow[]> {
    const job = this.#job;
    const inputs = rows.map((row) => (row.input.length === 0 ? undefined : readRow(job.columns, row.input)));
    const names = rows.map((row, index) => row.deviceName ?? (inputs[index] && nameOf(inputs[index])));
    const wantedOwners = inputs.flatMap((input) => input?.texts.ownerUserId ?? []);
    if (job.options.change?.ownerUserId) wantedOwners.push(job.options.change.ownerUserId);
    const [owners, phones] = await Promise.all([
      this.#parts.lookups.owners(wantedOwners),
      this.#parts.lookups.phones(names.flatMap((name) => name ?? [])),
    ]);
    await this.#learnPartitions(inputs.flatMap((input) => input?.lines.flatMap((line) => line?.partition ?? []) ?? []));
    await this.#learnDomains(inputs);
    const held = await this.#linesHeld(inputs, [...phones.values()]);
    const checked: CheckedRow[] = [];
    const planned: PlannedRow[] = [];
    for (const [index, row] of rows.entries()) {
      const input = inputs[index];
      const name = names[index];
      const errors: RowError[] = [...(input?.errors ?? [])];
      const heading = headingsOf(job.columns);
      const complain = (error: unknown) =>
        errors.push(errorOfFault(error, heading, (field) => this.#cell(row, field, []))!);
      const there = name === undefined ? undefined : phones.get(name);
      if (name === undefined) {
        if (errors.length === 0) errors.push(rowError(heading('mac'), null, say('phone_not_named')));
      } else if (there === undefined) complain(refuse('mac', say('phone_not_found', { name })));
      if (job.kind === 'update-phones' && there !== undefined)
        await this.#checkUpdate(input, there.model, owners, complain);
      checked.push(
        errors.length > 0
          ? failed(row, name, errors)
          : { ...ready(row, name, actions[job.kind]), needsCode: job.kind === 'generate-codes' },
      );
      planned.push({
        line: row.line,
        name,
        lines: errors.length > 0 ? [] : linesOfUpdate(input, held.get(there?.id ?? '') ?? [], heading),
      });
    }
    return job.kind === 'update-phones' ? this.#withNotes(checked, planned) : checked;
  }

  /** Lines of the phones of an update whose rows say something about lines. */
  async #linesHeld(
    inputs: readonly (RowInput | undefined)[],
    phones: readonly { readonly id: string }[],
  ): Promise<ReadonlyMap<string, readonly LineName[]>> {
    const says = this.#job.kind === 'update-phones' && inputs.some((input) => (input?.lines.length ?? 0) > 0);
    return says ? this.#parts.lookups.linesOf(phones.map((phone) => phone.id)) : new Map();
  }

  async #checkUpdate(
    input: RowInput | undefined,
    model: string,
    owners: ReadonlyMap<string, unknown>,
    complain: (error: unknown) => void,
  ): Promise<void> {
    const { change } = this.#job.options;
    const { devicePool, phoneButtonTemplate, phoneSecurityProfile, sipProfile, commonPhoneProfile } = {
      ...change,
      ...input?.texts,
    };
    const wanted = { devicePool, phoneButtonTemplate, phoneSecurityProfile, sipProfile, commonPhoneProfile };
    const found = await this.#find(model, wanted);
    for (const fault of missingReferences(found, wanted))
      if (wanted[fault.field as keyof PhoneReferences] !== undefined) complain(fault);
    this.#checkDomain(input?.texts.mraServiceDomain ?? change?.mraServiceDomain, complain);
    const owner = input?.texts.ownerUserId ?? change?.ownerUserId;
    if (owner && owner !== noneCell && !owners.has(owner.toLowerCase())) complain(noSuchOwner(owner));
    for (const [place, line] of (input?.lines ?? []).entries())
      if (line?.partition && this.#partitions.get(line.partition) === false)
        complain(noSuchPartition(place, line.partition));
    if (input?.texts.model === undefined) return;
    try {
      if (requireModel(input.texts.model).name !== model) complain(otherModel('The phone', model));
    } catch (error) {
      complain(error);
    }
  }

  async #checkReferences(request: AddPhone, plan: InsertPlan, complain: (error: unknown) => void): Promise<void> {
    const found = await this.#find(request.model, request);
    for (const fault of missingReferences(found, request)) complain(fault);
    this.#checkDomain(request.mraServiceDomain, complain);
    for (const [place, line] of (request.lines ?? []).entries())
      if (this.#partitions.get(line.partition ?? '') === false) complain(noSuchPartition(place, line.partition!));
    if (found.phoneButtonTemplate === undefined || plan.errors.length > 0) return;
    try {
      requireFit(found.phoneButtonTemplate, request.model, request.lines?.length ?? 0);
    } catch (error) {
      complain(error);
    }
  }

  async #find(model: string, wanted: PhoneReferences): Promise<FoundReferences> {
    const key = JSON.stringify([
      model,
      wanted.devicePool,
      wanted.phoneButtonTemplate,
      wanted.phoneSecurityProfile,
      wanted.sipProfile,
      wanted.commonPhoneProfile,
    ]);
    const known = this.#references.get(key);
    if (known !== undefined) return known;
    const found = await this.#parts.transactions.run((tx) => this.#parts.references.references(tx, model, wanted));
    if (this.#references.size > 2000) this.#references.clear();
    this.#references.set(key, found);
    return found;
  }

  async #learnDomains(inputs: readonly (RowInput | undefined)[]): Promise<void> {
    const { template, options } = this.#job;
    const named = [
      ...inputs.map((input) => input?.texts.mraServiceDomain),
      template?.mraServiceDomain,
      options.change?.mraServiceDomain,
    ];
    const unknown = [...new Set(named)].filter(
      (name): name is string => !!name && name !== noneCell && !this.#domains.has(name),
    );
    if (unknown.length === 0) return;
    const found = await this.#parts.lookups.mraServiceDomains(unknown);
    for (const name of unknown) this.#domains.set(name, found.has(name));
  }

  #checkDomain(name: string | null | undefined, complain: (error: unknown) => void): void {
    if (name && this.#domains.get(name) === false) complain(noSuchMraServiceDomain(name));
  }

  async #learnPartitions(names: readonly string[]): Promise<void> {
    const unknown = [...new Set(names)].filter((name) => !this.#partitions.has(name));
    if (unknown.length === 0) return;
    const found = await this.#parts.lookups.partitions(unknown);
    for (const name of unknown) this.#partitions.set(name, found.has(name));
  }

  /** What the file writes in the column a field came from. */
  #cell(row: JobRow, field: string, places: readonly number[]): string | null {
    const heading = headingsOf(this.#job.columns, places)(field);
    const index = this.#job.columns.findIndex((column) => column.heading === heading);
    return index < 0 ? null : row.input[index] || null;
  }
}

/** The device name a row is about. */
export function nameOf(input: RowInput): string | undefined {
  return input.mac === undefined ? input.batName : sepName(input.mac);
}

const actions = {
  'insert-phones': 'add',
  'update-phones': 'change',
  'delete-phones': 'delete',
  'generate-codes': 'code',
  'release-codes': 'release',
  'e-mail-codes': 'e-mail',
  undo: 'restore',
} as const satisfies Record<BulkJob['kind'], JobRow['action']>;

function ready(row: JobRow, key: string | undefined, action: JobRow['action']): CheckedRow {
  return { line: row.line, state: 'ready', key, needsCode: false, action, errors: [], notes: [] };
}

function failed(row: JobRow, key: string | undefined, errors: readonly RowError[]): CheckedRow {
  const told = errors.slice(0, bulkLimits.rowErrors);
  return { line: row.line, state: 'failed', key, needsCode: false, action: undefined, errors: told, notes: [] };
}

const noSuchOwner = (userId: string) => refuse('ownerUserId', say('user_not_found', { user: userId }));

const noSuchPartition = (place: number, name: string) =>
  refuse(`lines[${place}].partition`, say('partition_not_found', { name: name.slice(0, 64) }));

const otherModel = (name: string, model: string) => disallow(say('model_fixed', { name, model }), { field: 'model' });
