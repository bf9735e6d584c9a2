import { Dependencies } from '../../contract/common.ts';
import { NewUser, PasswordChange, User, UserChange, UserList, UserListQuery, UserPath } from '../../contract/users.ts';
import type { AccessService } from '../../domain/access/access-service.ts';
import type { Stored } from '../../domain/settings/resource.ts';
import type { UserRecord } from '../../domain/users/user.ts';
import type { UserFaultCode } from '../../domain/users/user-fault.ts';
import type { UserService } from '../../domain/users/user-service.ts';
import type { ProblemTable } from './problem.ts';
import { listRequest } from './resources.ts';
import { created, noContent, ok, type RestModule, route } from './route.ts';
import { settingProblems } from './settings.ts';

export const userProblems = {
  role_not_allowed: { status: 403, title: 'Your roles do not allow that role' },
  last_administrator: { status: 409, title: 'One administrator must remain' },
  weak_password: { status: 422, title: 'The password is too easy to guess' },
  wrong_password: { status: 403, title: 'The current password is wrong' },
} satisfies ProblemTable<UserFaultCode>;

const show = (stored: Stored<UserRecord>) => ({ ...stored.value, version: stored.version });

export function userModule(users: UserService, access: AccessService): RestModule {
  return {
    tag: 'Users',
    description: 'People, their roles and their passwords',
    problems: { ...settingProblems, ...userProblems },
    routes: [
      route({
        method: 'GET',
        path: '/users',
        needs: ['users.read'],
        summary: 'List: user',
        description: 'Shows one page of users.',
        query: UserListQuery,
        answers: { 200: UserList },
        problems: ['invalid_cursor'],
        async handle({ query }) {
          const page = await users.list(listRequest(query));
          return ok({ ...page, items: page.items.map(show) });
        },
      }),
      route({
        method: 'POST',
        path: '/users',
        needs: ['users.write'],
        summary: 'Add: user',
        description: 'Adds a user. Only super gives roles beyond end-user.',
        body: NewUser,
        answers: { 201: User },
        problems: ['name_taken', 'role_not_allowed', 'weak_password', 'busy'],
        async handle({ body, caller }) {
          const { password, pin, ...fields } = body;
          const stored = await users.add(
            caller,
            { firstName: '', lastName: '', mail: '', locale: 'en', roles: ['end-user'], enabled: true, ...fields },
            { password, pin },
          );
          return created(`/users/${encodeURIComponent(stored.name)}`, show(stored), stored);
        },
      }),
      route({
        method: 'GET',
        path: '/users/{userId}',
        needs: ['users.read'],
        summary: 'Show: user',
        description: 'Shows one user. The ETag is its version.',
        params: UserPath,
        answers: { 200: User },
        async handle({ params: { userId } }) {
          const stored = await users.get(userId);
          return ok(show(stored), stored);
        },
      }),
      route({
        method: 'PATCH',
        path: '/users/{userId}',
        needs: ['users.write'],
        versioned: true,
        summary: 'Change: user',
        description: 'Changes what the body names. A new password ends all sessions of the user.',
        params: UserPath,
        body: UserChange,
        answers: { 200: User },
        problems: [
          'name_taken',
          'version_conflict',
          'role_not_allowed',
          'last_administrator',
          'weak_password',
          'invalid_if_match',
          'busy',
        ],
        async handle({ params: { userId }, body, caller, ifMatch }) {
          const stored = await users.change(caller, userId, body, ifMatch);
          return ok(show(stored), stored);
        },
      }),
      route({
        method: 'DELETE',
        path: '/users/{userId}',
        needs: ['users.write'],
        versioned: true,
        summary: 'Delete: user',
        description: 'Deletes a user who owns no phone.',
        params: UserPath,
        answers: { 204: null },
        problems: ['in_use', 'version_conflict', 'role_not_allowed', 'last_administrator', 'invalid_if_match'],
        async handle({ params: { userId }, caller, ifMatch }) {
          await users.remove(caller, userId, ifMatch);
          return noContent();
        },
      }),
      route({
        method: 'GET',
        path: '/users/{userId}/dependencies',
        needs: ['users.read'],
        summary: 'Dependency records: user',
        description: 'Shows the phones a user owns.',
        params: UserPath,
        answers: { 200: Dependencies },
        async handle({ params: { userId } }) {
          return ok({ items: await users.dependencies(userId) });
        },
      }),
      route({
        method: 'PUT',
        path: '/me/password',
        needs: 'signed-in',
        summary: "Change one's own password",
        description: 'Takes the current password as proof. All other sessions of the user end.',
        body: PasswordChange,
        answers: { 204: null },
        problems: ['wrong_password', 'weak_password', 'too_many_guesses', 'busy'],
        async handle({ body, caller, session }) {
          const keep = session === undefined ? undefined : access.hashToken(session.token);
          await users.changeOwnPassword(caller, body.currentPassword, body.newPassword, keep);
          return noContent();
        },
      }),
    ],
  };
}
