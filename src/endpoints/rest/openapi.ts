import type { TObject, TSchema } from 'typebox';
import { Problem } from '../../contract/common.ts';
import { takesKey } from './idempotent.ts';
import { accessProblems, idempotencyProblems, type ProblemTable, requestProblems } from './problem.ts';
import { problemPages } from './problem-pages.ts';
import type { RestModule, RestRoute } from './route.ts';

type Json = Record<string, unknown>;

/** Everything that a REST API of these modules serves and can go wrong in it, the pages of its problems included. */
export function wholeApi(modules: readonly RestModule[]): {
  readonly modules: readonly RestModule[];
  readonly problems: ProblemTable<string>;
} {
  const problems: ProblemTable<string> = Object.assign(
    Object.create(null),
    requestProblems,
    accessProblems,
    idempotencyProblems,
    ...modules.map((each) => each.problems),
  );
  return { modules: [...modules, problemPages(problems)], problems };
}

/** OpenAPI 3.1 straight from the routes: what is not here is not served. Schemas with a title become components. */
export function openApiDocument(
  modules: readonly RestModule[],
  problems: ProblemTable<string>,
  version: string,
  { keys }: { readonly keys: boolean } = { keys: false },
): Json {
  const components: Record<string, unknown> = {};
  const paths: Record<string, Record<string, unknown>> = {};
  const tags = new Map<string, string>();
  for (const module of modules) {
    if (!tags.has(module.tag)) tags.set(module.tag, module.description);
    for (const each of module.routes) {
      const path = paths[`/api/v1${each.path}`] ?? {};
      paths[`/api/v1${each.path}`] = path;
      path[each.method.toLowerCase()] = operation(each, module.tag, problems, components, keys && takesKey(each));
    }
  }
  hoist(Problem, components);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Firstring REST API',
      version,
      description:
        'Administration of Firstring. Names in paths are percent-encoded. Failures are problem documents (RFC 9457) with a stable `code`. ' +
        'Changes take `If-Match` with the ETag that was read, and are then refused when somebody else was faster.' +
        (keys
          ? ' A POST takes `Idempotency-Key`, and may then be sent again after an answer got lost: it is carried out once.'
          : ''),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...tags].map(([name, description]) => ({ name, description })),
    security: [{ basic: [] }, { session: [] }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic', description: 'User name and password, over HTTPS only' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-firstring',
          description: 'Made by POST /api/v1/session. Changes also need `X-CSRF-Token` and the Origin of this server.',
        },
      },
    },
  };
}

function operation(
  route: RestRoute,
  tag: string,
  problems: ProblemTable<string>,
  components: Json,
  keyed: boolean,
): Json {
  const parameters = [
    ...parametersOf(route.params, 'path', components),
    ...parametersOf(route.query, 'query', components),
    ...(route.versioned === true
      ? [
          {
            name: 'If-Match',
            in: 'header',
            required: false,
            description: 'The ETag that was read; the change is refused with 412 when the object has changed since',
            schema: { type: 'string', examples: ['"1"'] },
          },
        ]
      : []),
    ...(keyed
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: false,
            description:
              'A new UUID for each request, the same one when the request is sent again: it is carried out once, and its answer comes back for 24 hours, marked `Idempotent-Replayed: true`',
            schema: {
              type: 'string',
              minLength: 1,
              maxLength: 255,
              examples: ['"8e03978e-40d5-43dd-bc93-6894a57f9324"'],
            },
          },
        ]
      : []),
  ];
  const responses: Json = {};
  for (const [status, answer] of Object.entries(route.answers)) {
    responses[status] = {
      description: answer === null ? 'Done' : status === '201' ? 'Made' : 'Success',
      ...(answer === null
        ? {}
        : typeof answer === 'string'
          ? { content: { [answer]: { schema: { type: 'string', format: 'binary' } } } }
          : { content: { 'application/json': { schema: hoist(answer, components) } } }),
    };
  }
  for (const [status, codes] of problemsOf(route, problems, keyed))
    responses[status] = {
      description: codes.map((code) => `\`${code}\`: ${problems[code]?.title}`).join('; '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  const body =
    route.uploads !== undefined
      ? {
          required: true,
          content: Object.fromEntries(
            route.uploads.types.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
          ),
        }
      : route.body !== undefined
        ? { required: true, content: { 'application/json': { schema: hoist(route.body, components) } } }
        : undefined;
  return {
    tags: [tag],
    summary: route.summary,
    description: route.description,
    operationId: operationId(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: body }),
    responses,
    ...(route.needs === 'public' ? { security: [] } : {}),
    'x-needs': route.needs,
  };
}

/** The general problems every route can give, and its own. Grouped by status. */
function problemsOf(route: RestRoute, problems: ProblemTable<string>, keyed: boolean): Map<string, string[]> {
  const codes = new Set<string>(route.problems ?? []);
  if (keyed)
    for (const code of ['invalid_idempotency_key', 'idempotency_key_reused', 'request_in_progress', 'answer_not_kept'])
      codes.add(code);
  if (route.needs !== 'public')
    for (const code of ['not_signed_in', 'sign_in_refused', 'session_expired', 'too_many_guesses']) codes.add(code);
  if (Array.isArray(route.needs)) codes.add('forbidden');
  if (route.params !== undefined) for (const code of ['not_found', 'uri_too_long']) codes.add(code);
  if (route.body !== undefined || route.query !== undefined || route.params !== undefined)
    for (const code of ['missing_field', 'unknown_field', 'wrong_type', 'invalid_value', 'invalid_text'])
      codes.add(code);
  if (route.body !== undefined) for (const code of ['malformed_json', 'missing_body']) codes.add(code);
  if (route.body !== undefined || route.uploads !== undefined)
    for (const code of ['body_too_large', 'unsupported_media_type']) codes.add(code);
  if (route.method !== 'GET') codes.add('cross_site_refused');
  for (const code of ['database_unavailable', 'internal']) codes.add(code);
  if (route.method !== 'GET') for (const code of ['outcome_unknown', 'broke_after_change']) codes.add(code);
  const byStatus = new Map<string, string[]>();
  for (const code of codes) {
    const kind = problems[code];
    if (kind === undefined)
      throw new Error(`${route.method} ${route.path} names the problem ${code}, which no table holds`);
    const list = byStatus.get(String(kind.status)) ?? [];
    byStatus.set(String(kind.status), list);
    list.push(code);
  }
  return byStatus;
}

function parametersOf(schema: TObject | undefined, place: 'path' | 'query', components: Json): Json[] {
  if (schema === undefined) return [];
  const required = new Set((schema as { required?: readonly string[] }).required ?? []);
  return Object.entries(schema.properties).map(([name, property]) => {
    const { description, ...rest } = hoist(property as TSchema, components) as Json;
    return { name, in: place, required: place === 'path' || required.has(name), description, schema: rest };
  });
}

/** `GET /phones/{name}` → `getPhonesByName`. */
function operationId(route: RestRoute): string {
  const words = route.path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('{') ? `by-${part.slice(1, -1)}` : part))
    .flatMap((part) => part.split(/[-.]/))
    .map((word) => word[0]!.toUpperCase() + word.slice(1));
  return route.method.toLowerCase() + words.join('');
}

/** What each component was made of. */
const texts = new WeakMap<Json, Map<string, string>>();

/** Copies a schema; what has a title moves to the components and leaves a reference. @throws Error where two different schemas have one title */
function hoist(schema: unknown, components: Json): unknown {
  if (Array.isArray(schema)) return schema.map((each) => hoist(each, components));
  if (typeof schema !== 'object' || schema === null) return schema;
  const title = (schema as { title?: unknown }).title;
  if (typeof title === 'string' && (schema as { type?: unknown }).type !== undefined) {
    const text = JSON.stringify(schema);
    const before = texts.get(components)?.get(title);
    if (before !== undefined && before !== text) throw new Error(`two different schemas have the title ${title}`);
    if (before === undefined) {
      texts.set(components, (texts.get(components) ?? new Map()).set(title, text));
      components[title] = copy(schema, components);
    }
    return { $ref: `#/components/schemas/${title}` };
  }
  return copy(schema, components);
}

function copy(schema: object, components: Json): Json {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'examples' || key === 'default' || key === 'enum' || key === 'const' ? value : hoist(value, components),
    ]),
  );
}
