import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { sql } from 'kysely';
import { writeWhole } from '../../infra/data-directory/files.ts';
import type { NodeContext } from './context.ts';
import type { NodeDomain } from './domain.ts';

const userId = 'admin';

/**
 * Makes the first administrator where there is none, with a random password that only lies in `passwordFile` (0600). The file is written first: killed
 * in between, the next start takes the password from it. Of nodes that start at once on an empty database one makes it, and only that one keeps a file.
 */
export async function ensureAdministrator(
  context: NodeContext,
  domain: NodeDomain,
  passwordFile: string,
): Promise<void> {
  const { db, transactions } = context;
  const { rows } = await sql`select 1 from end_user where 'super' = any (roles) limit 1`.execute(db);
  if (rows.length > 0) return;
  const kept = (await readFile(passwordFile, 'utf8').catch(() => '')).trim();
  const password = kept === '' ? randomBytes(18).toString('base64url') : kept;
  if (kept === '') await writeWhole(passwordFile, `${password}\n`);
  const passwordHash = await domain.passwords.hash(password);
  const made = await transactions.run(async (tx) => {
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
    if (stored === undefined) return false;
    await domain.audit.append(tx, {
      actor: { name: 'system', sourceAddress: '' },
      action: 'user.created',
      objectKind: 'user',
      objectId: stored.id,
      objectName: userId,
      detail: { reason: 'first start' },
    });
    return true;
  });
  // Another node was first: its password holds, and a file with another one would only mislead.
  if (!made) await rm(passwordFile, { force: true });
}
