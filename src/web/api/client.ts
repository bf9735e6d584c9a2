import {
  type Answered,
  type AnswerOf,
  type AnyInput,
  type Arguments,
  addressOf,
  firstringClient,
  RefusedError,
  type Route,
  type Sent,
  type UnifiedCm,
} from '../../contract/client/client.ts';
import { intend, leavesOpen } from './intended.ts';
import { ApiProblem, ConnectionLost } from './problem.ts';

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

/** How a console asks the API it belongs to. Everything throws `ApiProblem` or `ConnectionLost`. */
export interface Rest<Api> {
  /** By method and path as in the OpenAPI document, below /api/v1. */
  request<K extends Route<Api>>(route: K, ...asked: Arguments<Api[K]>): Promise<Answered<AnswerOf<Api[K]>>>;
  /** Of routes that are known at run time only: the path is filled in and percent-encoded. */
  requestAt<T>(method: string, path: string, asked?: AnyInput): Promise<Answered<T>>;
}

export function restOf<Api>(): Rest<Api> {
  const requestAt = async <T>(method: string, path: string, asked: AnyInput = {}) =>
    (await ask(method, path, asked, overFetch)) as Answered<T>;
  return {
    requestAt,
    request: (route, ...[asked]) => {
      const at = route.indexOf(' ');
      return requestAt(route.slice(0, at), route.slice(at + 1), asked as AnyInput | undefined);
    },
  };
}

/** The API of a node of Unified CM. */
export const { request, requestAt } = restOf<UnifiedCm>();

/** One way to send a request to where the page came from. Rejects where no answer comes. */
export type Transport = (url: string, sent: Sent) => Promise<Response>;

export const overFetch: Transport = (url, sent) =>
  fetch(url, { ...sent, credentials: 'same-origin', cache: 'no-store' });

/** Sends one request with the session's token, and with the key of what somebody means to make. `said`: instead of its body, what tells it from others. */
export async function ask(
  method: string,
  path: string,
  asked: AnyInput,
  transport: Transport,
  said = asked.body === undefined ? '' : JSON.stringify(asked.body),
): Promise<Answered<unknown>> {
  const { key, unknown } = intend(method, addressOf(path, asked), said);
  const client = firstringClient({ url: '', tries: 0, fetch: (url, sent) => watched(url, sent, transport) });
  try {
    return await client.request(method, path, { ...asked, idempotencyKey: key });
  } catch (error) {
    if (error instanceof RefusedError) {
      if (leavesOpen(error.status, error.problem.code)) unknown();
      if (error.status === 401 && path !== '/session') watchers.signedOut();
      throw new ApiProblem(error.problem);
    }
    unknown();
    if (asked.signal?.aborted || error instanceof ConnectionLost) throw error;
    watchers.lost();
    throw new ConnectionLost('The answer broke off.', { cause: error });
  }
}

async function watched(url: string, sent: Sent, transport: Transport): Promise<Response> {
  const headers = { ...sent.headers };
  if (sent.method !== 'GET' && csrfToken !== undefined) headers['x-csrf-token'] = csrfToken;
  try {
    const response = await transport(url, { ...sent, headers });
    watchers.found();
    return response;
  } catch (cause) {
    if (sent.signal?.aborted) throw cause;
    watchers.lost();
    throw new ConnectionLost('No answer from the server.', { cause });
  }
}

/** Routes that answer with a file. */
type Files = { [K in Route<UnifiedCm>]: AnswerOf<UnifiedCm[K]> extends Uint8Array ? K : never }[Route<UnifiedCm>];

/** Fetches a file and lets the browser save it. */
export async function download<K extends Files>(
  fileName: string,
  route: K,
  ...asked: Arguments<UnifiedCm[K]>
): Promise<void> {
  const { body } = await request(route, ...asked);
  saveBlob(fileName, new Blob([body as Uint8Array<ArrayBuffer>]));
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
