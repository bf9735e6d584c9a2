import {
  AutoRegistrationPath,
  AutoRegistrationView,
  NodeAutoRegistrationChange,
  NodeAutoRegistrationView,
} from '../../contract/auto-registration.ts';
import type {
  AutoRegistrationService,
  AutoRegistrationView as View,
} from '../../domain/auto-registration/auto-registration-service.ts';
import { ok, type RestModule, route } from './route.ts';
import { settingProblems } from './settings.ts';

const show = ({ nodeId: _, nextDirectoryNumber, lastDirectoryNumber, ...rest }: View): NodeAutoRegistrationView => ({
  ...rest,
  nextDirectoryNumber: nextDirectoryNumber ?? null,
  lastDirectoryNumber: lastDirectoryNumber ?? null,
});

export function autoRegistrationModule(service: AutoRegistrationService): RestModule {
  return {
    tag: 'Auto-registration',
    description: 'Directory numbers for phones that nobody prepared',
    problems: settingProblems,
    routes: [
      route({
        method: 'GET',
        path: '/auto-registration',
        needs: ['system.read'],
        summary: 'Show auto-registration of the cluster',
        description: 'The group, the models, every node, and why no phone comes in if none does.',
        answers: { 200: AutoRegistrationView },
        async handle() {
          const { group, nodes, ...rest } = await service.overview();
          return ok({
            group: group?.name ?? null,
            members: group?.members.map((each) => each.node) ?? [],
            ...rest,
            nodes: nodes.map(show),
          });
        },
      }),
      route({
        method: 'GET',
        path: '/nodes/{name}/auto-registration',
        needs: ['system.read'],
        summary: 'Show auto-registration of a node',
        description: 'Its directory number range and templates, and what comes next.',
        params: AutoRegistrationPath,
        answers: { 200: NodeAutoRegistrationView },
        async handle({ params: { name } }) {
          const view = await service.node(name);
          return ok(show(view), { version: view.version });
        },
      }),
      route({
        method: 'PUT',
        path: '/nodes/{name}/auto-registration',
        needs: ['system.write'],
        versioned: true,
        summary: 'Change auto-registration of a node',
        description:
          'Members left out stay as they are. Auto-registration is off while both directory numbers are equal or the box is ticked, as it is at first.',
        params: AutoRegistrationPath,
        body: NodeAutoRegistrationChange,
        answers: { 200: NodeAutoRegistrationView },
        problems: ['invalid_value', 'unknown_reference', 'version_conflict'],
        async handle({ params: { name }, body, caller, ifMatch }) {
          const view = await service.change(caller.actor, name, body, ifMatch);
          return ok(show(view), { version: view.version });
        },
      }),
    ],
  };
}
