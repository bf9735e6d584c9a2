import { administratorPassword } from '../../identifiers/password-strength.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { PasswordHasher, SessionStore } from '../access/access-ports.ts';
import type { AccessService } from '../access/access-service.ts';
import { passwordRuleFor, weakPassword } from '../access/password-policy.ts';
import { type Caller, isAdministrative, type Role } from '../access/permissions.ts';
import type { AuditLog } from '../audit-log.ts';
import { differences, type ListRequest, type Page, StillReferenced, type Stored } from '../settings/resource.ts';
import { type Dependency, inUse, nameTaken, notFound, versionConflict } from '../settings/setting-fault.ts';
import type { User, UserChange, UserRecord, UserSecrets } from './user.ts';
import { UserFault } from './user-fault.ts';
import type { SecretHashes, UserStore } from './user-store.ts';

export interface UserPorts {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly hasher: PasswordHasher;
  readonly access: Pick<AccessService, 'prove'>;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
}

/** People: who they are and what they may do. Nobody gives away rights they do not hold, and one administrator always remains. */
export class UserService {
  readonly #ports: UserPorts;

  constructor(ports: UserPorts) {
    this.#ports = ports;
  }

  list(request: ListRequest): Promise<Page<Stored<UserRecord>>> {
    return this.#ports.users.list(request);
  }

  async get(userId: string): Promise<Stored<UserRecord>> {
    const found = await this.#ports.users.find(userId);
    if (found === undefined) throw notFound('user', userId, 'userId');
    return found;
  }

  async add(by: Caller, user: User, secrets: UserSecrets): Promise<Stored<UserRecord>> {
    refuseRoles(by, user.roles);
    const hashes = await this.#hash(user, secrets);
    return this.#ports.transactions.run(async (tx) => {
      const stored = await this.#ports.users.insert(tx, user, {
        ...hashes,
        ...(by.can('codes.reveal') ? {} : unconfirmed),
      });
      if (stored === undefined) throw nameTaken('user', user.userId, 'userId');
      await this.#note(tx, by, 'created', stored, { values: user, ...changedSecrets(secrets) });
      return stored;
    });
  }

  async change(
    by: Caller,
    userId: string,
    change: UserChange,
    version: number | undefined,
  ): Promise<Stored<UserRecord>> {
    const { password, pin, ...fields } = change;
    const secrets: UserSecrets = { password, pin };
    const before = await this.get(userId);
    refuseRoles(by, before.value.roles);
    const hashes = await this.#hash({ ...before.value, ...defined(fields) }, secrets);
    return this.#ports.transactions.run(async (tx) => {
      const administrators = await this.#ports.users.lockAdministrators(tx);
      const current = await this.#locked(tx, userId, version);
      refuseRoles(by, current.value.roles);
      const { hasPassword: _, hasPin: __, ...old } = current.value;
      const user: User = { ...old, ...defined(fields) };
      if (fields.roles !== undefined) refuseRoles(by, user.roles);
      const rises = user.roles.some(isAdministrative) && !old.roles.some(isAdministrative);
      if (rises && password === undefined && current.value.hasPassword)
        if (!(await this.#ports.users.passwordForAdministrators(tx, current.id))) throw unjudged(current.name);
      const changed = differences(old, user);
      if (Object.keys(changed).length === 0 && password === undefined && pin === undefined) return current;
      if (!(user.enabled && user.roles.includes('super'))) refuseLast(administrators, current.id);
      const opens = typeof password === 'string' || (changed['mail'] !== undefined && user.mail !== '');
      const mark = opens && !by.can('codes.reveal') ? unconfirmed : {};
      const stored = await this.#ports.users.update(tx, current.id, user, { ...hashes, ...mark });
      if (stored === undefined) throw nameTaken('user', user.userId, 'userId');
      // Who was signed in with what no longer holds must sign in again.
      if (password !== undefined || changed['enabled'] !== undefined)
        await this.#ports.sessions.removeAll(tx, current.id);
      await this.#note(tx, by, 'changed', stored, { changed, ...changedSecrets(secrets) });
      return stored;
    });
  }

  async remove(by: Caller, userId: string, version: number | undefined): Promise<void> {
    let removing: Stored<UserRecord> | undefined;
    try {
      await this.#ports.transactions.run(async (tx) => {
        const administrators = await this.#ports.users.lockAdministrators(tx);
        removing = await this.#locked(tx, userId, version);
        refuseRoles(by, removing.value.roles);
        refuseLast(administrators, removing.id);
        await this.#ports.users.remove(tx, removing.id);
        await this.#note(tx, by, 'deleted', removing, {});
      });
    } catch (error) {
      if (!(error instanceof StillReferenced) || removing === undefined) throw error;
      throw inUse('user', removing.name, await this.#ports.users.dependencies(removing.id));
    }
  }

  async dependencies(userId: string): Promise<readonly Dependency[]> {
    return this.#ports.users.dependencies((await this.get(userId)).id);
  }

  /** People change their own password by showing the old one. Their other sessions end. Throws AccessFault `too_many_guesses` too. */
  async changeOwnPassword(
    by: Caller,
    current: string,
    wanted: string,
    keepSession: Uint8Array | undefined,
  ): Promise<void> {
    const { users, access, transactions, sessions } = this.#ports;
    if (!(await access.prove(by, current)))
      throw new UserFault('caller', say('wrong_password'), { field: 'currentPassword' });
    const self = await this.get(by.userId);
    const hashes = await this.#hash(self.value, { password: wanted }, 'newPassword');
    await transactions.run(async (tx) => {
      const locked = await this.#locked(tx, by.userId, undefined);
      const { hasPassword: _, hasPin: __, ...user } = locked.value;
      const stored = await users.update(tx, locked.id, user, hashes);
      await sessions.removeAll(tx, locked.id, keepSession);
      await this.#note(tx, by, 'changed', stored ?? locked, { changed: {}, password: 'changed' });
    });
  }

  async changeOwnLocale(by: Caller, locale: string): Promise<void> {
    await this.#ports.transactions.run(async (tx) => {
      const current = await this.#locked(tx, by.userId, undefined);
      const { hasPassword: _, hasPin: __, ...user } = current.value;
      if (user.locale === locale) return;
      const stored = await this.#ports.users.update(tx, current.id, { ...user, locale }, {});
      await this.#note(tx, by, 'changed', stored ?? current, { changed: { locale: [user.locale, locale] } });
    });
  }

  async #locked(tx: Transaction, userId: string, version: number | undefined): Promise<Stored<UserRecord>> {
    const current = await this.#ports.users.find(userId, tx);
    if (current === undefined) throw notFound('user', userId, 'userId');
    if (version !== undefined && current.version !== version) throw versionConflict('user', userId, current.version);
    return current;
  }

  async #hash(user: User, secrets: UserSecrets, field = 'password'): Promise<SecretHashes> {
    const { password, pin } = secrets;
    const judged = typeof password === 'string' ? await this.#judge(password, user, field) : {};
    return {
      ...judged,
      passwordHash: typeof password === 'string' ? await this.#ports.hasher.hash(password) : password,
      pinHash: typeof pin === 'string' ? await this.#ports.hasher.hash(pin) : pin,
    };
  }

  async #judge(password: string, user: User, field: string): Promise<SecretHashes> {
    const { hasher } = this.#ports;
    const about = [user.userId, user.firstName, user.lastName, user.mail];
    const weak = await weakPassword(hasher, passwordRuleFor(user.roles), password, about);
    if (weak !== undefined) throw new UserFault('caller', weak, { field });
    if (user.roles.some(isAdministrative)) return { passwordForAdministrators: true };
    const forAdministrators = await weakPassword(hasher, administratorPassword, password, about);
    return { passwordForAdministrators: forAdministrators === undefined };
  }

  #note(tx: Transaction, by: Caller, done: string, stored: Stored<UserRecord>, detail: Record<string, unknown>) {
    return this.#ports.audit.append(tx, {
      actor: by.actor,
      action: `user.${done}`,
      objectKind: 'user',
      objectId: stored.id,
      objectName: stored.name,
      detail,
    });
  }
}

/** Whoever knows the password, or reads the mailbox, would see codes: a PIN opens no Self Care and shows none. */
const unconfirmed = { accessUnconfirmed: true } as const;

/** Only `super` deals with people and roles that reach beyond their own phones. */
function refuseRoles(by: Caller, held: readonly Role[]): void {
  const beyond = held.filter(isAdministrative);
  if (beyond.length > 0 && !by.roles.includes('super'))
    throw new UserFault('policy', say('role_not_allowed', { roles: beyond.join(', ') }), { field: 'roles' });
}

function refuseLast(administrators: readonly string[], id: string): void {
  if (administrators.length === 1 && administrators[0] === id) throw new UserFault('policy', say('last_administrator'));
}

/** Only a hash is kept: whether a password is good enough for a role is known when it is set, and never again. */
const unjudged = (userId: string) =>
  new UserFault('caller', say('weak_password.before', { user: userId, shortest: administratorPassword.shortest }), {
    field: 'password',
  });

const changedSecrets = ({ password, pin }: UserSecrets) => ({
  ...(password === undefined ? {} : { password: password === null ? 'removed' : 'changed' }),
  ...(pin === undefined ? {} : { pin: pin === null ? 'removed' : 'changed' }),
});

function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
