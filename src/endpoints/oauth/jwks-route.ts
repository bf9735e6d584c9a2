import type { FastifyInstance } from 'fastify';
import type { JsonWebKeys } from '../../protocol/edge-access/cluster-view.ts';

/** RFC 7517 §5: the public keys of access tokens, for whoever wants to check one. */
export function serveJwks(app: FastifyInstance, keys: () => JsonWebKeys): void {
  app.get('/oauth/v1/jwks', (_request, reply) =>
    reply
      .header('content-type', 'application/jwk-set+json')
      .header('cache-control', 'public, max-age=60')
      .send(JSON.stringify(keys())),
  );
}
