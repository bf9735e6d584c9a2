import { isServiceDomain } from '../../domain/edge/access-control.ts';
import { fromBase64url, fromUtf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { type EdgePlace, edgePlaceObject } from '../../protocol/edge-access/requests.ts';
import { parseObject } from '../../protocol/json/fields.ts';
import { bearerToken } from '../../protocol/oauth/access-token.ts';
import { type PhoneRoute, readEdgeConfigDemand, readFileDemand } from '../../protocol/tunnel/requests.ts';
import type { StateOrder } from './order-hub.ts';
import { EdgeRefusal } from './phone-answer.ts';
import { rebuildForm, rebuildJson } from './rebuild.ts';

export interface ServedBy {
  readonly state: StateOrder;
  /** Where phones reach the E; undefined until it said so. */
  readonly edge: EdgePlace | undefined;
}

const ownFile = /^SEP[0-9A-F]{12}\.cnf\.xml(?:\.sgn)?$/;

/**
 * The body of a request to a node, as src/protocol/edge-access has it, with the vouch's JSON given (it is long and the same for all requests of a
 * connection). E is taken for hostile here: everything it sent is read and written anew. Throws EdgeRefusal.
 */
export function insideBody(route: PhoneRoute, vouch: string, body: string, { state, edge }: ServedBy): string {
  switch (route) {
    case 'start':
    case 'prove':
    case 'confirm':
      if (!state.allowActivationCodeOnboarding) throw off('Activation code onboarding is not allowed at this edge.');
      return `{"vouch":${vouch},"request":${JSON.stringify(rebuildJson(route, body))}}`;
    case 'token':
      refuseWithoutOauth(state);
      return `{"vouch":${vouch},"request":${JSON.stringify(rebuildForm(body))}}`;
    case 'config': {
      refuseWithoutOauth(state);
      const { authorization, name } = reading(() => readFileDemand(body));
      if (!ownFile.test(name)) throw new EdgeRefusal('not_found');
      return `{"vouch":${vouch},"authorization":${JSON.stringify(authorization)},"name":${JSON.stringify(name)}}`;
    }
    case 'edgeConfig': {
      const { domain, serviceNames } = reading(() => readEdgeConfigDemand(body));
      if (edge === undefined) throw off('The edge has not said yet where phones reach it.');
      if (!isServiceDomain(domain) || !state.domains.includes(domain)) {
        throw new EdgeRefusal('not_found', 'This edge does not serve that domain.');
      }
      const place = edgePlaceObject(edge);
      return `{"vouch":${vouch},"domain":"${domain}","service_name":${JSON.stringify(serviceNames)},"edge":${JSON.stringify(place)}}`;
    }
  }
}

const off = (message: string) => new EdgeRefusal('busy', message, { retryAfter: 30 });

function refuseWithoutOauth(state: StateOrder): void {
  if (!state.authorizeByOauthTokenWithRefresh) {
    throw new EdgeRefusal('oauth_off', 'Authorize by OAuth token with refresh is off at this edge.');
  }
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedError) throw new EdgeRefusal('bad_request', `${error.message}.`);
    throw error;
  }
}

/** Which of several clusters a request is for, as far as it says so: only a hint, every node judges for itself. `body` has been read before. */
export function whereabouts(route: PhoneRoute, body: string): { readonly domain?: string; readonly issuer?: string } {
  if (route === 'edgeConfig') return { domain: readEdgeConfigDemand(body).domain };
  if (route !== 'config') return {};
  const payload = bearerToken(readFileDemand(body).authorization)?.split('.')[1];
  const bytes = payload === undefined ? undefined : fromBase64url(payload);
  if (bytes === undefined) return {};
  try {
    const issuer = parseObject(fromUtf8(bytes))['iss'];
    return typeof issuer === 'string' ? { issuer } : {};
  } catch {
    // A node says what is wrong with it.
    return {};
  }
}
