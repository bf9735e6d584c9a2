import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Configuration } from '../infra/config/configuration.ts';
import { Fault } from '../kernel/errors.ts';
import { addConfigurationOptions, type ConfigurationOptions, configurationFrom } from './configuration-options.ts';
import { withDatabaseUrl } from './with-database.ts';

export function addRotateKekCommand(program: Command): void {
  addConfigurationOptions(
    program
      .command('rotate-kek')
      .description(
        'make a new key-encryption key and seal every secret of the database under it, in one transaction; every node must be stopped',
      ),
  ).action(async (options: ConfigurationOptions) => {
    const configuration = await configurationFrom(options);
    const outcome = await withDatabaseUrl(configuration, ({ ownerUrl }) => rotate(configuration, ownerUrl), {
      lockAlways: true,
    });
    const text =
      outcome.values === undefined
        ? 'an earlier run had come so far that only the file was left to be put in place'
        : `sealed ${outcome.values} values anew`;
    process.stdout.write(
      options.json
        ? `${JSON.stringify(outcome)}\n`
        : `${text}\nthe new key is in ${outcome.file}: give it to every node and back it up; the old one is in ${outcome.old}, for backups of the database made until now\n`,
    );
  });
}

/** A run that was cut off is finished by the next: the new key lies beside the old one before anything is sealed under it. */
async function rotate(configuration: Configuration, ownerUrl: string) {
  const { createKeyEncryptionKeyFile, keyId, readKeyEncryptionKeyFile } = await import(
    '../infra/crypto/key-encryption-key.ts'
  );
  const { sealer } = await import('../infra/crypto/sealer.ts');
  const { readSecrets, rewrap } = await import('../infra/database/rewrap.ts');
  const { keptKeys } = await import('../infra/crypto/kept-keys.ts');
  const { file, value } = configuration.kek;
  if (value !== undefined)
    throw new Fault(
      'caller',
      'key_in_environment',
      'the key-encryption key comes from FIRSTRING_KEK, which cannot be changed from here',
      {
        remedy: 'Write it to a file (0600), set kek.file to it instead, and run the command again.',
      },
    );
  const next = `${file}.new`;
  const oldKey = readKeyEncryptionKeyFile(file);
  const newKey = existsSync(next) ? readKeyEncryptionKeyFile(next) : createKeyEncryptionKeyFile(next);
  const old = `${file}.old-${Buffer.from(keyId(oldKey)).toString('hex')}`;
  const secrets = await readSecrets(ownerUrl, configuration.role === 'cloud');
  const to = sealer(newKey);
  const proof = secrets.get('kek-check');
  const done = proof !== undefined && opens(() => to.open('kek-check', proof));
  const from = sealer(oldKey);
  const values = done
    ? undefined
    : await rewrap({
        ownerUrl,
        from,
        to,
        alone: configuration.database.url === undefined,
        ...(configuration.role === 'cloud' ? {} : { kept: keptKeys(oldKey, from, secrets) }),
      });
  await rename(file, old);
  await rename(next, file);
  return { values, file, old };
}

function opens(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
