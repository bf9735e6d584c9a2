import type { Command } from 'commander';
import { act, command } from './phones.ts';
import { columns } from './phones-output.ts';

const shown = [
  'node',
  'startingDirectoryNumber',
  'endingDirectoryNumber',
  'on',
  'serving',
  'numbersUsed',
  'nextDirectoryNumber',
];

interface SetOptions {
  readonly start?: string;
  readonly end?: string;
  readonly enable?: boolean;
  readonly disable?: boolean;
  readonly deviceTemplate?: string;
  readonly lineTemplate?: string;
}

/** Adds `firstring auto-registration …`: who takes in phones without a record, and with which numbers. */
export function addAutoRegistrationCommand(program: Command): void {
  const parent = program
    .command('auto-registration')
    .description('show and set auto-registration of a running system, node by node');

  act(command(parent, 'show', 'show every node, and why no phone comes in if none does'), async (call) => {
    const view = await call('GET /auto-registration');
    const text = [
      `group   ${view.group ?? '-'}\n`,
      `models  ${view.models.join(', ') || '-'}\n`,
      columns(view.nodes, shown),
      ...view.problems.map(({ message, remedy }) => `${message} ${remedy}\n`),
    ];
    return [view, text.join('')];
  });

  const set = command(parent, 'set <node>', 'set the range and templates of a node')
    .option('--start <number>', 'starting directory number')
    .option('--end <number>', 'ending directory number; the same as the starting one: off')
    .option('--enable', 'clear the box "Auto-registration Disabled on this Cisco Unified Communications Manager"')
    .option('--disable', 'tick that box')
    .option('--device-template <name>', 'Universal Device Template; empty: the default one')
    .option('--line-template <name>', 'Universal Line Template; empty: the default one');
  act(set, async (call, [node], options: SetOptions) => {
    const { start, end, enable, disable, deviceTemplate, lineTemplate } = options;
    const body = {
      ...(start === undefined ? {} : { startingDirectoryNumber: start }),
      ...(end === undefined ? {} : { endingDirectoryNumber: end }),
      ...(enable || disable ? { disabled: disable === true } : {}),
      ...(deviceTemplate === undefined ? {} : { universalDeviceTemplate: deviceTemplate || null }),
      ...(lineTemplate === undefined ? {} : { universalLineTemplate: lineTemplate || null }),
    };
    const view = await call('PUT /nodes/{name}/auto-registration', { path: { name: node! }, body });
    return [view, columns([view], shown)];
  });
}
