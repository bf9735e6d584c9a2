import {
  BulkFilePage,
  BulkFileParams,
  BulkFileQuery,
  BulkFileView,
  BulkLanguageQuery,
  BulkTemplateQuery,
  BulkUploadQuery,
} from '../../contract/bulk-files.ts';
import { FileRefused } from '../../domain/bulk/bulk-fault.ts';
import type { BulkFileService } from '../../domain/bulk/file-service.ts';
import { bulkLimits } from '../../domain/bulk/limits.ts';
import type { TemplateChoices } from '../../domain/bulk/template-sheets.ts';
import { templateSheets } from '../../domain/bulk/template-sheets.ts';
import { writeXlsx } from '../../protocol/xlsx/write-xlsx.ts';
import { bulkProblems } from './bulk-problems.ts';
import { presentError, presentFile } from './bulk-views.ts';
import { created, noContent, ok, type RestModule, route, stream } from './route.ts';
import { wholeTable } from './whole-upload.ts';

export const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export interface BulkFileDoor {
  readonly files: BulkFileService;
  readonly sha256: (octets: Uint8Array) => Uint8Array;
  /** What the drop-downs of the template offer. */
  readonly choices: () => Promise<TemplateChoices>;
}

export function bulkFileModule({ files, sha256, choices }: BulkFileDoor): RestModule {
  return {
    tag: 'Bulk administration',
    description: 'Many phones at once: files, templates and jobs',
    problems: bulkProblems,
    routes: [
      route({
        method: 'GET',
        path: '/bulk/template.xlsx',
        needs: ['bulk.run'],
        summary: 'Download: template spreadsheet',
        description:
          'An .xlsx workbook with a sheet to fill in, choices of what there is here, and help. Save it as .xlsx or CSV and upload it.',
        query: BulkTemplateQuery,
        answers: { 200: xlsxType },
        async handle({ query }) {
          const { transaction = 'insert-phones-specific-details', lines = 2, language = 'en' } = query;
          const workbook = writeXlsx(templateSheets({ transaction, lines, language, choices: await choices() }));
          return stream(xlsxType, one(workbook), { fileName: `${transaction}.xlsx` });
        },
      }),
      route({
        method: 'GET',
        path: '/bulk/files',
        needs: ['bulk.run'],
        summary: 'List: uploaded file',
        description: 'Upload/Download Files. With `transaction`, only files a job of that kind can take.',
        query: BulkFileQuery,
        answers: { 200: BulkFilePage },
        problems: ['invalid_cursor'],
        async handle({ query: { language, ...query } }) {
          const page = await files.list(query);
          return ok({ ...page, items: page.items.map((file) => presentFile(file, language)) });
        },
      }),
      route({
        method: 'POST',
        path: '/bulk/files',
        needs: ['bulk.run'],
        summary: 'Upload: file',
        description:
          'CSV (UTF-8, with or without byte order mark, comma, semicolon or tab) or .xlsx, at most 10 MiB and 50,000 rows. It is read at once: a file that cannot be taken is refused with all its errors, by line and column, in the member `errors`; so is one whose reading needs too much time or memory. What it leaves out, and rows that a job would refuse as they stand, are in the member `notes`; what else a row would do is told by a dry run.',
        query: BulkUploadQuery,
        uploads: { types: ['text/csv', xlsxType, 'application/octet-stream'], maxOctets: bulkLimits.octets },
        answers: { 201: BulkFileView },
        problems: ['bulk_file_refused', 'bulk_file_exists', 'bulk_file_in_use', 'bulk_reader_busy'],
        async handle({ query, upload, caller }) {
          const content = await wholeTable(upload);
          const { name, transaction, replace = false, language = 'en' } = query;
          try {
            const file = await files.put(
              caller.actor,
              { name, transaction, content, sha256: sha256(content) },
              replace,
            );
            return created(`/bulk/files/${encodeURIComponent(name)}`, presentFile(file, language));
          } catch (error) {
            if (!(error instanceof FileRefused)) throw error;
            throw new RefusedInWords(error, language);
          }
        },
      }),
      route({
        method: 'GET',
        path: '/bulk/files/{name}',
        needs: ['bulk.run'],
        summary: 'Show: uploaded file',
        description: 'What its columns were taken for.',
        params: BulkFileParams,
        query: BulkLanguageQuery,
        answers: { 200: BulkFileView },
        problems: ['bulk_file_not_found'],
        handle: async ({ params, query }) => ok(presentFile(await files.get(params.name), query.language)),
      }),
      route({
        method: 'GET',
        path: '/bulk/files/{name}/content',
        needs: ['bulk.run'],
        summary: 'Download: uploaded file',
        description: 'The octets as they were uploaded.',
        params: BulkFileParams,
        answers: { 200: 'application/octet-stream' },
        problems: ['bulk_file_not_found'],
        async handle({ params }) {
          const { file, content } = await files.content(params.name);
          return stream(file.format === 'xlsx' ? xlsxType : 'text/csv; charset=utf-8', one(content), {
            fileName: file.name,
          });
        },
      }),
      route({
        method: 'DELETE',
        path: '/bulk/files/{name}',
        needs: ['bulk.run'],
        summary: 'Delete: uploaded file',
        description: 'Jobs that have read it keep their rows.',
        params: BulkFileParams,
        answers: { 204: null },
        problems: ['bulk_file_not_found', 'bulk_file_in_use'],
        async handle({ params, caller }) {
          await files.remove(caller.actor, params.name);
          return noContent();
        },
      }),
    ],
  };
}

/** The refusal with its errors told in the reader's language. */
class RefusedInWords extends FileRefused {
  override readonly detail: Readonly<Record<string, unknown>>;
  constructor({ errors, errorCount }: FileRefused, language: 'en' | 'zh-CN') {
    super(errors, errorCount);
    this.detail = { errorCount, errors: errors.map((error) => presentError(error, language)) };
  }
}

async function* one(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  yield octets;
}
