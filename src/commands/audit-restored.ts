import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { addConfigurationOptions, type ConfigurationOptions, configurationFrom } from './configuration-options.ts';
import { withDatabaseUrl } from './with-database.ts';

interface RestoredOptions extends ConfigurationOptions {
  readonly reason: string;
}

export function addAuditRestoredCommand(program: Command): void {
  addConfigurationOptions(
    program
      .command('audit-restored')
      .description(
        'state that the database was put back to an earlier state on purpose, so that this node goes on sealing the audit log; run it on each node while it is stopped',
      ),
  )
    .requiredOption('--reason <text>', 'why; it is recorded in the log of heads and in the audit log')
    .action(async (options: RestoredOptions) => {
      const { stateRestore } = await import('../infra/audit/state-restore.ts');
      const configuration = await configurationFrom(options);
      const by = `${userInfo().username} (command line)`;
      const outcome = await withDatabaseUrl(
        configuration,
        ({ ownerUrl }) =>
          stateRestore({
            databaseUrl: ownerUrl,
            directory: configuration.dataDirectory,
            node: configuration.node.name,
            by,
            reason: options.reason,
          }),
        { lockAlways: true },
      );
      if (options.json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
      else
        process.stdout.write(
          outcome.stated
            ? `recorded: the audit log goes on after event ${outcome.seq}\n`
            : `nothing to state: the table fits what this node kept (event ${outcome.seq})\n`,
        );
    });
}
