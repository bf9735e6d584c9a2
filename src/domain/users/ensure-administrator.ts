import { toBase64url } from '../../kernel/bytes.ts';
import type { Random } from '../../kernel/random.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import type { PasswordHasher } from '../access/access-ports.ts';
import type { AuditLog } from '../audit-log.ts';
import type { UserStore } from './user-store.ts';

export const firstAdministrator = 'admin';

/**
 * Makes the first administrator when there is nobody with the role super, with a random password that is returned once and stored nowhere.
 * `password` undefined: there is an administrator already. Two nodes that start at once make one.
 */
export async function ensureAdministrator(ports: {
  readonly users: UserStore;
  readonly hasher: PasswordHasher;
  readonly random: Random;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
}): Promise<{ readonly userId: string; readonly password: string | undefined }> {
  const { users, hasher, random, transactions, audit } = ports;
  const present = async () => (await users.list({ filters: { role: 'super' }, limit: 1 })).items[0];
  const existing = await present();
  if (existing !== undefined) return { userId: existing.name, password: undefined };
  const password = toBase64url(random.bytes(18));
  const passwordHash = await hasher.hash(password);
  const made = await transactions.run(async (tx) => {
    const stored = await users.insert(
      tx,
      {
        userId: firstAdministrator,
        firstName: '',
        lastName: 'Administrator',
        mail: '',
        locale: 'en',
        roles: ['super', 'code-reveal'],
        enabled: true,
      },
      { passwordHash },
    );
    if (stored === undefined) return false;
    await audit.append(tx, {
      actor: { name: 'system', sourceAddress: '' },
      action: 'user.created',
      objectKind: 'user',
      objectId: stored.id,
      objectName: stored.name,
      detail: { why: 'first start' },
    });
    return true;
  });
  return { userId: firstAdministrator, password: made ? password : undefined };
}
