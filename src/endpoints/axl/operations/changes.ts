import type { ChangeLog, LoggedChange } from '../../../domain/integrations/change-log.ts';
import { child, children } from '../../../protocol/soap/elements.ts';
import { el, type SoapElement } from '../../../protocol/soap/envelope.ts';
import { AxlFault } from '../axl-fault.ts';
import type { AxlOperation } from '../operation.ts';
import { uuidAttribute } from '../reply.ts';
import { readUuid } from '../values.ts';

/** Our kinds ↔ the types of listChange. */
const types: Readonly<Record<string, string>> = {
  phone: 'Phone',
  'activation-code': 'PhoneActivationCode',
  'device-default': 'DeviceDefaults',
  'mra-service-domain': 'MraServiceDomain',
  'cloud-onboarding': 'CiscoCloudOnboarding',
  'device-pool': 'DevicePool',
  'call-manager-group': 'CallManagerGroup',
  line: 'Line',
  user: 'User',
  'route-partition': 'RoutePartition',
  'service-parameter': 'ServiceParameter',
  node: 'ProcessNode',
  'universal-line-template': 'UniversalLineTemplate',
  'phone-security-profile': 'PhoneSecurityProfile',
  'sip-profile': 'SipProfile',
  'common-phone-profile': 'CommonPhoneConfig',
  'phone-button-template': 'PhoneButtonTemplate',
};
const mostChanges = 1000;

/** listChange: what changed since a tool last asked. The first question tells where to begin, every later one what came since. */
export function changeOperations(log: ChangeLog): readonly AxlOperation[] {
  return [
    {
      name: 'listChange',
      what: 'Change',
      takes: { startChangeId: 'read', objectList: { inside: { object: 'read' } } },
      needs: ['audit.read', 'settings.write'],
      bare: true,
      async handle({ element }) {
        const start = child(element, 'startChangeId');
        const [queueId, { first, last }] = await Promise.all([log.queueId(), log.range()]);
        if (start === undefined) return [queue(first, last, last + 1, queueId), el('changes')];
        const id = Number(start.text.trim());
        if (!Number.isSafeInteger(id) || id < 0)
          throw new AxlFault(5003, 'startChangeId is the nextStartChangeId of the answer before.', 'soapenv:Client');
        if (readUuid(start.attributes['queueId']) !== queueId)
          throw new AxlFault(
            5007,
            'Item not valid: The specified queueId was not found. Ask without startChangeId first.',
          );
        const wanted = children(child(element, 'objectList'), 'object').map((each) => each.text.trim());
        const kinds = Object.keys(types).filter((kind) => wanted.length === 0 || wanted.includes(types[kind]!));
        const changes = await log.since(id, kinds, mostChanges);
        const next = changes.length === 0 ? id : changes.at(-1)!.id + 1;
        return [queue(first, last, next, queueId), el('changes', changes.map(changeElement))];
      },
    },
  ];
}

function queue(first: number, last: number, next: number, queueId: string): SoapElement {
  return el('queueInfo', [
    el('firstChangeId', String(first)),
    el('lastChangeId', String(last)),
    el('nextStartChangeId', String(next)),
    el('queueId', queueId),
  ]);
}

function changeElement({ id, objectKind, objectId, action, changed }: LoggedChange): SoapElement {
  const uuid = readUuid(objectId);
  const done = /\.(created|issued)$/.test(action) ? 'a' : /\.(deleted|released)$/.test(action) ? 'r' : 'u';
  return el(
    'change',
    [
      el('id', String(id)),
      el('action', done),
      el('doGet', String(done === 'u')),
      el(
        'changedTags',
        changed.map((name) => el('changedTag', '', { name })),
      ),
    ],
    { type: types[objectKind] ?? objectKind, ...(uuid !== undefined && uuidAttribute(uuid)) },
  );
}
