import { STATUS_CODES } from 'node:http';
import type { ServerOptions } from 'node:https';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { AccessService } from '../../domain/access/access-service.ts';
import type { Once } from '../../domain/idempotency/once.ts';
import type { Log } from '../../kernel/log.ts';
import type { Changes, ChangeWatch } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import { basicChallenge, refuseCrossSite } from '../browser-requests.ts';
import { ConnectionGate } from '../listen/connection-gate.ts';
import { type ConnectionLimits, connectionLimits } from '../listen/connection-limits.ts';
import { HttpDrain } from '../listen/http-drain.ts';
import { passOver } from '../listen/read-body.ts';
import { endUnreadable } from '../listen/unreadable.ts';
import type { Within } from '../long-read.ts';
import { openApiDocument, wholeApi } from './openapi.ts';
import { presentProblem } from './problem.ts';
import { jsonOf, otherMediaType } from './request-body.ts';
import { RequestFault } from './request-fault.ts';
import type { Method, RestModule, RestRoute } from './route.ts';
import { securityHeaders } from './security-headers.ts';
import { addRoute, jsonLimit } from './serve-route.ts';

export interface RestServerOptions {
  readonly modules: readonly RestModule[];
  readonly access: AccessService;
  readonly connections?: ConnectionLimits;
  readonly log: Log;
  /** Where what a request changes is in a database: a failure then says what became of it. */
  readonly changes?: ChangeWatch;
  /** Where POSTs may carry an Idempotency-Key. */
  readonly once?: Once;
  /** Shown in the OpenAPI document. */
  readonly version: string;
  /** Name of the session's cookie. Browsers share cookies between the ports of one host, so each console needs a name of its own. */
  readonly sessionCookie?: string;
  /** For requests that read long. Without it they take the connections that all take. */
  readonly within?: Within;
  /** Certificate, key and TLS settings; without it the server speaks plain HTTP, for tests behind a socket of their own. */
  readonly https?: ServerOptions;
}

const base = '/api/v1';
/** Of a request whose handler was not reached. */
const nothingChanged: Changes = { made: false, inDoubt: false };
/** What is being asked when the server closes has so long, in ms. */
const stopPatience = 6_000;
const methods: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The REST door: not yet listening. Sign-in, then roles, then the body, then the schema, then the domain. */
export function buildRestServer(options: RestServerOptions): FastifyInstance {
  const { modules, problems } = wholeApi(options.modules);
  const app = fastify({
    ...(options.https === undefined ? {} : { https: options.https }),
    bodyLimit: jsonLimit,
    // Long enough for firmware over a slow line; bodies of JSON have `bodyPatience`.
    requestTimeout: 600_000,
    keepAliveTimeout: 65_000,
    routerOptions: { maxParamLength: 512, caseSensitive: true },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    clientErrorHandler(error, socket) {
      endUnreadable(error, socket, (code) => {
        const tooLarge = code === 'HPE_HEADER_OVERFLOW';
        const status = tooLarge ? 431 : 400;
        const { body } = presentProblem(
          new RequestFault('caller', say(tooLarge ? 'malformed_request.headers' : 'malformed_request.not_http')),
          problems,
        );
        const text = JSON.stringify({ ...body, status });
        return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`;
      });
    },
    frameworkErrors: (error, request, reply) => {
      sendProblem(error, request, reply as unknown as FastifyReply);
    },
  }) as unknown as FastifyInstance;
  app.server.headersTimeout = 10_000;
  drainWell(app, options);
  app.removeContentTypeParser('text/plain');
  // Many clients name the type of a body they do not send, with DELETE above all.
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, octets, done) => {
    try {
      done(null, octets.length === 0 ? undefined : jsonOf(octets as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  // A proxy in front of the parser: octets of uploads stay unread until their route asks for them.
  app.addContentTypeParser('*', (request, payload, done) => {
    const { uploads } = request.routeOptions.config as { uploads?: RestRoute['uploads'] };
    if (uploads !== undefined) done(null, payload);
    else done(otherMediaType(request.headers['content-type'], 'application/json'));
  });
  // Before anything looks at credentials, for every door that is hung into this server: REST, SOAP, UDS, pages.
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    refuseCrossSite(request.method, request.headers);
  });
  // Also for what stands beside REST on this listener: an answer given before the body was read must reach who is still sending it.
  app.addHook('onSend', async ({ raw }, reply) => {
    if (raw.complete || raw.destroyed) return;
    reply.removeHeader('connection');
    passOver(raw, () => raw.socket.destroy());
  });

  const noted = new WeakMap<FastifyRequest, Changes>();
  const changesOf = (request: FastifyRequest) =>
    options.changes === undefined ? undefined : (noted.get(request) ?? nothingChanged);
  const sendProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const problem = presentProblem(error, problems, changesOf(request));
    if (problem.severe)
      options.log.error(
        {
          err: error,
          cause: (error as Error | undefined)?.cause,
          method: request.method,
          route: request.routeOptions?.url,
        },
        'a request failed',
      );
    const challenge = problem.status === 401 ? basicChallenge('Firstring', request.headers) : undefined;
    if (challenge !== undefined) reply.header('www-authenticate', challenge);
    return reply
      .code(problem.status)
      .headers({ ...securityHeaders, ...problem.headers })
      .send(Buffer.from(JSON.stringify(problem.body)));
  };
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(new RequestFault('caller', say('not_found', { base })), request, reply),
  );

  const document = JSON.stringify(
    openApiDocument(modules, problems, options.version, { keys: options.once !== undefined }),
  );
  app.get(`${base}/openapi.json`, (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(document),
  );
  const paths = new Map<string, Set<string>>([[`${base}/openapi.json`, new Set(['GET'])]]);
  for (const module of modules)
    for (const each of module.routes) {
      const url = base + each.path.replace(/\{([^}]+)\}/g, ':$1');
      const known = paths.get(url) ?? new Set();
      paths.set(url, known.add(each.method));
      addRoute(app, url, each, { ...options, noted, problems });
    }
  for (const [url, known] of paths) {
    const others = [...methods, 'HEAD', 'OPTIONS'].filter((method) => !known.has(method));
    if (others.length === 0) continue;
    app.route({
      method: others,
      url,
      // Before the body is read: the answer does not depend on it.
      onRequest: async (request, reply) => {
        reply.header('allow', [...known].join(', '));
        throw new RequestFault(
          'caller',
          say('method_not_allowed', { method: request.method, known: [...known].join(' or ') }),
        );
      },
      handler: async () => undefined,
    });
  }
  return app;
}

/** Limits who comes in, and ends what is open well when the server closes: for the few seconds that a stop may take. */
function drainWell(app: FastifyInstance, { connections, log }: RestServerOptions): void {
  const gate = new ConnectionGate('console', connections ?? connectionLimits('console'), log);
  const drain = new HttpDrain(gate.guard(app.server), gate);
  let late: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    drain.begin();
    late = setTimeout(() => gate.destroy(), stopPatience);
  });
  app.addHook('onClose', async () => clearTimeout(late));
}
