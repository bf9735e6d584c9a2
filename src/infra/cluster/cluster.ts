import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Sealer } from '../../domain/ports.ts';
import { utf8 } from '../../kernel/bytes.ts';
import { Fault } from '../../kernel/errors.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import { type KeptKeys, keptKeys } from '../crypto/kept-keys.ts';
import { inTransaction } from '../database/connect.ts';
import type { Database } from '../database/schema.ts';

/** The key-encryption key and the database do not belong together. */
export class ClusterFault extends Fault<'key_encryption_key_missing' | 'key_encryption_key_wrong'> {}

export interface ClusterOptions {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  /** Undefined: there is no key yet; `makeKey` makes one, but only for a database that has none either. */
  readonly key: Uint8Array | undefined;
  readonly makeKey: () => Promise<Uint8Array>;
  readonly sealerOf: (key: Uint8Array) => Sealer;
}

export interface Cluster {
  readonly id: string;
  /** What the handshake calls das_id. */
  readonly dasId: string;
  readonly key: Uint8Array;
  readonly sealer: Sealer;
  /** Derived from the first key-encryption key; a change of the key leaves them. */
  readonly keptKeys: KeptKeys;
}

const proof = 'kek-check';
const lockKey = 0x6672_636c;

/**
 * Opens the cluster of this database, founding it in an empty one. Throws ClusterFault when the key is missing or another one, before anything
 * sealed is touched.
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  return options.transactions.run(async (tx) => {
    const db = inTransaction(options.db, tx);
    await sql`select pg_advisory_xact_lock(${lockKey})`.execute(db);
    const sealed = await db.selectFrom('cluster_secret').select('sealed').where('name', '=', proof).executeTakeFirst();
    const founded = sealed !== undefined;
    if (options.key === undefined && founded) {
      throw new ClusterFault(
        'caller',
        'key_encryption_key_missing',
        'the database holds sealed secrets, but there is no key-encryption key',
        {
          remedy: 'Put the key file back (kek in the data directory it was made in), or set FIRSTRING_KEK.',
        },
      );
    }
    const key = options.key ?? (await options.makeKey());
    const sealer = options.sealerOf(key);
    if (founded) {
      try {
        sealer.open(proof, sealed.sealed);
      } catch (error) {
        throw new ClusterFault(
          'caller',
          'key_encryption_key_wrong',
          'the key-encryption key is not the one this database was sealed with',
          {
            remedy:
              'Use the key file this cluster was founded with, or the one rotate-kek made last; all its nodes share one key. A rotate-kek that was cut off is finished by running it again.',
            cause: error,
          },
        );
      }
    } else {
      await db
        .insertInto('cluster_secret')
        .values({ name: proof, sealed: Buffer.from(sealer.seal(proof, utf8('firstring'))) })
        .execute();
    }
    await db
      .insertInto('cluster')
      .values({ das_id: `das-${randomBytes(8).toString('hex')}` })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const { id, das_id } = await db.selectFrom('cluster').select(['id', 'das_id']).executeTakeFirstOrThrow();
    const secrets = await db.selectFrom('cluster_secret').select(['name', 'sealed']).execute();
    const stored = new Map(secrets.map((each) => [each.name, each.sealed]));
    return { id, dasId: das_id, key, sealer, keptKeys: keptKeys(key, sealer, stored) };
  });
}
