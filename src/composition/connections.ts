import type { ConnectionBudget } from '../endpoints/listen/connection-limits.ts';
import type { Configuration } from '../infra/config/configuration.ts';

/** Roles of an all-in-one process share what it may hold: a cluster node, a cloud, and two edges of an E and a C each. */
const parts = { unifiedCm: 0.5, cloud: 0.2, expresswayE: 0.13, expresswayC: 0.02 } as const;

/** What a role's listeners may hold together. `part`: of an all-in-one process that runs others too. */
export function connectionBudget({ limits, mra }: Configuration, part?: keyof typeof parts): ConnectionBudget {
  const share = part === undefined || !mra.enabled ? 1 : parts[part];
  return {
    connections: Math.floor(limits.connections * share),
    perSource: limits.connectionsPerSource,
    strangersPerSource: limits.strangersPerSource,
  };
}
