import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../domain/access/permissions.ts';
import { Fault, MalformedError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { outageOf } from '../../kernel/outage.ts';
import { readSoapRequest, type SoapRequest } from '../../protocol/soap/envelope.ts';
import { basicChallenge, comesFromBrowser } from '../browser-requests.ts';
import { BodyRefused, textOf } from '../listen/read-body.ts';
import { errorPage } from './pages.ts';
import type { SoapSignIn } from './sign-in.ts';

/** Source: spec/security.md "Administration", XML. */
const bodyLimit = 1024 * 1024;

export interface SoapScopeOptions {
  readonly urls: readonly string[];
  readonly signIn: SoapSignIn;
  readonly log: Log;
  /** What HTTP Basic calls the realm. */
  readonly realm: string;
  /** A sound request of somebody who signed in. */
  answer(request: SoapRequest, caller: Caller, reply: FastifyReply): Promise<unknown>;
  /** A body that is no SOAP envelope; `reason` in plain words. */
  unreadable(reason: string, reply: FastifyReply): unknown;
  /** GET, for who signed in. */
  get?(reply: FastifyReply): unknown;
}

export const sendPage = (reply: FastifyReply, status: number, detail: string) =>
  reply.code(status).header('content-type', 'text/html; charset=utf-8').send(errorPage(status, detail));

/** Programs are told how to sign in; a browser would remember the password it is asked for and lend it to every other page. */
export function sendUnauthorized(reply: FastifyReply, realm: string, detail: string) {
  const challenge = basicChallenge(realm, reply.request.headers);
  if (challenge === undefined)
    return sendPage(reply, 401, `${detail} This address is for programs: a browser is not asked for a password here.`);
  return sendPage(reply.header('www-authenticate', challenge), 401, detail);
}

/** What a form of another page cannot send. */
const xmlTypes = ['text/xml', 'application/xml', 'application/soap+xml'];

/** The database is away, hangs or takes no changes. */
export const sendOutage = (reply: FastifyReply) =>
  sendPage(
    reply.header('retry-after', '5'),
    503,
    'The database cannot be used at the moment. Try again in a few seconds.',
  );

/** The HTTP half of a SOAP door: sign-in, sizes, methods, and error pages that every client survives. */
export function soapScope(app: FastifyInstance, options: SoapScopeOptions): void {
  const { signIn, log, realm } = options;
  const identify = async (request: FastifyRequest, reply: FastifyReply): Promise<Caller | undefined> => {
    const { authorization, cookie } = request.headers;
    try {
      const program = !comesFromBrowser(request.headers);
      const identity = await signIn.identify({ authorization, cookie, source: request.ip, program });
      if (identity === undefined) {
        await sendUnauthorized(reply, realm, 'Sign in with a user name and password.');
        return undefined;
      }
      for (const each of identity.cookies) reply.header('set-cookie', each);
      return identity.caller;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      reply.header('retry-after', String(error.detail?.['retryAfter'] ?? 30));
      await sendPage(reply, error.code === 'too_many_guesses' ? 429 : 503, error.message);
      return undefined;
    }
  };

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(xmlTypes, { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, _request, reply) => {
      if (error instanceof Fault && error.code === 'cross_site_refused') return sendPage(reply, 403, error.message);
      // What went wrong with the request itself has a status; a connection that its client reset is no lost database.
      if ((error as { statusCode?: number }).statusCode === undefined && outageOf(error) !== undefined) {
        log.error({ err: error }, 'a SOAP request failed');
        return sendOutage(reply);
      }
      const status = (error as { statusCode?: number }).statusCode ?? 500;
      if (status >= 500) log.error({ err: error }, 'a SOAP request failed');
      return sendPage(
        reply,
        status,
        status === 413
          ? 'The request is larger than 1 MiB.'
          : status === 415
            ? 'Send Content-Type: text/xml; charset=utf-8.'
            : 'The request could not be worked on.',
      );
    });
    const callers = new WeakMap<FastifyRequest, Caller>();
    /** From the headers: nobody's body is kept before it is known whose it is. */
    const signedIn = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
      const caller = await identify(request, reply);
      if (caller === undefined) return reply;
      callers.set(request, caller);
      return undefined;
    };
    for (const url of options.urls) {
      scope.get(url, { onRequest: signedIn }, async (_request, reply) => {
        return options.get?.(reply) ?? sendPage(reply.header('allow', 'POST'), 405, 'Send SOAP requests with POST.');
      });
      scope.post(url, { bodyLimit, onRequest: signedIn }, async (request, reply) => {
        const caller = callers.get(request)!;
        if (!(request.body instanceof Buffer)) return sendPage(reply, 400, 'The body is not a SOAP envelope.');
        let read: SoapRequest;
        try {
          textOf(request.body);
          read = readSoapRequest(request.body);
        } catch (error) {
          if (error instanceof BodyRefused) return sendPage(reply, 400, error.message);
          if (!(error instanceof MalformedError)) throw error;
          return options.unreadable(error.message, reply);
        }
        return options.answer(read, caller, reply);
      });
      scope.route({
        method: ['PUT', 'DELETE', 'PATCH'],
        url,
        onRequest: async (_request, reply) =>
          sendPage(reply.header('allow', 'GET, POST'), 405, 'Send SOAP requests with POST.'),
        handler: (_request, reply) => reply,
      });
    }
  });
}
