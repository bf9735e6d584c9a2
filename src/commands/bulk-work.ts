import type { Command } from 'commander';
import type { RestClient } from '../infra/remote/rest-client.ts';
import { fileErrors, type JobAnswer, jobEnd, progressLine } from './bulk-output.ts';
import { query } from './phones.ts';

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

export interface SelectOptions extends SubmitOptions {
  readonly all?: boolean;
  readonly search?: string;
  readonly model?: string;
  readonly pool?: string;
  readonly owner?: string;
  readonly codeState?: string;
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

export function selectionOf(names: readonly string[], options: SelectOptions): Json {
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

export async function submit(client: RestClient, path: string, options: SubmitOptions, body: Json): Promise<Outcome> {
  const { description, later, dryRun, refuseOnErrors } = options;
  const job = (await client.call('POST', `/bulk/jobs/${path}`, {
    ...body,
    ...(description === undefined ? {} : { description }),
    ...(later === undefined ? {} : { run: 'later', ...(later === true ? {} : { runAt: later }) }),
    ...(dryRun ? { dryRun } : {}),
    ...(refuseOnErrors ? { refuseOnErrors } : {}),
  })) as JobAnswer;
  if (!options.wait || later !== undefined) return [job, jobEnd(job)];
  return follow(client, job.id);
}

const lookEvery = 500;

/** Shows the progress on a terminal; ends with the job. Exit code 1 when it did not do all. */
export async function follow({ call }: RestClient, id: number): Promise<Outcome> {
  const terminal = process.stderr.isTTY === true;
  for (;;) {
    const job = (await call('GET', `/bulk/jobs/${id}`)) as JobAnswer;
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
  { octets }: RestClient,
  file: string,
  { name, transaction, replace }: { name?: string; transaction: string; replace?: boolean },
): Promise<Json> {
  const { readFile } = await import('node:fs/promises');
  const { basename } = await import('node:path');
  const { RemoteFault } = await import('../infra/remote/rest-client.ts');
  const bytes = await readFile(file);
  const asked = query({ name: name ?? basename(file), transaction, replace: replace ? 'true' : undefined });
  try {
    const answer = await octets('POST', `/bulk/files${asked}`, { type: 'application/octet-stream', bytes });
    return JSON.parse(answer.toString()) as Json;
  } catch (error) {
    if (error instanceof RemoteFault && Array.isArray(error.detail?.['errors']))
      process.stderr.write(fileErrors(error.detail['errors']));
    throw error;
  }
}

export async function printOrSave(octets: Buffer, file: string | undefined): Promise<Outcome> {
  if (file === undefined) return [{ csv: octets.toString() }, octets.toString()];
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
  work: (client: RestClient, given: readonly (string | undefined)[], options: O) => Promise<Outcome>,
): void {
  on.action(async (...all: unknown[]) => {
    const options = all.at(-2) as O & SystemOptions;
    const { findSystem, restClient } = await import('../infra/remote/rest-client.ts');
    using client = restClient(await findSystem(options));
    const [answer, text] = await work(client, all.slice(0, -2) as (string | undefined)[], options);
    process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : text);
  });
}
