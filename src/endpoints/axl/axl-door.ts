import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Log } from '../../kernel/log.ts';
import { outageOf } from '../../kernel/outage.ts';
import type { Changes, ChangeWatch } from '../../kernel/transaction.ts';
import { el, type SoapElement, writeEnvelope } from '../../protocol/soap/envelope.ts';
import { longRead, type Within } from '../long-read.ts';
import { welcomePage } from '../soap/pages.ts';
import type { SoapSignIn } from '../soap/sign-in.ts';
import { sendOutage, sendPage, sendUnauthorized, soapScope } from '../soap/soap-scope.ts';
import { AxlFault, axlFaultOf } from './axl-fault.ts';
import { axlVersionOf, versionRefusal } from './axl-version.ts';
import { refuseUnknown } from './elements.ts';
import { type AxlOperation, type AxlReturn, changes } from './operation.ts';

export interface AxlOptions {
  readonly signIn: SoapSignIn;
  readonly operations: readonly AxlOperation[];
  /** So that a failure says what became of the change. */
  readonly changes?: ChangeWatch;
  readonly log: Log;
  /** Changes worked on at once; more are told to come back (503). Default 16. */
  readonly writesAtOnce?: number;
  readonly within?: Within;
}

/** A reply above this is refused with what to ask for instead. Octets; reference "AXL on the wire", faults. */
const replyLimit = 8 * 1024 * 1024;
const realm = 'AXL';

/**
 * The AXL door on the administration listener: GET and POST /axl/. The operation is the first element in the Body, the version its
 * namespace; SOAPAction decides nothing.
 */
export function serveAxl(app: FastifyInstance, options: AxlOptions): void {
  const operations = new Map(options.operations.map((each) => [each.name, each]));
  const writesAtOnce = options.writesAtOnce ?? 16;
  let writing = 0;
  soapScope(app, {
    urls: ['/axl', '/axl/'],
    signIn: options.signIn,
    log: options.log,
    realm,
    get: (reply) => reply.header('content-type', 'text/html; charset=utf-8').send(welcomePage),
    unreadable: (reason, reply) =>
      sendFault(reply, '', new AxlFault(-1, `The request could not be read as SOAP: ${reason}.`, 'soapenv:Client')),
    async answer({ operation: name, namespace, element }, caller, reply) {
      const version = axlVersionOf(namespace);
      if (version === undefined) return sendPage(reply, 599, versionRefusal);
      const operation = operations.get(name);
      if (operation === undefined)
        return sendFault(
          reply,
          name,
          new AxlFault(-1, `The operation ${name.slice(0, 64)} is not supported here.`, 'soapenv:Client'),
        );
      const writes = changes(name);
      if (!operation.needs.some((permission) => caller.can(permission)))
        return writes
          ? sendUnauthorized(reply, realm, 'This user may not change that.')
          : sendPage(reply, 403, 'This user may not read that.');
      if (writes && writing >= writesAtOnce)
        return sendPage(
          reply.header('retry-after', '2'),
          503,
          'Too many changes are under way. Try again in a few seconds.',
        );
      if (writes) writing++;
      let made: Changes | undefined;
      try {
        refuseUnknown(element, operation.takes);
        const handle = () => operation.handle({ element, caller });
        const content = await (!writes
          ? longRead(options.within, reply.raw, handle)
          : options.changes === undefined
            ? handle()
            : options.changes.during(async (sofar) => {
                made = sofar;
                return handle();
              }));
        const text = writeEnvelope(respond(operation, version, content, element.attributes['sequence']));
        if (text.length > replyLimit) throw tooLarge(content, text.length);
        return reply.header('content-type', 'text/xml; charset=utf-8').send(text);
      } catch (error) {
        const known = axlFaultOf(error, operation.what, /^(get|remove)/.test(name));
        if (known !== undefined) return sendFault(reply, name, known);
        options.log.error({ err: error, operation: name }, 'an AXL request failed');
        if (outageOf(error) !== undefined && !made?.made && !made?.inDoubt) return sendOutage(reply);
        return sendFault(
          reply,
          name,
          new AxlFault(
            5000,
            made?.made || made?.inDoubt
              ? 'Something went wrong here, and it is not known whether the change was made. Look whether it is there before you send it again.'
              : 'Something went wrong here. Try again; the log of the node says more.',
          ),
        );
      } finally {
        if (writes) writing--;
      }
    },
  });
}

function sendFault(reply: FastifyReply, operation: string, { axlcode, faultcode, message }: AxlFault) {
  const error = el('axlError', [el('axlcode', String(axlcode)), el('axlmessage', message), el('request', operation)]);
  const fault = el('soapenv:Fault', [el('faultcode', faultcode), el('faultstring', message), el('detail', [error])]);
  return reply.code(500).header('content-type', 'text/xml; charset=utf-8').send(writeEnvelope(fault));
}

function respond(
  { name, bare }: AxlOperation,
  version: string,
  content: AxlReturn,
  sequence: string | undefined,
): SoapElement {
  return el(`ns:${name}Response`, bare ? content : [el('return', content)], {
    'xmlns:ns': `http://www.cisco.com/AXL/API/${version}`,
    ...(sequence !== undefined && /^\d{1,20}$/.test(sequence) && { sequence }),
  });
}

function tooLarge(content: AxlReturn, octets: number): AxlFault {
  const rows = typeof content === 'string' ? 1 : content.length;
  const fewer = Math.max(1, Math.floor((rows * replyLimit) / octets));
  return new AxlFault(
    -1,
    `Query request too large. Total rows matched: ${rows} rows. Suggestive Row Fetch: less than ${fewer} rows`,
  );
}
