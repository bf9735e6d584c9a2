import type { Command } from 'commander';
import type { InputOf, UnifiedCm } from '../contract/client/client.ts';
import { fileNotes, jobEnd, jobList, rowList } from './bulk-output.ts';
import {
  act,
  changeOf,
  collect,
  follow,
  jobOf,
  outcomeOf,
  printOrSave,
  type SelectOptions,
  type SubmitOptions,
  save,
  selectionOf,
  selects,
  submits,
  upload,
} from './bulk-work.ts';
import { command } from './phones.ts';
import { columns } from './phones-output.ts';

type Files = InputOf<UnifiedCm['POST /bulk/files']>['query'];
type Language = 'en' | 'zh-CN';

interface RowOptions {
  readonly state?: 'waiting' | 'ready' | 'done' | 'failed' | 'kept';
  readonly noted?: boolean;
  readonly limit: string;
}

/** Adds `firstring bulk …`: bulk administration of a running system. */
export function addBulkCommand(program: Command): void {
  const bulk = program
    .command('bulk')
    .description('many phones at once: files, phone templates and jobs of a running system');

  act(
    command(bulk, 'template [file]', 'save the template spreadsheet')
      .option('--transaction <type>', 'what it is for', 'insert-phones-specific-details')
      .option('--lines <n>', 'line columns', '2')
      .option('--language <language>', 'en or zh-CN', 'en'),
    async ({ call }, [file], query: { transaction: Files['transaction']; lines: string; language: Language }) => {
      const { transaction, lines, language } = query;
      const path = file ?? `${transaction}.xlsx`;
      await save(path, await call('GET /bulk/template.xlsx', { query: { transaction, lines, language } }));
      return [{ file: path }, `${path}\n`];
    },
  );

  act(
    command(bulk, 'upload <file>', 'upload a .csv or .xlsx; tells all its errors')
      .option('--name <name>', 'what to call it here; default: its own name')
      .option('--transaction <type>', 'transaction type', 'insert-phones-specific-details')
      .option('--replace', 'take the place of a file of that name'),
    async (client, [file], options: { name?: string; transaction: Files['transaction']; replace?: boolean }) => {
      const answer = await upload(client, file!, options);
      return [answer, `${answer.name}: ${answer.rows} rows\n${fileNotes(answer.notes)}`];
    },
  );

  act(command(bulk, 'files', 'list uploaded files'), async ({ call }) => {
    const page = await call('GET /bulk/files', { query: { limit: 500, sort: '-uploadedAt' } });
    return [page, columns(page.items, ['name', 'transaction', 'rows', 'uploadedBy', 'uploadedAt'])];
  });

  act(command(bulk, 'templates', 'list phone templates'), async ({ call }) => {
    const page = await call('GET /phone-templates', { query: { limit: 500 } });
    return [
      page,
      columns(page.items, ['name', 'model', 'devicePool', 'requiresActivationCode', 'allowActivationCodeViaMra']),
    ];
  });

  act(
    submits(
      command(
        bulk,
        'insert <file>',
        'insert phones from an uploaded file, or from a file here, which is uploaded first',
      ),
    )
      .option('--template <name>', 'phone template')
      .option('--dummy-mac', 'Create Dummy MAC Address')
      .option('--override', 'change phones that exist')
      .option('--again', 'although an earlier job inserts the same rows with dummy MAC addresses'),
    async (
      client,
      [file],
      options: SubmitOptions & { template?: string; dummyMac?: boolean; override?: boolean; again?: boolean },
    ) => {
      const { template, dummyMac, override, again } = options;
      const { existsSync } = await import('node:fs');
      const transaction = template === undefined ? 'insert-phones-all-details' : 'insert-phones-specific-details';
      const name = existsSync(file!) ? (await upload(client, file!, { transaction, replace: true })).name : file!;
      const body = {
        ...jobOf(options),
        file: name,
        ...(template === undefined ? {} : { template }),
        ...(dummyMac ? { createDummyMacAddress: true } : {}),
        ...(override ? { override: true } : {}),
        ...(again ? { again: true } : {}),
      };
      return outcomeOf(client, await client.call('POST /bulk/jobs/insert-phones', { body }), options);
    },
  );

  act(
    selects(command(bulk, 'update [names...]', 'change phones of a selection')).option(
      '--set <member=value>',
      'what they shall have, e.g. devicePool=Branch; may be repeated',
      collect,
      [],
    ),
    async (client, [names], options: SelectOptions & { set: readonly string[] }) => {
      const change = changeOf(options.set);
      const body = {
        ...jobOf(options),
        selection: selectionOf(names as unknown as string[], options),
        ...(change === undefined ? {} : { change }),
      };
      return outcomeOf(client, await client.call('POST /bulk/jobs/update-phones', { body }), options);
    },
  );

  act(
    selects(command(bulk, 'delete [names...]', 'delete phones of a selection')).option(
      '--remove-unused-lines',
      'also the lines no other phone has',
    ),
    async (client, [names], options: SelectOptions & { removeUnusedLines?: boolean }) => {
      const body = {
        ...jobOf(options),
        selection: selectionOf(names as unknown as string[], options),
        ...(options.removeUnusedLines ? { removeUnusedLines: true } : {}),
      };
      return outcomeOf(client, await client.call('POST /bulk/jobs/delete-phones', { body }), options);
    },
  );

  for (const action of ['generate', 'release', 'e-mail'] as const)
    act(
      selects(command(bulk, `${action}-codes [names...]`, `${action} the activation codes of a selection`)),
      async (client, [names], options: SelectOptions) => {
        const body = { ...jobOf(options), action, selection: selectionOf(names as unknown as string[], options) };
        return outcomeOf(client, await client.call('POST /bulk/jobs/codes', { body }), options);
      },
    );

  act(
    command(bulk, 'jobs', 'the Job Scheduler').option('--open', 'without those that are completed'),
    async ({ call }, _, { open }: { open?: boolean }) => {
      const page = await call('GET /bulk/jobs', { query: { limit: 50, showCompleted: open ? false : undefined } });
      return [page, jobList(page.items)];
    },
  );

  act(command(bulk, 'watch <job>', 'follow a job until it ends'), async (client, [id]) => follow(client, Number(id)));

  act(
    command(bulk, 'rows <job>', 'rows of a job: what differs, and what is wrong')
      .option('--state <state>', 'only rows in this state: failed, done, kept …')
      .option('--noted', 'only rows with notes')
      .option('--limit <n>', 'how many', '100'),
    async ({ call }, [id], { state, noted, limit }: RowOptions) => {
      const query = { state, noted: noted || undefined, limit };
      const page = await call('GET /bulk/jobs/{id}/rows', { path: { id: id! }, query });
      return [page, rowList(page.items)];
    },
  );

  for (const [what, text] of [
    ['hold', 'hold a pending job'],
    ['stop', 'stop a job that runs; activate it to go on'],
  ] as const)
    act(command(bulk, `${what} <job>`, text), async ({ call }, [id]) => {
      const job = await call(`POST /bulk/jobs/{id}/${what}`, { path: { id: id! } });
      return [job, `job ${job.id} ${job.stopping ? 'stops' : job.state}\n`];
    });

  act(
    submits(command(bulk, 'activate <job>', 'let a job on hold go on'), false),
    async (client, [id], { wait }: SubmitOptions) => {
      const job = await client.call('POST /bulk/jobs/{id}/activate', { path: { id: id! }, body: {} });
      return wait ? follow(client, job.id) : [job, jobEnd(job)];
    },
  );
  act(
    submits(command(bulk, 'run <job>', 'run what a dry run showed'), false).option(
      '--again',
      'although an earlier job inserts the same rows with dummy MAC addresses',
    ),
    async (client, [id], { wait, again }: SubmitOptions & { again?: boolean }) => {
      const query = { again: again || undefined };
      const job = await client.call('POST /bulk/jobs/{id}/run', { path: { id: id! }, query });
      return wait ? follow(client, job.id) : [job, jobEnd(job)];
    },
  );
  act(
    submits(command(bulk, 'undo <job>', 'take back a whole job, except what has been used since'), false).option(
      '--dry-run',
      'only show it',
    ),
    async (client, [id], { wait, dryRun }: SubmitOptions) => {
      const body = dryRun ? { dryRun } : {};
      const job = await client.call('POST /bulk/jobs/{id}/undo', { path: { id: id! }, body });
      return wait ? follow(client, job.id) : [job, jobEnd(job)];
    },
  );

  act(
    command(bulk, 'log <job>', 'print the log of a job').option('--language <language>', 'en or zh-CN', 'en'),
    async ({ call }, [id], { language }: { language: Language }) => {
      const octets = await call('GET /bulk/jobs/{id}/log', { path: { id: id! }, query: { language } });
      const text = Buffer.from(octets).toString();
      return [{ log: text }, text];
    },
  );

  act(
    command(bulk, 'result <job> [file]', 'save the result of a job: names, and codes if you may see them'),
    async ({ call }, [id, file]) =>
      printOrSave(await call('GET /bulk/jobs/{id}/result.csv', { path: { id: id! } }), file),
  );
  act(
    command(bulk, 'codes <job> [file]', 'save the codes a job made that wait to be entered'),
    async ({ call }, [id, file]) =>
      printOrSave(await call('GET /bulk/activation-codes.csv', { query: { job: id! } }), file),
  );

  act(
    selects(command(bulk, 'export [file]', 'save phones as CSV that can be inserted again'), false),
    async ({ call }, [file], { search, model, pool, owner, codeState, job }: SelectOptions) => {
      const query = { search, model, devicePool: pool, ownerUserId: owner, codeState, job };
      return printOrSave(await call('GET /bulk/phones.csv', { query }), file);
    },
  );
}
