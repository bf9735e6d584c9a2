import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RemoteFault, type RemoteOptions, type RemoteSystem } from './remote-system.ts';

interface RuntimeFile {
  readonly endpoints: { readonly cloudConsole?: string };
  readonly admin: { readonly passwordFile: string };
  /** Of role cloud. */
  readonly cloud?: { readonly cloudCa: string };
  /** Of all-in-one. */
  readonly lab?: { readonly cloudCa?: string };
}

/** The operator's REST of a cloud: what the options say, the rest from runtime.json of the cloud or of an all-in-one that runs one. @throws RemoteFault `no_running_system` */
export async function findCloud(options: RemoteOptions): Promise<RemoteSystem> {
  const complete = options.url !== undefined && options.passwordFile !== undefined;
  const runtime = complete ? undefined : await readRuntime(options.dataDir);
  const url = options.url ?? runtime?.endpoints.cloudConsole;
  if (url === undefined) {
    throw new RemoteFault('caller', 'no_running_system', 'The running system has no cloud.', {
      remedy: 'Name the data directory of the cloud, or --url, --password-file and --ca.',
    });
  }
  const passwordFile =
    options.passwordFile ??
    (runtime?.cloud === undefined ? join(options.dataDir, 'cloud', 'operator-password') : runtime.admin.passwordFile);
  const ca = options.ca ?? (options.url === undefined ? (runtime?.cloud?.cloudCa ?? runtime?.lab?.cloudCa) : undefined);
  return {
    url: url.replace(/\/+$/, ''),
    user: options.user ?? 'operator',
    password: (await read(passwordFile)).trim(),
    ca: ca === undefined ? undefined : await read(ca),
  };
}

async function readRuntime(dataDir: string): Promise<RuntimeFile> {
  try {
    return JSON.parse(await readFile(join(dataDir, 'runtime.json'), 'utf8')) as RuntimeFile;
  } catch (cause) {
    throw new RemoteFault('caller', 'no_running_system', `Nothing runs over the data directory ${dataDir}.`, {
      remedy: 'Start it, name its --data-dir, or name --url, --password-file and --ca.',
      cause,
    });
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
