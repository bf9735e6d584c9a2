import { Dependencies } from '../../contract/common.ts';
import {
  NodeServicePath,
  NodeService as NodeServiceShown,
  NodeServiceSwitch,
  NodeServices,
} from '../../contract/node-services.ts';
import { Node, NodeChange, NodePath, Nodes } from '../../contract/nodes.ts';
import {
  missingForMra,
  type NodeRecord,
  type NodeService,
  type ServiceStatus,
} from '../../domain/settings/node-service.ts';
import { noContent, ok, type RestModule, route } from './route.ts';
import { settingProblems } from './settings.ts';

const show = ({ id: _, lastSeenAt, ...node }: NodeRecord) => ({
  ...node,
  lastSeenAt: lastSeenAt?.toISOString() ?? null,
});

const showService = (status: ServiceStatus, all: readonly ServiceStatus[]) => ({
  name: status.kind.name,
  group: status.kind.group,
  description: status.kind.description,
  activated: status.activated,
  changedAt: status.changedAt?.toISOString() ?? null,
  needs: status.kind.needs,
  missingForMra: missingForMra(status, all),
});

export function nodeModule(nodes: NodeService): RestModule {
  return {
    tag: 'Nodes and services',
    description: 'The servers of the cluster, and what runs on them',
    problems: settingProblems,
    routes: [
      route({
        method: 'GET',
        path: '/nodes',
        needs: ['system.read'],
        summary: 'List: node',
        description: 'Shows every node of the cluster. Nodes add themselves when they first start.',
        answers: { 200: Nodes },
        async handle() {
          return ok({ items: (await nodes.list()).map(show) });
        },
      }),
      route({
        method: 'GET',
        path: '/nodes/{name}',
        needs: ['system.read'],
        summary: 'Show: node',
        description: 'Shows one node.',
        params: NodePath,
        answers: { 200: Node },
        async handle({ params: { name } }) {
          return ok(show(await nodes.get(name)));
        },
      }),
      route({
        method: 'PATCH',
        path: '/nodes/{name}',
        needs: ['system.write'],
        summary: 'Change: node',
        description: 'Changes where phones reach it, until it starts again with another setting, or its description.',
        params: NodePath,
        body: NodeChange,
        answers: { 200: Node },
        async handle({ params: { name }, body, caller }) {
          return ok(show(await nodes.change(caller.actor, name, body)));
        },
      }),
      route({
        method: 'DELETE',
        path: '/nodes/{name}',
        needs: ['system.write'],
        summary: 'Delete: node',
        description:
          'Forgets a node that is gone for good: stopped, and in no Call Manager group. If it was the publisher, another node becomes it; the only node stays.',
        params: NodePath,
        answers: { 204: null },
        problems: ['in_use', 'protected'],
        async handle({ params: { name }, caller }) {
          await nodes.remove(caller.actor, name);
          return noContent();
        },
      }),
      route({
        method: 'GET',
        path: '/nodes/{name}/dependencies',
        needs: ['system.read'],
        summary: 'Dependency records: node',
        description: 'Shows the groups a node is in and the phones registered with it.',
        params: NodePath,
        answers: { 200: Dependencies },
        async handle({ params: { name } }) {
          return ok({ items: await nodes.dependencies(name) });
        },
      }),
      route({
        method: 'GET',
        path: '/nodes/{name}/services',
        needs: ['system.read'],
        summary: 'List: service of a node',
        description: 'Service Activation: shows which services run on a node.',
        params: NodePath,
        answers: { 200: NodeServices },
        async handle({ params: { name } }) {
          const all = await nodes.services(name);
          return ok({ items: all.map((each) => showService(each, all)) });
        },
      }),
      route({
        method: 'PUT',
        path: '/nodes/{name}/services/{service}',
        needs: ['system.write'],
        summary: 'Activate or deactivate a service on a node',
        description: 'Takes effect at once on that node.',
        params: NodeServicePath,
        body: NodeServiceSwitch,
        answers: { 200: NodeServiceShown },
        problems: ['service_needed', 'service_wanted'],
        async handle({ params: { name, service }, body, caller }) {
          const status = await nodes.switchService(caller.actor, name, service, body.activated);
          return ok(showService(status, await nodes.services(name)));
        },
      }),
    ],
  };
}
