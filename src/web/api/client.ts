import type { Problem } from '../../contract/common.ts';
import { intend, leavesOpen } from './intended.ts';
import { ApiProblem, ConnectionLost } from './problem.ts';

export interface Answered<T> {
  readonly body: T;
  /** Row version from the ETag; send it back with the change. */
  readonly version: number | undefined;
}

export interface Asked {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly version?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the page does when the session ends or the node goes away; set once by the session. */
export const watchers = {
  signedOut: () => {},
  lost: () => {},
  found: () => {},
};

let csrfToken: string | undefined;

export function rememberCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

/** `path` is relative to /api/v1, already percent-encoded. Throws `ApiProblem` or `ConnectionLost`. */
export async function request<T>(method: string, path: string, asked: Asked = {}): Promise<Answered<T>> {
  const { response, unknown } = await send(method, path, asked);
  if (response.status === 204) return { body: undefined as T, version: undefined };
  try {
    return { body: (await readJson(response)) as T, version: versionOf(response) };
  } catch (error) {
    unknown();
    throw error;
  }
}

/** Fetches a file and lets the browser save it. */
export async function download(path: string, asked: Asked & { fileName: string }): Promise<void> {
  const { response } = await send('GET', path, asked);
  saveBlob(asked.fileName, await response.blob());
}

/** Lets the browser save what this page holds. */
export function saveBlob(fileName: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function send(
  method: string,
  path: string,
  asked: Asked,
): Promise<{ readonly response: Response; readonly unknown: () => void }> {
  const headers = headersOf(method, asked.version);
  let body: string | undefined;
  if (asked.body !== undefined) {
    headers.set('content-type', 'application/json');
    body = JSON.stringify(asked.body);
  }
  const address = addressOf(path, asked.query);
  const { key, unknown } = intend(method, address, body ?? '');
  if (key !== undefined) headers.set('idempotency-key', key);
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(body === undefined ? {} : { body }),
      ...(asked.signal === undefined ? {} : { signal: asked.signal }),
    });
  } catch (cause) {
    unknown();
    if (asked.signal?.aborted) throw cause;
    watchers.lost();
    throw new ConnectionLost('No answer from the server.', { cause });
  }
  watchers.found();
  if (response.ok) return { response, unknown };
  const problem = refusal(path, response.status, await response.text().catch(() => ''));
  if (leavesOpen(problem.status, problem.code)) unknown();
  throw problem;
}

/** What every call carries: what it takes, the token that keeps other sites out, and the version it is about. */
export function headersOf(method: string, version?: number): Headers {
  const headers = new Headers({ accept: 'application/json, application/problem+json' });
  if (method !== 'GET' && csrfToken !== undefined) headers.set('x-csrf-token', csrfToken);
  if (version !== undefined) headers.set('if-match', `"${version}"`);
  return headers;
}

/** The problem behind an answer that is none of success. */
export function refusal(path: string, status: number, text: string): ApiProblem {
  const problem = new ApiProblem(readProblem(status, text));
  if (status === 401 && path !== '/session') watchers.signedOut();
  return problem;
}

function readProblem(status: number, text: string): Problem & Record<string, unknown> {
  try {
    const read = JSON.parse(text) as (Problem & Record<string, unknown>) | null;
    if (typeof read?.code === 'string' && typeof read.detail === 'string') return { ...read, status };
  } catch {
    // A proxy's page, say.
  }
  return { type: 'about:blank', title: '', status, code: 'unreadable_answer', detail: '' };
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    watchers.lost();
    throw new ConnectionLost('The answer broke off.', { cause });
  }
}

function versionOf(response: Response): number | undefined {
  const match = /^(?:W\/)?"(\d+)"$/.exec(response.headers.get('etag') ?? '');
  return match === null ? undefined : Number(match[1]);
}

/** `path` below /api/v1, with its query. */
export function addressOf(path: string, query: Asked['query']): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== '') params.set(key, String(value));
  const text = params.toString();
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`;
}
