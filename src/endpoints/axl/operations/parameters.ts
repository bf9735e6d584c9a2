import type { NodeRecord, NodeService } from '../../../domain/settings/node-service.ts';
import type { ParameterService, ParameterValue } from '../../../domain/settings/parameter-service.ts';
import type { XmlTree } from '../../../protocol/phone-config/xml-reader.ts';
import { text } from '../../../protocol/soap/elements.ts';
import { badValue, itemNotValid } from '../axl-fault.ts';
import { each, listing } from '../elements.ts';
import { matchesLike } from '../like.ts';
import { readPage, readPatterns } from '../lists.ts';
import type { AxlOperation } from '../operation.ts';
import { readWanted, row } from '../reply.ts';
import { reference } from '../values.ts';

const what = 'Service Parameter';
const keys = each('read', ['processNodeName', 'name', 'service']);
const order = ['processNodeName', 'name', 'service', 'value', 'valueType'] as const;

/** Enterprise parameters stand under this service, on this node that is none. */
export const enterpriseService = 'Enterprise Wide';
export const enterpriseNode = 'EnterpriseWideData';

/** Our services ↔ the names tools know. What is not here is called the same. */
const serviceNames: Readonly<Record<string, string>> = {
  CallManager: 'Cisco CallManager',
  TFTP: 'Cisco Tftp',
  'Device Activation Service': 'Cisco Device Activation Service',
  'Trust Verification Service': 'Cisco Trust Verification Service',
  UDS: 'Cisco User Data Services',
};
export const serviceNameOut = (name: string) => serviceNames[name] ?? name;
export const serviceNameIn = (name: string) =>
  Object.entries(serviceNames).find(([, known]) => known.toLowerCase() === name.toLowerCase())?.[0] ?? name;

interface Row {
  readonly node: string;
  readonly service: string;
  readonly parameter: ParameterValue;
  readonly value: string;
}

/** getServiceParameter, listServiceParameter, updateServiceParameter; enterprise parameters among them. Names are those of the pages. */
export function parameterOperations(parameters: ParameterService, nodes: NodeService): readonly AxlOperation[] {
  const rows = async (): Promise<readonly Row[]> => {
    const [service, enterprise, all] = await Promise.all([
      parameters.serviceList(),
      parameters.enterpriseList(),
      nodes.list(),
    ]);
    return [
      ...service.flatMap((parameter) =>
        nodesOf(all, parameter.kind.perNode).map((node) => ({
          node,
          service: serviceNameOut(parameter.kind.service),
          parameter,
          value: parameter.nodeValues[node] ?? parameter.value,
        })),
      ),
      ...enterprise.map((parameter) => ({
        node: enterpriseNode,
        service: enterpriseService,
        parameter,
        value: parameter.value,
      })),
    ];
  };
  const meant = async (request: XmlTree): Promise<Row> => {
    const node = reference(request, 'processNodeName')?.name ?? '';
    const name = text(request, 'name') ?? '';
    const service = text(request, 'service') ?? '';
    const found = (await rows()).find(
      (each) =>
        each.parameter.kind.name.toLowerCase() === name.toLowerCase() &&
        serviceNameIn(each.service) === serviceNameIn(service) &&
        (each.service === enterpriseService || node === '' || each.node.toLowerCase() === node.toLowerCase()),
    );
    if (found === undefined) throw itemNotValid(what);
    return found;
  };
  const shown = (each: Row, request: XmlTree) =>
    row(
      'serviceParameter',
      order,
      {
        processNodeName: { name: each.node, uuid: undefined },
        name: each.parameter.kind.name,
        service: each.service,
        value: written(each),
        valueType: typeOf(each),
      },
      readWanted(request),
    );
  return [
    {
      name: 'getServiceParameter',
      what,
      takes: { ...keys, returnedTags: 'read' },
      needs: ['system.read'],
      handle: async ({ element }) => [shown(await meant(element), element)],
    },
    {
      name: 'listServiceParameter',
      what,
      takes: listing(['processNodeName', 'service', 'name']),
      needs: ['system.read'],
      async handle({ element }) {
        const { processNodeName = '%', service = '%', name = '%' } = readPatterns(element);
        const { skip, first } = readPage(element);
        return (await rows())
          .filter(
            (each) =>
              matchesLike(each.node, processNodeName) &&
              matchesLike(each.service, service) &&
              matchesLike(each.parameter.kind.name, name),
          )
          .slice(skip, skip + first)
          .map((each) => shown(each, element));
      },
    },
    {
      name: 'updateServiceParameter',
      what,
      takes: { ...keys, value: 'read', valueType: 'ignored' },
      needs: ['system.write'],
      async handle({ element, caller }) {
        const found = await meant(element);
        const given = text(element, 'value');
        if (given === undefined) throw badValue('value', 'The request needs the element value.');
        const value = read(found, given);
        if (found.service === enterpriseService)
          await parameters.setEnterprise(caller.actor, found.parameter.kind.name, value);
        else
          await parameters.setService(
            caller.actor,
            serviceNameIn(found.service),
            found.parameter.kind.name,
            'perNode' in found.parameter.kind && found.parameter.kind.perNode ? found.node : undefined,
            value,
          );
        return 'true';
      },
    },
  ];
}

/** A clusterwide parameter stands once, on the publisher. */
function nodesOf(all: readonly NodeRecord[], perNode: boolean): readonly string[] {
  const publisher = all.find((each) => each.publisher) ?? all[0];
  return perNode ? all.map((each) => each.name) : publisher === undefined ? [] : [publisher.name];
}

/** Booleans are T and F here. */
function written({ parameter, value }: Row): string {
  return parameter.kind.type.kind === 'boolean' ? (value === 'true' ? 'T' : 'F') : value;
}

/** Empty: back to the default. */
function read({ parameter }: Row, given: string): string | undefined {
  if (given === '') return parameter.kind.type.kind === 'text' ? '' : undefined;
  if (parameter.kind.type.kind !== 'boolean') return given;
  return /^(t|true|1)$/i.test(given) ? 'true' : /^(f|false|0)$/i.test(given) ? 'false' : given;
}

function typeOf({ parameter }: Row): string {
  const { kind } = parameter.kind.type;
  return kind === 'boolean' ? 'boolean' : kind === 'number' ? 'long' : 'string';
}
