import type { Problem, UnifiedCm } from '../../../dist/client/unified-cm.d.ts';
import { insist, tries } from './insist.ts';

export type { Cloud } from '../../../dist/client/cloud.d.ts';
export type { ExpresswayC } from '../../../dist/client/expressway-c.d.ts';
export type { ExpresswayE } from '../../../dist/client/expressway-e.d.ts';
export type { UnifiedCm } from '../../../dist/client/unified-cm.d.ts';

/** One request as it is sent. `fetch` takes it. */
export interface Sent {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer> | Blob;
  readonly signal?: AbortSignal;
}

/** Where a system is and who calls. */
export interface ClientOptions {
  /** `https://ucm.example.org:8443` */
  readonly url: string;
  /** Who signs in with each request. Without it `fetch` says who calls, by a cookie, say. */
  readonly user?: string;
  readonly password?: string;
  /** Another way to send requests, e.g. one that trusts the cluster's CA. Default: the runtime's own. */
  readonly fetch?: (url: string, sent: Sent) => Promise<Response>;
  /** How often a POST is sent while its outcome is not known; 0: the system takes no Idempotency-Key. Default 5. */
  readonly tries?: number;
}

/** The system refused, in the words of RFC 9457: `problem.code` is stable, `problem.remedy` says what to do. */
export class RefusedError extends Error {
  readonly status: number;
  readonly problem: Problem & Readonly<Record<string, unknown>>;
  constructor(problem: Problem & Readonly<Record<string, unknown>>) {
    super(problem.detail || problem.title);
    this.name = 'RefusedError';
    this.status = problem.status;
    this.problem = problem;
  }
}

/** What an answer holds; `version`: of the object, sent back with a change so that it is refused when somebody else was faster. */
export interface Answered<T> {
  readonly body: T;
  readonly version: number | undefined;
}

/** Lists may be read-only, and members that may be left out may be undefined. */
export type Given<T> = T extends Uint8Array | Blob
  ? T
  : T extends readonly (infer E)[]
    ? readonly Given<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Given<T[K]> | (Record<never, never> extends Pick<T, K> ? undefined : never) }
      : T;

export type Route<Api> = keyof Api & string;
export type InputOf<R> = R extends { readonly input: infer I }
  ? Given<I> & { readonly signal?: AbortSignal | undefined }
  : never;
export type AnswerOf<R> = R extends { readonly answer: infer A } ? A : never;
/** Routes that need nothing said can be called without input. */
export type Arguments<R> = Record<never, never> extends InputOf<R> ? [input?: InputOf<R>] : [input: InputOf<R>];

/** What `Client.request` sends beside method and path. */
export interface AnyInput {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  readonly version?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly body?: unknown;
  readonly octets?: { readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> | Blob };
  readonly signal?: AbortSignal | undefined;
}

export interface Client<Api> {
  /**
   * One request: `client.call('GET /phones/{name}', { path: { name } })`, by method and path as the OpenAPI document has them, below /api/v1. A POST carries
   * an Idempotency-Key, a new one where none is given, and is sent again a few times while its outcome is not known: it is carried out once.
   * @throws RefusedError, and what `fetch` throws where nobody answers
   */
  call<K extends Route<Api>>(route: K, ...input: Arguments<Api[K]>): Promise<Answered<AnswerOf<Api[K]>>>;
  /** The same for a route that is known at run time only, such as one of several kinds of objects: `path` as in the document, or filled in and percent-encoded. */
  request(method: string, path: string, input?: AnyInput): Promise<Answered<unknown>>;
}

/** The path with its query, below /api/v1. Empty values are left out. */
export function addressOf(path: string, { path: names = {}, query = {} }: AnyInput = {}): string {
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? ''));
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') params.set(name, String(value));
  const text = params.toString();
  return `/api/v1${filled}${text === '' ? '' : `?${text}`}`;
}

/** A client of a REST API, typed by its OpenAPI document: that of a node of Unified CM, or `firstringClient<Cloud>({ … })`. */
export function firstringClient<Api = UnifiedCm>(options: ClientOptions): Client<Api> {
  const send = options.fetch ?? fetch;
  const origin = options.url.replace(/\/+$/, '');
  const authorization = options.user === undefined ? undefined : basic(options.user, options.password ?? '');
  const most = options.tries ?? tries;
  const request = async (method: string, path: string, input: AnyInput = {}): Promise<Answered<unknown>> => {
    const { body, octets, idempotencyKey, signal, version } = input;
    const type = octets?.type ?? (body === undefined ? undefined : 'application/json');
    const key = idempotencyKey ?? (method === 'POST' && most > 0 ? newKey() : undefined);
    const sent: Sent = {
      method,
      headers: {
        accept: 'application/json, application/problem+json, */*;q=0.5',
        ...(authorization !== undefined && { authorization }),
        ...(type !== undefined && { 'content-type': type }),
        ...(version !== undefined && { 'if-match': `"${version}"` }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(octets !== undefined ? { body: octets.bytes } : body !== undefined ? { body: JSON.stringify(body) } : {}),
      ...(signal != null && { signal }),
    };
    const response = await insist(key === undefined ? 1 : most, () => send(origin + addressOf(path, input), sent));
    if (!response.ok) throw new RefusedError(problemOf(response.status, await response.text().catch(() => '')));
    return { body: await read(response), version: versionOf(response) };
  };
  return {
    request,
    call: (route, ...[input]) => {
      const at = route.indexOf(' ');
      return request(route.slice(0, at), route.slice(at + 1), input as AnyInput | undefined) as never;
    },
  };
}

function basic(user: string, password: string): string {
  const octets = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(''))}`;
}

/** `crypto.randomUUID` is missing where a page was not loaded securely. */
export function newKey(): string {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

function problemOf(status: number, text: string): RefusedError['problem'] {
  try {
    const read = JSON.parse(text) as RefusedError['problem'] | null;
    if (typeof read?.code === 'string' && typeof read.detail === 'string') return { ...read, status };
  } catch {
    // A proxy's page, say.
  }
  return { type: 'about:blank', title: `Status ${status}`, status, code: 'unreadable_answer', detail: '' };
}

async function read(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const type = response.headers.get('content-type') ?? '';
  // Lines of JSON are not one JSON text.
  return /json\b/.test(type) && !/jsonl/.test(type) ? response.json() : new Uint8Array(await response.arrayBuffer());
}

function versionOf(response: Response): number | undefined {
  const match = /^(?:W\/)?"(\d+)"$/.exec(response.headers.get('etag') ?? '');
  return match === null ? undefined : Number(match[1]);
}
