import { BulkLanguageQuery } from '../../contract/bulk-files.ts';
import { CodeJob, DeletePhones, InsertPhones, UpdatePhones } from '../../contract/bulk-job-requests.ts';
import {
  BulkActivation,
  BulkJobPage,
  BulkJobParams,
  BulkJobQuery,
  BulkJobView,
  BulkRowPage,
  BulkRowQuery,
  BulkRunQuery,
  BulkUndo,
} from '../../contract/bulk-jobs.ts';
import type { BulkJob, Selection } from '../../domain/bulk/job.ts';
import { jobLog } from '../../domain/bulk/job-log.ts';
import type { SelectionJob, Submit } from '../../domain/bulk/job-requests.ts';
import type { BulkJobService } from '../../domain/bulk/job-service.ts';
import { bulkProblems } from './bulk-problems.ts';
import { presentJob, presentRow } from './bulk-views.ts';
import { type Answer, noContent, ok, type RestModule, route, stream } from './route.ts';

const submitProblems = ['bulk_run_at_past'];
const selectionProblems = [
  'bulk_selection_unclear',
  'bulk_selection_too_wide',
  'bulk_file_not_found',
  'bulk_file_wrong_transaction',
  'model_not_supported',
  ...submitProblems,
];

const accepted = (job: BulkJob): Answer => ({
  status: 202,
  body: presentJob(job),
  headers: { location: `/api/v1/bulk/jobs/${job.id}` },
});

interface SubmitBody {
  readonly description?: string;
  readonly run?: 'immediately' | 'later';
  readonly runAt?: string;
  readonly dryRun?: boolean;
  readonly refuseOnErrors?: boolean;
}

const submitOf = ({ description, run, runAt, dryRun, refuseOnErrors }: SubmitBody): Submit => ({
  description,
  run,
  runAt: runAt === undefined ? undefined : new Date(runAt),
  dryRun,
  refuseOnErrors,
});

export function bulkJobModule(jobs: BulkJobService): RestModule {
  const command = (what: 'hold' | 'stop', summary: string, description: string) =>
    route({
      method: 'POST',
      path: `/bulk/jobs/{id}/${what}`,
      needs: ['bulk.run'],
      summary,
      description,
      params: BulkJobParams,
      answers: { 200: BulkJobView },
      problems: ['bulk_job_not_found', 'bulk_job_state'],
      handle: async ({ params, caller }) => ok(presentJob(await jobs[what](params.id, caller.actor))),
    });
  return {
    tag: 'Bulk administration',
    description: 'Many phones at once: files, templates and jobs',
    problems: bulkProblems,
    routes: [
      route({
        method: 'POST',
        path: '/bulk/jobs/insert-phones',
        needs: ['bulk.run'],
        summary: 'Insert phones',
        description:
          'Submits a job that adds the phones of an uploaded file. With `dryRun` it shows row by row what would be done.',
        body: InsertPhones,
        answers: { 202: BulkJobView },
        problems: [
          'bulk_file_not_found',
          'bulk_file_wrong_transaction',
          'bulk_template_needed',
          'bulk_template_not_taken',
          'bulk_template_not_found',
          'bulk_file_done_before',
          ...submitProblems,
        ],
        async handle({ body, caller }) {
          const { file, template, createDummyMacAddress, override, again } = body;
          const what = { file, template, createDummyMacAddress, override, again };
          return accepted(await jobs.insertPhones({ ...what, ...submitOf(body) }, caller.actor));
        },
      }),
      route({
        method: 'POST',
        path: '/bulk/jobs/update-phones',
        needs: ['bulk.run'],
        summary: 'Update phones',
        description: 'Submits a job that changes the phones of a selection, or row by row those of a file.',
        body: UpdatePhones,
        answers: { 202: BulkJobView },
        problems: ['bulk_nothing_to_change', ...selectionProblems],
        handle: async ({ body, caller }) =>
          accepted(await jobs.submit(selectionJob('update-phones', body), caller.actor)),
      }),
      route({
        method: 'POST',
        path: '/bulk/jobs/delete-phones',
        needs: ['bulk.run'],
        summary: 'Delete phones',
        description: 'Submits a job that deletes the phones of a selection.',
        body: DeletePhones,
        answers: { 202: BulkJobView },
        problems: selectionProblems,
        handle: async ({ body, caller }) =>
          accepted(await jobs.submit(selectionJob('delete-phones', body), caller.actor)),
      }),
      route({
        method: 'POST',
        path: '/bulk/jobs/codes',
        needs: ['bulk.run'],
        summary: 'Generate, release or e-mail activation codes',
        description: 'Submits a job about the activation codes of the phones of a selection.',
        body: CodeJob,
        answers: { 202: BulkJobView },
        problems: selectionProblems,
        handle: async ({ body, caller }) =>
          accepted(await jobs.submit(selectionJob(`${body.action}-codes` as const, body), caller.actor)),
      }),
      route({
        method: 'GET',
        path: '/bulk/jobs',
        needs: ['bulk.run', 'audit.read'],
        summary: 'List: bulk job',
        description: 'The Job Scheduler, newest first unless sorted otherwise.',
        query: BulkJobQuery,
        answers: { 200: BulkJobPage },
        problems: ['invalid_cursor'],
        async handle({ query: { language, ...query } }) {
          const page = await jobs.list(query);
          return ok({ ...page, items: page.items.map((job) => presentJob(job, language)) });
        },
      }),
      route({
        method: 'GET',
        path: '/bulk/jobs/{id}',
        needs: ['bulk.run', 'audit.read'],
        summary: 'Show: bulk job',
        description: 'State and progress of a job.',
        params: BulkJobParams,
        query: BulkLanguageQuery,
        answers: { 200: BulkJobView },
        problems: ['bulk_job_not_found'],
        handle: async ({ params, query }) => ok(presentJob(await jobs.get(params.id), query.language)),
      }),
      route({
        method: 'GET',
        path: '/bulk/jobs/{id}/rows',
        needs: ['bulk.run', 'audit.read'],
        summary: 'List: row of a bulk job',
        description: 'What each row does or would do, member by member, and everything that is wrong with it.',
        params: BulkJobParams,
        query: BulkRowQuery,
        answers: { 200: BulkRowPage },
        problems: ['bulk_job_not_found', 'invalid_cursor'],
        async handle({ params, query: { language, ...query } }) {
          const page = await jobs.rows(params.id, query);
          return ok({ ...page, items: page.items.map((row) => presentRow(row, language)) });
        },
      }),
      route({
        method: 'GET',
        reads: 'long',
        path: '/bulk/jobs/{id}/log',
        needs: ['bulk.run', 'audit.read'],
        summary: 'Download: log of a bulk job',
        description: 'One line per row with its key value, and the totals. It holds no activation code.',
        params: BulkJobParams,
        query: BulkLanguageQuery,
        answers: { 200: 'text/plain' },
        problems: ['bulk_job_not_found'],
        async handle({ params, query: { language = 'en' } }) {
          const job = await jobs.get(params.id);
          const fileName = presentJob(job).logFileName ?? `${job.id}.txt`;
          const answer = stream('text/plain; charset=utf-8', jobLog(job, jobs.allRows(job.id), language));
          return {
            ...answer,
            headers: { ...answer.headers, 'content-disposition': `attachment; filename="${fileName}"` },
          };
        },
      }),
      command('hold', 'Hold a job', 'A pending job waits until it is activated.'),
      route({
        method: 'POST',
        path: '/bulk/jobs/{id}/activate',
        needs: ['bulk.run'],
        summary: 'Activate a job',
        description: 'A job on hold, or one that waits for its time, runs as soon as it can, or at `runAt`.',
        params: BulkJobParams,
        body: BulkActivation,
        answers: { 200: BulkJobView },
        problems: ['bulk_job_not_found', 'bulk_job_state', 'bulk_run_at_past'],
        async handle({ params, body, caller }) {
          const runAt = body.runAt === undefined ? undefined : new Date(body.runAt);
          return ok(presentJob(await jobs.activate(params.id, caller.actor, runAt)));
        },
      }),
      command(
        'stop',
        'Stop a job',
        'A job that runs ends the rows it is at and waits on hold; activated again, it goes on where it was.',
      ),
      route({
        method: 'POST',
        path: '/bulk/jobs/{id}/run',
        needs: ['bulk.run'],
        summary: 'Run what a dry run showed',
        description: 'Submits the same job for real.',
        params: BulkJobParams,
        query: BulkRunQuery,
        answers: { 202: BulkJobView },
        problems: ['bulk_job_not_found', 'bulk_not_a_dry_run', 'bulk_file_not_found', 'bulk_file_done_before'],
        handle: async ({ params, query, caller }) => accepted(await jobs.run(params.id, caller.actor, query)),
      }),
      route({
        method: 'POST',
        path: '/bulk/jobs/{id}/undo',
        needs: ['bulk.run'],
        summary: 'Undo a job',
        description:
          'Submits a job that takes back what the job did: phones it added are deleted, phones it changed or deleted are as before. What has been used or changed since is kept, and the rows say which and why.',
        params: BulkJobParams,
        body: BulkUndo,
        answers: { 202: BulkJobView },
        problems: ['bulk_job_not_found', 'bulk_cannot_undo', 'bulk_already_undone'],
        handle: async ({ params, body, caller }) => accepted(await jobs.undo(params.id, caller.actor, body)),
      }),
      route({
        method: 'DELETE',
        path: '/bulk/jobs/{id}',
        needs: ['bulk.run'],
        summary: 'Delete a job',
        description: 'Forgets a job with its rows and log. What it did stays; it can no longer be undone.',
        params: BulkJobParams,
        answers: { 204: null },
        problems: ['bulk_job_not_found', 'bulk_job_state'],
        async handle({ params, caller }) {
          await jobs.remove(params.id, caller.actor);
          return noContent();
        },
      }),
    ],
  };
}

function selectionJob(
  kind: SelectionJob['kind'],
  body: SubmitBody & {
    readonly selection: Selection;
    readonly change?: SelectionJob['change'];
    readonly removeUnusedLines?: boolean;
  },
): SelectionJob {
  const { selection, change, removeUnusedLines } = body;
  return { kind, selection, change, removeUnusedLines, ...submitOf(body) };
}
