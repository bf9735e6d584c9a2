import type { Static } from 'typebox';
import {
  AccessControl,
  ClusterAuthority,
  ClusterId,
  ClusterLook,
  ClusterOfC,
  ClusterRefreshed,
  EdgeCStatus,
  EdgeNameOfC,
  EdgeOfC,
  NewCluster,
  NewPairing,
} from '../../contract/edge-c.ts';
import { accessControlVersion } from '../../domain/edge/access-control.ts';
import type { AuditEntry } from '../../domain/ports.ts';
import { created, noContent, ok, type RestModule, route } from '../rest/route.ts';

/** What the console of Expressway-C shows and changes. Throws EdgeFault. */
export interface ExpresswayCAffairs {
  status(): Static<typeof EdgeCStatus>;
  accessControl(): Static<typeof AccessControl>;
  /** Throws EdgeFault `version_conflict` when what holds is not what `ifVersion` was made from. */
  changeAccessControl(
    next: Static<typeof AccessControl>,
    ifVersion: number | undefined,
  ): Promise<Static<typeof AccessControl>>;
  pair(text: string): Promise<string>;
  removeEdge(name: string): Promise<void>;
  look(url: string): Promise<Static<typeof ClusterAuthority>>;
  addCluster(given: Static<typeof NewCluster>): Promise<string>;
  refreshCluster(id: string): Promise<boolean>;
  removeCluster(id: string): Promise<void>;
  audit(entry: AuditEntry): Promise<void>;
}

export function expresswayCModule(affairs: ExpresswayCAffairs): RestModule {
  const edge = (name: string) => affairs.status().edges.find((each) => each.name === name);
  const cluster = (id: string) => affairs.status().clusters.find((each) => each.id === id);
  return {
    tag: 'Expressway-C',
    description: 'The half of the edge that stands inside',
    problems: {},
    routes: [
      route({
        method: 'GET',
        path: '/status',
        needs: ['system.read'],
        summary: 'Show how it is doing',
        description: 'Edges, clusters, counters, and what is wrong.',
        answers: { 200: EdgeCStatus },
        handle: () => ok(affairs.status()),
      }),
      route({
        method: 'GET',
        path: '/access-control',
        needs: ['system.read'],
        summary: 'Show MRA access control',
        description: 'What phones outside may do.',
        answers: { 200: AccessControl },
        handle: () => {
          const now = affairs.accessControl();
          return ok(now, { version: accessControlVersion(now) });
        },
      }),
      route({
        method: 'PUT',
        path: '/access-control',
        needs: ['system.write'],
        summary: 'Change MRA access control',
        description: 'Every Expressway-E follows within seconds.',
        body: AccessControl,
        answers: { 200: AccessControl },
        problems: ['activation_needs_oauth', 'domain_invalid', 'version_conflict'],
        versioned: true,
        async handle({ body, caller, ifMatch }) {
          const now = await affairs.changeAccessControl(body, ifMatch);
          await affairs.audit({
            actor: caller.actor,
            action: 'access-control.changed',
            objectKind: 'access-control',
            detail: { ...now },
          });
          return ok(now, { version: accessControlVersion(now) });
        },
      }),
      route({
        method: 'POST',
        path: '/edges',
        needs: ['system.write'],
        summary: 'Pair with an Expressway-E',
        description: 'Dials the address in the text; both sides keep the other’s certificate.',
        body: NewPairing,
        answers: { 201: EdgeOfC },
        problems: ['pairing_text_invalid', 'pairing_text_expired', 'pairing_refused', 'edge_unreachable'],
        async handle({ body, caller }) {
          const name = await affairs.pair(body.pairingText);
          await affairs.audit({
            actor: caller.actor,
            action: 'expressway-e.paired',
            objectKind: 'expressway-e',
            objectName: name,
          });
          return created(`/edges/${encodeURIComponent(name)}`, edge(name));
        },
      }),
      route({
        method: 'DELETE',
        path: '/edges/{name}',
        needs: ['system.write'],
        summary: 'Forget an Expressway-E',
        description: 'The tunnels to it end.',
        params: EdgeNameOfC,
        answers: { 204: null },
        problems: ['edge_unknown'],
        async handle({ params, caller }) {
          await affairs.removeEdge(params.name);
          await affairs.audit({
            actor: caller.actor,
            action: 'expressway-e.removed',
            objectKind: 'expressway-e',
            objectName: params.name,
          });
          return noContent();
        },
      }),
      route({
        method: 'POST',
        path: '/clusters/look',
        needs: ['system.write'],
        summary: 'Look at the authority of a node',
        description: 'For a person to compare before the cluster is added. Nothing is sent to the node.',
        body: ClusterLook,
        answers: { 200: ClusterAuthority },
        problems: ['cluster_unreachable', 'cluster_not_trusted'],
        handle: async ({ body }) => ok(await affairs.look(body.url)),
      }),
      route({
        method: 'POST',
        path: '/clusters',
        needs: ['system.write'],
        summary: 'Add a Unified CM cluster',
        description: 'By one address of it; the other nodes are found. User and password are used once and not kept.',
        body: NewCluster,
        answers: { 201: ClusterOfC },
        problems: ['cluster_unreachable', 'cluster_not_trusted', 'cluster_refused'],
        async handle({ body, caller }) {
          const id = await affairs.addCluster(body);
          await affairs.audit({
            actor: caller.actor,
            action: 'cluster.added',
            objectKind: 'cluster',
            objectId: id,
            objectName: body.url,
          });
          return created(`/clusters/${encodeURIComponent(id)}`, cluster(id));
        },
      }),
      route({
        method: 'POST',
        path: '/clusters/{id}/refresh',
        needs: ['system.write'],
        summary: 'Refresh the servers of a cluster',
        description: 'Not needed for changes to be seen: the cluster announces them. For when one wants to be sure.',
        params: ClusterId,
        answers: { 200: ClusterRefreshed },
        problems: ['cluster_unknown'],
        handle: async ({ params }) => ok({ answered: await affairs.refreshCluster(params.id) }),
      }),
      route({
        method: 'DELETE',
        path: '/clusters/{id}',
        needs: ['system.write'],
        summary: 'Forget a cluster',
        description: 'Phones of that cluster are not served any more.',
        params: ClusterId,
        answers: { 204: null },
        problems: ['cluster_unknown'],
        async handle({ params, caller }) {
          await affairs.removeCluster(params.id);
          await affairs.audit({
            actor: caller.actor,
            action: 'cluster.removed',
            objectKind: 'cluster',
            objectId: params.id,
          });
          return noContent();
        },
      }),
    ],
  };
}
