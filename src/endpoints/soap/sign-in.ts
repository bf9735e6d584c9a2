import type { AccessService } from '../../domain/access/access-service.ts';
import type { Caller } from '../../domain/access/permissions.ts';
import { Fault } from '../../kernel/errors.ts';
import { cookiesOf, hostCookie, readBasic } from '../browser-requests.ts';

/**
 * The cookie that replaces Authorization while the session lives (30 idle minutes). Tools send back whatever name it has. Its sessions are of a
 * class of their own: none opens the REST interface or the console, and none of theirs opens these doors.
 */
export const soapCookie = '__Host-JSESSIONIDSSO';

export interface SoapIdentity {
  readonly caller: Caller;
  /** Set-Cookie values to send; empty when the request came with a session. */
  readonly cookies: readonly string[];
}

interface Request {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  /** False: a browser asks; it is given nothing to keep. */
  readonly program: boolean;
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
  async identify({ authorization, cookie, source, program }: Request): Promise<SoapIdentity | undefined> {
    const basic = readBasic(authorization);
    try {
      if (basic !== undefined) {
        const caller = await this.#access.withPassword(basic.userId, basic.password, source);
        if (!program) return { caller, cookies: [] };
        return { caller, cookies: [hostCookie(soapCookie, await this.#sessionOf(caller, basic, source))] };
      }
      const token = cookiesOf(cookie)[soapCookie];
      if (token === undefined) return undefined;
      return { caller: (await this.#access.withSession(token, source, 'soap')).caller, cookies: [] };
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
    const { token } = await this.#access.signIn({ ...basic, source, sessionKind: 'soap' });
    if (this.#shared.size >= mostShared) this.#shared.clear();
    this.#shared.set(key, { token, until: now + sharedFor });
    return token;
  }
}
