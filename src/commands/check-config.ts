import type { Command } from 'commander';
import { ConfigurationFault, readConfiguration } from '../infra/config/configuration.ts';

export function addCheckConfigCommand(program: Command): void {
  program
    .command('check-config')
    .description('check a configuration file and the environment, and name every wrong field')
    .argument('[file]', 'configuration file (YAML)')
    .option('--json', 'print JSON')
    .action(async (file: string | undefined, options: { json?: boolean }) => {
      const report = await check(file);
      if (options.json) {
        process.stdout.write(`${JSON.stringify(report)}\n`);
      } else {
        for (const { place, field, message } of report.problems)
          process.stdout.write(`${place}: ${field}: ${message}\n`);
        for (const warning of report.warnings) process.stdout.write(`warning: ${warning}\n`);
        if (report.ok) process.stdout.write('the configuration is good\n');
      }
      if (!report.ok) process.exitCode = 1;
    });
}

async function check(file: string | undefined) {
  try {
    const { database, warnings } = await readConfiguration({ file, environment: process.env });
    const asked = database.url === undefined ? [] : await databaseWarnings(database.url);
    return { ok: true, problems: [], warnings: [...warnings, ...asked] };
  } catch (error) {
    if (error instanceof ConfigurationFault) return { ok: false, problems: error.problems, warnings: [] };
    throw error;
  }
}

/** What is wrong with the role the program signs in as; a database that does not answer now is no mistake of the file. */
async function databaseWarnings(url: string): Promise<readonly string[]> {
  const { rightsOf, tooManyRights } = await import('../infra/database/application-role.ts');
  try {
    const excess = tooManyRights(await rightsOf(url));
    return excess === undefined ? [] : [excess];
  } catch {
    return ['database.url: the database does not answer now, so it was not looked at which rights its role has'];
  }
}
