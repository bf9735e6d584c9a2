import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { writeWhole } from '../../infra/data-directory/files.ts';
import type { NodeContext } from './context.ts';
import type { NodeDomain } from './domain.ts';

const userId = 'admin';

/**
 * Makes the first administrator where there is none, with a random password that only lies in `passwordFile` (0600). The file is written first: killed
 * in between, the next start takes the password from it.
 */
export async function ensureAdministrator(
  context: NodeContext,
  domain: NodeDomain,
  passwordFile: string,
): Promise<void> {
  const { db, transactions } = context;
  const exists = async () => {
    const { rows } = await sql`select 1 from end_user where 'super' = any (roles) limit 1`.execute(db);
    return rows.length > 0;
  };
  if (await exists()) return;
  const kept = (await readFile(passwordFile, 'utf8').catch(() => '')).trim();
  const password = kept === '' ? randomBytes(18).toString('base64url') : kept;
  if (kept === '') await writeWhole(passwordFile, `${password}\n`);
  const passwordHash = await domain.passwords.hash(password);
  await transactions.run(async (tx) => {
    const user = {
      userId,
      firstName: '',
      lastName: 'Administrator',
      mail: '',
      locale: 'en',
      roles: ['super'] as const,
      enabled: true,
    };
    const stored = await domain.usersStore.insert(tx, user, { passwordHash });
    // Another node was first; its password holds.
    if (stored === undefined) return;
    await domain.audit.append(tx, {
      actor: { name: 'system', sourceAddress: '' },
      action: 'user.created',
      objectKind: 'user',
      objectId: stored.id,
      objectName: userId,
      detail: { reason: 'first start' },
    });
  });
}
