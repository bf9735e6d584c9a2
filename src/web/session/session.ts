import { useSyncExternalStore } from 'react';
import { firstringClient, RefusedError } from '../../contract/client/client.ts';
import { overFetch, rememberCsrfToken, request, watchers } from '../api/client.ts';
import { isProblem } from '../api/problem.ts';
import { queryClient } from '../api/query.ts';
import { changeLanguage, followLocale, type Language } from '../i18n/i18n.ts';

/** Who is signed in, as `/session` says it. */
export interface Person {
  readonly userId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly locale: string;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
}

export interface SessionState {
  /** `expired`: somebody was signed in; what was typed stays on the page until the same person signs in again. */
  readonly kind: 'unknown' | 'signed-out' | 'signed-in' | 'expired' | 'unreachable';
  readonly person: Person | undefined;
  /** No answer from the node at the moment. */
  readonly lost: boolean;
}

let state: SessionState = { kind: 'unknown', person: undefined, lost: false };
const listeners = new Set<() => void>();

function become(change: Partial<SessionState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

export function useSession(): SessionState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** Whether the person signed in may do this; pages show only what opens. */
export function usePermission(): (permission: string) => boolean {
  const { person } = useSession();
  return (permission) => person?.permissions.includes(permission) ?? false;
}

/** Asks who is signed in, unless nobody ever was in this browser: the answer would be a refusal. */
export async function resumeSession(): Promise<void> {
  if (!marked()) return become({ kind: 'signed-out' });
  try {
    accept((await request('GET /session')).body);
  } catch (error) {
    const out = isProblem(error) && error.status === 401;
    if (out) mark(false);
    become({ kind: out ? 'signed-out' : 'unreachable' });
  }
}

/** Throws what the server answered. */
export async function signIn(userId: string, password: string): Promise<void> {
  const former = state.person?.userId;
  accept((await request('POST /session', { body: { userId, password } })).body);
  // Another person must not see what the one before had on the page.
  if (former !== undefined && former.toLowerCase() !== state.person?.userId.toLowerCase()) location.reload();
  await queryClient.invalidateQueries();
}

export async function signOut(): Promise<void> {
  await request('DELETE /session').catch(() => undefined);
  mark(false);
  rememberCsrfToken(undefined);
  queryClient.clear();
  become({ kind: 'signed-out', person: undefined });
}

type SessionAnswer = Person & { readonly csrfToken: string };

function accept({ csrfToken, ...person }: SessionAnswer): void {
  mark(true);
  rememberCsrfToken(csrfToken);
  become({ kind: 'signed-in', person });
  void followLocale(person.locale);
}

/** Shows another language now, and to this person everywhere from now on. */
export async function chooseLanguage(language: Language): Promise<void> {
  await changeLanguage(language);
  if (state.kind === 'signed-in')
    await request('PATCH /session', { body: { locale: language } }).catch(() => undefined);
}

const markKey = 'firstring-signed-in';

/** Not a secret and not a right: the cookie is both. */
function mark(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(markKey, 'yes');
    else localStorage.removeItem(markKey);
  } catch {
    // Without a memory every visit asks.
  }
}

function marked(): boolean {
  try {
    return localStorage.getItem(markKey) !== null;
  } catch {
    return true;
  }
}

let watching = false;

/** Tells nobody what it finds, so that a node that is only half back stays lost. */
const asking = firstringClient({ url: '', tries: 0, fetch: overFetch });
const refusedOnly = (error: unknown) => {
  if (!(error instanceof RefusedError) || error.status >= 500) throw error;
};

/** While the node is away: asks again every two seconds, and refreshes the page's data once it is back. */
async function watchForReturn(): Promise<void> {
  if (watching) return;
  watching = true;
  while (state.lost) {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    try {
      await asking.call('GET /session').catch(refusedOnly);
      become({ lost: false });
    } catch {
      // Still away.
    }
  }
  watching = false;
  if (state.kind === 'unreachable') await resumeSession();
  await queryClient.invalidateQueries();
}

watchers.signedOut = () => {
  if (state.kind === 'signed-in') become({ kind: 'expired' });
};
watchers.lost = () => {
  if (!state.lost) become({ lost: true });
  void watchForReturn();
};
watchers.found = () => {
  if (state.lost) become({ lost: false });
};
