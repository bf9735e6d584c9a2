import { BulkExportQuery, BulkJobParams } from '../../contract/bulk-jobs.ts';
import { exportHeading, exportRecord } from '../../domain/bulk/export-phones.ts';
import type { BulkExportService, ResultRow } from '../../domain/bulk/export-service.ts';
import type { BulkJob, SelectionQuery } from '../../domain/bulk/job.ts';
import { notesOf } from '../../domain/bulk/job-notes.ts';
import type { BulkJobService } from '../../domain/bulk/job-service.ts';
import type { RowError } from '../../domain/bulk/row-error.ts';
import { tellError } from '../../domain/bulk/texts.ts';
import { requireModel } from '../../domain/devices/naming.ts';
import { formatActivationCode } from '../../identifiers/activation-code.ts';
import { csvRecord } from '../../protocol/csv/write-csv.ts';
import { bulkProblems } from './bulk-problems.ts';
import { codesCsv } from './phone-codes.ts';
import { type RestModule, route, stream } from './route.ts';

const csvType = 'text/csv; charset=utf-8';

export function bulkExportModule(exports: BulkExportService, jobs: BulkJobService): RestModule {
  return {
    tag: 'Bulk administration',
    description: 'Many phones at once: files, templates and jobs',
    problems: bulkProblems,
    routes: [
      route({
        method: 'GET',
        reads: 'long',
        path: '/bulk/phones.csv',
        needs: ['bulk.run'],
        summary: 'Export phones',
        description:
          'Phones as CSV, in the format of "Insert Phones - All Details": uploaded again, it makes the same phones. Without a condition, all.',
        query: BulkExportQuery,
        answers: { 200: 'text/csv' },
        problems: ['model_not_supported'],
        async handle({ query }) {
          const selection = selectionOf(query);
          const lines = Math.max(1, await exports.mostLines(selection));
          return stream(csvType, phonesCsv(exports, selection, lines), { fileName: 'phones.csv' });
        },
      }),
      route({
        method: 'GET',
        reads: 'long',
        path: '/bulk/activation-codes.csv',
        needs: ['codes.reveal'],
        summary: 'Export activation codes of a selection',
        description:
          'Codes that wait to be entered, of the phones the query means, as CSV. The audit log keeps who took which.',
        query: BulkExportQuery,
        answers: { 200: 'text/csv' },
        problems: ['model_not_supported'],
        handle: ({ query, caller }) =>
          stream(csvType, codesCsv(exports.codes(selectionOf(query), caller.actor)), {
            fileName: 'activation-codes.csv',
          }),
      }),
      route({
        method: 'GET',
        reads: 'long',
        path: '/bulk/jobs/{id}/result.csv',
        needs: ['bulk.run', 'codes.reveal'],
        summary: 'Download: result of a bulk job',
        description:
          'Each row with the name its phone got, its errors and its notes, then what else the job left out; for callers who may see codes also the activation codes that wait to be entered, and the audit log keeps who took which.',
        params: BulkJobParams,
        answers: { 200: 'text/csv' },
        problems: ['bulk_job_not_found'],
        async handle({ params, caller }) {
          const job = await jobs.get(params.id);
          const reveal = caller.can('codes.reveal');
          return stream(csvType, resultCsv(job, exports.results(job.id, caller.actor, reveal), reveal), {
            fileName: `bulk-job-${job.id}-result.csv`,
          });
        },
      }),
    ],
  };
}

async function* phonesCsv(
  exports: BulkExportService,
  selection: SelectionQuery,
  lines: number,
): AsyncGenerator<string> {
  yield csvRecord(exportHeading(lines));
  for await (const page of exports.phones(selection))
    yield page.map((phone) => csvRecord(exportRecord(phone, lines))).join('');
}

async function* resultCsv(
  job: BulkJob,
  pages: AsyncIterable<readonly ResultRow[]>,
  reveal: boolean,
): AsyncGenerator<string> {
  yield csvRecord([
    'LINE',
    'DEVICE NAME',
    'RESULT',
    'ACTION',
    ...(reveal ? ['DESCRIPTION', 'DEVICE TYPE', 'OWNER USER ID', 'ACTIVATION CODE', 'EXPIRES'] : []),
    'ERRORS',
    'NOTES',
  ]);
  for await (const page of pages)
    yield page
      .map(({ row, code }) =>
        csvRecord([
          String(row.line),
          row.deviceName ?? row.key ?? '',
          row.state,
          row.action ?? '',
          ...(reveal
            ? code === undefined
              ? ['', '', '', '', '']
              : [
                  code.description,
                  code.model,
                  code.ownerUserId ?? '',
                  formatActivationCode(code.code),
                  code.expiresAt.toISOString(),
                ]
            : []),
          told(row.errors),
          told(row.notes),
        ]),
      )
      .join('');
  // What is about no row stands below them.
  const between = Array.from({ length: reveal ? 7 : 2 }, () => '');
  for (const note of notesOf(job)) yield csvRecord(['', '', 'note', ...between, told([note])]);
}

function told(errors: readonly RowError[]): string {
  return errors
    .map((error) => `${error.column === null ? '' : `${error.column}: `}${tellError(error, 'en').detail}`)
    .join(' ');
}

function selectionOf(query: SelectionQuery): SelectionQuery {
  return query.model === undefined ? query : { ...query, model: requireModel(query.model).name };
}
