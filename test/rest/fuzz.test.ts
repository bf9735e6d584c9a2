import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startRest, type TestRest } from './support/rest.ts';

let rest: TestRest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(() => rest[Symbol.asyncDispose]());

/** Values of the kinds that break things: wrong types, huge, odd characters, names of members that matter to JavaScript. */
const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '<None>',
    '../..',
    '%',
    "'; drop table device; --",
    '𝒳'.repeat(30),
    '\ud800',
    '1e999',
    '-1',
    'NaN',
    'x'.repeat(5000),
  ),
);
const oddValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    oddText,
    fc.double(),
    fc.integer(),
    fc.constantFrom(null, true, false, 2 ** 53, -0, 1e308),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(oddText, tie('value'), { maxKeys: 4 }),
  ),
})).value;

describe('whatever is sent', () => {
  it('to any route, in body, path or query, is answered with less than 500, and the server goes on', async () => {
    const routes = rest.modules.flatMap((module) => module.routes).filter((route) => !route.path.endsWith('/export'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        fc.array(oddText, { minLength: 3, maxLength: 3 }),
        fc.dictionary(
          fc.oneof(fc.constantFrom('search', 'limit', 'cursor', 'sort', 'from', 'role'), oddText),
          oddText,
          { maxKeys: 3 },
        ),
        fc.dictionary(oddText, oddValue, { maxKeys: 3 }),
        fc.array(oddValue, { minLength: 12, maxLength: 12 }),
        async (route, names, query, extra, values) => {
          let used = 0;
          const path = route.path.replace(
            /\{[^}]+\}/g,
            () => encodeURIComponent(names[used++ % 3]!.toWellFormed()) || 'x',
          );
          const search = new URLSearchParams(
            Object.entries(query).map(([key, value]): [string, string] => [key.toWellFormed(), value.toWellFormed()]),
          );
          // Fields the route knows, with values it does not expect, and some it does not know.
          const known = Object.keys((route.body as { properties?: object } | undefined)?.properties ?? {});
          const body = {
            ...Object.fromEntries(known.map((field, index) => [field, values[index % values.length]])),
            ...extra,
          };
          // A right example with one member spoilt comes further than junk.
          const [example] = ((route.body as { examples?: object[] } | undefined)?.examples ?? []) as object[];
          const spoilt = { ...example, [known[0] ?? 'x']: values[0] };
          for (const each of route.method === 'GET' || route.method === 'DELETE' ? [undefined] : [body, spoilt]) {
            const answer = await send(rest.port, route.method, `/api/v1${path}?${search}`, { body: each });
            // Users may be changed under the test's feet: what counts is that nothing breaks.
            expect(
              answer.status,
              `${route.method} ${path}?${search} ${JSON.stringify(each)}: ${answer.text}`,
            ).toBeLessThan(500);
            if (answer.status >= 400) expect(answer.body.code, answer.text).toMatch(/^[a-z_]+$/);
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(rest.errors).toEqual([]);
  });

  it('as a body of any octets is answered with less than 500', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('/device-pools', '/users', '/phones', '/session', '/lines', '/trust-certificates'),
        async (octets, path) => {
          const answer = await send(rest.port, 'POST', `/api/v1${path}`, {
            raw: { text: octets, type: 'application/json' },
          });
          expect(answer.status).toBeGreaterThanOrEqual(400);
          expect(answer.status).toBeLessThan(500);
        },
      ),
      { numRuns: 150 },
    );
  });
});
