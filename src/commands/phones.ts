import type { Command } from 'commander';
import type { UnifiedCm } from '../contract/client/client.ts';
import { columns, describePhone, describeTimeline, lineOf, list } from './phones-output.ts';
import { openRest, type Rest } from './rest.ts';

interface SystemOptions {
  readonly dataDir: string;
  readonly url?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly ca?: string;
  readonly json?: boolean;
}

interface PhoneFields {
  readonly mac?: string;
  readonly clearMac?: boolean;
  readonly description?: string;
  readonly owner?: string;
  readonly line?: readonly string[];
  readonly pool?: string;
  readonly requireCode?: boolean;
  readonly allowMra?: boolean;
}

/** What a list of phones is narrowed by; the system refuses what it does not know. */
export interface FilterOptions {
  readonly search?: string;
  readonly model?: string;
  readonly pool?: string;
  readonly owner?: string;
  readonly codeState?: 'active' | 'expired' | 'locked' | 'none';
}

/** Adds `firstring phones …`: a thin client of the REST API of a running system. */
export function addPhonesCommand(program: Command): void {
  const phones = program
    .command('phones')
    .description('add, list, show, change and delete phones of a running system, and their activation codes');

  const add = fields(command(phones, 'add <model>', 'add a phone; prints its name'))
    .option('--from-template [name]', 'use a Universal Device Template')
    .option('--line-template <name>', 'Universal Line Template of new lines');
  act(add, async (call, [model], options: PhoneFields & { fromTemplate?: string | true; lineTemplate?: string }) => {
    const body = { model: model!, ...bodyOf(options) };
    const template = typeof options.fromTemplate === 'string' ? { deviceTemplate: options.fromTemplate } : {};
    const lineTemplate = options.lineTemplate === undefined ? {} : { lineTemplate: options.lineTemplate };
    const phone =
      options.fromTemplate === undefined
        ? await call('POST /phones', { body })
        : await call('POST /phones/from-template', { body: { ...body, ...template, ...lineTemplate } });
    return [phone, `${phone.name}\n`];
  });

  const find = command(phones, 'list', 'list phones')
    .option('--search <text>', 'part of a name, description or owner, or a directory number')
    .option('--model <model>', 'only this model')
    .option('--pool <name>', 'only this device pool')
    .option('--owner <user>', 'only phones of this user')
    .option('--code-state <state>', 'active, expired, locked or none')
    .option('--registered', 'only phones that are registered')
    .option('--not-registered', 'only phones that are not')
    .option('--limit <n>', 'how many', '50');
  act(
    find,
    async (
      call,
      _,
      options: FilterOptions & {
        readonly registered?: boolean;
        readonly notRegistered?: boolean;
        readonly limit: string;
      },
    ) => {
      const registered = options.registered ? true : options.notRegistered ? false : undefined;
      const { search, model, pool, owner, codeState, limit } = options;
      const query = { search, model, devicePool: pool, ownerUserId: owner, codeState, registered, limit };
      const page = await call('GET /phones', { query });
      return [page, list(page.items, page.total)];
    },
  );

  act(command(phones, 'show <name>', 'show a phone'), async (call, [name]) => {
    const phone = await call('GET /phones/{name}', { path: { name: name! } });
    return [phone, describePhone(phone)];
  });

  act(
    fields(command(phones, 'change <name>', 'change a phone; prints the name it has now'))
      .option('--clear-mac', 'back to BAT: any phone of the model can be activated')
      .option('--no-require-code', 'release the code and unlock the phone'),
    async (call, [name], options: PhoneFields) => {
      const phone = await call('PATCH /phones/{name}', { path: { name: name! }, body: bodyOf(options) });
      return [phone, `${phone.name}\n`];
    },
  );

  act(
    command(
      phones,
      'replace <name>',
      'replace a broken phone: clears its MAC address and makes a code; prints the name it has now',
    ),
    async (call, [name]) => {
      const phone = await call('POST /phones/{name}/replace', { path: { name: name! } });
      return [phone, `${phone.name}\n`];
    },
  );

  act(
    command(phones, 'delete <name>', 'delete a phone').option(
      '--remove-unused-lines',
      'also the lines no other phone has',
    ),
    async (call, [name], options: { removeUnusedLines?: boolean }) => {
      const removeUnusedLines = options.removeUnusedLines || undefined;
      await call('DELETE /phones/{name}', { path: { name: name! }, query: { removeUnusedLines } });
      return [{ deleted: name }, ''];
    },
  );

  for (const action of ['reset', 'restart'] as const)
    act(command(phones, `${action} <name>`, `${action} a phone`), async (call, [name]) => {
      const answer = await call(`POST /phones/{name}/${action}`, { path: { name: name! } });
      return [
        answer,
        answer.registered ? `${action} requested\n` : 'the phone is not registered: it cannot be reached\n',
      ];
    });

  act(
    command(phones, 'code <name>', 'show the activation code of a phone')
      .option('--generate', 'make a new one')
      .option('--release', 'release it'),
    async (call, [name], options: { generate?: boolean; release?: boolean }) => {
      const path = { name: name! };
      if (options.release) await call('DELETE /phones/{name}/activation-code', { path });
      if (options.release && !options.generate) return [{ released: name }, ''];
      const code = await call(`${options.generate ? 'POST' : 'GET'} /phones/{name}/activation-code`, { path });
      return [code, `${code.formatted}\n`];
    },
  );

  act(command(phones, 'codes', 'list outstanding activation codes, without their digits'), async (call) => {
    const page = await call('GET /activation-codes', { query: { limit: 500 } });
    return [page, columns(page.items, ['name', 'model', 'ownerUserId', 'state', 'expiresAt'])];
  });

  act(
    command(phones, 'timeline <name-or-mac>', 'show what a phone went through, and what to do'),
    async (call, [name]) => {
      const timeline = /^(SEP|BAT)/i.test(name!)
        ? await call('GET /phones/{name}/timeline', { path: { name: name! } })
        : await call('GET /timeline', { query: { mac: name! } });
      return [timeline, describeTimeline(timeline.attempts)];
    },
  );

  act(command(phones, 'registrations', 'list phones that are registered now'), async (call) => {
    const page = await call('GET /registrations', { query: { limit: 500 } });
    return [
      page,
      columns(page.items, [
        'deviceName',
        'model',
        'node',
        'transport',
        'sourceAddress',
        'directoryNumbers',
        'refreshedAt',
      ]),
    ];
  });
}

/** A command that talks to a running system. */
export function command(parent: Command, usage: string, description: string): Command {
  return parent
    .command(usage)
    .description(description)
    .option(
      '-d, --data-dir <directory>',
      'data directory of the running system',
      process.env['FIRSTRING_DATA_DIR'] ?? 'data',
    )
    .option('--url <url>', 'another system, e.g. https://unified-cm.example.org:8443')
    .option('--user <user>', 'who asks')
    .option('--password-file <file>', 'file with the password')
    .option('--ca <file>', 'certificate authority to trust (PEM)')
    .option('--json', 'the whole answer as JSON');
}

function fields(to: Command): Command {
  return to
    .option('--mac <mac>', 'MAC address: the code fits this phone only')
    .option('--description <text>', 'what people call it')
    .option('--owner <user>', 'user id of the owner')
    .option(
      '--line <number[@partition]>',
      'a line; may be repeated',
      (value: string, before: readonly string[] = []) => [...before, value],
    )
    .option('--pool <name>', 'device pool')
    .option('--require-code', 'requires an activation code for onboarding')
    .option('--allow-mra', 'allow the activation code via MRA');
}

/** `work` gives what REST answered and how a person reads it. */
export function act<O>(
  on: Command,
  work: (
    call: Rest<UnifiedCm>['call'],
    given: readonly (string | undefined)[],
    options: O,
    request: Rest<UnifiedCm>['request'],
  ) => Promise<readonly [unknown, string]>,
): void {
  on.action(async (...all: unknown[]) => {
    const options = all.at(-2) as O & SystemOptions;
    const { findSystem } = await import('../infra/remote/remote-system.ts');
    using rest = await openRest<UnifiedCm>(await findSystem(options));
    const [answer, text] = await work(rest.call, all.slice(0, -2) as string[], options, rest.request);
    process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : text);
  });
}

function bodyOf(options: PhoneFields) {
  return {
    ...(options.clearMac ? { mac: null } : options.mac === undefined ? {} : { mac: options.mac }),
    ...(options.description === undefined ? {} : { description: options.description }),
    ...(options.owner === undefined ? {} : { ownerUserId: options.owner }),
    ...(options.line === undefined ? {} : { lines: options.line.map(lineOf) }),
    ...(options.pool === undefined ? {} : { devicePool: options.pool }),
    ...(options.requireCode === undefined ? {} : { requiresActivationCode: options.requireCode }),
    ...(options.allowMra === undefined ? {} : { allowActivationCodeViaMra: options.allowMra }),
  };
}
