import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CloudKeys, openCloudKeys } from '../../infra/cloud/keys.ts';
import { readKeyEncryptionKeyFile } from '../../infra/crypto/key-encryption-key.ts';
import { sealer } from '../../infra/crypto/sealer.ts';
import { openDataDirectory, writeWhole } from '../../infra/data-directory/files.ts';
import { rightsOf, tooManyRights } from '../../infra/database/application-role.ts';
import { migrateCloud, type OpenCloudDatabase, openCloudDatabase } from '../../infra/database/cloud-connect.ts';
import { type Silence, watchDatabase } from '../../infra/database/silence.ts';
import { inBackground } from '../../infra/database/work-scope.ts';
import { startPostgres } from '../../infra/postgres/supervisor.ts';
import type { CloudOptions } from './options.ts';

/** Connections for everything but the answers to phones, and for those. */
const usualConnections = 10;

export interface Foundation {
  readonly url: string;
  readonly open: OpenCloudDatabase;
  readonly keys: CloudKeys;
  readonly silence: Silence;
}

/** Database, schema, keys: nothing listens before they are in order. What it opens goes onto `stack`. */
export async function layFoundation(options: CloudOptions, stack: AsyncDisposableStack): Promise<Foundation> {
  const { dataDirectory, log } = options;
  await openDataDirectory(dataDirectory);
  const { url, ownerUrl = url } = options.database ?? stack.use(await startPostgres({ directory: dataDirectory, log }));
  const applied = await migrateCloud(ownerUrl, url);
  const excess = tooManyRights(await rightsOf(url));
  if (excess !== undefined) log.warn({}, excess);
  if (applied.length > 0)
    log.info({ migrations: applied.length }, "the cloud's database schema was brought up to date");
  const silence = stack.use(watchDatabase(url));
  const open = stack.use(
    openCloudDatabase(url, {
      silence,
      max: options.database?.connections ?? usualConnections,
      onIdleError: (error) => log.debug({ err: error }, 'an idle database connection broke'),
    }),
  );
  const keyFile = options.keyFile ?? join(dataDirectory, 'kek');
  const keys = await inBackground(() =>
    openCloudKeys({
      db: open.db,
      transactions: open.transactions,
      key: options.keyEncryptionKey ?? (existsSync(keyFile) ? readKeyEncryptionKeyFile(keyFile) : undefined),
      async makeKey() {
        const key = randomBytes(32);
        await writeWhole(keyFile, `${key.toString('hex')}\n`);
        return key;
      },
      sealerOf: sealer,
    }),
  );
  return { url, open, keys, silence };
}
