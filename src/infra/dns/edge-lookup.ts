import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { EdgeLookup, LookupFailure } from '../../domain/mra/domain-check.ts';

/**
 * Real DNS queries. `servers`: `host:port` or addresses to ask instead of those of the operating system. Names of the local hosts file are not
 * looked at: phones outside do not have it.
 */
export function edgeLookup(servers: readonly string[] = []): EdgeLookup {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  if (servers.length > 0) resolver.setServers([...servers]);
  return {
    async srv(name) {
      try {
        const records = await resolver.resolveSrv(name);
        return records.map(({ name: host, port, priority, weight }) => ({
          host: host.replace(/\.$/, '').toLowerCase(),
          port,
          priority,
          weight,
        }));
      } catch (error) {
        return failureOf(error);
      }
    },

    async addresses(host) {
      if (isIP(host) !== 0) return [host];
      const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      const found = [four, six].flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
      return found.length > 0 || four.status === 'fulfilled' ? found : failureOf(four.reason);
    },
  };
}

function failureOf(error: unknown): LookupFailure {
  const code = (error as { code?: string }).code ?? '';
  if (code === 'ENOTFOUND' || code === 'ENODATA' || code === 'EBADNAME') return 'no-such-name';
  return code === 'ETIMEOUT' ? 'timed-out' : 'server-failed';
}
