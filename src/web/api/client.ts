import type { Problem } from '../../contract/common.ts';
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
  /** Octets instead of JSON. */
  readonly upload?: { readonly type: string; readonly octets: Blob };
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
  const response = await send(method, path, asked);
  if (response.status === 204) return { body: undefined as T, version: undefined };
  return { body: (await readJson(response)) as T, version: versionOf(response) };
}

/** Fetches a file and lets the browser save it. */
export async function download(path: string, asked: Asked & { fileName: string }): Promise<void> {
  const response = await send('GET', path, asked);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = asked.fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function send(method: string, path: string, asked: Asked): Promise<Response> {
  const headers = new Headers({ accept: 'application/json, application/problem+json' });
  if (method !== 'GET' && csrfToken !== undefined) headers.set('x-csrf-token', csrfToken);
  if (asked.version !== undefined) headers.set('if-match', `"${asked.version}"`);
  let body: BodyInit | undefined;
  if (asked.upload !== undefined) {
    headers.set('content-type', asked.upload.type);
    body = asked.upload.octets;
  } else if (asked.body !== undefined) {
    headers.set('content-type', 'application/json');
    body = JSON.stringify(asked.body);
  }
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}${queryText(asked.query)}`, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(body === undefined ? {} : { body }),
      ...(asked.signal === undefined ? {} : { signal: asked.signal }),
    });
  } catch (cause) {
    if (asked.signal?.aborted) throw cause;
    watchers.lost();
    throw new ConnectionLost('No answer from the server.', { cause });
  }
  watchers.found();
  if (response.ok) return response;
  const problem = new ApiProblem(await readProblem(response));
  if (response.status === 401 && path !== '/session') watchers.signedOut();
  throw problem;
}

async function readProblem(response: Response): Promise<Problem & Record<string, unknown>> {
  const read = (await readJson(response).catch(() => undefined)) as (Problem & Record<string, unknown>) | undefined;
  if (typeof read?.code === 'string' && typeof read.detail === 'string') return { ...read, status: response.status };
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    code: 'unreadable_answer',
    detail: '',
  };
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

function queryText(query: Asked['query']): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== '') params.set(key, String(value));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
