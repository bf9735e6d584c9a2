import { portRanges } from './ports.ts';
import { databaseBroker } from './postgres-broker.ts';
import { PreparedDirectories } from './prepared-directory.ts';
import { serveRunShare, sharesRun } from './run-share.ts';

/** Vitest global set-up: every file of the run shares what is dear to make, and nobody pays for it who does not ask. */
export async function setup(): Promise<() => Promise<void>> {
  if (sharesRun()) return async () => {};
  const broker = databaseBroker();
  const directories = new PreparedDirectories();
  // Two runs on one machine begin at different numbers.
  let ranges = Math.floor(Math.random() * portRanges);
  const served = await serveRunShare({
    database: (options) => broker.make(options),
    dataDirectory: (kind) => directories.make(kind),
    portRange: async () => ranges++,
  });
  return async () => {
    await served.close();
    await broker.stop();
    await directories[Symbol.asyncDispose]();
  };
}
