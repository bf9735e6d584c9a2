import type { Command } from 'commander';
import { act, command } from './phones.ts';
import { columns } from './phones-output.ts';

const shown = [
  'startedAt',
  'node',
  'deviceName',
  'autoDirectoryNumber',
  'directoryNumber',
  'preparedName',
  'outcome',
  'reason',
];

/** Adds `firstring taps …`: how TAPS is set up, and who called it. */
export function addTapsCommand(program: Command): void {
  const parent = program
    .command('taps')
    .description('show how TAPS is set up and who called it; its settings are service parameters of "TAPS Service"');

  act(command(parent, 'show', 'show the setup, and why TAPS does not work if it does not'), async (call) => {
    const view = await call('GET /taps');
    const { directoryNumber, secured, locales, ports, preparedPhones, autoRegisteredPhones, nodes, problems } = view;
    const text = [
      `number           ${directoryNumber ?? '-'}\n`,
      `secured          ${secured ? 'yes' : 'no'}\n`,
      `prompts          ${locales.join(', ')}\n`,
      `ports a node     ${ports}\n`,
      `prepared         ${preparedPhones}\n`,
      `auto-registered  ${autoRegisteredPhones}\n`,
      columns(nodes, ['node', 'activated', 'up', 'openSessions']),
      ...problems.map(({ message, remedy }) => `${message} ${remedy}\n`),
    ];
    return [view, text.join('')];
  });

  act(
    command(parent, 'sessions', 'list calls, latest first')
      .option('--outcome <outcome>', 'open, mapped, refused or abandoned')
      .option('--search <text>', 'part of a device name or number')
      .option('--limit <n>', 'how many', '50'),
    async (
      call,
      _,
      {
        outcome,
        search,
        limit,
      }: {
        readonly outcome?: 'open' | 'mapped' | 'refused' | 'abandoned';
        readonly search?: string;
        readonly limit: string;
      },
    ) => {
      const page = await call('GET /taps/sessions', { query: { outcome, search, limit } });
      return [page, columns(page.items, shown)];
    },
  );
}
