import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { addApplyCommand } from './commands/apply/command.ts';
import { addAutoRegistrationCommand } from './commands/auto-registration.ts';
import { addBulkCommand } from './commands/bulk.ts';
import { addCheckConfigCommand } from './commands/check-config.ts';
import { addCloudCommand } from './commands/cloud.ts';
import { addExpresswayCommands } from './commands/expressway.ts';
import { addLabCommand } from './commands/lab.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addPhonesCommand } from './commands/phones.ts';
import { printFault } from './commands/print-fault.ts';
import { addRunCommand } from './commands/run.ts';
import { addSettingsCommand } from './commands/settings.ts';
import { addShowItlCommand } from './commands/show-itl.ts';
import { addTapsCommand } from './commands/taps.ts';
import { addVerifyAuditCommand } from './commands/verify-audit.ts';

// Halves the time until a command does something; where the directory cannot be written, Node.js goes on without.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)));

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

const program = new Command('firstring')
  .description('Onboards SIP desk phones by activation code: from the box to the first ring.')
  .version(manifest.version, '-v, --version')
  .showHelpAfterError('(--help shows what there is)');
addRunCommand(program, manifest.version);
// The phone brings the whole other side with it: loaded only when it is wanted, or named in the help.
if (process.argv[2] !== 'run') {
  const { addPhoneCommand } = await import('./phone/command.ts');
  addPhoneCommand(program);
}
addCheckConfigCommand(program);
addMigrateCommand(program);
addVerifyAuditCommand(program);
addShowItlCommand(program);
addPhonesCommand(program);
addBulkCommand(program);
addLabCommand(program);
addSettingsCommand(program);
addCloudCommand(program);
addExpresswayCommands(program);
addApplyCommand(program);
addAutoRegistrationCommand(program);
addTapsCommand(program);
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
