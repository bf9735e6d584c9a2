import type { Command } from 'commander';
import type { AnswerOf, InputOf, UnifiedCm } from '../contract/client/client.ts';
import { fileErrors, jobEnd, progressLine } from './bulk-output.ts';
import type { FilterOptions } from './phones.ts';
import { openRest, type Rest } from './rest.ts';

type Json = Readonly<Record<string, unknown>>;

interface SystemOptions {
  readonly dataDir: string;
  readonly url?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly ca?: string;
  readonly json?: boolean;
}

export interface SubmitOptions {
  readonly description?: string;
  readonly later?: string | true;
  readonly dryRun?: boolean;
  readonly refuseOnErrors?: boolean;
  readonly wait: boolean;
}

export interface SelectOptions extends SubmitOptions, FilterOptions {
  readonly all?: boolean;
  readonly job?: string;
  readonly file?: string;
}

export function submits(to: Command, all = true): Command {
  to.option('--no-wait', 'do not wait until it has ended');
  return all
    ? to
        .option('--description <text>', 'job description')
        .option('--later [time]', 'on hold, or at this time, e.g. 2026-12-01T02:00:00Z')
        .option('--dry-run', 'only show what would be done')
        .option('--refuse-on-errors', 'do nothing when any row has an error')
    : to;
}

export function selects(to: Command, all = true): Command {
  to.option('--search <text>', 'part of a name, description or owner, or a directory number')
    .option('--model <model>', 'only this model')
    .option('--pool <name>', 'only this device pool')
    .option('--owner <user>', 'only phones of this user')
    .option('--code-state <state>', 'active, expired, locked or none')
    .option('--job <id>', 'only phones this job added or changed');
  return all ? submits(to.option('--all', 'every phone').option('--file <name>', 'uploaded file that lists them')) : to;
}

type Job = AnswerOf<UnifiedCm['GET /bulk/jobs/{id}']>;
type Transaction = InputOf<UnifiedCm['POST /bulk/files']>['query']['transaction'];

export function selectionOf(
  names: readonly string[],
  options: SelectOptions,
): InputOf<UnifiedCm['POST /bulk/jobs/delete-phones']>['body']['selection'] {
  if (names.length > 0) return { names };
  if (options.file !== undefined) return { file: options.file };
  const { all, search, model, pool, owner, codeState, job } = options;
  const members = {
    all,
    search,
    model,
    devicePool: pool,
    ownerUserId: owner,
    codeState,
    job: job === undefined ? undefined : Number(job),
  };
  return { query: Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) };
}

export const collect = (value: string, before: readonly string[]) => [...before, value];

export function changeOf(settings: readonly string[]): Json | undefined {
  if (settings.length === 0) return undefined;
  return Object.fromEntries(
    settings.map((setting) => {
      const at = setting.indexOf('=');
      const value = setting.slice(at + 1);
      return [setting.slice(0, Math.max(0, at)), value === 'true' ? true : value === 'false' ? false : value];
    }),
  );
}

type Outcome = readonly [answer: unknown, text: string];

/** What every job takes. */
export function jobOf(options: SubmitOptions) {
  const { description, later, dryRun, refuseOnErrors } = options;
  return {
    ...(description === undefined ? {} : { description }),
    ...(later === undefined ? {} : { run: 'later' as const, ...(later === true ? {} : { runAt: later }) }),
    ...(dryRun ? { dryRun } : {}),
    ...(refuseOnErrors ? { refuseOnErrors } : {}),
  };
}

/** Of a job that was just made: follows it, unless it shall run later or nobody wants to wait. */
export async function outcomeOf(client: Rest<UnifiedCm>, job: Job, options: SubmitOptions): Promise<Outcome> {
  if (!options.wait || options.later !== undefined) return [job, jobEnd(job)];
  return follow(client, job.id);
}

const lookEvery = 500;

/** Shows the progress on a terminal; ends with the job. Exit code 1 when it did not do all. */
export async function follow({ call }: Rest<UnifiedCm>, id: number): Promise<Outcome> {
  const terminal = process.stderr.isTTY === true;
  for (;;) {
    const job = await call('GET /bulk/jobs/{id}', { path: { id } });
    if (terminal) process.stderr.write(`\r${progressLine(job).padEnd(100)}`);
    if (job.state === 'completed' || job.state === 'hold') {
      if (terminal) process.stderr.write('\n');
      if (job.result !== 'success') process.exitCode = 1;
      return [job, jobEnd(job)];
    }
    await new Promise((done) => setTimeout(done, lookEvery));
  }
}

export async function upload(
  { call }: Rest<UnifiedCm>,
  file: string,
  { name, transaction, replace }: { name?: string; transaction: Transaction; replace?: boolean },
): Promise<AnswerOf<UnifiedCm['POST /bulk/files']>> {
  const { readFile } = await import('node:fs/promises');
  const { basename } = await import('node:path');
  const { RemoteFault } = await import('../infra/remote/remote-system.ts');
  const bytes = await readFile(file);
  const query = { name: name ?? basename(file), transaction, replace: replace || undefined };
  try {
    return await call('POST /bulk/files', { query, octets: { type: 'application/octet-stream', bytes } });
  } catch (error) {
    if (error instanceof RemoteFault && Array.isArray(error.detail?.['errors']))
      process.stderr.write(fileErrors(error.detail['errors']));
    throw error;
  }
}

export async function printOrSave(octets: Uint8Array, file: string | undefined): Promise<Outcome> {
  const text = Buffer.from(octets).toString();
  if (file === undefined) return [{ csv: text }, text];
  await save(file, octets);
  return [{ file }, `${file}\n`];
}

/** Results hold codes: only the owner of the file may read it. */
export async function save(file: string, octets: Uint8Array): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  await writeFile(file, octets, { mode: 0o600 });
}

/** `work` gives what REST answered and how a person reads it. */
export function act<O>(
  on: Command,
  work: (client: Rest<UnifiedCm>, given: readonly (string | undefined)[], options: O) => Promise<Outcome>,
): void {
  on.action(async (...all: unknown[]) => {
    const options = all.at(-2) as O & SystemOptions;
    const { findSystem } = await import('../infra/remote/remote-system.ts');
    using client = await openRest<UnifiedCm>(await findSystem(options));
    const [answer, text] = await work(client, all.slice(0, -2) as (string | undefined)[], options);
    process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : text);
  });
}
