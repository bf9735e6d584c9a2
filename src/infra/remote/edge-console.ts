import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RemoteFault, type RemoteOptions, type RemoteSystem } from './remote-system.ts';

export interface EdgeConsoleOptions extends RemoteOptions {
  /** Which edge of an all-in-one: 1 or 2. */
  readonly edge?: string | undefined;
}

/** The console of an Expressway-C or -E: what the options say, the rest from its data directory or that of an all-in-one. @throws RemoteFault `no_running_system` */
export async function findEdgeConsole(half: 'c' | 'e', options: EdgeConsoleOptions): Promise<RemoteSystem> {
  const number = options.edge ?? '1';
  const endpoints = options.url === undefined ? await endpointsOf(options.dataDir) : {};
  const name = `expressway${half.toUpperCase()}${number === '1' ? '' : number}Console`;
  const url = options.url ?? endpoints[name];
  if (url === undefined) {
    throw new RemoteFault(
      'caller',
      'no_running_system',
      `The running system has no Expressway-${half.toUpperCase()}.`,
      {
        remedy: 'Name its data directory, or --url, --password-file and --ca.',
      },
    );
  }
  // An all-in-one keeps each half in a directory of its own.
  const directory =
    endpoints['https'] === undefined ? options.dataDir : join(options.dataDir, `expressway-${half}${number}`);
  const ca =
    options.ca === undefined ? certificateIn(await read(join(directory, 'console.pem'))) : await read(options.ca);
  return {
    url: url.replace(/\/+$/, ''),
    user: options.user ?? 'admin',
    password: (await read(options.passwordFile ?? join(directory, 'console-password'))).trim(),
    ca,
  };
}

async function endpointsOf(dataDir: string): Promise<Readonly<Record<string, string | undefined>>> {
  try {
    const runtime = JSON.parse(await readFile(join(dataDir, 'runtime.json'), 'utf8')) as {
      endpoints: Record<string, string>;
    };
    return runtime.endpoints;
  } catch (cause) {
    throw new RemoteFault('caller', 'no_running_system', `Nothing runs over the data directory ${dataDir}.`, {
      remedy: 'Start it, name its --data-dir, or name --url, --password-file and --ca.',
      cause,
    });
  }
}

const certificateIn = (pem: string) => /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(pem)?.[0];

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
