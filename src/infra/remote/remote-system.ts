import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
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

/** One request as the typed client of the contract sends it. */
interface Sent {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array | Blob;
}

export interface RemoteFetch extends Disposable {
  /** Sends one request and reads the whole answer. @throws RemoteFault `unreachable` */
  fetch(url: string, sent: Sent): Promise<Response>;
}

const patience = 30_000;

/** Trusts the authority of the system, which the runtime's own `fetch` cannot be told. */
export function remoteFetch({ url: origin, ca }: Pick<RemoteSystem, 'url' | 'ca'>): RemoteFetch {
  const agent = new Agent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) });
  return {
    async fetch(url, { method, headers, body }) {
      const octets = body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : body;
      const length = octets === undefined ? {} : { 'content-length': String(Buffer.byteLength(octets)) };
      return new Promise((done, failed) => {
        const call = request(url, { method, agent, timeout: patience, headers: { ...headers, ...length } });
        call.once('timeout', () => call.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })));
        const broken = (cause: Error) =>
          failed(
            new RemoteFault('peer', 'unreachable', `${origin} cannot be reached: ${cause.message}`, {
              remedy: 'Check that the system runs, its address, and that --ca names its certificate authority.',
              cause,
            }),
          );
        call.on('error', broken);
        call.once('response', (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.once('error', broken);
          response.once('end', () => done(responseOf(response, Buffer.concat(parts))));
        });
        call.end(octets);
      });
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

function responseOf({ statusCode = 500, headers }: IncomingMessage, octets: Buffer<ArrayBuffer>): Response {
  const names = ['content-type', 'etag', 'retry-after'] as const;
  return new Response(octets.length === 0 ? null : octets, {
    status: statusCode,
    headers: names.flatMap((name): [string, string][] => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  });
}
