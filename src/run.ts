import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessParts, RunningRole } from './composition/process.ts';

import { giveUpRootFor, serviceAccountOf } from './give-up-root.ts';
import type { Configuration } from './infra/config/configuration.ts';
import { listenersOf } from './infra/config/listeners.ts';
import { clearLeftovers, openDataDirectory, writeWhole } from './infra/data-directory/files.ts';
import { lockDataDirectory } from './infra/data-directory/lock.ts';
import { Fault } from './kernel/errors.ts';
import type { Log } from './kernel/log.ts';

/** `DIR/runtime.json`: what scripts and tests rely on. */
export interface Runtime extends RunningRole {
  readonly ready: true;
  readonly pid: number;
  readonly version: string;
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
  const service = await serviceAccountOf(configuration);
  await using stack = new AsyncDisposableStack();
  await openDataDirectory(directory, service.kind === 'account' ? service.account : undefined);
  stack.use(await lockDataDirectory(directory));
  await clearLeftovers(directory);
  let running: RunningRole;
  try {
    running = await start({ configuration, version, log, signal, stack });
  } catch (error) {
    // Stopped before it was ready: that is what was asked for.
    if (signal.aborted && error === signal.reason) return;
    throw asListenFault(error, configuration);
  }
  // Every listener is open; whoever reads runtime.json finds a process that can do no more than its account.
  await giveUpRootFor(service, directory, log);
  const endpoints = Object.fromEntries(Object.entries(running.endpoints).filter(([, url]) => url !== ''));
  const runtime: Runtime = { ready: true, pid: process.pid, version, ...running, endpoints };
  const runtimeFile = join(directory, 'runtime.json');
  stack.defer(() => rm(runtimeFile, { force: true }));
  await writeWhole(runtimeFile, `${JSON.stringify(runtime, undefined, 2)}\n`);
  options.onReady(runtime);
  await aborted(signal);
  log.info({}, 'stopping');
}

/** Each role loads only what it runs. */
async function start(parts: ProcessParts): Promise<RunningRole> {
  switch (parts.configuration.role) {
    case 'all-in-one':
    case 'unified-cm':
      return (await import('./composition/unified-cm.ts')).runUnifiedCm(parts);
    case 'cloud':
      return (await import('./composition/others.ts')).runCloud(parts);
    case 'expressway-e':
      return (await import('./composition/others.ts')).runExpresswayE(parts);
    case 'expressway-c':
      return (await import('./composition/others.ts')).runExpresswayC(parts);
  }
}

function asListenFault(error: unknown, configuration: Configuration): unknown {
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  const name = listenersOf(configuration.role).find((each) => configuration.ports[each] === port);
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
