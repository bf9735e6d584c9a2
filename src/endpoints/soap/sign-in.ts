import type { AccessService } from '../../domain/access/access-service.ts';
import type { Caller } from '../../domain/access/permissions.ts';
import { Fault } from '../../kernel/errors.ts';
import { cookiesOf, readBasic } from './credentials.ts';

/** The cookie that replaces Authorization while the session lives (30 idle minutes). */
export const sessionCookie = 'JSESSIONIDSSO';

export interface SoapIdentity {
  readonly caller: Caller;
  /** Set-Cookie values to send; empty when the request came with a session. */
  readonly cookies: readonly string[];
}

interface Request {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  readonly source: string;
}

/** A session made for a Basic request serves that user's next ones too for this long. In ms. */
const sharedFor = 60_000;
const mostShared = 1_000;

/**
 * HTTP Basic with every request, or the cookie that a Basic request brought. Tools send Basic a thousand times and few of them use the
 * cookie: those of a minute share one session, so that they leave one row behind, not a thousand.
 */
export class SoapSignIn {
  readonly #access: AccessService;
  readonly #shared = new Map<string, { readonly token: string; readonly until: number }>();

  constructor(access: AccessService) {
    this.#access = access;
  }

  /** Undefined: not signed in. Throws the access service's `too_many_guesses` and `busy`. */
  async identify({ authorization, cookie, source }: Request): Promise<SoapIdentity | undefined> {
    const basic = readBasic(authorization);
    try {
      if (basic !== undefined) {
        const caller = await this.#access.withPassword(basic.userId, basic.password, source);
        const token = await this.#sessionOf(caller, basic, source);
        return { caller, cookies: [`${sessionCookie}=${token}; Path=/; Secure; HttpOnly`] };
      }
      const token = cookiesOf(cookie)[sessionCookie];
      if (token === undefined) return undefined;
      return { caller: (await this.#access.withSession(token, source)).caller, cookies: [] };
    } catch (error) {
      if (error instanceof Fault && (error.code === 'sign_in_refused' || error.code === 'session_expired'))
        return undefined;
      throw error;
    }
  }

  async #sessionOf(caller: Caller, basic: { userId: string; password: string }, source: string): Promise<string> {
    const key = `${caller.userUuid} ${source}`;
    const now = performance.now();
    const shared = this.#shared.get(key);
    if (shared !== undefined && shared.until > now) return shared.token;
    const { token } = await this.#access.signIn(basic.userId, basic.password, source, undefined);
    if (this.#shared.size >= mostShared) this.#shared.clear();
    this.#shared.set(key, { token, until: now + sharedFor });
    return token;
  }
}
