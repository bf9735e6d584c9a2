import { toBase64url, utf8 } from '../../kernel/bytes.ts';
import type { Random } from '../../kernel/random.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import type { AuditLog } from '../audit-log.ts';
import { sessionExpired, signInRefused, tooManyGuesses } from './access-fault.ts';
import type { Digests, PasswordHasher, SessionStore, SignInStore, SignInUser } from './access-ports.ts';
import type { GuessLimiter } from './guess-limiter.ts';
import { type Caller, caller } from './permissions.ts';
import type { VerifiedCredentials } from './verified-credentials.ts';

export interface AccessPorts {
  readonly users: SignInStore;
  readonly sessions: SessionStore;
  readonly hasher: PasswordHasher;
  readonly limiter: GuessLimiter;
  readonly verified: VerifiedCredentials;
  readonly digests: Digests;
  readonly random: Random;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
}

export interface SignedIn {
  readonly caller: Caller;
  /** Goes into the cookie; only its hash is stored. */
  readonly token: string;
  readonly csrfToken: string;
}

/** `soap`: the session of a program at the SOAP doors, without a CSRF token of its own. */
export type SessionKind = 'console' | 'soap';

export interface SignInRequest {
  readonly userId: string;
  readonly password: string;
  readonly source: string;
  /** The session the browser has so far; it ends. */
  readonly oldToken?: string | undefined;
  readonly sessionKind?: SessionKind;
}

/** Decides who is asking. What they may do then, `permissions.ts` says. */
export class AccessService {
  readonly #ports: AccessPorts;
  readonly #checking = new Map<string, Promise<boolean>>();

  constructor(ports: AccessPorts) {
    this.#ports = ports;
  }

  /** Throws AccessFault `sign_in_refused`, `too_many_guesses` or `busy`. */
  async withPassword(userId: string, password: string, source: string): Promise<Caller> {
    const user = await this.#ports.users.findForSignIn(userId);
    return caller(await this.#check(user, userId, password, source), source);
  }

  /** Signs in and makes a new session; one the browser already had ends (no session survives a sign-in). */
  async signIn({ userId, password, source, oldToken, sessionKind = 'console' }: SignInRequest): Promise<SignedIn> {
    const who = await this.withPassword(userId, password, source);
    const { random, sessions, transactions, audit } = this.#ports;
    const token = toBase64url(random.bytes(32));
    const csrfToken = toBase64url(random.bytes(24));
    await transactions.run(async (tx) => {
      if (oldToken !== undefined) await sessions.remove(tx, this.hashToken(oldToken, sessionKind));
      await sessions.insert(tx, { tokenHash: this.hashToken(token, sessionKind), userUuid: who.userUuid, csrfToken });
      await audit.append(tx, {
        actor: who.actor,
        action: 'session.opened',
        objectKind: 'user',
        objectId: who.userUuid,
        objectName: who.userId,
      });
    });
    return { caller: who, token, csrfToken };
  }

  /** Throws AccessFault `session_expired`. */
  async withSession(
    token: string,
    source: string,
    kind: SessionKind = 'console',
  ): Promise<{ caller: Caller; csrfToken: string }> {
    const session = await this.#ports.sessions.use(this.hashToken(token, kind));
    if (session === undefined) throw sessionExpired();
    return { caller: caller(session.user, source), csrfToken: session.csrfToken };
  }

  async signOut(token: string, who: Caller): Promise<void> {
    const { sessions, transactions, audit } = this.#ports;
    await transactions.run(async (tx) => {
      if (!(await sessions.remove(tx, this.hashToken(token)))) return;
      await audit.append(tx, {
        actor: who.actor,
        action: 'session.closed',
        objectKind: 'user',
        objectId: who.userUuid,
        objectName: who.userId,
      });
    });
  }

  /** What is stored of a session's token. The kind is part of it: a token of one kind is unknown to the doors of the other. */
  hashToken(token: string, kind: SessionKind = 'console'): Uint8Array {
    return this.#ports.digests.sha256(utf8(kind === 'console' ? token : `${kind} ${token}`));
  }

  async #check(user: SignInUser | undefined, userId: string, password: string, source: string): Promise<SignInUser> {
    const { verified, limiter } = this.#ports;
    const usable = user?.enabled === true ? user : undefined;
    const hash = usable?.passwordHash;
    const key = verified.keyFor(usable?.id ?? '', password);
    if (usable !== undefined && hash !== undefined && verified.has(key, hash)) return usable;
    // Many requests of one client with the same password pay for one check and count as one guess.
    const flight = `${source} ${userId.toLowerCase()} ${hash ?? ''} ${key}`;
    let checking = this.#checking.get(flight);
    if (checking === undefined) {
      const wait = limiter.debit(userId, source);
      if (wait !== undefined) throw tooManyGuesses(wait);
      checking = this.#verify(password, hash, userId, source, key).finally(() => this.#checking.delete(flight));
      this.#checking.set(flight, checking);
    }
    if (!(await checking) || usable === undefined) throw signInRefused();
    return usable;
  }

  async #verify(password: string, hash: string | undefined, userId: string, source: string, key: string) {
    const { hasher, limiter, verified } = this.#ports;
    let right: boolean;
    try {
      right = await hasher.verify(password, hash);
    } catch (error) {
      limiter.credit(userId, source);
      throw error;
    }
    if (right && hash !== undefined) {
      limiter.credit(userId, source);
      verified.remember(key, hash);
      return true;
    }
    const { transactions, audit } = this.#ports;
    await transactions.run((tx) =>
      audit.append(tx, {
        actor: { name: userId.slice(0, 128), sourceAddress: source },
        action: 'sign-in.refused',
        objectKind: 'user',
        objectName: userId.slice(0, 128),
      }),
    );
    return false;
  }
}
