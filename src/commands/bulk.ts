import type { Command } from 'commander';
import { fileNotes, type JobAnswer, jobEnd, jobList, rowList } from './bulk-output.ts';
import {
  act,
  changeOf,
  collect,
  follow,
  printOrSave,
  type SelectOptions,
  type SubmitOptions,
  save,
  selectionOf,
  selects,
  submit,
  submits,
  upload,
} from './bulk-work.ts';
import { command, query } from './phones.ts';
import { columns } from './phones-output.ts';

type Json = Readonly<Record<string, unknown>>;

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
    async ({ octets }, [file], { transaction, lines, language }: Record<string, string>) => {
      const path = file ?? `${transaction}.xlsx`;
      await save(path, await octets('GET', `/bulk/template.xlsx${query({ transaction, lines, language })}`));
      return [{ file: path }, `${path}\n`];
    },
  );

  act(
    command(bulk, 'upload <file>', 'upload a .csv or .xlsx; tells all its errors')
      .option('--name <name>', 'what to call it here; default: its own name')
      .option('--transaction <type>', 'transaction type', 'insert-phones-specific-details')
      .option('--replace', 'take the place of a file of that name'),
    async (client, [file], options: { name?: string; transaction: string; replace?: boolean }) => {
      const answer = await upload(client, file!, options);
      return [answer, `${answer['name']}: ${answer['rows']} rows\n${fileNotes(answer['notes'] as readonly unknown[])}`];
    },
  );

  act(command(bulk, 'files', 'list uploaded files'), async ({ call }) => {
    const page = (await call('GET', '/bulk/files?limit=500&sort=-uploadedAt')) as { items: Json[] };
    return [page, columns(page.items, ['name', 'transaction', 'rows', 'uploadedBy', 'uploadedAt'])];
  });

  act(command(bulk, 'templates', 'list phone templates'), async ({ call }) => {
    const page = (await call('GET', '/phone-templates?limit=500')) as { items: Json[] };
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
      const name = existsSync(file!)
        ? String((await upload(client, file!, { transaction, replace: true }))['name'])
        : file;
      return submit(client, 'insert-phones', options, {
        file: name,
        ...(template === undefined ? {} : { template }),
        ...(dummyMac ? { createDummyMacAddress: true } : {}),
        ...(override ? { override: true } : {}),
        ...(again ? { again: true } : {}),
      });
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
      return submit(client, 'update-phones', options, {
        selection: selectionOf(names as unknown as string[], options),
        ...(change === undefined ? {} : { change }),
      });
    },
  );

  act(
    selects(command(bulk, 'delete [names...]', 'delete phones of a selection')).option(
      '--remove-unused-lines',
      'also the lines no other phone has',
    ),
    async (client, [names], options: SelectOptions & { removeUnusedLines?: boolean }) =>
      submit(client, 'delete-phones', options, {
        selection: selectionOf(names as unknown as string[], options),
        ...(options.removeUnusedLines ? { removeUnusedLines: true } : {}),
      }),
  );

  for (const action of ['generate', 'release', 'e-mail'])
    act(
      selects(command(bulk, `${action}-codes [names...]`, `${action} the activation codes of a selection`)),
      async (client, [names], options: SelectOptions) =>
        submit(client, 'codes', options, { action, selection: selectionOf(names as unknown as string[], options) }),
    );

  act(
    command(bulk, 'jobs', 'the Job Scheduler').option('--open', 'without those that are completed'),
    async ({ call }, _, { open }: { open?: boolean }) => {
      const page = (await call('GET', `/bulk/jobs?limit=50${open ? '&showCompleted=false' : ''}`)) as { items: Json[] };
      return [page, jobList(page.items)];
    },
  );

  act(command(bulk, 'watch <job>', 'follow a job until it ends'), async (client, [id]) => follow(client, Number(id)));

  act(
    command(bulk, 'rows <job>', 'rows of a job: what differs, and what is wrong')
      .option('--state <state>', 'only rows in this state: failed, done, kept …')
      .option('--noted', 'only rows with notes')
      .option('--limit <n>', 'how many', '100'),
    async ({ call }, [id], { state, noted, limit }: { state?: string; noted?: boolean; limit: string }) => {
      const asked = query({ state, noted: noted ? 'true' : undefined, limit });
      const page = (await call('GET', `/bulk/jobs/${id}/rows${asked}`)) as { items: Json[] };
      return [page, rowList(page.items)];
    },
  );

  for (const [what, text] of [
    ['hold', 'hold a pending job'],
    ['stop', 'stop a job that runs; activate it to go on'],
  ] as const)
    act(command(bulk, `${what} <job>`, text), async ({ call }, [id]) => {
      const job = (await call('POST', `/bulk/jobs/${id}/${what}`)) as JobAnswer;
      return [job, `job ${job.id} ${job['stopping'] === true ? 'stops' : job.state}\n`];
    });

  act(
    submits(command(bulk, 'activate <job>', 'let a job on hold go on'), false),
    async (client, [id], { wait }: SubmitOptions) => {
      const job = (await client.call('POST', `/bulk/jobs/${id}/activate`, {})) as JobAnswer;
      return wait ? follow(client, job.id) : [job, jobEnd(job)];
    },
  );
  act(
    submits(command(bulk, 'run <job>', 'run what a dry run showed'), false).option(
      '--again',
      'although an earlier job inserts the same rows with dummy MAC addresses',
    ),
    async (client, [id], { wait, again }: SubmitOptions & { again?: boolean }) => {
      const job = (await client.call('POST', `/bulk/jobs/${id}/run${again ? '?again=true' : ''}`)) as JobAnswer;
      return wait ? follow(client, job.id) : [job, jobEnd(job)];
    },
  );
  act(
    submits(command(bulk, 'undo <job>', 'take back a whole job, except what has been used since'), false).option(
      '--dry-run',
      'only show it',
    ),
    async (client, [id], { wait, dryRun }: SubmitOptions) => {
      const job = (await client.call('POST', `/bulk/jobs/${id}/undo`, dryRun ? { dryRun } : {})) as JobAnswer;
      return wait ? follow(client, job.id) : [job, jobEnd(job)];
    },
  );

  act(
    command(bulk, 'log <job>', 'print the log of a job').option('--language <language>', 'en or zh-CN', 'en'),
    async ({ octets }, [id], { language }: { language: string }) => {
      const text = (await octets('GET', `/bulk/jobs/${id}/log${query({ language })}`)).toString();
      return [{ log: text }, text];
    },
  );

  for (const [usage, text, path] of [
    [
      'result <job> [file]',
      'save the result of a job: names, and codes if you may see them',
      (id: string) => `/bulk/jobs/${id}/result.csv`,
    ],
    [
      'codes <job> [file]',
      'save the codes a job made that wait to be entered',
      (id: string) => `/bulk/activation-codes.csv?job=${id}`,
    ],
  ] as const)
    act(command(bulk, usage, text), async ({ octets }, [id, file]) =>
      printOrSave(await octets('GET', path(id!)), file),
    );

  act(
    selects(command(bulk, 'export [file]', 'save phones as CSV that can be inserted again'), false),
    async ({ octets }, [file], { search, model, pool, owner, codeState, job }: SelectOptions) =>
      printOrSave(
        await octets(
          'GET',
          `/bulk/phones.csv${query({ search, model, devicePool: pool, ownerUserId: owner, codeState, job })}`,
        ),
        file,
      ),
  );
}
