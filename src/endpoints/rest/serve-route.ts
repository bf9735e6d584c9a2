import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import type { AccessService } from '../../domain/access/access-service.ts';
import type { Once } from '../../domain/idempotency/once.ts';
import type { Changes, ChangeWatch } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import { cookiesOf } from '../browser-requests.ts';
import { inScope, longRead, type Within } from '../long-read.ts';
import { answerOnce, fingerprintOf, keyOf, keysNotOffered, takesKey, UploadFingerprint } from './idempotent.ts';
import { type ProblemTable, presentProblem } from './problem.ts';
import { endIfSlow, octetsOf, refuseOtherUploads } from './request-body.ts';
import { RequestFault } from './request-fault.ts';
import type { Answer, RestRequest, RestRoute } from './route.ts';
import { authorize, type Identity, identify } from './sign-in.ts';
import { type Check, checkFor } from './validation.ts';

/** Octets of a body of JSON. */
export const jsonLimit = 1024 * 1024;

export interface RouteSurroundings {
  readonly access: AccessService;
  readonly sessionCookie?: string;
  readonly changes?: ChangeWatch;
  readonly once?: Once;
  readonly within?: Within;
  /** What each request has changed so far, for what is said of its failure. */
  readonly noted: WeakMap<FastifyRequest, Changes>;
  readonly problems: ProblemTable<string>;
}

/**
 * Hangs one route into the server. Sign-in and media type are judged from the headers; then query and body are checked, and the module is asked, once
 * for each Idempotency-Key.
 */
export function addRoute(
  app: FastifyInstance,
  url: string,
  definition: RestRoute,
  { access, sessionCookie, changes, once, within, noted, problems }: RouteSurroundings,
): void {
  const check = (schema: TSchema | undefined, coerce: boolean): Check | undefined =>
    schema === undefined ? undefined : checkFor(schema, { coerce });
  const params = check(definition.params, true);
  const query = check(definition.query, true);
  const body = check(definition.body, false);
  const identities = new WeakMap<FastifyRequest, Identity>();
  app.route({
    method: definition.method,
    url,
    bodyLimit: definition.uploads?.maxOctets ?? jsonLimit,
    config: { uploads: definition.uploads },
    onRequest: async (request) => {
      if (definition.needs !== 'public') {
        const identity = await identify(access, {
          method: request.method,
          headers: request.headers,
          source: request.ip,
          sessionCookie,
        });
        authorize(definition.needs, identity);
        if (identity !== undefined) identities.set(request, identity);
      }
      if (definition.uploads !== undefined) refuseOtherUploads(definition.uploads, request.headers['content-type']);
      else endIfSlow(request.raw);
    },
    handler: async (request, reply) => {
      const identity = identities.get(request);
      if (body !== undefined && request.body === undefined) throw new RequestFault('caller', say('missing_body'));
      if (query === undefined) refuseQuery(request.query);
      const key =
        identity !== undefined && takesKey(definition) ? keyOf(request.headers['idempotency-key']) : undefined;
      if (key !== undefined && once === undefined) throw keysNotOffered();
      const upload = (
        definition.uploads === undefined ? Readable.from([]) : octetsOf(request)
      ) as AsyncIterable<Uint8Array>;
      const uploaded =
        key === undefined || definition.uploads === undefined
          ? undefined
          : new UploadFingerprint(definition.method, request.url, upload, definition.uploads.maxOctets);
      const given: RestRequest<unknown, unknown, unknown> = {
        params: params?.({ ...(request.params as object) }),
        query: query?.({ ...(request.query as object) }),
        body: body?.(request.body),
        caller: identity?.caller as RestRequest<unknown, unknown, unknown>['caller'],
        session: identity?.session,
        ifMatch: ifMatchOf(request.headers['if-match']),
        source: request.ip,
        upload: uploaded?.body ?? upload,
        cookies: cookiesOf(request.headers.cookie),
      };
      const handle = async () => definition.handle(given as RestRequest<never, never, never>);
      const noting = (made: Changes) => {
        noted.set(request, made);
        return handle();
      };
      const run = () =>
        key !== undefined && once !== undefined && identity !== undefined
          ? answerOnce(
              {
                once,
                key,
                route: `${definition.method} ${url}`,
                fingerprint: uploaded ?? fingerprintOf(definition.method, request.url, request.body),
                caller: identity.caller,
                failure: (error, made) => presentProblem(error, problems, made),
              },
              noting,
            )
          : changes === undefined
            ? handle()
            : changes.during(noting);
      if (!isLong(definition)) return present(await run(), reply);
      return longRead(within, reply.raw, async (again) => {
        const answer = await run();
        return present(answer.octets ? { ...answer, octets: inScope(answer.octets, again) } : answer, reply);
      });
    },
  });
}

/** Lists that are read page by page, and what says so itself. */
function isLong({ method, query, reads }: RestRoute): boolean {
  return reads === 'long' || (method === 'GET' && query !== undefined && 'cursor' in query.properties);
}

function present(answer: Answer, reply: FastifyReply): FastifyReply {
  reply.code(answer.status);
  if (answer.headers !== undefined) reply.headers(answer.headers);
  if (answer.octets !== undefined) return reply.send(Readable.from(answer.octets, { objectMode: false }));
  if (answer.body === undefined) return reply.send();
  if (answer.headers?.['content-type'] === undefined) reply.header('content-type', 'application/json; charset=utf-8');
  return reply.send(JSON.stringify(answer.body));
}

function refuseQuery(query: unknown): void {
  const unknown = Object.keys(query as object)[0];
  if (unknown !== undefined)
    throw new RequestFault('caller', say('unknown_field.query', { name: unknown.toWellFormed() }), {
      field: unknown.toWellFormed(),
    });
}

/** `"7"` → 7; absent or `*` → undefined. */
function ifMatchOf(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const match = /^\s*(?:W\/)?"(\d{1,16})"\s*$/.exec(header);
  if (match === null) throw new RequestFault('caller', say('invalid_if_match'), { field: 'If-Match' });
  return Number(match[1]);
}
