import type { NodeService } from '../../../domain/settings/node-service.ts';
import { el } from '../../../protocol/soap/envelope.ts';
import { AxlFault } from '../axl-fault.ts';
import { each, listing } from '../elements.ts';
import { matchesLike } from '../like.ts';
import { readPage, readPatterns } from '../lists.ts';
import type { AxlOperation } from '../operation.ts';
import { readWanted, row, uuidAttribute } from '../reply.ts';
import { enterpriseNode, serviceNameOut } from './parameters.ts';

const enterpriseNodeId = '00000000-1111-0000-0000-000000000000';

/** getCCMVersion, listProcessNode, listProcessNodeService, and what SQL gets for an answer. */
export function systemOperations(nodes: NodeService, version: string): readonly AxlOperation[] {
  return [
    {
      name: 'getCCMVersion',
      what: 'Version',
      takes: each('read', ['processNodeName', 'returnedTags']),
      needs: ['phones.read', 'system.read', 'settings.read'],
      // Tools take the schema they use from the first two numbers; what they run on stands in parentheses.
      handle: async () => [el('componentVersion', [el('version', `15.0.1.10000(firstring ${version})`)])],
    },
    {
      name: 'listProcessNode',
      what: 'Process Node',
      takes: listing(['name', 'description', 'processNodeRole']),
      needs: ['system.read'],
      async handle({ element }) {
        const { name = '%', description = '%', processNodeRole = '%' } = readPatterns(element);
        const { skip, first } = readPage(element);
        const wanted = readWanted(element);
        const all = [
          { id: enterpriseNodeId, name: enterpriseNode, description: '', publisher: false },
          ...(await nodes.list()),
        ];
        return all
          .filter(
            (each) =>
              matchesLike(each.name, name) &&
              matchesLike(each.description, description) &&
              matchesLike('CUCM Voice/Video', processNodeRole),
          )
          .slice(skip, skip + first)
          .map((each) =>
            row(
              'processNode',
              ['name', 'description', 'mac', 'ipv6Name', 'nodeUsage', 'lbmHubGroup', 'processNodeRole'],
              {
                name: each.name,
                description: each.description,
                mac: null,
                ipv6Name: null,
                nodeUsage: each.publisher ? 'Publisher' : 'Subscriber',
                lbmHubGroup: null,
                processNodeRole: 'CUCM Voice/Video',
              },
              wanted,
              uuidAttribute(each.id),
            ),
          );
      },
    },
    {
      name: 'listProcessNodeService',
      what: 'Process Node Service',
      takes: listing(['processNodeName', 'service']),
      needs: ['system.read'],
      async handle({ element }) {
        const { processNodeName = '%', service = '%' } = readPatterns(element);
        const { skip, first } = readPage(element);
        const wanted = readWanted(element);
        const rows = [];
        for (const node of await nodes.list()) {
          if (!matchesLike(node.name, processNodeName)) continue;
          for (const status of await nodes.services(node.name)) {
            const name = serviceNameOut(status.kind.name);
            if (!matchesLike(name, service)) continue;
            rows.push(
              row(
                'processNodeService',
                ['processNodeName', 'service', 'traceLevel', 'userCategories', 'enable', 'isActive'],
                {
                  processNodeName: { name: node.name, uuid: node.id },
                  service: name,
                  enable: status.activated,
                  isActive: status.activated && node.up,
                },
                wanted,
              ),
            );
          }
        }
        return rows.slice(skip, skip + first);
      },
    },
    ...(['executeSQLQuery', 'executeSQLUpdate'] as const).map(
      (name): AxlOperation => ({
        name,
        what: 'SQL',
        takes: { sql: 'read' },
        needs: ['system.read'],
        handle: () =>
          Promise.reject(
            new AxlFault(
              201,
              'A syntax error has occurred. SQL is not answered here: use the list operations, or the REST API (/api/v1/openapi.json).',
              'soapenv:Client',
            ),
          ),
      }),
    ),
  ];
}
