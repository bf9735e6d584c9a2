import { toBase64url, utf8 } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import type { AuditLog } from '../audit-log.ts';
import { sessionExpired, signInRefused, tooBusy, tooManyGuesses } from './access-fault.ts';
import type { Digests, PasswordHasher, SessionStore, SignInStore, SignInUser } from './access-ports.ts';
import type { Guesser, GuessLimiter } from './guess-limiter.ts';
import { KnownDevices } from './known-device.ts';
import { type Caller, caller } from './permissions.ts';
import { RefusalTrail } from './refusal-trail.ts';
import { sourceGroups } from './source-network.ts';
import type { VerifiedCredentials } from './verified-credentials.ts';

export interface AccessPorts {
  readonly users: SignInStore;
  readonly sessions: SessionStore;
  readonly hasher: PasswordHasher;
  readonly limiter: GuessLimiter;
  readonly verified: VerifiedCredentials;
  readonly digests: Digests;
  readonly random: Random;
  readonly clock: Clock;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
}

export interface SignedIn {
  readonly caller: Caller;
  /** Goes into the cookie; only its hash is stored. */
  readonly token: string;
  readonly csrfToken: string;
  /** For the cookie that makes this browser a known device. */
  readonly device: string;
}

/** `soap`: the session of a program at the SOAP doors, without a CSRF token of its own. */
export type SessionKind = 'console' | 'soap';

export interface SignInRequest {
  readonly userId: string;
  readonly password: string;
  readonly source: string;
  /** The session the browser has so far; it ends. */
  readonly oldToken?: string | undefined;
  /** The token of a known device, if the browser has one. */
  readonly device?: string | undefined;
  readonly sessionKind?: SessionKind;
}

interface Guess {
  readonly password: string;
  readonly hash: string | undefined;
  readonly userId: string;
  readonly source: string;
  readonly key: string;
  readonly by: Guesser;
}

/** Half of what the queue of strangers holds. */
const mostWaitingPerSource = 8;

/** Decides who is asking. What they may do then, `permissions.ts` says. */
export class AccessService {
  readonly #ports: AccessPorts;
  readonly #checking = new Map<string, Promise<boolean>>();
  /** Passwords of strangers that wait, by source. */
  readonly #waiting = new Map<string, number>();
  readonly #devices: KnownDevices;
  /** Whoever runs this service has it told now and then, and at the end. */
  readonly refusals: RefusalTrail;

  constructor(ports: AccessPorts) {
    this.#ports = ports;
    this.refusals = new RefusalTrail(ports);
    this.#devices = new KnownDevices(ports.digests.deviceMac, ports.random, ports.clock);
  }

  /**
   * `device`: the token of a known device, if there is one; from such a device nothing that others do counts.
   * Throws AccessFault `sign_in_refused`, `too_many_guesses` or `busy`.
   */
  async withPassword(userId: string, password: string, source: string, device?: string): Promise<Caller> {
    return caller(await this.#userOf(userId, password, source, device), source);
  }

  async #userOf(userId: string, password: string, source: string, device: string | undefined): Promise<SignInUser> {
    const user = await this.#ports.users.findForSignIn(userId);
    const known = user === undefined ? undefined : this.#devices.check(device, user);
    const by: Guesser = known === undefined ? { kind: 'anywhere', address: source } : { kind: 'device', name: known };
    const right = await this.#right(user, userId, password, source, by);
    if (!right || user?.enabled !== true) throw signInRefused();
    return user;
  }

  /** Signs in and makes a new session; one the browser already had ends (no session survives a sign-in). */
  async signIn(request: SignInRequest): Promise<SignedIn> {
    const { userId, password, source, oldToken, device, sessionKind = 'console' } = request;
    const user = await this.#userOf(userId, password, source, device);
    const who = caller(user, source);
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
    return { caller: who, token, csrfToken, device: this.#devices.issue(user) };
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

  /** Whether somebody who is signed in knows the own password. Throws AccessFault `too_many_guesses`, `busy`. */
  async prove(who: Caller, password: string): Promise<boolean> {
    const user = await this.#ports.users.findForSignIn(who.userId);
    const by: Guesser = { kind: 'own', name: `${who.userUuid} ${who.actor.sourceAddress}` };
    return this.#right(user, who.userId, password, who.actor.sourceAddress, by);
  }

  /** Whether somebody's password is right, asked by a program that is signed in. Throws AccessFault `too_many_guesses`, `busy`. */
  async proveFor(program: Caller, userId: string, password: string): Promise<boolean> {
    const user = await this.#ports.users.findForSignIn(userId);
    const by: Guesser = { kind: 'application', name: program.userUuid };
    return this.#right(user, userId, password, program.actor.sourceAddress, by);
  }

  async #right(
    user: SignInUser | undefined,
    userId: string,
    password: string,
    source: string,
    by: Guesser,
  ): Promise<boolean> {
    const { verified, limiter } = this.#ports;
    const hash = user?.enabled === true ? user.passwordHash : undefined;
    const key = verified.keyFor(user?.id ?? '', password);
    if (hash !== undefined && verified.has(key, hash)) return true;
    // Many requests of one client with the same password pay for one check and count as one guess.
    const flight = `${source} ${by.kind} ${userId.toLowerCase()} ${hash ?? ''} ${key}`;
    const under = this.#checking.get(flight);
    if (under !== undefined) return under;
    const leave = this.#queue(by);
    const wait = limiter.debit(userId, by);
    if (wait !== undefined) {
      leave();
      throw tooManyGuesses(wait);
    }
    const checking = this.#verify({ password, hash, userId, source, key, by }).finally(() => {
      this.#checking.delete(flight);
      leave();
    });
    this.#checking.set(flight, checking);
    return checking;
  }

  /** Strangers from one place get a share of the queue, not the whole of it. Throws AccessFault `busy`. */
  #queue(by: Guesser): () => void {
    if (by.kind !== 'anywhere') return () => {};
    const { source } = sourceGroups(by.address);
    const waiting = (this.#waiting.get(source) ?? 0) + 1;
    if (waiting > mostWaitingPerSource) throw tooBusy();
    this.#waiting.set(source, waiting);
    return () => {
      const left = this.#waiting.get(source)! - 1;
      if (left === 0) this.#waiting.delete(source);
      else this.#waiting.set(source, left);
    };
  }

  async #verify({ password, hash, userId, source, key, by }: Guess): Promise<boolean> {
    const { hasher, limiter, verified } = this.#ports;
    let right: boolean;
    try {
      right = await hasher.verify(password, hash, by.kind === 'anywhere' ? 'stranger' : 'signed-in');
    } catch (error) {
      limiter.credit(userId, by);
      throw error;
    }
    if (right && hash !== undefined) {
      limiter.credit(userId, by);
      verified.remember(key, hash);
      return true;
    }
    await this.refusals.refused(userId, source);
    return false;
  }
}
