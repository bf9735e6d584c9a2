import { type Kysely, sql } from 'kysely';
import type { Savepoints } from '../../domain/bulk/ports.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';

/** SAVEPOINT of PostgreSQL. One at a time: they do not nest here. */
export function savepoints(db: Kysely<Database>): Savepoints {
  return {
    async within(tx, work) {
      const on = inTransaction(db, tx);
      await sql`savepoint bulk_row`.execute(on);
      try {
        const result = await work();
        await sql`release savepoint bulk_row`.execute(on);
        return result;
      } catch (error) {
        await sql`rollback to savepoint bulk_row`.execute(on);
        throw error;
      }
    },
  };
}

/** Whether PostgreSQL objected to the values of a statement: data exceptions and violated constraints, SQLSTATE classes 22 and 23. */
export function objectsToValues(error: unknown): boolean {
  return /^2[23]/.test(String((error as { code?: unknown } | null)?.code ?? ''));
}
