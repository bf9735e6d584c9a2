import type { Kysely } from 'kysely';
import type { MailSetupStore } from '../../domain/mail/ports.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';

const secretName = 'smtp-password';

/** Enterprise parameters, and the sealed password among the secrets of the cluster. */
export function mailSetupStore(db: Kysely<Database>): MailSetupStore {
  return {
    async parameters() {
      const rows = await db.selectFrom('enterprise_parameter').select(['name', 'value']).execute();
      return new Map(rows.map(({ name, value }) => [name, value]));
    },

    async sealedPassword() {
      const row = await db
        .selectFrom('cluster_secret')
        .select('sealed')
        .where('name', '=', secretName)
        .executeTakeFirst();
      return row?.sealed;
    },

    async setSealedPassword(tx, plain) {
      const on = inTransaction(db, tx);
      if (plain === undefined) {
        await on.deleteFrom('cluster_secret').where('name', '=', secretName).execute();
        return;
      }
      const sealed = Buffer.from(plain);
      await on
        .insertInto('cluster_secret')
        .values({ name: secretName, sealed })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ sealed }))
        .execute();
    },
  };
}
