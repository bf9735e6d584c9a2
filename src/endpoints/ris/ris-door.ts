import type { FastifyInstance, FastifyReply } from 'fastify';
import type { RateWindow, RisQuery, RisReader, RisStatus } from '../../domain/integrations/ris.ts';
import type { Log } from '../../kernel/log.ts';
import type { XmlTree } from '../../protocol/phone-config/xml-reader.ts';
import { child, children, text } from '../../protocol/soap/elements.ts';
import { el, localName, type SoapElement, writeEnvelope } from '../../protocol/soap/envelope.ts';
import { longRead, type Within } from '../long-read.ts';
import type { SoapSignIn } from '../soap/sign-in.ts';
import { sendPage, soapScope } from '../soap/soap-scope.ts';
import { risResponse } from './ris-reply.ts';

export interface RisOptions {
  readonly signIn: SoapSignIn;
  readonly reader: RisReader;
  readonly rate: RateWindow;
  /** Requests a minute that `rate` lets through, for its refusal. */
  readonly perMinute: number;
  readonly within?: Within;
  readonly log: Log;
}

export const astNamespace = 'http://schemas.cisco.com/ast/soap';
const mostDevices = 2000;

/** Registration state for tools: selectCmDevice and selectCmDeviceExt, which answer under one name. */
export function serveRis(app: FastifyInstance, options: RisOptions): void {
  soapScope(app, {
    urls: ['/realtimeservice2/services/RISService70', '/realtimeservice2/services/RISService70/'],
    signIn: options.signIn,
    log: options.log,
    realm: 'RIS',
    unreadable: (reason, reply) => sendAstFault(reply, `The request could not be read as SOAP: ${reason}.`),
    async answer({ operation, element }, caller, reply) {
      if (!caller.can('registrations.read')) return sendPage(reply, 403, 'This user may not read that.');
      if (operation !== 'selectCmDevice' && operation !== 'selectCmDeviceExt')
        return sendAstFault(reply, `The operation ${operation.slice(0, 64)} is not supported here.`);
      // Clients match the beginning, as misspelt as it is, and wait.
      if (!options.rate.admit())
        return sendAstFault(
          reply,
          `AxisFault: Exceeded allowed rate for Reatime information. Current allowed rate for realtime information is ${options.perMinute} requests per minute.`,
        );
      const query =
        passedOver(element, ['StateInfo', 'CmSelectionCriteria']) ?? readQuery(child(element, 'CmSelectionCriteria'));
      if (typeof query === 'string') return sendAstFault(reply, query);
      const [{ devices, total }, nodes] = await longRead(options.within, reply.raw, () =>
        Promise.all([options.reader.select(query), options.reader.nodes()]),
      );
      return sendAst(reply, risResponse(devices, total, nodes));
    },
  });
}

const criteriaElements = [
  'MaxReturnedDevices',
  'DeviceClass',
  'Class',
  'Model',
  'Status',
  'NodeName',
  'SelectBy',
  'SelectItems',
  'Protocol',
  'DownloadStatus',
];
/** What the field knows; devices that are Rejected or PartiallyRegistered are never found here. */
const statuses = ['Any', 'Registered', 'UnRegistered', 'Rejected', 'PartiallyRegistered', 'Unknown'];

/** A sentence: which element would not be read, because nothing is called so here, or because it is there twice. Empty ones say nothing. */
export function passedOver(
  tree: XmlTree,
  names: readonly string[],
  times: 'once' | 'many' = 'once',
): string | undefined {
  const seen = new Set<string>();
  for (const each of tree.children) {
    const name = localName(each.name);
    if (each.text.trim() === '' && each.children.length === 0) continue;
    if (!names.includes(name)) return `${name.slice(0, 64)} is not known here; there are ${names.join(', ')}.`;
    if (times === 'once' && seen.has(name)) return `${name} is given more than once.`;
    seen.add(name);
  }
  return undefined;
}

/** A sentence: what is wrong with it. */
function readQuery(criteria: XmlTree | undefined): RisQuery | string {
  if (criteria === undefined) return 'The request needs the element CmSelectionCriteria.';
  const items = child(criteria, 'SelectItems');
  const unread =
    passedOver(criteria, criteriaElements) ??
    (items && passedOver(items, ['item'], 'many')) ??
    children(items, 'item').reduce<string | undefined>((found, each) => found ?? passedOver(each, ['Item']), undefined);
  if (unread !== undefined) return unread;
  const deviceClass = text(criteria, 'DeviceClass') || text(criteria, 'Class') || 'Any';
  const protocol = text(criteria, 'Protocol') || 'Any';
  const download = text(criteria, 'DownloadStatus') || 'Any';
  const most = Number(text(criteria, 'MaxReturnedDevices') || mostDevices);
  if (!Number.isInteger(most) || most < 1) return 'MaxReturnedDevices is a number from 1 to 2000.';
  const model = Number(text(criteria, 'Model') || 255);
  if (!Number.isInteger(model)) return 'Model is the number of a model, or 255 for any.';
  const status = text(criteria, 'Status') || 'Any';
  if (!statuses.includes(status)) return `There is no Status ${status.slice(0, 40)}; there are ${statuses.join(', ')}.`;
  const by = text(criteria, 'SelectBy') || 'Name';
  if (by !== 'Name' && by !== 'IPV4Address' && by !== 'DirNumber' && by !== 'Description')
    return `SelectBy ${by.slice(0, 40)} is not supported; use Name, IPV4Address, DirNumber or Description.`;
  const node = text(criteria, 'NodeName') || 'Any';
  const nothing =
    !/^(Any|Phone)$/.test(deviceClass) || !/^(Any|SIP)$/.test(protocol) || !/^(Any|Unknown)$/.test(download);
  const known = status === 'Any' || ['Registered', 'UnRegistered', 'Unknown'].includes(status);
  return {
    // What there is none of here (gateways, SCCP, rejected devices) is found by a name that nothing has.
    items: nothing || !known ? ['?'] : itemsOf(items),
    most: Math.min(most, mostDevices),
    modelTypeId: model === 255 ? undefined : model,
    status: status === 'Any' || !known ? undefined : (status as RisStatus),
    node: node === 'Any' ? undefined : node,
    selectBy: by,
  };
}

function itemsOf(items: XmlTree | undefined): readonly string[] {
  return children(items, 'item')
    .flatMap((each) => (text(each, 'Item') ?? '').split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

export function sendAst(reply: FastifyReply, body: SoapElement) {
  return reply.header('content-type', 'text/xml; charset=utf-8').send(writeEnvelope(body));
}

export function sendAstFault(reply: FastifyReply, faultstring: string) {
  const fault = el('soapenv:Fault', [el('faultcode', 'soapenv:Server'), el('faultstring', faultstring), el('detail')]);
  return reply.code(500).header('content-type', 'text/xml; charset=utf-8').send(writeEnvelope(fault));
}
