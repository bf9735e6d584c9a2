import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissionsOf, type Role, roles } from '../../src/domain/access/permissions.ts';
import { send, startRest, type TestRest } from './support/rest.ts';

let rest: TestRest;
interface Operation {
  readonly method: string;
  readonly path: string;
  readonly needs: 'public' | 'signed-in' | readonly string[];
}
let operations: readonly Operation[];

beforeAll(async () => {
  rest = await startRest();
  const document = await send(rest.port, 'GET', '/api/v1/openapi.json', { as: null });
  operations = Object.entries(
    document.body.paths as Record<string, Record<string, { 'x-needs': Operation['needs'] }>>,
  ).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{[^}]+\}/g, 'nothing-of-that-name'),
      needs: operation['x-needs'],
    })),
  );
});
afterAll(() => rest[Symbol.asyncDispose]());

/** What the body is does not matter: who may not enter is told so before anybody reads it. */
const knock = (operation: Operation, as: string | null) =>
  send(rest.port, operation.method, operation.path, {
    as,
    ...(operation.method === 'GET' || operation.method === 'DELETE' ? {} : { body: { nothing: true } }),
  });

describe('roles', () => {
  it('say for each route who may enter', () => {
    expect(operations.length).toBeGreaterThan(80);
    for (const { method, path, needs } of operations)
      expect(needs === 'public' || needs === 'signed-in' || needs.length > 0, `${method} ${path}`).toBe(true);
  });

  it('leave open to everybody only signing in and the explanation of problems', () => {
    const open = operations.filter((each) => each.needs === 'public').map((each) => `${each.method} ${each.path}`);
    expect(open.toSorted()).toEqual([
      'GET /api/v1/problems',
      'GET /api/v1/problems/nothing-of-that-name',
      'POST /api/v1/session',
    ]);
  });

  it('shut every other route to who is not signed in', async () => {
    for (const operation of operations.filter((each) => each.needs !== 'public')) {
      const answer = await knock(operation, null);
      expect(answer.body.code, `${operation.method} ${operation.path}`).toBe('not_signed_in');
    }
  });

  it.each([...roles])('open to %s exactly the routes that its permissions name', async (role: Role) => {
    const may = permissionsOf([role]);
    for (const operation of operations) {
      const { method, path, needs } = operation;
      // Ending the own session is for sessions; the rest of the walk goes on.
      if (path.endsWith('/audit-events/export')) continue;
      const answer = await knock(operation, role);
      const allowed = typeof needs === 'string' || needs.some((each) => may.has(each as never));
      if (allowed) expect(answer.body?.code, `${role} ${method} ${path}`).not.toBe('forbidden');
      else expect(answer.body?.code, `${role} ${method} ${path}`).toBe('forbidden');
      expect(answer.status, `${role} ${method} ${path} ${answer.text}`).toBeLessThan(500);
    }
  });

  it('let auditors read and change nothing', () => {
    const may = permissionsOf(['auditor']);
    for (const { method, path, needs } of operations)
      if (method !== 'GET' && typeof needs !== 'string')
        expect(
          needs.some((each) => may.has(each as never)),
          `${method} ${path}`,
        ).toBe(false);
  });

  it('let end users into nothing but what is their own', () => {
    for (const permission of permissionsOf(['end-user'])) expect(permission).toMatch(/^own-/);
  });

  it('grant nothing for a role that does not exist, and nothing for none', () => {
    expect(permissionsOf(['emperor']).size).toBe(0);
    expect(permissionsOf([]).size).toBe(0);
  });
});
