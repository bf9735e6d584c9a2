import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Configuration } from './infra/config/configuration.ts';
import { listeners } from './infra/config/settings.ts';
import { parseKeyEncryptionKey, readKeyEncryptionKeyFile } from './infra/crypto/key-encryption-key.ts';
import { clearLeftovers, openDataDirectory, writeWhole } from './infra/data-directory/files.ts';
import { lockDataDirectory } from './infra/data-directory/lock.ts';
import { waitForDatabase } from './infra/database/connect.ts';
import { derToPem } from './infra/pki/identity.ts';
import { openLabManufacturer } from './infra/pki/lab-manufacturer.ts';
import { startPostgres } from './infra/postgres/supervisor.ts';
import { Fault } from './kernel/errors.ts';
import type { Log } from './kernel/log.ts';
import type { Endpoints } from './roles/unified-cm/context.ts';
import { startUnifiedCm } from './roles/unified-cm/start.ts';

/** `DIR/runtime.json`: what scripts and tests rely on. */
export interface Runtime {
  readonly ready: true;
  readonly pid: number;
  readonly version: string;
  readonly endpoints: Endpoints;
  /** Path of a PEM file. */
  readonly clusterCa: string;
  readonly admin: { readonly user: string; readonly passwordFile: string };
  readonly lab?: { readonly manufacturerCaCert: string; readonly manufacturerCaKey: string };
}

export interface RunOptions {
  readonly configuration: Configuration;
  readonly version: string;
  readonly log: Log;
  /** Aborted: stop. */
  readonly signal: AbortSignal;
  readonly onReady: (runtime: Runtime) => void;
}

/** A listener could not be opened. */
export class ListenFault extends Fault<'port_in_use' | 'port_not_allowed' | 'address_not_here'> {}

/** Runs until the signal is aborted, then drains. Rejects with a Fault when it cannot start. */
export async function run(options: RunOptions): Promise<void> {
  const { configuration, log, signal, version } = options;
  const directory = configuration.dataDirectory;
  for (const warning of configuration.warnings) log.warn({}, warning);
  await using stack = new AsyncDisposableStack();
  await openDataDirectory(directory);
  stack.use(await lockDataDirectory(directory));
  await clearLeftovers(directory);
  const key = keyEncryptionKey(configuration);
  const [databaseUrl, lab] = await Promise.all([
    openStore(configuration, stack, log, signal),
    configuration.lab ? openLabManufacturer(join(directory, 'lab')) : undefined,
  ]);
  if (signal.aborted) return;

  const passwordFile = join(directory, 'admin-password');
  const node = stack.use(
    await startUnifiedCm({
      configuration,
      version,
      databaseUrl,
      keyEncryptionKey: key,
      makeKeyEncryptionKey: () => makeKeyEncryptionKey(configuration),
      log,
      passwordFile,
      lab,
    }).catch((error) => {
      throw asListenFault(error, configuration);
    }),
  );
  if (signal.aborted) return;
  const clusterCa = join(directory, 'cluster-ca.pem');
  await writeWhole(clusterCa, derToPem(node.context.identity.clusterCa), 0o644);
  const runtime: Runtime = {
    ready: true,
    pid: process.pid,
    version,
    endpoints: node.endpoints,
    clusterCa,
    admin: { user: 'admin', passwordFile },
    ...(lab === undefined ? {} : { lab: { manufacturerCaCert: lab.certFile, manufacturerCaKey: lab.keyFile } }),
  };
  const runtimeFile = join(directory, 'runtime.json');
  stack.defer(() => rm(runtimeFile, { force: true }));
  await writeWhole(runtimeFile, `${JSON.stringify(runtime, undefined, 2)}\n`);
  options.onReady(runtime);
  await aborted(signal);
  log.info({}, 'stopping');
}

/** The external database once it answers, or the embedded one. */
async function openStore(
  configuration: Configuration,
  stack: AsyncDisposableStack,
  log: Log,
  signal: AbortSignal,
): Promise<string> {
  const { url, connections } = configuration.database;
  if (url !== undefined) {
    await waitForDatabase(url, { log, signal });
    return url;
  }
  const threads = configuration.das.threads === 0 ? availableParallelism() : configuration.das.threads;
  // Those of the activation threads, of LISTEN, the job runner and commands come on top.
  const settings = { max_connections: String(connections + threads * 8 + 30) };
  return stack.use(await startPostgres({ directory: configuration.dataDirectory, log, settings })).url;
}

function keyEncryptionKey(configuration: Configuration): Uint8Array | undefined {
  const { value, file } = configuration.kek;
  if (value !== undefined) return parseKeyEncryptionKey(value, 'FIRSTRING_KEK');
  return existsSync(file) ? readKeyEncryptionKeyFile(file) : undefined;
}

async function makeKeyEncryptionKey({ kek }: Configuration): Promise<Uint8Array> {
  const key = randomBytes(32);
  await writeWhole(kek.file, `${key.toString('hex')}\n`);
  return key;
}

function asListenFault(error: unknown, configuration: Configuration): unknown {
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  const name = listeners.find((each) => configuration.ports[each] === port);
  const change = `Choose another with ports.${name ?? '…'} (FIRSTRING_PORT_${(name ?? '…').replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}), or move all with --port-base N.`;
  if (code === 'EADDRINUSE')
    return new ListenFault('caller', 'port_in_use', `port ${port} (${name}) is in use by another program`, {
      remedy: change,
    });
  if (code === 'EACCES' && port !== undefined) {
    return new ListenFault(
      'caller',
      'port_not_allowed',
      `port ${port} (${name}) needs more rights than this account has`,
      { remedy: change },
    );
  }
  if (code === 'EADDRNOTAVAIL') {
    return new ListenFault('caller', 'address_not_here', `${address} is not an address of this machine`, {
      remedy: 'Correct listen.address (FIRSTRING_LISTEN_ADDRESS).',
    });
  }
  return error;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}
