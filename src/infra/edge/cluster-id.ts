import { EdgeFault } from '../../domain/edge/edge-fault.ts';
import type { Log } from '../../kernel/log.ts';
import { readClusterView } from '../../protocol/edge-access/cluster-view.ts';
import { edgePaths } from '../../protocol/edge-access/requests.ts';
import { say } from '../../texts/say.ts';
import { type NodePlace, NodeSession } from './node-session.ts';
import type { PinnedIdentity } from './own-keys.ts';

/** A cluster is known by its own id, whichever node it was added by. */
export async function clusterIdOf(
  places: readonly NodePlace[],
  identity: PinnedIdentity,
  clusterCa: string,
  log: Log,
): Promise<string> {
  let cause: unknown;
  for (const place of places) {
    const session = new NodeSession(place, identity, clusterCa, log);
    try {
      const { headers, body } = await session.request('GET', edgePaths.cluster);
      if (headers[':status'] === 200) return readClusterView(body.toString('utf8')).clusterId;
      cause = new Error(`status ${headers[':status']}`);
    } catch (error) {
      cause = error;
    } finally {
      session.close();
    }
  }
  throw new EdgeFault('peer', say('cluster_unreachable.no_node'), { cause });
}

export const unknownEdge = (name: string) => new EdgeFault('caller', say('edge_unknown', { name }), { field: 'name' });

export const unknownCluster = (id: string) => new EdgeFault('caller', say('cluster_unknown', { id }), { field: 'id' });
