import type { Transaction } from '../../kernel/transaction.ts';
import type { ListRequest, Page, Stored } from '../settings/resource.ts';
import type { Dependency } from '../settings/setting-fault.ts';
import type { User, UserRecord } from './user.ts';

/** undefined: leave; null: take away. */
export interface SecretHashes {
  readonly passwordHash?: string | null | undefined;
  readonly pinHash?: string | null | undefined;
  /** Beside a new password: it is strong enough for administrators too. */
  readonly passwordForAdministrators?: boolean | undefined;
  /** Somebody who may not see codes made or changed the way in: codes are withheld from the user until somebody who may confirms. Absent: leave. */
  readonly accessUnconfirmed?: true | undefined;
}

export interface UserStore {
  list(request: ListRequest): Promise<Page<Stored<UserRecord>>>;
  /** By user id in any case. With `tx` the row is locked until its end. */
  find(userId: string, tx?: Transaction): Promise<Stored<UserRecord> | undefined>;
  /** Undefined: the user id is taken. */
  insert(tx: Transaction, user: User, hashes: SecretHashes): Promise<Stored<UserRecord> | undefined>;
  /** Undefined: the user id is taken. */
  update(tx: Transaction, id: string, user: User, hashes: SecretHashes): Promise<Stored<UserRecord> | undefined>;
  /** Rejects with StillReferenced. */
  remove(tx: Transaction, id: string): Promise<void>;
  /** Whether the password was strong enough for administrators when it was set. */
  passwordForAdministrators(tx: Transaction, id: string): Promise<boolean>;
  dependencies(id: string): Promise<readonly Dependency[]>;
  /** Locks and counts the enabled users with the role `super`, so that two changes at once cannot take away the last one. */
  lockAdministrators(tx: Transaction): Promise<readonly string[]>;
}
