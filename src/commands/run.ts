import { flushCompileCache } from 'node:module';
import type { Command } from 'commander';
import type { Configuration } from '../infra/config/configuration.ts';
import { addConfigurationOptions, type ConfigurationOptions, configurationFrom } from './configuration-options.ts';

/** A stop that takes longer than this has failed. In ms; service managers wait ten seconds. */
const patience = 9_500;

export function addRunCommand(program: Command, version: string): void {
  addConfigurationOptions(program.command('run').description('run a role until it is told to stop')).action(
    async (options: ConfigurationOptions) => {
      const configuration = await configurationFrom(options);
      await runUntilSignalled(configuration, version, () => configurationFrom(options));
    },
  );
}

async function runUntilSignalled(
  configuration: Configuration,
  version: string,
  readAgain: () => Promise<Configuration>,
): Promise<void> {
  const { createLog } = await import('../infra/log/log.ts');
  const { run } = await import('../run.ts');
  const { welcome } = await import('./welcome.ts');
  const { json, level } = configuration.log;
  const write = (text: string) => void process.stdout.write(text);
  const log = createLog({ level, json, node: configuration.node.name, write });
  const stop = new AbortController();
  let deadline: NodeJS.Timeout | undefined;
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    deadline = setTimeout(() => {
      log.error({}, 'the stop took too long');
      process.exit(1);
    }, patience);
  };
  // What a log rotation sends. Lines go to standard output, so there is no file to open again.
  const onHangUp = () => {
    readAgain().then(
      ({ log: { level: next } }) => {
        log.level = next;
        log.info({ level: next }, 'SIGHUP: the log level was read again; everything else goes on as it is');
      },
      (error: unknown) =>
        log.warn({ err: error }, 'SIGHUP: the configuration cannot be read; everything goes on as it is'),
    );
  };
  process.on('SIGHUP', onHangUp);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal);
  // Whoever read our lines went away (a closed pipe, a closed terminal); that is no reason to end.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'a failure nobody handled'));
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'a defect: stopping');
    process.exitCode = 1;
    if (!stop.signal.aborted) onSignal();
  });
  try {
    await run({
      configuration,
      version,
      log,
      signal: stop.signal,
      onReady(runtime) {
        // Now rather than at the end, which may be a kill.
        flushCompileCache();
        if (json)
          log.info({ ...runtime, admin: { user: runtime.admin.user, file: runtime.admin.passwordFile } }, 'ready');
        else write(welcome(runtime, configuration));
      },
    });
  } finally {
    clearTimeout(deadline);
    process.removeListener('SIGHUP', onHangUp);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.removeListener(signal, onSignal);
  }
}
