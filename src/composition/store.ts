import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Configuration } from '../infra/config/configuration.ts';
import { parseKeyEncryptionKey, readKeyEncryptionKeyFile } from '../infra/crypto/key-encryption-key.ts';
import { writeWhole } from '../infra/data-directory/files.ts';
import { waitForDatabase } from '../infra/database/connect.ts';
import { startPostgres } from '../infra/postgres/supervisor.ts';
import type { ProcessParts } from './process.ts';

/** Connections of the cloud beside a cluster: its pool, LISTEN, migrations. */
const cloudConnections = 20;

/** Where the database is, for the program and for the owner of its schema. */
export interface StoreUrls {
  readonly url: string;
  readonly ownerUrl: string;
}

/** Of the external database once it answers, or of the embedded one. */
export async function openStore({ configuration, log, signal, stack }: ProcessParts): Promise<StoreUrls> {
  const { url, migrationUrl, connections } = configuration.database;
  if (url !== undefined) {
    await waitForDatabase(url, { log, signal });
    return { url, ownerUrl: migrationUrl ?? url };
  }
  const threads = configuration.das.threads === 0 ? availableParallelism() : configuration.das.threads;
  // Those of the activation threads, of LISTEN, the job runner and commands come on top.
  const most = connections + threads * 8 + 30 + (configuration.mra.enabled ? cloudConnections : 0);
  const settings = { max_connections: String(most) };
  return stack.use(await startPostgres({ directory: configuration.dataDirectory, log, settings }));
}

/** Undefined: there is none yet. */
export function keyEncryptionKey({ kek: { file, mounted, value } }: Configuration): Uint8Array | undefined {
  if (value !== undefined) return parseKeyEncryptionKey(value, 'FIRSTRING_KEK');
  return existsSync(file) ? readKeyEncryptionKeyFile(file, { mounted }) : undefined;
}

export async function makeKeyEncryptionKey({ kek }: Configuration): Promise<Uint8Array> {
  const key = randomBytes(32);
  await writeWhole(kek.file, `${key.toString('hex')}\n`);
  return key;
}
