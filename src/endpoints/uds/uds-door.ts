import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessService } from '../../domain/access/access-service.ts';
import type { Caller } from '../../domain/access/permissions.ts';
import { DeviceFault } from '../../domain/devices/faults.ts';
import type { Phone } from '../../domain/devices/phone.ts';
import type { PhoneService } from '../../domain/devices/phone-service.ts';
import type { ObjectLookup } from '../../domain/integrations/object-lookup.ts';
import type { UserService } from '../../domain/users/user-service.ts';
import { phoneModels } from '../../identifiers/phone-model.ts';
import { Fault } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { outageOf } from '../../kernel/outage.ts';
import { type SoapElement, writeElement } from '../../protocol/soap/envelope.ts';
import { basicChallenge, readBasic } from '../browser-requests.ts';
import { longRead, type Within } from '../long-read.ts';
import {
  clusterUserDocument,
  deviceDocument,
  devicesDocument,
  errorDocument,
  modelsDocument,
  serversDocument,
  type UdsPlace,
  type UserRow,
  userDocument,
  usersDocument,
  versionDocument,
} from './uds-documents.ts';

export interface UdsOptions {
  readonly access: AccessService;
  readonly users: UserService;
  readonly lookup: ObjectLookup;
  readonly phones: Pick<PhoneService, 'findById' | 'foreign'>;
  readonly phonesOf: (userId: string) => Promise<readonly Phone[]>;
  /** Hosts of all nodes where UDS runs, this one first. */
  readonly servers: () => Promise<readonly string[]>;
  /** Whether UDS is activated on this node. */
  readonly activated: () => Promise<boolean>;
  /** Where a device's own file is. */
  readonly fileUrl: (deviceName: string) => string;
  readonly version: string;
  readonly log: Log;
  readonly within?: Within;
}

const pageSize = 64;

/** User Data Services for end users: XML, GET, HTTP Basic. People see themselves and their own phones; who may read users sees them all. */
export function serveUds(app: FastifyInstance, options: UdsOptions): void {
  const { users, lookup } = options;
  const placeOf = (request: FastifyRequest): UdsPlace => ({
    base: `https://${request.headers.host ?? 'localhost'}/cucm-uds`,
    version: options.version,
  });
  const send = (reply: FastifyReply, document: SoapElement, status = 200) =>
    reply
      .code(status)
      .header('content-type', 'application/xml; charset=utf-8')
      .send(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${writeElement(document)}`);
  const refuse = (reply: FastifyReply, status: number, code: string, message: string) =>
    send(reply, errorDocument(code, message), status);

  const signedIn = async (request: FastifyRequest, reply: FastifyReply): Promise<Caller | undefined> => {
    const given = readBasic(request.headers.authorization);
    try {
      if (given !== undefined) return await options.access.withPassword(given.userId, given.password, request.ip);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (error.code !== 'sign_in_refused') {
        const guesses = error.code === 'too_many_guesses';
        reply.header('retry-after', String(error.detail?.['retryAfter'] ?? 30));
        await refuse(reply, guesses ? 429 : 503, error.code, error.message);
        return undefined;
      }
    }
    const challenge = basicChallenge('UDS', request.headers);
    if (challenge !== undefined) reply.header('www-authenticate', challenge);
    await refuse(reply, 401, 'sign_in_refused', 'Sign in with your user name and password.');
    return undefined;
  };
  /** The person of the path, where the caller is that person or may read users. */
  const personOf = async (request: FastifyRequest, reply: FastifyReply): Promise<UserRow | undefined> => {
    const caller = await signedIn(request, reply);
    return caller === undefined ? undefined : personFor(caller, request, reply);
  };
  const personFor = async (
    caller: Caller,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<UserRow | undefined> => {
    const { id, device } = request.params as { id: string; device?: string };
    const own = caller.userId.toLowerCase() === id.toLowerCase();
    const found = own || caller.can('users.read') ? await lookup.byName('user', id) : undefined;
    if (found !== undefined) return rowOf(found.id, found.name);
    if (device !== undefined) await noteForeign(caller, device);
    await refuse(reply, 404, 'not_found', 'There is no such user, or it is not you.');
    return undefined;
  };
  /** The audit log keeps who asked for a phone of somebody else, as it does where REST is asked. */
  const noteForeign = async (caller: Caller, device: string): Promise<void> => {
    if (caller.can('phones.read')) return;
    const find = async () => (idForm.test(device) ? options.phones.findById(device.toLowerCase()) : undefined);
    const phone = await find().catch((error: unknown) => {
      if (error instanceof DeviceFault && error.code === 'phone_not_found') return undefined;
      throw error;
    });
    const asked = { name: phone?.name ?? device.toWellFormed().slice(0, 64), id: phone?.id };
    await options.phones.foreign.note(caller.actor, asked, performance.now());
  };
  const rowOf = async (id: string, userId: string): Promise<UserRow> => {
    const [{ value }, phones] = await Promise.all([users.get(userId), options.phonesOf(userId)]);
    return { id, user: value, phoneNumber: phones.flatMap((phone) => phone.lines)[0]?.directoryNumber ?? '' };
  };

  app.register(async (scope) => {
    scope.setErrorHandler((error, _request, reply) => {
      if (error instanceof Fault && error.code === 'cross_site_refused')
        return refuse(reply, 403, error.code, error.message);
      options.log.error({ err: error }, 'a UDS request failed');
      if (outageOf(error) !== undefined)
        return refuse(
          reply.header('retry-after', '5'),
          503,
          'database_unavailable',
          'The database cannot be used at the moment. Try again in a few seconds.',
        );
      return refuse(reply, 500, 'internal', 'Something went wrong here. Try again.');
    });
    scope.addHook('onRequest', async (_request, reply) => {
      if (await options.activated()) return;
      return refuse(
        reply.header('retry-after', '60'),
        503,
        'service_off',
        'The UDS service is not activated on this node. An administrator activates it under Service Activation.',
      );
    });
    const get = (path: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown) => {
      scope.get(`/cucm-uds${path}`, handler);
      scope.route({
        method: ['PUT', 'POST', 'DELETE', 'PATCH'],
        url: `/cucm-uds${path}`,
        // Before the body is read: the answer does not depend on it.
        onRequest: async (_request, reply) =>
          refuse(reply.header('allow', 'GET'), 405, 'method_not_allowed', 'This can be read only.'),
        handler: (_request, reply) => reply,
      });
    };
    get('/version', (request, reply) => send(reply, versionDocument(placeOf(request))));
    get('/servers', async (request, reply) => send(reply, serversDocument(placeOf(request), await options.servers())));
    get('/options/models', (request, reply) => send(reply, modelsDocument(placeOf(request), phoneModels)));
    get('/clusterUser', async (request, reply) => {
      const query = request.query as Readonly<Record<string, unknown>>;
      const repeated = ['username', 'useridentifier', 'email'].find((each) => Array.isArray(query[each]));
      if (repeated !== undefined) return refuse(reply, 400, 'parameter_invalid', `${repeated} is given once.`);
      const name = [query['username'], query['useridentifier']].find((each) => typeof each === 'string') as
        | string
        | undefined;
      const mail = typeof query['email'] === 'string' ? query['email'] : undefined;
      if (!name && !mail)
        return refuse(reply, 415, 'parameter_missing', 'Ask with username=, useridentifier= or email=.');
      // Everybody's home is this cluster, the only one: who does not sign in learns no more than that, whatever name is asked for.
      let home: string | undefined = (name || mail || '').slice(0, 256);
      if (request.headers.authorization !== undefined) {
        const caller = await signedIn(request, reply);
        if (caller === undefined) return reply;
        const patterns = { mail: escaped(mail ?? '') };
        const found = name
          ? await lookup.byName('user', name)
          : (await lookup.like('user', patterns, { skip: 0, first: 1 })).found[0];
        const visible = found?.name === caller.userId || caller.can('users.read');
        home = visible ? found?.name : undefined;
      }
      const [host = 'localhost'] = await options.servers();
      return send(reply, clusterUserDocument(placeOf(request), home, host));
    });
    get('/users', async (request, reply) => {
      const caller = await signedIn(request, reply);
      if (caller === undefined) return reply;
      const query = request.query as Readonly<Record<string, string | undefined>>;
      const unknown = Object.keys(query).find((name) => !userParameters.includes(name));
      if (unknown !== undefined)
        return refuse(
          reply,
          400,
          'parameter_unknown',
          `People cannot be searched by ${unknown.slice(0, 64)}; there are ${userParameters.join(', ')}.`,
        );
      const unclear = Object.keys(query).find(
        (name) => typeof query[name] !== 'string' || (/^(?:start|max)$/.test(name) && !/^\d{1,7}$/.test(query[name])),
      );
      if (unclear !== undefined)
        return refuse(
          reply,
          400,
          'parameter_invalid',
          `${unclear} is given once${/^(?:start|max)$/.test(unclear) ? ', as a number' : ''}.`,
        );
      const start = numberOf(query['start'], 0, 1_000_000);
      const requested = numberOf(query['max'], pageSize, pageSize);
      const patterns = {
        ...(query['first'] && { firstName: `${escaped(query['first'])}%` }),
        ...(query['last'] && { lastName: `${escaped(query['last'])}%` }),
        ...(query['email'] && { mail: `${escaped(query['email'])}%` }),
        ...(query['username'] && { userid: `${escaped(query['username'])}%` }),
        ...(query['name'] && { anyName: `%${escaped(query['name'])}%` }),
        ...(!caller.can('users.read') && { userid: escaped(caller.userId) }),
      };
      const { rows, total } = await longRead(options.within, reply.raw, async () => {
        const { found, total } = await lookup.like('user', patterns, { skip: start, first: requested });
        return { rows: await Promise.all(found.map((each) => rowOf(each.id, each.name))), total };
      });
      return send(reply, usersDocument(placeOf(request), rows, { start, requested, total }));
    });
    get('/user/:id', async (request, reply) => {
      const person = await personOf(request, reply);
      return person === undefined ? reply : send(reply, userDocument(placeOf(request), person));
    });
    get('/user/:id/devices', async (request, reply) => {
      const person = await personOf(request, reply);
      if (person === undefined) return reply;
      const phones = await options.phonesOf(person.user.userId);
      return send(reply, devicesDocument(placeOf(request), person.user.userId, phones));
    });
    get('/user/:id/device/:device', async (request, reply) => {
      const caller = await signedIn(request, reply);
      if (caller === undefined) return reply;
      const person = await personFor(caller, request, reply);
      if (person === undefined) return reply;
      const { device } = request.params as { device: string };
      const phone = (await options.phonesOf(person.user.userId)).find((each) => each.id === device.toLowerCase());
      if (phone === undefined) {
        await noteForeign(caller, device);
        return refuse(reply, 404, 'not_found', 'That person has no such phone.');
      }
      return send(reply, deviceDocument(placeOf(request), person.user.userId, phone, options.fileUrl(phone.name)));
    });
  });
}

const idForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const userParameters = ['username', 'first', 'last', 'name', 'email', 'start', 'max'];

/** Text as itself in a pattern of LIKE. */
function escaped(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}

function numberOf(text: string | undefined, fallback: number, most: number): number {
  return text === undefined ? fallback : Math.min(Number(text), most);
}
