import type { FastifyInstance } from 'fastify';
import type { Log } from '../../kernel/log.ts';
import { text } from '../../protocol/soap/elements.ts';
import { el, type SoapElement } from '../../protocol/soap/envelope.ts';
import type { SoapSignIn } from '../soap/sign-in.ts';
import { sendPage, soapScope } from '../soap/soap-scope.ts';
import { astNamespace, passedOver, sendAst, sendAstFault } from './ris-door.ts';

/** A group of counters: `Cisco Device Activation Service` → InvokeAttempts, … with what they say now. */
export interface PerfmonObject {
  readonly name: string;
  readonly counters: () => Promise<Readonly<Record<string, number>>>;
}

export interface PerfmonOptions {
  readonly signIn: SoapSignIn;
  readonly objects: readonly PerfmonObject[];
  /** Names this node answers for. */
  readonly hosts: readonly string[];
  readonly log: Log;
}

const operations = ['perfmonListCounter', 'perfmonCollectCounterData'];

/** perfmonListCounter and perfmonCollectCounterData, for the counters of this node. */
export function servePerfmon(app: FastifyInstance, options: PerfmonOptions): void {
  soapScope(app, {
    urls: ['/perfmonservice2/services/PerfmonService', '/perfmonservice2/services/PerfmonService/'],
    signIn: options.signIn,
    log: options.log,
    realm: 'Perfmon',
    unreadable: (reason, reply) => sendAstFault(reply, `The request could not be read as SOAP: ${reason}.`),
    async answer({ operation, element }, caller, reply) {
      if (!caller.can('system.read')) return sendPage(reply, 403, 'This user may not read that.');
      const unread = passedOver(element, operation === 'perfmonListCounter' ? ['Host'] : ['Host', 'Object']);
      if (unread !== undefined && operations.includes(operation)) return sendAstFault(reply, unread);
      const host = text(element, 'Host') ?? '';
      if (!options.hosts.includes(host.toLowerCase()))
        return sendAstFault(
          reply,
          `Host "${host.slice(0, 100)}" is not this node; ask it itself. This is ${options.hosts.join(', ')}.`,
        );
      switch (operation) {
        case 'perfmonListCounter':
          return sendAst(reply, respond(operation, await Promise.all(options.objects.map(listed))));
        case 'perfmonCollectCounterData': {
          const wanted = text(element, 'Object') ?? '';
          const object = options.objects.find((each) => each.name.toLowerCase() === wanted.toLowerCase());
          if (object === undefined)
            return sendAstFault(reply, `There is no object "${wanted.slice(0, 100)}"; perfmonListCounter names them.`);
          const counters = Object.entries(await object.counters());
          return sendAst(
            reply,
            respond(
              operation,
              counters.map(([name, value]) =>
                el(`ns1:${operation}Return`, [
                  el('ns1:Name', `\\\\${host}\\${object.name}\\${name}`),
                  el('ns1:Value', String(Math.round(value))),
                  el('ns1:CStatus', '1'),
                ]),
              ),
            ),
          );
        }
        default:
          return sendAstFault(reply, `The operation ${operation.slice(0, 64)} is not supported here.`);
      }
    },
  });
}

async function listed(object: PerfmonObject): Promise<SoapElement> {
  const names = Object.keys(await object.counters());
  return el('ns1:perfmonListCounterReturn', [
    el('ns1:Name', object.name),
    el('ns1:MultiInstance', 'false'),
    el(
      'ns1:ArrayOfCounter',
      names.map((name) => el('ns1:item', [el('ns1:Name', name)])),
    ),
  ]);
}

function respond(operation: string, content: readonly SoapElement[]): SoapElement {
  return el(`ns1:${operation}Response`, content, { 'xmlns:ns1': astNamespace });
}
