import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { Fault } from '../../kernel/errors.ts';

export type RemoteFaultCode = 'no_running_system' | 'unreachable' | 'refused';

/** The other side refused, or is not there. `detail.code`: the stable code of its problem document. */
export class RemoteFault extends Fault<RemoteFaultCode> {}

export interface RemoteSystem {
  /** `https://127.0.0.1:8443` */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** PEM of the authority to trust; undefined: those of the operating system. */
  readonly ca: string | undefined;
}

export interface RemoteOptions {
  /** Where a running system keeps its runtime.json. */
  readonly dataDir: string;
  readonly url?: string | undefined;
  readonly user?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly ca?: string | undefined;
}

interface RuntimeFile {
  readonly endpoints: { readonly https?: string };
  readonly clusterCa: string;
  readonly admin: { readonly user: string; readonly passwordFile: string };
}

/** The system to talk to: what the options say, the rest from runtime.json. @throws RemoteFault `no_running_system` */
export async function findSystem(options: RemoteOptions): Promise<RemoteSystem> {
  const complete = options.url !== undefined && options.user !== undefined && options.passwordFile !== undefined;
  const runtime = complete ? undefined : await readRuntime(options.dataDir);
  const ca = options.ca ?? (options.url === undefined ? runtime?.clusterCa : undefined);
  const url = options.url ?? runtime?.endpoints.https;
  if (url === undefined)
    throw new RemoteFault('caller', 'no_running_system', 'The running system has no REST listener.');
  return {
    url: url.replace(/\/+$/, ''),
    user: options.user ?? runtime!.admin.user,
    password: (await read(options.passwordFile ?? runtime!.admin.passwordFile)).trim(),
    ca: ca === undefined ? undefined : await read(ca),
  };
}

async function readRuntime(dataDir: string): Promise<RuntimeFile> {
  const file = join(dataDir, 'runtime.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as RuntimeFile;
  } catch (cause) {
    throw new RemoteFault(
      'caller',
      'no_running_system',
      `No system is running over this data directory (${file} cannot be read).`,
      {
        remedy: 'Start one with npm start, name its --data-dir, or name --url, --user and --password-file.',
        cause,
      },
    );
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new RemoteFault('caller', 'no_running_system', `${file} cannot be read.`, {
      remedy: 'Check the path and who may read it.',
      cause,
    });
  }
}

export interface RestClient extends Disposable {
  /** `path` below /api/v1. @throws RemoteFault `refused` with what the problem document says, `unreachable` */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Uploads and downloads: octets as they are. */
  octets(method: string, path: string, body?: Body): Promise<Buffer>;
}

interface Body {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const patience = 30_000;

/** How often a POST is sent whose answer gets lost, or says that the outcome is not known yet. */
const tries = 5;
const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Of a system that carries out a POST with an Idempotency-Key once: it may be sent again. */
const unsettled = (error: unknown) =>
  error instanceof RemoteFault &&
  (error.code === 'unreachable'
    ? ['ECONNRESET', 'EPIPE'].includes(String((error.cause as { code?: unknown } | undefined)?.code))
    : ['outcome_unknown', 'request_in_progress'].includes(String(error.detail?.['code'])));

/** `keys: false`: a system that offers no Idempotency-Key. */
export function restClient(system: RemoteSystem, { keys }: { readonly keys: boolean } = { keys: true }): RestClient {
  const agent = new Agent({ keepAlive: true, ...(system.ca === undefined ? {} : { ca: system.ca }) });
  const send = (method: string, path: string, body: Body | undefined, key: string | undefined): Promise<Buffer> =>
    new Promise((done, failed) => {
      const call = request(`${system.url}/api/v1${path}`, {
        method,
        agent,
        auth: `${system.user}:${system.password}`,
        timeout: patience,
        headers: {
          ...(body !== undefined && { 'content-type': body.type, 'content-length': body.bytes.length }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
      });
      call.once('timeout', () => call.destroy(new Error('no answer in time')));
      call.on('error', (cause) =>
        failed(
          new RemoteFault('peer', 'unreachable', `${system.url} cannot be reached: ${cause.message}`, {
            remedy: 'Check that the system runs, its address, and that --ca names its certificate authority.',
            cause,
          }),
        ),
      );
      call.once('response', (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.once('end', () => {
          const answer = Buffer.concat(parts);
          if ((response.statusCode ?? 500) < 400) done(answer);
          else failed(refused(response.statusCode ?? 500, readJson(answer.toString())));
        });
      });
      call.end(body?.bytes);
    });
  const octets: RestClient['octets'] = async (method, path, body) => {
    const key = keys && method === 'POST' ? randomUUID() : undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        return await send(method, path, body, key);
      } catch (error) {
        if (key === undefined || attempt >= tries || !unsettled(error)) throw error;
        await pause(attempt * 1000);
      }
    }
  };
  return {
    octets,
    async call(method, path, body) {
      const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const answer = await octets(method, path, bytes && { type: 'application/json', bytes });
      const text = answer.toString();
      return readJson(text) ?? text;
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

function readJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(status: number, problem: unknown): RemoteFault {
  const { code, detail, field, remedy, errors } = (problem ?? {}) as Partial<
    Record<'code' | 'detail' | 'field' | 'remedy', string>
  > & { readonly errors?: unknown };
  return new RemoteFault('peer', 'refused', detail ?? `The system answered with status ${status}.`, {
    ...(field === undefined ? {} : { field }),
    ...(remedy === undefined ? {} : { remedy }),
    detail: { code: code ?? 'unknown', status, ...(errors === undefined ? {} : { errors }) },
  });
}
