import type { ExpresswayCAffairs } from '../../endpoints/edge/console-c.ts';
import type { TunnelCounts } from '../../endpoints/edge/tunnel-server.ts';
import type { ConsoleAccess } from '../../infra/edge/console-access.ts';
import type { Controller } from '../../infra/edge/controller.ts';
import type { ControllerRecord } from '../../infra/edge/controller-record.ts';
import { lookAtAuthority } from '../../infra/edge/enrol.ts';
import type { PinnedIdentity } from '../../infra/edge/own-keys.ts';
import type { StateFile } from '../../infra/edge/state-file.ts';

export interface EdgeCParts {
  readonly name: string;
  readonly version: string;
  readonly identity: PinnedIdentity;
  readonly record: StateFile<ControllerRecord>;
  readonly controller: Controller;
  readonly counts: TunnelCounts;
  readonly access: ConsoleAccess;
}

/** The console's view of a running Expressway-C. */
export function affairsOfC({
  access,
  controller,
  counts,
  identity,
  name,
  record,
  version,
}: EdgeCParts): ExpresswayCAffairs {
  const accessControl = () => {
    const { domains, ...rest } = controller.settings;
    return { ...rest, domains: [...domains] };
  };
  return {
    status: () => ({
      name,
      version,
      certificateSha256: identity.sha256,
      problems: [...controller.hindrances()],
      ...counts,
      edges: record.value.edges.map((edge) => {
        const standing = controller.standing(edge.name);
        const { hello, status } = standing ?? {};
        return {
          name: edge.name,
          address: edge.address,
          tunnels: standing?.tunnels ?? 0,
          problem: standing === undefined ? 'not connected yet' : (standing.problem ?? null),
          inForce: controller.inForce(edge.name),
          host: hello?.host ?? null,
          httpsPort: hello?.httpsPort ?? null,
          sipPort: hello?.sipPort ?? null,
          version: hello?.version ?? null,
          warnings: [...(hello?.warnings ?? [])],
          phoneConnections: status?.phoneConnections ?? null,
          sipFlows: status?.sipFlows ?? null,
        };
      }),
      clusters: record.value.clusters.map((cluster) => {
        const link = controller.clusters.links.find(({ id }) => id === cluster.id);
        const view = link?.view;
        return {
          id: cluster.id,
          address: cluster.address,
          problem: controller.problemOf(cluster.id) ?? (view === undefined ? 'not seen yet' : null),
          lastSeen: link?.lastSeen === undefined ? null : new Date(link.lastSeen).toISOString(),
          version: view?.version ?? null,
          activationDomain: view?.activationDomain ?? null,
          serviceDomains: [...(view?.serviceDomains ?? [])],
          mraActivationEnabled: view?.mraActivationEnabled ?? null,
          nodes: (view?.nodes ?? []).map(({ name: node, host, edgeAccess, sipOauthMra, services }) => ({
            name: node,
            host,
            edgeAccess,
            sipOauthMra,
            services: [...services],
          })),
        };
      }),
    }),
    accessControl,
    async changeAccessControl(next, ifVersion) {
      await controller.changeSettings(next, ifVersion);
      return accessControl();
    },
    pair: async (text) => (await controller.pair(text)).name,
    removeEdge: (edge) => controller.removeEdge(edge),
    look: (url) => lookAtAuthority(url),
    addCluster: async ({ url, user, password, clusterCa }) =>
      (await controller.addCluster({ url, user, password, clusterCa })).id,
    refreshCluster: (id) => controller.refreshCluster(id),
    removeCluster: (id) => controller.removeCluster(id),
    audit: (entry) => access.audit(entry),
  };
}
