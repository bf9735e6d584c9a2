import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionStore, SignInUser } from '../../domain/access/access-ports.ts';
import { AccessService } from '../../domain/access/access-service.ts';
import { GuessLimiter } from '../../domain/access/guess-limiter.ts';
import { weakPassword } from '../../domain/access/password-policy.ts';
import type { Caller } from '../../domain/access/permissions.ts';
import { VerifiedCredentials } from '../../domain/access/verified-credentials.ts';
import { EdgeFault } from '../../domain/edge/edge-fault.ts';
import type { AuditEntry } from '../../domain/ports.ts';
import { administratorPassword } from '../../identifiers/password-strength.ts';
import { toHex } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { keepRefusalsTold } from '../audit/refusal-upkeep.ts';
import { systemRandom } from '../crypto/random.ts';
import { writeWhole } from '../data-directory/files.ts';
import { PasswordPool, type PasswordPoolOptions } from '../passwords/password-pool.ts';
import { openStateFile, type StateFile } from './state-file.ts';

interface Account {
  readonly id: string;
  readonly passwordHash: string;
}

const userId = 'admin';
const idle = 30 * 60_000;
const longest = 12 * 3600_000;
const mostSessions = 200;

export interface ConsoleAccess extends AsyncDisposable {
  readonly access: AccessService;
  /** False: the current one is wrong. Ends every session. Throws AccessFault `too_many_guesses`, `busy`. */
  changePassword(who: Caller, current: string, next: string): Promise<boolean>;
  audit(entry: AuditEntry): Promise<void>;
}

/**
 * The one administrator of a host without a database: the same rules of signing in as everywhere (src/domain/access), a password hash in a file, sessions
 * in memory, and an audit log that is only ever added to. The first password is random and lies in `passwordFile` (0600).
 */
export async function openConsoleAccess(options: {
  readonly directory: string;
  readonly passwordFile: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly passwords?: PasswordPoolOptions | undefined;
}): Promise<ConsoleAccess> {
  const { directory, passwordFile, clock, log } = options;
  const pool = new PasswordPool(options.passwords);
  const file = await openStateFile<Account | null>(join(directory, 'console.json'), null, isAccount);
  // The slow hash of the first password is not waited for: nobody has read it yet.
  const account = file.value === null ? makeAccount(file, passwordFile, pool) : Promise.resolve(file.value);
  let stopped = false;
  account.catch((error: unknown) => {
    // A stop in between is no failure: the next start takes the password from its file.
    if (!stopped) log.error({ err: error }, 'the first password of this console could not be made');
  });
  const user = async (): Promise<SignInUser> => {
    const { id, passwordHash } = file.value ?? (await account);
    return { id, userId, roles: ['super'], enabled: true, passwordHash };
  };
  const auditFile = join(directory, 'audit.jsonl');
  const audit = async (entry: AuditEntry) => {
    const line = JSON.stringify({ at: new Date(clock.now()).toISOString(), ...entry });
    log.info({ ...entry, actor: entry.actor.name, source: entry.actor.sourceAddress }, `audit: ${entry.action}`);
    await appendFile(auditFile, `${line}\n`, { mode: 0o600 });
  };
  const sessions = new MemorySessions(clock);
  const key = randomBytes(32);
  const deviceKey = Buffer.from(await keptKey(join(directory, 'known-devices.json')), 'hex');
  const access = new AccessService({
    users: { findForSignIn: async (id) => (id.toLowerCase() === userId ? await user() : undefined) },
    sessions,
    hasher: pool,
    limiter: new GuessLimiter(clock),
    verified: new VerifiedCredentials((bytes) => createHmac('sha256', key).update(bytes).digest(), clock),
    digests: {
      sha256: (bytes) => createHash('sha256').update(bytes).digest(),
      processMac: (bytes) => createHmac('sha256', key).update(bytes).digest(),
      deviceMac: (bytes) => createHmac('sha256', deviceKey).update(bytes).digest(),
    },
    random: systemRandom,
    clock,
    transactions: { run: (work) => work({} as Transaction) },
    audit: { append: (_tx, entry) => audit(entry) },
  });
  const refusals = keepRefusalsTold(access.refusals, log);
  return {
    access,
    audit,
    async changePassword(who, current, next) {
      const now = await user();
      if (!(await access.prove(who, current))) return false;
      const weak = await weakPassword(pool, administratorPassword, next, [userId]);
      if (weak !== undefined) throw new EdgeFault('caller', weak, { field: 'password' });
      const passwordHash = await pool.hash(next);
      await file.change(() => ({ id: now.id, passwordHash }));
      sessions.clear();
      await audit({
        actor: who.actor,
        action: 'user.password-changed',
        objectKind: 'user',
        objectName: userId,
      });
      return true;
    },
    async [Symbol.asyncDispose]() {
      stopped = true;
      await refusals[Symbol.asyncDispose]();
      await pool[Symbol.asyncDispose]();
    },
  };
}

/** A random key that survives a restart, in hex. */
async function keptKey(path: string): Promise<string> {
  const fits = (value: unknown): value is { key: string } | null =>
    value === null || /^[0-9a-f]{64}$/.test(String((value as { key?: unknown }).key));
  const file = await openStateFile<{ key: string } | null>(path, null, fits);
  const { key } = (await file.change((now) => now ?? { key: randomBytes(32).toString('hex') }))!;
  return key;
}

/** The password's file is written first: killed in between, the next start takes it from there. */
async function makeAccount(
  file: StateFile<Account | null>,
  passwordFile: string,
  pool: PasswordPool,
): Promise<Account> {
  const kept = (await readFile(passwordFile, 'utf8').catch(() => '')).trim();
  const password = kept === '' ? randomBytes(18).toString('base64url') : kept;
  if (kept === '') await writeWhole(passwordFile, `${password}\n`);
  const account = { id: randomUUID(), passwordHash: await pool.hash(password) };
  await file.change(() => account);
  return account;
}

class MemorySessions implements SessionStore {
  readonly #clock: Clock;
  readonly #open = new Map<string, { userUuid: string; csrfToken: string; since: number; used: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async insert(
    _tx: Transaction,
    session: { tokenHash: Uint8Array; userUuid: string; csrfToken: string },
  ): Promise<void> {
    const now = this.#clock.now();
    await this.removeExpired();
    for (const oldest of this.#open.keys()) {
      if (this.#open.size < mostSessions) break;
      this.#open.delete(oldest);
    }
    this.#open.set(toHex(session.tokenHash), {
      userUuid: session.userUuid,
      csrfToken: session.csrfToken,
      since: now,
      used: now,
    });
  }

  async use(tokenHash: Uint8Array) {
    const name = toHex(tokenHash);
    const session = this.#open.get(name);
    if (session === undefined || this.#over(session)) {
      this.#open.delete(name);
      return undefined;
    }
    session.used = this.#clock.now();
    return { user: { id: session.userUuid, userId, roles: ['super'] }, csrfToken: session.csrfToken };
  }

  async remove(_tx: Transaction, tokenHash: Uint8Array): Promise<boolean> {
    return this.#open.delete(toHex(tokenHash));
  }

  async removeAll(): Promise<void> {
    this.clear();
  }

  async removeExpired(): Promise<number> {
    let removed = 0;
    for (const [name, session] of this.#open) {
      if (!this.#over(session)) continue;
      this.#open.delete(name);
      removed++;
    }
    return removed;
  }

  clear(): void {
    this.#open.clear();
  }

  #over({ since, used }: { since: number; used: number }): boolean {
    const now = this.#clock.now();
    return now - used > idle || now - since > longest;
  }
}

function isAccount(value: unknown): value is Account | null {
  const account = value as Account | null;
  return account === null || (typeof account?.id === 'string' && typeof account.passwordHash === 'string');
}
