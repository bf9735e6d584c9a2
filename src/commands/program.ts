import { Command } from 'commander';
import { addApplyCommand } from './apply/command.ts';
import { addAuditRestoredCommand } from './audit-restored.ts';
import { addAutoRegistrationCommand } from './auto-registration.ts';
import { addBulkCommand } from './bulk.ts';
import { addCheckConfigCommand } from './check-config.ts';
import { addCloudCommand } from './cloud.ts';
import { addExpresswayCommands } from './expressway.ts';
import { addLabCommand } from './lab.ts';
import { addMigrateCommand } from './migrate.ts';
import { addPhonesCommand } from './phones.ts';
import { addRotateKekCommand } from './rotate-kek.ts';
import { addRunCommand } from './run.ts';
import { addSettingsCommand } from './settings.ts';
import { addShowItlCommand } from './show-itl.ts';
import { addTapsCommand } from './taps.ts';
import { addVerifyAuditCommand } from './verify-audit.ts';

/** The command line. `withPhone: false` leaves out the command `phone`, which brings the whole other side with it. */
export async function commandLine(version: string, { withPhone = true } = {}): Promise<Command> {
  const program = new Command('firstring')
    .description('Onboards SIP desk phones by activation code: from the box to the first ring.')
    .version(version, '-v, --version')
    .showHelpAfterError('(--help shows what there is)');
  addRunCommand(program, version);
  if (withPhone) (await import('../phone/command.ts')).addPhoneCommand(program);
  addCheckConfigCommand(program);
  addMigrateCommand(program);
  addVerifyAuditCommand(program);
  addAuditRestoredCommand(program);
  addRotateKekCommand(program);
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
    .action(() => void process.stdout.write(`${version}\n`));
  return program;
}
