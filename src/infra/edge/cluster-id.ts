import { EdgeFault } from '../../domain/edge/edge-fault.ts';
import type { Log } from '../../kernel/log.ts';
import { readClusterView } from '../../protocol/edge-access/cluster-view.ts';
import { edgePaths } from '../../protocol/edge-access/requests.ts';
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
  throw new EdgeFault(
    'peer',
    'cluster_unreachable',
    'The cluster took this Expressway-C, but no node answers at its port for it.',
    {
      remedy: 'Check that the firewall lets Expressway-C reach port 8444 (edgeAccess) of the nodes.',
      cause,
    },
  );
}

export const unknownEdge = (name: string) =>
  new EdgeFault('caller', 'edge_unknown', `There is no Expressway-E called ${name} here.`, {
    field: 'name',
    remedy: 'The list shows the ones this Expressway-C was paired with.',
  });

export const unknownCluster = (id: string) =>
  new EdgeFault('caller', 'cluster_unknown', `There is no cluster ${id} here.`, {
    field: 'id',
    remedy: 'The list shows the clusters of this Expressway-C.',
  });
