import type { Command } from 'commander';
import { addConfigurationOptions, type ConfigurationOptions, configurationFrom } from './configuration-options.ts';
import { withDatabaseUrl } from './with-database.ts';

export function addMigrateCommand(program: Command): void {
  addConfigurationOptions(
    program.command('migrate').description('bring the database schema up to date and end'),
  ).action(async (options: ConfigurationOptions) => {
    const { migrate } = await import('../infra/database/migrate.ts');
    const applied = await withDatabaseUrl(await configurationFrom(options), ({ url, ownerUrl }) =>
      migrate(ownerUrl, undefined, { applicationUrl: url }),
    );
    process.stdout.write(
      applied.length === 0 ? 'nothing to do\n' : `${applied.map((name) => `applied ${name}\n`).join('')}`,
    );
  });
}
