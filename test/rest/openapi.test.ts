import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startRest, type TestRest } from './support/rest.ts';

let rest: TestRest;
// biome-ignore lint/suspicious/noExplicitAny: a document of any shape
let document: any;
beforeAll(async () => {
  rest = await startRest();
  const answer = await send(rest.port, 'GET', '/api/v1/openapi.json', { as: null });
  expect(answer.status).toBe(200);
  document = answer.body;
});
afterAll(() => rest[Symbol.asyncDispose]());

const operations = (): [string, string, Record<string, unknown>][] =>
  Object.entries(document.paths as Record<string, Record<string, Record<string, unknown>>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [method, path, operation] as [string, string, Record<string, unknown>],
    ),
  );

describe('the OpenAPI document', () => {
  it('lists every route that is served, and no other', () => {
    const served = rest.modules.flatMap((module) =>
      module.routes.map((route) => `${route.method} /api/v1${route.path}`),
    );
    const listed = operations().map(([method, path]) => `${method.toUpperCase()} ${path}`);
    expect(listed.toSorted()).toEqual([...served, 'GET /api/v1/problems', 'GET /api/v1/problems/{code}'].toSorted());
  });

  it('holds the paths that scripts of others rely on', () => {
    const listed = new Set(operations().map(([method, path]) => `${method} ${path}`));
    for (const fixed of [
      'post /api/v1/phones',
      'get /api/v1/phones/{name}',
      'post /api/v1/phones/{name}/activation-code',
      'get /api/v1/phones/{name}/activation-code',
      'delete /api/v1/phones/{name}/activation-code',
      'get /api/v1/device-defaults/{model}',
      'put /api/v1/device-defaults/{model}',
      'get /api/v1/phones/{name}/timeline',
      'get /api/v1/registrations',
    ])
      expect(listed).toContain(fixed);
  });

  it('has the members that OpenAPI 3.1 requires', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: expect.any(String), version: '0.0.0-test' });
    const ids = new Set<unknown>();
    for (const [method, path, operation] of operations()) {
      const where = `${method} ${path}`;
      expect(operation['operationId'], where).toMatch(/^[a-z][A-Za-z0-9]*$/);
      expect(ids.has(operation['operationId']), where).toBe(false);
      ids.add(operation['operationId']);
      const responses = operation['responses'] as Record<string, { description?: string }>;
      expect(Object.keys(responses).length, where).toBeGreaterThan(0);
      for (const [status, response] of Object.entries(responses)) {
        expect(status, where).toMatch(/^[1-5]\d\d$/);
        expect(response.description, where).toBeTruthy();
      }
      const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]);
      const parameters = (operation['parameters'] ?? []) as {
        name: string;
        in: string;
        required: boolean;
        schema: object;
      }[];
      expect(
        parameters
          .filter((each) => each.in === 'path')
          .map((each) => each.name)
          .toSorted(),
        where,
      ).toEqual(inPath.toSorted());
      for (const parameter of parameters) {
        expect(['path', 'query', 'header'], where).toContain(parameter.in);
        expect(parameter.schema, where).toBeTypeOf('object');
        if (parameter.in === 'path') expect(parameter.required, where).toBe(true);
      }
      if (method === 'get' || method === 'delete') expect(operation['requestBody'], where).toBeUndefined();
    }
    const tags = new Set((document.tags as { name: string }[]).map((each) => each.name));
    for (const [, , operation] of operations())
      for (const tag of operation['tags'] as string[]) expect(tags).toContain(tag);
  });

  it('refers only to what it holds', () => {
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
      expect(document.components.schemas, name).toHaveProperty(name!);
    expect(text).not.toMatch(/"\$ref":"(?!#\/components\/schemas\/)/);
  });

  it('describes every operation, parameter and member', () => {
    for (const [method, path, operation] of operations()) {
      expect(operation['summary'], `${method} ${path}`).toBeTruthy();
      expect(operation['description'], `${method} ${path}`).toBeTruthy();
      for (const parameter of (operation['parameters'] ?? []) as { name: string; description?: string }[])
        expect(parameter.description, `${method} ${path} ${parameter.name}`).toBeTruthy();
    }
    for (const [name, schema] of Object.entries(
      document.components.schemas as Record<string, { description?: string }>,
    ))
      expect(schema.description, name).toBeTruthy();
  });

  it('gives examples that its own schemas accept', () => {
    let examples = 0;
    for (const module of rest.modules)
      for (const route of module.routes)
        for (const schema of [route.body, ...Object.values(route.answers)]) {
          if (schema === undefined || schema === null || typeof schema === 'string') continue;
          const validator = Compile(schema as TSchema);
          for (const example of (schema as { examples?: unknown[] }).examples ?? []) {
            examples++;
            expect(validator.Errors(example), `${route.method} ${route.path}: ${JSON.stringify(example)}`).toEqual([]);
          }
        }
    expect(examples).toBeGreaterThan(60);
  });

  it('has an example for every body', () => {
    for (const module of rest.modules)
      for (const route of module.routes)
        if (route.body !== undefined)
          expect(
            (route.body as { examples?: unknown[] }).examples?.length,
            `${route.method} ${route.path}`,
          ).toBeGreaterThan(0);
  });
});
