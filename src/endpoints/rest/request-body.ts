import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { MalformedError } from '../../kernel/errors.ts';
import { parseStrictJson } from '../../protocol/json/strict-json.ts';
import { say } from '../../texts/say.ts';
import { BodyRefused, textOf } from '../listen/read-body.ts';
import { RequestFault } from './request-fault.ts';
import type { RestRoute } from './route.ts';

const bodyPatience = 20_000;

/** JSON nests as deep as any request here, and deeper. */
const deepest = 32;

/** @throws RequestFault `malformed_json` */
export function jsonOf(octets: Uint8Array): unknown {
  try {
    return parseStrictJson(textOf(octets).replace(/^\uFEFF/, ''), deepest);
  } catch (error) {
    if (error instanceof BodyRefused)
      throw new RequestFault('caller', say('malformed_json.encoding', { message: error.message }));
    if (!(error instanceof MalformedError)) throw error;
    throw new RequestFault('caller', say('malformed_json', { message: error.message }));
  }
}

/** The body as it comes. Who stops reading it does not end the connection: the answer has to go out by it. */
export async function* octetsOf({ body, raw }: FastifyRequest): AsyncGenerator<Uint8Array> {
  if (body === undefined || body === null) return;
  try {
    yield* (body as Readable).iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!raw.errored && !raw.destroyed) throw error;
    throw new RequestFault('caller', say('malformed_request.early'), { cause: error });
  }
}

/** Whoever sends a body drop by drop is cut off. */
export function endIfSlow(request: IncomingMessage): void {
  if (request.complete) return;
  const timer = setTimeout(() => request.destroy(), bodyPatience).unref();
  const done = () => clearTimeout(timer);
  request.once('end', done).once('close', done);
}

/** A route that takes octets takes nothing else: JSON would be parsed before it is reached. */
export function refuseOtherUploads(uploads: NonNullable<RestRoute['uploads']>, contentType: string | undefined): void {
  if (!uploads.types.includes(mediaType(contentType))) throw otherMediaType(contentType, uploads.types[0]!);
}

export function otherMediaType(contentType: string | undefined, wanted: string): RequestFault {
  const given = mediaType(contentType).slice(0, 100);
  return new RequestFault(
    'caller',
    given === ''
      ? say('unsupported_media_type.none', { wanted })
      : say('unsupported_media_type.given', { given, wanted }),
  );
}

const mediaType = (contentType: string | undefined) => (contentType ?? '').split(';')[0]!.trim().toLowerCase();
