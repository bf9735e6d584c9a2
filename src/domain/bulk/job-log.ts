import { type BulkJob, doneRows, type JobRow, logFileName } from './job.ts';
import { notesOf } from './job-notes.ts';
import type { RowError } from './row-error.ts';
import { type BulkLanguage, tellError } from './texts.ts';

const words = {
  en: {
    title: 'Bulk job',
    kind: 'Transaction',
    description: 'Description',
    submitted: 'Submitted',
    by: 'by',
    file: 'File',
    template: 'Phone template',
    dryRun: 'DRY RUN: nothing was changed.',
    started: 'Started',
    ended: 'Ended',
    state: 'State',
    refused: 'The job was refused',
    line: 'Line',
    column: 'column',
    failed: 'failed',
    kept: 'kept',
    done: 'done',
    waiting: 'not done',
    summary: 'Summary',
    total: 'rows',
    remedy: 'What to do',
    note: 'Note',
    withNotes: 'with notes',
  },
  'zh-CN': {
    title: '批量作业',
    kind: '事务',
    description: '描述',
    submitted: '提交时间',
    by: '提交者',
    file: '文件',
    template: '电话模板',
    dryRun: '试运行：没有任何更改。',
    started: '开始',
    ended: '结束',
    state: '状态',
    refused: '作业被拒绝',
    line: '行',
    column: '列',
    failed: '失败',
    kept: '保留',
    done: '完成',
    waiting: '未执行',
    summary: '摘要',
    total: '行',
    remedy: '处理方法',
    note: '注意',
    withNotes: '有注意事项',
  },
} as const;

/** The log of a job: one line per row with its key value, then the totals. No activation code is ever in it. */
export async function* jobLog(
  job: BulkJob,
  rows: AsyncIterable<readonly JobRow[]>,
  language: BulkLanguage,
): AsyncGenerator<string> {
  const w = words[language];
  const at = (date: Date | undefined) => date?.toISOString() ?? '-';
  const head = [
    `${w.title} ${job.id}  ${logFileName(job) ?? ''}`,
    `${w.kind}: ${job.kind}`,
    ...(job.description === '' ? [] : [`${w.description}: ${job.description}`]),
    `${w.submitted}: ${at(job.submittedAt)} ${w.by} ${job.submittedBy}`,
    ...(job.fileName === undefined ? [] : [`${w.file}: ${job.fileName}`]),
    ...(job.template === undefined ? [] : [`${w.template}: ${job.template.name}`]),
    `${w.started}: ${at(job.startedAt)}`,
    ...(job.dryRun ? [w.dryRun] : []),
  ];
  yield `${head.join('\r\n')}\r\n\r\n`;
  if (job.refusal !== undefined) {
    const { code, message, remedy } = job.refusal;
    const why = tellError({ code, value: '', message, remedy }, language);
    yield `${w.refused}: ${why.detail}\r\n${why.remedy === null ? '' : `  ${w.remedy}: ${why.remedy}\r\n`}\r\n`;
  }
  const notes = notesOf(job);
  if (notes.length > 0) yield `${notes.map((note) => `${w.note}: ${told(note, language)}\r\n`).join('')}\r\n`;
  for await (const page of rows) {
    let text = '';
    for (const row of page) text += rowText(row, language);
    yield text;
  }
  yield [
    '',
    `${w.summary}: ${job.total} ${w.total}, ${job.succeeded} ${w.done}, ${job.failed} ${w.failed}, ${job.kept} ${w.kept}, ${Math.max(0, job.total - doneRows(job))} ${w.waiting}`,
    `${w.state}: ${job.state}${job.result === undefined ? '' : ` (${job.result}${notes.length === 0 ? '' : `, ${w.withNotes}`})`}`,
    ...notes.map((note) => `${w.note}: ${told(note, language)}`),
    `${w.ended}: ${at(job.endedAt)}`,
    '',
  ].join('\r\n');
}

function rowText(row: JobRow, language: BulkLanguage): string {
  const w = words[language];
  const state = row.state === 'waiting' || row.state === 'ready' ? w.waiting : w[row.state];
  const key = row.deviceName ?? row.key ?? '';
  let text = `${w.line} ${row.line}  ${oneLine(key)}  ${state}${row.action === undefined ? '' : ` (${row.action})`}\r\n`;
  for (const error of row.errors) text += `    ${told(error, language)}\r\n`;
  for (const note of row.notes) text += `    ${w.note}: ${told(note, language)}\r\n`;
  return text;
}

function told(error: RowError, language: BulkLanguage): string {
  const w = words[language];
  const { detail, remedy } = tellError(error, language);
  const column = error.column === null ? '' : `${w.column} ${oneLine(error.column)}: `;
  return `${column}[${error.code}] ${oneLine(detail)}${remedy === null ? '' : ` ${w.remedy}: ${oneLine(remedy)}`}`;
}

/** What comes from a file must not write lines of its own. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
