import type { Static, TObject, TProperties, TSchema } from 'typebox';
import type { Caller, Permission } from '../../domain/access/permissions.ts';
import type { ProblemTable } from './problem.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

type AnswerHeaders = Readonly<Record<string, string | string[]>>;

/** What a handler gives back. Made by `ok`, `created`, `noContent`, `stream`. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: AnswerHeaders;
  /** Instead of `body`: octets as they come. */
  readonly octets?: AsyncIterable<Uint8Array | string>;
}

/** `version` becomes the ETag that a later change sends back as If-Match. */
interface AnswerOptions {
  readonly version?: number;
  readonly headers?: AnswerHeaders;
}

const headersOf = (options: AnswerOptions, more: AnswerHeaders = {}): AnswerHeaders => ({
  ...more,
  ...(options.version === undefined ? {} : { etag: `"${options.version}"` }),
  ...options.headers,
});

export function ok(body: unknown, options: AnswerOptions = {}): Answer {
  return { status: 200, body, headers: headersOf(options) };
}

/** `path`: where the new object is, relative to /api/v1, already percent-encoded. */
export function created(path: string, body: unknown, options: AnswerOptions = {}): Answer {
  return { status: 201, body, headers: headersOf(options, { location: `/api/v1${path}` }) };
}

export function noContent(options: AnswerOptions = {}): Answer {
  return { status: 204, headers: headersOf(options) };
}

/** With `fileName` a browser saves it. */
export function stream(
  contentType: string,
  octets: AsyncIterable<Uint8Array | string>,
  { fileName }: { fileName?: string } = {},
): Answer {
  const headers: Record<string, string> = { 'content-type': contentType };
  if (fileName !== undefined)
    headers['content-disposition'] = `attachment; filename="${fileName.replace(/[^A-Za-z0-9._-]/g, '_')}"`;
  return { status: 200, octets, headers };
}

export interface RestRequest<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Undefined on public routes when nobody signed in. */
  readonly caller: Caller;
  /** The version the caller says it read, from `If-Match: "<version>"`. */
  readonly ifMatch: number | undefined;
  /** The peer's address. */
  readonly source: string;
  /** Only on routes with `uploads`: the body as it comes. */
  readonly upload: AsyncIterable<Uint8Array>;
  /** The session this request came with; undefined for HTTP Basic. */
  readonly session: { readonly token: string; readonly csrfToken: string } | undefined;
  /** Cookies as sent. */
  readonly cookies: Readonly<Record<string, string | undefined>>;
}

/** `public`: anyone. `signed-in`: anyone who signed in. A list: whoever holds any one of these permissions. */
export type Needs = 'public' | 'signed-in' | readonly [Permission, ...Permission[]];

export interface RouteDefinition<P extends TObject, Q extends TObject, B extends TSchema> {
  readonly method: Method;
  /** Below /api/v1, in OpenAPI's form: `/phones/{name}`. */
  readonly path: string;
  readonly needs: Needs;
  readonly summary: string;
  readonly description: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Takes octets instead of JSON: media types it accepts and the most octets it reads. */
  readonly uploads?: { readonly types: readonly string[]; readonly maxOctets: number };
  /** Schema per success status; null: no body; a string: the media type of a stream. */
  readonly answers: Readonly<Record<number, TSchema | null | string>>;
  /** Codes of problems that this route can give beside the general ones; for the OpenAPI document. */
  readonly problems?: readonly string[];
  /** It reads, and may take long: it gets connections that only such requests share. Lists with a cursor are of this kind anyway. */
  readonly reads?: 'long';
  /** Sending If-Match is possible. */
  readonly versioned?: boolean;
  handle(request: RestRequest<Static<P>, Static<Q>, Static<B>>): Promise<Answer> | Answer;
}

export interface RestRoute extends Omit<RouteDefinition<TObject, TObject, TSchema>, 'handle'> {
  handle(request: RestRequest<never, never, never>): Promise<Answer> | Answer;
}

/** Ties the types of a route's schemas to its handler. */
export function route<
  P extends TObject = TObject<TProperties>,
  Q extends TObject = TObject<TProperties>,
  B extends TSchema = TSchema,
>(definition: RouteDefinition<P, Q, B>): RestRoute {
  return definition as unknown as RestRoute;
}

/** Routes that belong together, and what can go wrong in them. */
export interface RestModule {
  /** Heading in the OpenAPI document. */
  readonly tag: string;
  readonly description: string;
  readonly problems: ProblemTable<string>;
  readonly routes: readonly RestRoute[];
}
