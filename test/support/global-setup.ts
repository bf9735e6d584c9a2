import { brokerVariable, databaseBroker, serveBroker } from './postgres-broker.ts';

/** Vitest global set-up: every file of the run shares one PostgreSQL, which nobody pays for who does not ask. */
export async function setup(): Promise<() => Promise<void>> {
  if (process.env[brokerVariable] !== undefined) return async () => {};
  const broker = databaseBroker();
  const served = await serveBroker(broker);
  process.env[brokerVariable] = served.address;
  return async () => {
    delete process.env[brokerVariable];
    await served.close();
    await broker.stop();
  };
}
