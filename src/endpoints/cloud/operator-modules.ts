import {
  CloudAuditEvents,
  CloudAuditQuery,
  CloudLimits,
  CloudLimitsChange,
  CloudOperator,
  CloudOverview,
  CloudPasswordChange,
  CloudSession,
} from '../../contract/cloud-overview.ts';
import { SignIn } from '../../contract/session.ts';
import { notSignedIn } from '../../domain/access/access-fault.ts';
import type { AccessService } from '../../domain/access/access-service.ts';
import { knownDeviceLife } from '../../domain/access/known-device.ts';
import type { CloudFault } from '../../domain/cloud/cloud-fault.ts';
import type { Operation } from '../../domain/cloud/operation.ts';
import type { OutcomeCounts, CloudOverview as Overview } from '../../domain/cloud/overview.ts';
import type { CloudKey } from '../../protocol/cloud/key.ts';
import { deviceCookieOf, hostCookie, signInCookies } from '../browser-requests.ts';
import type { ProblemTable } from '../rest/problem.ts';
import { created, noContent, ok, type RestModule, route } from '../rest/route.ts';

export const operatorCookie = '__Host-firstring-cloud';

/** Every fault that an operator's route can give. Those of clusters and phones go over the other door. */
export const operatorProblems = {
  unknown_cluster: { status: 404, title: 'There is no such cluster' },
  unknown_voucher: { status: 404, title: 'There is no such voucher' },
  voucher_already_used: { status: 409, title: 'The voucher is used or over' },
  unknown_manufacturer_root: { status: 404, title: 'There is no such manufacturer root' },
  manufacturer_root_already_there: { status: 409, title: 'The certificate is there already' },
  certificate_unreadable: { status: 422, title: 'That is not a certificate' },
  certificate_not_a_ca: { status: 422, title: 'The certificate is not that of an authority' },
  version_conflict: { status: 412, title: 'Somebody else changed it in the meantime' },
  limits_not_accepted: { status: 422, title: 'The limits contradict each other' },
  wrong_password: { status: 403, title: 'The current password is wrong' },
  weak_password: { status: 422, title: 'The password is too easy to guess' },
} satisfies Partial<ProblemTable<CloudFault['code']>>;

export interface OperatorParts {
  readonly access: AccessService;
  readonly operation: Operation;
  readonly overview: Overview;
  readonly facts: {
    readonly issuer: string;
    readonly version: string;
    readonly selfService: boolean;
    readonly authorityPem: string;
    readonly authoritySha256: string;
    readonly cloudKey: CloudKey;
  };
}

const none = { day: 0, total: 0 };
export const resolveCounts = (counts: OutcomeCounts) => ({
  found: counts['found'] ?? none,
  unknown: counts['unknown'] ?? none,
  limited: counts['limited'] ?? none,
  micRefused: counts['mic_refused'] ?? none,
});

const endedCookie = { 'set-cookie': hostCookie(operatorCookie, '', 0) };

/** Signing in, the cloud as a whole, its limits, its audit log. */
export function cloudModule({ access, operation, overview, facts }: OperatorParts): RestModule {
  return {
    tag: 'Cloud',
    description: 'The cloud as a whole, and its operator',
    problems: operatorProblems,
    routes: [
      route({
        method: 'POST',
        path: '/session',
        needs: 'public',
        summary: 'Sign in',
        description:
          'Makes a session and sets its cookie. It ends after 30 idle minutes. Changes must carry `X-CSRF-Token`.',
        body: SignIn,
        answers: { 201: CloudSession },
        problems: ['sign_in_refused', 'too_many_guesses', 'busy', 'cross_site_refused'],
        async handle({ body, source, cookies }) {
          const signedIn = await access.signIn({
            ...body,
            source,
            oldToken: cookies[operatorCookie],
            device: cookies[deviceCookieOf(operatorCookie)],
          });
          const { caller, csrfToken } = signedIn;
          return created(
            '/session',
            { userId: caller.userId, csrfToken },
            { headers: signInCookies(operatorCookie, signedIn, knownDeviceLife) },
          );
        },
      }),
      route({
        method: 'GET',
        path: '/session',
        needs: 'signed-in',
        summary: 'Show the session',
        description: 'Who is signed in with this cookie, and the CSRF token, for a page that was loaded again.',
        answers: { 200: CloudSession },
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
          if (session !== undefined) await access.signOut(session.token, caller);
          return noContent({ headers: endedCookie });
        },
      }),
      route({
        method: 'GET',
        path: '/me',
        needs: 'signed-in',
        summary: 'Show who is signed in',
        description: 'The operator that these credentials belong to.',
        answers: { 200: CloudOperator },
        handle: ({ caller }) => ok({ userId: caller.userId }),
      }),
      route({
        method: 'PUT',
        path: '/me/password',
        needs: 'signed-in',
        summary: "Change one's own password",
        description: 'Takes the current password as proof. All other sessions of the operator end.',
        body: CloudPasswordChange,
        answers: { 204: null },
        problems: ['wrong_password', 'weak_password', 'too_many_guesses', 'busy'],
        async handle({ body, caller, session }) {
          const keep = session === undefined ? undefined : access.hashToken(session.token);
          await operation.changePassword(caller, { current: body.currentPassword, next: body.newPassword }, keep);
          return noContent();
        },
      }),
      route({
        method: 'GET',
        path: '/cloud',
        needs: ['system.read'],
        summary: 'Show the cloud',
        description: 'Its keys, its clusters, its locators, and what phones were answered.',
        answers: { 200: CloudOverview },
        async handle() {
          const figures = await overview.figures();
          return ok({
            issuer: facts.issuer,
            version: facts.version,
            selfService: facts.selfService,
            authority: { pem: facts.authorityPem, sha256: facts.authoritySha256 },
            cloudKey: facts.cloudKey.jwk,
            ...figures,
            resolves: resolveCounts(figures.resolves),
            at: figures.at.toISOString(),
          });
        },
      }),
      route({
        method: 'GET',
        path: '/limits',
        needs: ['system.read'],
        summary: 'Show the limits',
        description: 'What holds for every cluster and phone. The ETag is its version.',
        answers: { 200: CloudLimits },
        async handle() {
          const limits = await operation.limits();
          return ok(limits, limits);
        },
      }),
      route({
        method: 'PATCH',
        path: '/limits',
        needs: ['system.write'],
        versioned: true,
        summary: 'Change the limits',
        description: 'Changes what the body names. Every node of the cloud goes by it within a second.',
        body: CloudLimitsChange,
        answers: { 200: CloudLimits },
        problems: ['version_conflict', 'limits_not_accepted', 'invalid_if_match'],
        async handle({ body, caller, ifMatch }) {
          const limits = await operation.changeLimits(caller.actor, defined(body), ifMatch);
          return ok(limits, limits);
        },
      }),
      route({
        method: 'GET',
        path: '/audit-events',
        needs: ['audit.read'],
        summary: 'List: audit event',
        description: 'Who did what at the cloud, the newest first.',
        query: CloudAuditQuery,
        answers: { 200: CloudAuditEvents },
        async handle({ query: { limit = 50, before, action } }) {
          const rows = await overview.audit({ limit: limit + 1, before, action });
          const items = rows.slice(0, limit).map((row) => ({ ...row, at: row.at.toISOString() }));
          return ok({ items, nextBefore: rows.length > limit ? items.at(-1)!.ordinal : null });
        },
      }),
    ],
  };
}

/** Without members that are undefined: left out means left as it is. */
export function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
