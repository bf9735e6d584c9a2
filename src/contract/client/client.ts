import { type Operations, type Problem, routes } from './operations.ts';

/** Where a system is and who calls. */
export interface ClientOptions {
  /** `https://ucm.example.org:8443` */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Another way to send requests, e.g. one that trusts the cluster's CA. Default: the runtime's own. */
  readonly fetch?: typeof fetch;
}

/** The system refused, in the words of RFC 9457: `problem.code` is stable, `problem.remedy` says what to do. */
export class RefusedError extends Error {
  readonly status: number;
  readonly problem: Problem;
  constructor(status: number, problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'RefusedError';
    this.status = status;
    this.problem = problem;
  }
}

type Input<K extends keyof Operations> = Operations[K]['input'];
/** Operations that need nothing said can be called without input. */
type Arguments<K extends keyof Operations> =
  Record<never, never> extends Input<K> ? [input?: Input<K>] : [input: Input<K>];

export interface Client {
  /**
   * One request: `client.call('postPhones', { body: { model: 'Cisco 8845', requiresActivationCode: true } })`. A POST carries an Idempotency-Key, a new one
   * where none is given, and is sent again a few times while its outcome is not known: it is carried out once.
   * @throws RefusedError, and what `fetch` throws where nobody answers
   */
  call<K extends keyof Operations>(operation: K, ...input: Arguments<K>): Promise<Operations[K]['answer']>;
}

interface AnyInput {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly ifMatch?: string;
  readonly idempotencyKey?: string;
  readonly body?: unknown;
  readonly octets?: { readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> };
}

/** How often a POST is sent when its answer gets lost, or says that the outcome is not known yet. */
const tries = 5;
const unsettled = /"code":"(?:outcome_unknown|request_in_progress)"/;

/** The first answer that settles it, else the last one. */
async function insist(most: number, once: () => Promise<Response>): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await once();
      const open = response.status === 503 || response.status === 409;
      if (attempt >= most || !open || !unsettled.test(await response.clone().text())) return response;
      const seconds = Number(response.headers.get('retry-after') ?? 1);
      await pause(Math.min(Math.max(seconds, 1), 5) * 1000);
    } catch (error) {
      if (attempt >= most) throw error;
      await pause(attempt * 250);
    }
  }
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** A client of the REST API, typed by its OpenAPI document. */
export function firstringClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch;
  const credentials = new TextEncoder().encode(`${options.user}:${options.password}`);
  const authorization = `Basic ${btoa(String.fromCharCode(...credentials))}`;
  return {
    async call(operation, ...[given]) {
      const [method, route] = routes[operation];
      const { path = {}, query = {}, ifMatch, idempotencyKey, body, octets } = (given ?? {}) as AnyInput;
      const url = new URL(
        route.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? '')),
        options.url,
      );
      for (const [name, value] of Object.entries(query))
        if (value !== undefined) url.searchParams.set(name, String(value));
      const type = octets?.type ?? (body === undefined ? undefined : 'application/json');
      const key = method === 'POST' ? (idempotencyKey ?? crypto.randomUUID()) : undefined;
      const response = await insist(key === undefined ? 1 : tries, () =>
        send(url, {
          method,
          headers: {
            authorization,
            ...(type !== undefined && { 'content-type': type }),
            ...(ifMatch !== undefined && { 'if-match': ifMatch }),
            ...(key !== undefined && { 'idempotency-key': key }),
          },
          ...(octets !== undefined ? { body: octets.bytes } : body !== undefined ? { body: JSON.stringify(body) } : {}),
        }),
      );
      if (!response.ok) throw new RefusedError(response.status, (await response.json()) as Problem);
      if (response.status === 204) return undefined as never;
      const json = /json/.test(response.headers.get('content-type') ?? '');
      return (json ? await response.json() : new Uint8Array(await response.arrayBuffer())) as never;
    },
  };
}
