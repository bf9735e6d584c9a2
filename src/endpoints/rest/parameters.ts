import type { Static } from 'typebox';
import {
  EnterpriseParameter,
  EnterpriseParameterPath,
  EnterpriseParameterSetting,
  EnterpriseParameters,
} from '../../contract/enterprise-parameters.ts';
import {
  ServiceParameter,
  ServiceParameterPath,
  ServiceParameterQuery,
  ServiceParameterSetting,
  ServiceParameters,
} from '../../contract/service-parameters.ts';
import type { ServiceParameterKind } from '../../domain/settings/parameter.ts';
import type { ParameterService, ParameterValue } from '../../domain/settings/parameter-service.ts';
import { ok, type RestModule, route } from './route.ts';
import { settingProblems } from './settings.ts';

const show = ({ kind, value, isDefault, version }: ParameterValue): Static<typeof EnterpriseParameter> => ({
  name: kind.name,
  group: kind.group,
  help: kind.help,
  type: kind.type as Static<typeof EnterpriseParameter>['type'],
  defaultValue: kind.defaultValue,
  value,
  isDefault,
  version,
});
const showService = (parameter: ParameterValue<ServiceParameterKind>): Static<typeof ServiceParameter> => ({
  service: parameter.kind.service,
  ...show(parameter),
  perNode: parameter.kind.perNode,
  nodeValues: { ...parameter.nodeValues },
});
const stored = (value: string | number | boolean | null) => (value === null ? undefined : String(value));

export function parameterModule(parameters: ParameterService): RestModule {
  return {
    tag: 'Parameters',
    description: 'Service parameters and enterprise parameters',
    problems: settingProblems,
    routes: [
      route({
        method: 'GET',
        path: '/service-parameters',
        needs: ['system.read'],
        summary: 'List: service parameter',
        description: 'Shows every parameter of every service: what it does, what it takes and what holds.',
        query: ServiceParameterQuery,
        answers: { 200: ServiceParameters },
        async handle({ query }) {
          const all = await parameters.serviceList();
          return ok({
            items: all
              .filter((each) => query.service === undefined || each.kind.service === query.service)
              .map(showService),
          });
        },
      }),
      route({
        method: 'GET',
        path: '/service-parameters/{service}/{name}',
        needs: ['system.read'],
        summary: 'Show: service parameter',
        description: 'Shows one parameter.',
        params: ServiceParameterPath,
        answers: { 200: ServiceParameter },
        async handle({ params: { service, name } }) {
          const found = await parameters.service(service, name);
          return ok(showService(found), { version: found.version });
        },
      }),
      route({
        method: 'PUT',
        path: '/service-parameters/{service}/{name}',
        needs: ['system.write'],
        summary: 'Set: service parameter',
        description: 'Sets a parameter for all nodes, or for one; null goes back to the default.',
        params: ServiceParameterPath,
        body: ServiceParameterSetting,
        answers: { 200: ServiceParameter },
        problems: ['unknown_reference', 'version_conflict'],
        versioned: true,
        async handle({ params: { service, name }, body, caller, ifMatch }) {
          const value = stored(body.value);
          const now = await parameters.setService(caller.actor, service, name, body.node, value, ifMatch);
          return ok(showService(now), { version: now.version });
        },
      }),
      route({
        method: 'GET',
        path: '/enterprise-parameters',
        needs: ['system.read'],
        summary: 'List: enterprise parameter',
        description: 'Shows every enterprise parameter: what it does, what it takes and what holds.',
        answers: { 200: EnterpriseParameters },
        async handle() {
          return ok({ items: (await parameters.enterpriseList()).map(show) });
        },
      }),
      route({
        method: 'GET',
        path: '/enterprise-parameters/{name}',
        needs: ['system.read'],
        summary: 'Show: enterprise parameter',
        description: 'Shows one parameter.',
        params: EnterpriseParameterPath,
        answers: { 200: EnterpriseParameter },
        async handle({ params: { name } }) {
          const found = await parameters.enterprise(name);
          return ok(show(found), { version: found.version });
        },
      }),
      route({
        method: 'PUT',
        path: '/enterprise-parameters/{name}',
        needs: ['system.write'],
        summary: 'Set: enterprise parameter',
        description: 'Sets a parameter; null goes back to the default.',
        params: EnterpriseParameterPath,
        body: EnterpriseParameterSetting,
        answers: { 200: EnterpriseParameter },
        problems: ['version_conflict'],
        versioned: true,
        async handle({ params: { name }, body, caller, ifMatch }) {
          const now = await parameters.setEnterprise(caller.actor, name, stored(body.value), ifMatch);
          return ok(show(now), { version: now.version });
        },
      }),
    ],
  };
}
