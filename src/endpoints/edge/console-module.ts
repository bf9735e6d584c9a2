import { EdgePasswordChange, EdgeRole, EdgeSession } from '../../contract/edge-common.ts';
import { SignIn } from '../../contract/session.ts';
import { notSignedIn, signInRefused } from '../../domain/access/access-fault.ts';
import type { AccessService } from '../../domain/access/access-service.ts';
import { knownDeviceLife } from '../../domain/access/known-device.ts';
import type { Caller } from '../../domain/access/permissions.ts';
import type { EdgeFaultCode } from '../../domain/edge/edge-fault.ts';
import type { AuditEntry } from '../../domain/ports.ts';
import { deviceCookieOf, hostCookie, signInCookies } from '../browser-requests.ts';
import type { ProblemTable } from '../rest/problem.ts';
import { created, noContent, ok, type RestModule, route } from '../rest/route.ts';

/** Browsers share cookies between the ports of one host: each console has a name of its own. */
export const consoleCookies = {
  'expressway-c': '__Host-firstring-c',
  'expressway-e': '__Host-firstring-e',
} as const;

export interface ConsoleDoor {
  readonly access: AccessService;
  /** False: the current one is wrong. Throws AccessFault `too_many_guesses`, `busy`. */
  changePassword(who: Caller, current: string, next: string): Promise<boolean>;
  audit(entry: AuditEntry): Promise<void>;
}

export const edgeProblems = {
  pairing_text_invalid: { status: 422, title: 'That is not a pairing text' },
  pairing_text_expired: { status: 422, title: 'The pairing text has expired' },
  pairing_refused: { status: 409, title: 'Expressway-E did not accept the pairing' },
  edge_unreachable: { status: 502, title: 'Expressway-E cannot be reached' },
  edge_unknown: { status: 404, title: 'There is no such Expressway-E' },
  cluster_unreachable: { status: 502, title: 'The cluster cannot be reached' },
  cluster_not_trusted: { status: 422, title: 'The node is not of that cluster' },
  cluster_refused: { status: 422, title: 'The cluster refused this Expressway-C' },
  cluster_unknown: { status: 404, title: 'There is no such cluster' },
  cluster_already_added: { status: 409, title: 'The cluster is there already' },
  version_conflict: { status: 412, title: 'Somebody else changed it meanwhile' },
  activation_needs_oauth: { status: 422, title: 'Activation code onboarding needs OAuth' },
  domain_invalid: { status: 422, title: 'That is not a domain' },
  certificate_unreadable: { status: 422, title: 'That is not a certificate' },
  certificate_not_for_key: { status: 422, title: 'The certificate is for another key' },
  certificate_chain_broken: { status: 422, title: 'The certificates do not form a chain' },
  certificate_expired: { status: 422, title: 'The certificate has expired' },
  controller_unknown: { status: 404, title: 'There is no such Expressway-C' },
  name_taken: { status: 409, title: 'The name is taken' },
  weak_password: { status: 422, title: 'The password is too easy to guess' },
  state_unreadable: { status: 500, title: 'The state of this host cannot be read' },
} satisfies ProblemTable<EdgeFaultCode>;

/** Signing in on a host without a database. */
export function consoleModule(role: keyof typeof consoleCookies, name: string, door: ConsoleDoor): RestModule {
  const cookieName = consoleCookies[role];
  const endedCookie = { 'set-cookie': hostCookie(cookieName, '', 0) };
  return {
    tag: 'Console',
    description: 'Signing in, and what runs here',
    problems: edgeProblems,
    routes: [
      route({
        method: 'GET',
        path: '/role',
        needs: 'public',
        summary: 'Show what runs here',
        description: 'Its role and name.',
        answers: { 200: EdgeRole },
        handle: () => ok({ role, name }),
      }),
      route({
        method: 'POST',
        path: '/session',
        needs: 'public',
        summary: 'Sign in',
        description:
          'Makes a session and sets its cookie. It ends after 30 idle minutes. Changes must carry `X-CSRF-Token`.',
        body: SignIn,
        answers: { 201: EdgeSession },
        problems: ['sign_in_refused', 'too_many_guesses', 'busy', 'cross_site_refused'],
        async handle({ body, source, cookies }) {
          const signedIn = await door.access.signIn({
            ...body,
            source,
            oldToken: cookies[cookieName],
            device: cookies[deviceCookieOf(cookieName)],
          });
          const { caller, csrfToken } = signedIn;
          return created(
            '/session',
            { userId: caller.userId, csrfToken },
            { headers: signInCookies(cookieName, signedIn, knownDeviceLife) },
          );
        },
      }),
      route({
        method: 'GET',
        path: '/session',
        needs: 'signed-in',
        summary: 'Show the session',
        description: 'Who is signed in with this cookie, and the CSRF token, for a page that was loaded again.',
        answers: { 200: EdgeSession },
        handle({ caller, session }) {
          if (session === undefined) throw notSignedIn();
          return ok({ userId: caller.userId, csrfToken: session.csrfToken });
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
          if (session !== undefined) await door.access.signOut(session.token, caller);
          return noContent({ headers: endedCookie });
        },
      }),
      route({
        method: 'PUT',
        path: '/password',
        needs: ['system.write'],
        summary: 'Change the password',
        description: 'Ends every session, this one too.',
        body: EdgePasswordChange,
        answers: { 204: null },
        problems: ['sign_in_refused', 'weak_password', 'too_many_guesses', 'busy'],
        async handle({ body, caller }) {
          if (!(await door.changePassword(caller, body.current, body.password))) throw signInRefused();
          return noContent({ headers: endedCookie });
        },
      }),
    ],
  };
}
