import { RateLimiter } from '../src/endpoints/listen/rate-limit.ts';
import { silentLog } from '../src/kernel/log.ts';
import { startCloud } from '../src/roles/cloud/start.ts';

/** Child process of bench/cloud.ts: one cloud, so that its processor time is its own. */
export interface CloudServerStart {
  readonly url: string;
  readonly dataDirectory: string;
  /** DER in base64. */
  readonly manufacturer: string;
}

process.on('message', async (message: CloudServerStart | 'processor-time') => {
  if (message === 'processor-time') {
    const { user, system } = process.cpuUsage();
    process.send?.({ seconds: (user + system) / 1e6 });
    return;
  }
  const { url, dataDirectory, manufacturer } = message;
  const cloud = await startCloud({
    name: 'bench',
    dataDirectory,
    database: { url, connections: 10 },
    hostNames: ['localhost', '127.0.0.1'],
    listen: { address: '127.0.0.1' },
    ports: { cloud: 0, cloudConsole: 0 },
    trustedManufacturers: [{ der: Buffer.from(manufacturer, 'base64'), description: 'Bench' }],
    limits: { connectionsPerSource: 1000 },
    // All phones of the bench come from one address.
    rates: { phones: new RateLimiter({ burst: 1e9, perSecond: 1e9 }) },
    version: 'bench',
    log: silentLog,
  });
  process.send?.({ url: cloud.endpoints.cloud });
});
