import { type Asked, addressOf, headersOf, refusal, watchers } from './client.ts';
import { intend, leavesOpen } from './intended.ts';
import { ConnectionLost } from './problem.ts';

export interface Upload {
  readonly query?: Asked['query'];
  readonly type: string;
  readonly octets: Blob;
  /** 0 to 1, while the octets travel. `fetch` does not tell. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** Sends octets and says how far they are. Throws `ApiProblem` or `ConnectionLost`; an abort rejects with its reason. */
export function upload<T>(method: 'POST' | 'PUT', path: string, asked: Upload): Promise<T> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const address = addressOf(path, asked.query);
    const { octets } = asked;
    const changed = octets instanceof File ? octets.lastModified : 0;
    const { key, unknown } = intend(method, address, `${asked.type} ${octets.size} ${changed}`);
    call.open(method, address);
    if (key !== undefined) call.setRequestHeader('idempotency-key', key);
    for (const [name, value] of headersOf(method)) call.setRequestHeader(name, value);
    call.setRequestHeader('content-type', asked.type);
    call.upload.onprogress = ({ loaded, total }) => asked.onProgress?.(total === 0 ? 1 : loaded / total);
    call.onload = () => {
      watchers.found();
      if (call.status < 200 || call.status > 299) {
        const problem = refusal(path, call.status, call.responseText);
        if (leavesOpen(problem.status, problem.code)) unknown();
        return reject(problem);
      }
      try {
        resolve(JSON.parse(call.responseText) as T);
      } catch (cause) {
        unknown();
        reject(new ConnectionLost('The answer broke off.', { cause }));
      }
    };
    call.onerror = () => {
      unknown();
      watchers.lost();
      reject(new ConnectionLost('No answer from the server.'));
    };
    call.onabort = () => {
      unknown();
      reject(asked.signal?.reason ?? new Error('aborted'));
    };
    asked.signal?.addEventListener('abort', () => call.abort());
    call.send(octets);
  });
}
