import { Me, Session, SessionChange, SignIn } from '../../contract/session.ts';
import { SystemVersion } from '../../contract/system.ts';
import { notSignedIn } from '../../domain/access/access-fault.ts';
import type { AccessService } from '../../domain/access/access-service.ts';
import { knownDeviceLife } from '../../domain/access/known-device.ts';
import { type Caller, permissionsOf } from '../../domain/access/permissions.ts';
import type { UserService } from '../../domain/users/user-service.ts';
import { deviceCookieOf, hostCookie, signInCookies } from '../browser-requests.ts';
import { created, noContent, ok, type RestModule, route } from './route.ts';
import { sessionCookie } from './sign-in.ts';

const endedCookie = { 'set-cookie': hostCookie(sessionCookie, '', 0) };

export function sessionModule(
  access: AccessService,
  users: UserService,
  system: { version: string; node: string; lab: boolean },
): RestModule {
  const me = async (caller: Caller) => {
    const { value } = await users.get(caller.userId);
    return {
      userId: caller.userId,
      userUuid: caller.userUuid,
      firstName: value.firstName,
      lastName: value.lastName,
      locale: value.locale,
      roles: caller.roles,
      permissions: [...permissionsOf(caller.roles)],
    };
  };
  return {
    tag: 'System',
    description: 'Signing in, and the system itself',
    problems: {},
    routes: [
      route({
        method: 'POST',
        path: '/session',
        needs: 'public',
        summary: 'Sign in',
        description:
          'Makes a session and sets its cookie. It ends after 30 idle minutes. A session the browser already had ends. Changes must carry `X-CSRF-Token`.',
        body: SignIn,
        answers: { 201: Session },
        problems: ['sign_in_refused', 'too_many_guesses', 'busy', 'cross_site_refused'],
        async handle({ body, source, cookies }) {
          const signedIn = await access.signIn({
            ...body,
            source,
            oldToken: cookies[sessionCookie],
            device: cookies[deviceCookieOf(sessionCookie)],
          });
          return created(
            '/session',
            { ...(await me(signedIn.caller)), csrfToken: signedIn.csrfToken },
            { headers: signInCookies(sessionCookie, signedIn, knownDeviceLife) },
          );
        },
      }),
      route({
        method: 'GET',
        path: '/session',
        needs: 'signed-in',
        summary: 'Show the session',
        description: 'Who is signed in with this cookie, and the CSRF token, for a page that was loaded again.',
        answers: { 200: Session },
        async handle({ caller, session }) {
          if (session === undefined) throw notSignedIn();
          return ok({ ...(await me(caller)), csrfToken: session.csrfToken });
        },
      }),
      route({
        method: 'PATCH',
        path: '/session',
        needs: 'signed-in',
        summary: "Change one's own settings",
        description: 'Changes the language of the pages for whoever is signed in.',
        body: SessionChange,
        answers: { 200: Me },
        async handle({ caller, body }) {
          await users.changeOwnLocale(caller, body.locale);
          return ok(await me(caller));
        },
      }),
      route({
        method: 'DELETE',
        path: '/session',
        needs: 'signed-in',
        summary: 'Sign out',
        description: 'Ends the session and clears its cookie.',
        answers: { 204: null },
        async handle({ caller, session }) {
          if (session !== undefined) await access.signOut(session.token, caller);
          return noContent({ headers: endedCookie });
        },
      }),
      route({
        method: 'GET',
        path: '/me',
        needs: 'signed-in',
        summary: 'Show who is signed in',
        description: 'User, roles and what they allow.',
        answers: { 200: Me },
        async handle({ caller }) {
          return ok(await me(caller));
        },
      }),
      route({
        method: 'GET',
        path: '/version',
        needs: 'signed-in',
        summary: 'Show the version',
        description: 'What answers here, and on which node.',
        answers: { 200: SystemVersion },
        handle: () => ok({ product: 'Firstring', ...system }),
      }),
    ],
  };
}
