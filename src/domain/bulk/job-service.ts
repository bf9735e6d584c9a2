import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import type { Page } from '../settings/resource.ts';
import { disallowBulk, refuseBulk } from './bulk-fault.ts';
import type { TransactionType } from './columns.ts';
import { type BulkJob, type JobOptions, type JobRow, jobMay } from './job.ts';
import { noSuchJob, wrongState } from './job-faults.ts';
import type { InsertPhones, SelectionJob, Submit } from './job-requests.ts';
import type { PhoneTemplate } from './phone-template.ts';
import type { BulkFile, BulkFileStore, BulkJobStore, JobListRequest, NewJob, RowListRequest } from './ports.ts';
import { checkSelection, normalisedSelection } from './selection.ts';

export interface BulkJobParts {
  readonly jobs: BulkJobStore;
  readonly files: BulkFileStore;
  readonly templates: { find(name: string, tx: Transaction): Promise<{ readonly value: PhoneTemplate } | undefined> };
  readonly transactions: Transactions;
  readonly audit: AuditLog;
  /** Instants by the wall clock, for `runAt`. */
  readonly now: () => Date;
}

/** For so long the same rows are asked about. */
const repeatDays = 30;

const noOptions: JobOptions = {
  createDummyMacAddress: false,
  override: false,
  refuseOnErrors: false,
  removeUnusedLines: false,
  selection: null,
  change: null,
};

/** Submitting jobs, and the Job Scheduler's commands. Running them is run-job.ts. */
export class BulkJobService {
  readonly #parts: BulkJobParts;

  constructor(parts: BulkJobParts) {
    this.#parts = parts;
  }

  list(request: JobListRequest): Promise<Page<BulkJob>> {
    return this.#parts.jobs.page(request);
  }

  /** @throws BulkFault `bulk_job_not_found` */
  async get(id: number): Promise<BulkJob> {
    return (await this.#parts.jobs.find(id)) ?? noSuchJob(id);
  }

  async rows(id: number, request: RowListRequest): Promise<Page<JobRow>> {
    return this.#parts.jobs.rows((await this.get(id)).id, request);
  }

  allRows(id: number): AsyncIterable<readonly JobRow[]> {
    return this.#parts.jobs.allRows(id);
  }

  /** Bulk Administration > Phones > Insert Phones. @throws BulkFault */
  insertPhones(request: InsertPhones, actor: Actor): Promise<BulkJob> {
    return this.#parts.transactions.run(async (tx) => {
      const file = await this.#file(tx, request.file, ['insert-phones-specific-details', 'insert-phones-all-details']);
      const specific = file.transaction === 'insert-phones-specific-details';
      if (specific && request.template === undefined) throw refuseBulk('template', say('bulk_template_needed'));
      if (!specific && request.template !== undefined) throw refuseBulk('template', say('bulk_template_not_taken'));
      const template =
        request.template === undefined ? undefined : await this.#parts.templates.find(request.template, tx);
      if (request.template !== undefined && template === undefined)
        throw refuseBulk('template', say('bulk_template_not_found', { name: request.template.slice(0, 64) }));
      const options = {
        ...noOptions,
        createDummyMacAddress: request.createDummyMacAddress ?? false,
        override: request.override ?? false,
      };
      const { rowsSha256 } = file;
      await this.#refuseAgain(tx, { options, rowsSha256 }, request.dryRun ?? false, request.again ?? false);
      return this.#add(tx, actor, request, {
        kind: 'insert-phones',
        options,
        template: template?.value,
        fileId: file.id,
        fileName: file.name,
        undoOf: undefined,
        notes: file.notes,
        rowsSha256: file.rowsSha256,
      });
    });
  }

  /** Update, delete, and codes of a selection. @throws BulkFault */
  submit(request: SelectionJob, actor: Actor): Promise<BulkJob> {
    const { selection, kind } = request;
    checkSelection(selection);
    const change = request.change ?? null;
    const byFile = selection.file !== undefined;
    if (kind === 'update-phones' && change === null && !byFile)
      throw refuseBulk('change', say('bulk_nothing_to_change'));
    return this.#parts.transactions.run(async (tx) => {
      const wanted: readonly TransactionType[] =
        kind === 'update-phones' && change === null ? ['update-phones'] : ['phones', 'update-phones'];
      const file = byFile ? await this.#file(tx, selection.file, wanted) : undefined;
      return this.#add(tx, actor, request, {
        kind,
        options: {
          ...noOptions,
          removeUnusedLines: request.removeUnusedLines ?? false,
          selection: normalisedSelection(selection),
          change,
        },
        template: undefined,
        fileId: file?.id,
        fileName: file?.name,
        undoOf: undefined,
        notes: file?.notes ?? [],
        rowsSha256: file?.rowsSha256,
      });
    });
  }

  /** What a dry run showed, now for real. The file is read again: it must still be there. */
  async run(id: number, actor: Actor, { again = false }: { readonly again?: boolean } = {}): Promise<BulkJob> {
    return this.#parts.transactions.run(async (tx) => {
      const job = (await this.#parts.jobs.find(id, tx)) ?? noSuchJob(id);
      if (!jobMay(job).run) throw disallowBulk(say('bulk_not_a_dry_run', { id }));
      if (job.fileName !== undefined && job.fileId === undefined)
        throw disallowBulk(say('bulk_file_not_found.deleted', { name: job.fileName }));
      const { description } = job;
      const { refuseOnErrors } = job.options;
      const file = job.fileName === undefined ? undefined : await this.#parts.files.find(job.fileName, tx);
      const rowsSha256 = file?.id === job.fileId ? file?.rowsSha256 : undefined;
      await this.#refuseAgain(tx, { ...job, rowsSha256 }, false, again);
      return this.#add(tx, actor, { description, refuseOnErrors }, { ...job, notes: file?.notes ?? [], rowsSha256 });
    });
  }

  /** Takes back a whole job, except what has been used since. @throws BulkFault `bulk_cannot_undo`, `bulk_already_undone` */
  async undo(id: number, actor: Actor, options: { readonly dryRun?: boolean | undefined } = {}): Promise<BulkJob> {
    return this.#parts.transactions.run(async (tx) => {
      const job = (await this.#parts.jobs.find(id, tx)) ?? noSuchJob(id);
      if (job.undoneBy !== undefined) throw disallowBulk(say('bulk_already_undone', { id, undoneBy: job.undoneBy }));
      if (!jobMay(job).undo) throw disallowBulk(say('bulk_cannot_undo', { id }));
      const description = job.description === '' ? `Undo of job ${id}` : `Undo of job ${id}: ${job.description}`;
      return this.#add(
        tx,
        actor,
        { description: description.slice(0, 128), dryRun: options.dryRun },
        {
          kind: 'undo',
          options: noOptions,
          template: undefined,
          fileId: undefined,
          fileName: undefined,
          undoOf: id,
          notes: [],
          rowsSha256: undefined,
        },
      );
    });
  }

  hold(id: number, actor: Actor): Promise<BulkJob> {
    return this.#command(id, actor, 'hold', { state: 'hold', runAt: null });
  }

  activate(id: number, actor: Actor, runAt?: Date): Promise<BulkJob> {
    this.#refusePast(runAt);
    return this.#command(id, actor, 'activate', { state: 'pending', runAt: runAt ?? null });
  }

  /** The job ends what it is at and waits on hold; activated again, it goes on where it was. */
  stop(id: number, actor: Actor): Promise<BulkJob> {
    return this.#command(id, actor, 'stop', { stopRequested: true });
  }

  async remove(id: number, actor: Actor): Promise<void> {
    const { jobs, transactions } = this.#parts;
    await transactions.run(async (tx) => {
      const job = (await jobs.find(id, tx)) ?? noSuchJob(id);
      if (!jobMay(job).delete) throw wrongState(job, 'deleted');
      await jobs.remove(tx, id);
      await this.#note(tx, actor, job, 'deleted');
    });
  }

  async #command(
    id: number,
    actor: Actor,
    what: 'hold' | 'activate' | 'stop',
    change: Parameters<BulkJobStore['command']>[2],
  ): Promise<BulkJob> {
    const { jobs, transactions } = this.#parts;
    return transactions.run(async (tx) => {
      const job = (await jobs.find(id, tx)) ?? noSuchJob(id);
      if (!jobMay(job)[what])
        throw wrongState(job, ({ hold: 'held', activate: 'activated', stop: 'stopped' } as const)[what]);
      await jobs.command(tx, id, change);
      await this.#note(tx, actor, job, { hold: 'held', activate: 'activated', stop: 'stop-requested' }[what]);
      return (await jobs.find(id, tx))!;
    });
  }

  async #file(tx: Transaction, name: string, wanted: readonly TransactionType[]): Promise<BulkFile> {
    const file = await this.#parts.files.find(name, tx);
    if (file === undefined) throw refuseBulk('file', say('bulk_file_not_found', { name: name.slice(0, 100) }));
    if (!wanted.includes(file.transaction))
      throw refuseBulk(
        'file',
        say('bulk_file_wrong_transaction', {
          name: file.name,
          transaction: file.transaction,
          wanted: wanted.join(' or '),
        }),
      );
    return file;
  }

  /** Rows without MAC addresses make new phones each time: that the same rows were done before must be known. */
  async #refuseAgain(
    tx: Transaction,
    job: Pick<NewJob, 'options' | 'rowsSha256'>,
    dryRun: boolean,
    again: boolean,
  ): Promise<void> {
    if (dryRun || !job.options.createDummyMacAddress || job.rowsSha256 === undefined) return;
    const earlier = await this.#parts.jobs.earlierInsert(tx, job.rowsSha256, repeatDays);
    if (earlier === undefined || again) return;
    throw disallowBulk(say('bulk_file_done_before', { earlier }), { job: earlier });
  }

  #add(
    tx: Transaction,
    actor: Actor,
    submit: Submit,
    job: Pick<NewJob, 'kind' | 'options' | 'template' | 'fileId' | 'fileName' | 'undoOf' | 'notes' | 'rowsSha256'>,
  ): Promise<BulkJob> {
    this.#refusePast(submit.runAt);
    const later = submit.run === 'later';
    return this.#parts.jobs
      .add(tx, {
        kind: job.kind,
        description: submit.description ?? '',
        state: later && submit.runAt === undefined ? 'hold' : 'pending',
        dryRun: submit.dryRun ?? false,
        options: { ...job.options, refuseOnErrors: submit.refuseOnErrors ?? false },
        template: job.template,
        fileId: job.fileId,
        fileName: job.fileName,
        submittedBy: actor.name,
        submitterSeesCodes: actor.seesCodes !== false,
        sourceAddress: actor.sourceAddress,
        runAt: later ? submit.runAt : undefined,
        undoOf: job.undoOf,
        notes: job.notes,
        rowsSha256: job.rowsSha256,
      })
      .then(async (added) => {
        await this.#note(tx, actor, added, 'submitted');
        return added;
      });
  }

  #refusePast(runAt: Date | undefined): void {
    if (runAt !== undefined && runAt < this.#parts.now()) throw refuseBulk('runAt', say('bulk_run_at_past'));
  }

  #note(tx: Transaction, actor: Actor, job: BulkJob, done: string): Promise<void> {
    return this.#parts.audit.append(tx, {
      actor,
      action: `bulk-job.${done}`,
      objectKind: 'bulk-job',
      objectId: String(job.id),
      objectName: job.description,
      detail: {
        kind: job.kind,
        dryRun: job.dryRun,
        file: job.fileName ?? null,
        template: job.template?.name ?? null,
        ...(job.undoOf === undefined ? {} : { undoOf: job.undoOf }),
      },
    });
  }
}
