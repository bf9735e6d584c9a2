import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { addConfigurationOptions, type ConfigurationOptions, configurationFrom } from './configuration-options.ts';
import { withDatabaseUrl } from './with-database.ts';

interface VerifyOptions extends ConfigurationOptions {
  readonly file?: string;
  readonly publicKey?: string;
  readonly head?: { seq: number; hash: string };
  readonly heads?: readonly string[];
}

export function addVerifyAuditCommand(program: Command): void {
  addConfigurationOptions(
    program
      .command('verify-audit')
      .description('check the audit log’s chain and signatures; exits 1 when it is not intact'),
  )
    .option('--file <export>', 'an exported audit log (JSON lines) instead of the database')
    .option(
      '--public-key <pem>',
      'the key checkpoints must be signed with; without it, the one the data directory keeps',
    )
    .option('--head <seq:hash>', 'a head that was written down earlier and must still be part of the chain', readHead)
    .option(
      '--heads <directory...>',
      'directories with the audit-heads*.jsonl of further nodes; those of the data directory are read by themselves when the database is verified',
    )
    .action(async (options: VerifyOptions) => {
      const { auditReportLines, verifyAudit } = await import('../infra/audit/verify-audit.ts');
      const headFiles = await headsFrom(options);
      const key = await publicKey(options);
      const common = {
        ...(key === undefined ? {} : { publicKeyPem: key }),
        ...(options.head === undefined ? {} : { expectedHead: options.head }),
        headFiles,
      };
      const report =
        options.file === undefined
          ? await withDatabaseUrl(
              await configurationFrom(options),
              // As the owner where it is known: a database that no start has brought up to date yet is closed to the program's role.
              ({ ownerUrl: databaseUrl }) => verifyAudit({ ...common, databaseUrl }),
              { alsoWhileRunning: true },
            )
          : await verifyAudit({ ...common, file: options.file });
      if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
      else for (const line of auditReportLines(report)) process.stdout.write(`${line}\n`);
      if (!report.intact) process.exitCode = 1;
    });
}

/** An export may be verified where there is no data directory: then the key in its header must do, and the report says so. */
async function publicKey(options: VerifyOptions): Promise<string | undefined> {
  if (options.publicKey !== undefined) return readFile(options.publicKey, 'utf8');
  const { auditKeyFile } = await import('../infra/audit/signing-key.ts');
  const { dataDirectory } = await configurationFrom(options);
  return readFile(join(dataDirectory, auditKeyFile), 'utf8').catch(() => undefined);
}

/** The heads that nodes kept. An export may be older than what this data directory knows, so there only what is named counts. */
async function headsFrom({ heads = [], ...options }: VerifyOptions): Promise<(readonly string[])[]> {
  const { headFiles } = await import('../infra/audit/head-log.ts');
  const directories = options.file === undefined ? [(await configurationFrom(options)).dataDirectory, ...heads] : heads;
  return Promise.all(directories.map((directory) => headFiles(directory)));
}

function readHead(text: string): { seq: number; hash: string } {
  const match = /^(\d+):([0-9a-f]{64})$/i.exec(text);
  if (match === null) throw new InvalidArgumentError('must look like 42:<64 hex digits>');
  return { seq: Number(match[1]), hash: match[2]!.toLowerCase() };
}
