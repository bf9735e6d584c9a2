import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { UnifiedCm } from '../../contract/client/client.ts';
import { Fault } from '../../kernel/errors.ts';
import { openRest, type Rest } from '../rest.ts';
import type { Fields } from './fields.ts';
import { describeStep, inOrder, planStep, type Step, summary } from './plan.ts';
import { readStateFile, type Wanted } from './state-file.ts';

/** Which object a path leads to is known from the file only. */
type Requests = Pick<Rest<UnifiedCm>, 'request'>;

interface Options {
  readonly dataDir: string;
  readonly url?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly ca?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Adds `firstring apply FILE`: brings a running system to the state a file describes, through REST. */
export function addApplyCommand(program: Command): void {
  program
    .command('apply <file>')
    .description(
      'bring users, lines, phones, pools, domains and parameters to the state a YAML file describes; shows the plan first, and changes nothing that is right already',
    )
    .option('--dry-run', 'show the plan and stop; exit code 2 when there is something to do')
    .option('-y, --yes', 'do it without asking')
    .option('--json', 'the plan and the outcome as JSON')
    .option('--data-dir <dir>', 'of the running system', 'data')
    .option('--url <url>', 'of the system, instead of --data-dir: https://host:8443')
    .option('--user <name>', 'who signs in')
    .option('--password-file <file>', 'that holds the password')
    .option('--ca <file>', 'PEM of the authority to trust')
    .action(async (file: string, options: Options) => {
      const { findSystem } = await import('../../infra/remote/remote-system.ts');
      const wanted = await readStateFile(file);
      using client = await openRest<UnifiedCm>(await findSystem(options));
      process.exitCode = await apply(client, wanted, options);
    });
}

/** Resolves to the exit code: 0 it is as described; 1 something failed; 2 a dry run found something to do. */
async function apply(client: Requests, wanted: readonly Wanted[], options: Options): Promise<number> {
  const steps = inOrder(await planned(client, wanted));
  const refused = steps.some((step) => step.do === 'refuse');
  const work = steps.filter((step) => step.do === 'add' || step.do === 'change' || step.do === 'remove');
  if (!options.json)
    say(
      `${steps
        .filter((step) => step.do !== 'nothing')
        .map(describeStep)
        .join('\n')}\n${summary(steps)}\n`,
    );
  if (refused) {
    if (options.json) tell(steps, []);
    else say('Nothing was changed: correct the entries marked with ! first.\n');
    return 1;
  }
  if (options.dryRun || work.length === 0) {
    if (options.json) tell(steps, []);
    return work.length === 0 ? 0 : 2;
  }
  if (!options.yes && !(await agreed(options))) return 1;
  const failures: string[] = [];
  const shown = Boolean(process.stderr.isTTY) && !options.json;
  for (const [i, step] of work.entries()) {
    if (shown) process.stderr.write(`\r${i + 1} of ${work.length} `);
    try {
      await carryOut(client, step);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      failures.push(
        `${step.wanted.kind.title} ${step.wanted.key} (${step.wanted.place}): ${error.message}${error.remedy === undefined ? '' : ` ${error.remedy}`}`,
      );
    }
  }
  if (shown) process.stderr.write('\r\x1b[K');
  if (options.json) tell(steps, failures);
  else {
    say(`${work.length - failures.length} of ${work.length} done.\n`);
    for (const failure of failures) process.stderr.write(`firstring: ${failure}\n`);
    if (failures.length > 0)
      process.stderr.write('Correct the file and apply it again: what is right already is left alone.\n');
  }
  return failures.length === 0 ? 0 : 1;
}

async function planned(client: Requests, wanted: readonly Wanted[]): Promise<readonly Step[]> {
  const steps: Step[] = [];
  // A few questions at once: a file may describe thousands of phones.
  for (let i = 0; i < wanted.length; i += 8)
    steps.push(
      ...(await Promise.all(wanted.slice(i, i + 8).map(async (each) => planStep(each, await find(client, each))))),
    );
  return steps;
}

async function find(client: Requests, { kind, key, fields }: Wanted): Promise<Fields | undefined> {
  try {
    const answer = await client.request('GET', kind.readPath(key, fields));
    return kind.pick === undefined ? (answer as Fields) : kind.pick(answer, key);
  } catch (error) {
    const code = error instanceof Fault ? error.detail?.['code'] : undefined;
    if (code === 'not_found' || code === 'phone_not_found') return undefined;
    throw error;
  }
}

async function carryOut(client: Requests, step: Step): Promise<void> {
  const { kind, key, fields } = step.wanted;
  switch (step.do) {
    case 'add':
      await client.request('POST', kind.addPath!, { body: texts(fields) });
      return;
    case 'change': {
      const body = Object.fromEntries(step.changes.map(({ field, to }) => [field, to]));
      await client.request(kind.changeMethod, kind.changePath(key, step.found), { body: texts(body) });
      return;
    }
    case 'remove':
      await client.request('DELETE', kind.removePath!(key, step.found));
      return;
    default:
      return;
  }
}

/** Numbers of lines as text, however YAML read them. */
function texts(fields: Fields): Fields {
  const line = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'directoryNumber' in value
      ? { ...value, directoryNumber: String(value.directoryNumber) }
      : value;
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [
      field,
      field === 'directoryNumber' || field === 'mac'
        ? value === null
          ? null
          : String(value)
        : field === 'lines' && Array.isArray(value)
          ? value.map(line)
          : value,
    ]),
  );
}

async function agreed(options: Options): Promise<boolean> {
  if (!process.stdin.isTTY || options.json) {
    process.stderr.write(
      'firstring: nothing was changed: there is nobody to ask. Add --yes to do it, or --dry-run to look only.\n',
    );
    return false;
  }
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await ask.question('Do this? [y/N] ')).trim());
  } finally {
    ask.close();
  }
}

function tell(steps: readonly Step[], failures: readonly string[]): void {
  const plan = steps.map((step) => ({
    do: step.do,
    kind: step.wanted.kind.title,
    key: step.wanted.key,
    ...(step.do === 'change' && { changes: step.changes }),
    ...(step.do === 'refuse' && { why: step.why }),
  }));
  say(`${JSON.stringify({ plan, failures })}\n`);
}

function say(text: string): void {
  process.stdout.write(text);
}
