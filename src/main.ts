import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addCheckConfigCommand } from './commands/check-config.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { printFault } from './commands/print-fault.ts';
import { addRunCommand } from './commands/run.ts';
import { addPhoneCommand } from './phone/command.ts';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

const program = new Command('firstring')
  .description('Onboards SIP desk phones by activation code: from the box to the first ring.')
  .version(manifest.version, '-v, --version')
  .showHelpAfterError('(--help shows what there is)');
addRunCommand(program, manifest.version);
addCheckConfigCommand(program);
addMigrateCommand(program);
addPhoneCommand(program);
program
  .command('version')
  .description('print the version')
  .action(() => void process.stdout.write(`${manifest.version}\n`));

try {
  await program.parseAsync();
} catch (error) {
  printFault(error);
  process.exitCode = 1;
}
