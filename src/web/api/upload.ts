import type { AnswerOf, Sent, UnifiedCm } from '../../contract/client/client.ts';
import { ask } from './client.ts';

/** Routes that take octets. */
type Uploads = 'POST /bulk/files' | 'POST /certificate-revocation-lists' | 'PUT /firmware-files/{name}';
type Asked<K extends Uploads> = UnifiedCm[K]['input'] & {
  readonly octets: { readonly bytes: Blob };
  readonly signal?: AbortSignal;
};

/** Sends octets and says how far they are, 0 to 1, while they travel. Throws `ApiProblem` or `ConnectionLost`; an abort rejects with its reason. */
export async function upload<K extends Uploads>(
  route: K,
  asked: Asked<K>,
  onProgress: (share: number) => void = () => {},
): Promise<AnswerOf<UnifiedCm[K]>> {
  const { bytes, type } = asked.octets as { readonly bytes: Blob; readonly type: string };
  const changed = bytes instanceof File ? bytes.lastModified : 0;
  const [method, path] = route.split(' ') as [string, string];
  const said = `${type} ${bytes.size} ${changed}`;
  return (await ask(method, path, asked, (url, sent) => overXhr(url, sent, onProgress), said)).body as never;
}

/** As `fetch`, which does not tell how far it is. */
function overXhr(url: string, sent: Sent, onProgress: (share: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open(sent.method, url);
    for (const [name, value] of Object.entries(sent.headers)) call.setRequestHeader(name, value);
    call.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    call.onload = () => {
      const type = call.getResponseHeader('content-type') ?? '';
      const empty = call.status === 204 || call.responseText === '';
      resolve(
        new Response(empty ? null : call.responseText, { status: call.status, headers: { 'content-type': type } }),
      );
    };
    call.onerror = () => reject(new TypeError('no answer'));
    call.onabort = () => reject(sent.signal?.reason ?? new Error('aborted'));
    sent.signal?.addEventListener('abort', () => call.abort());
    call.send(sent.body);
  });
}
