import { MalformedError } from '../../kernel/errors.ts';
import { listField, onlyMembers, parseObject, textField } from '../json/fields.ts';

/**
 * E → C over the tunnel: HTTP/2 in which the side that dialled (C) is the server. E rebuilds every request of a phone into one of these; C knows no other.
 * Each is a POST and names the phone's connection in the header `fr-conn`, of which C has got an assertion before (`connection`).
 */
export const tunnelPaths = {
  /** Body: the compact JWS of one phone connection. → 204 */
  connection: '/tunnel/v1/connection',
  /** Endless, both ways: control.ts. */
  control: '/tunnel/v1/control',
  /** Endless, both ways: the SIP octets of one phone. */
  sip: '/tunnel/v1/sip',
  /** Body: the phone's JSON, rebuilt. */
  start: '/tunnel/v1/start',
  prove: '/tunnel/v1/prove',
  confirm: '/tunnel/v1/confirm',
  /** Body: JSON, see below. */
  config: '/tunnel/v1/config',
  edgeConfig: '/tunnel/v1/edge-config',
  /** Body: the phone's form, rebuilt. */
  token: '/tunnel/v1/token',
} as const;

/** What a phone may ask for. */
export const phoneRoutes = ['start', 'prove', 'confirm', 'config', 'edgeConfig', 'token'] as const;
export type PhoneRoute = (typeof phoneRoutes)[number];

export const connectionHeader = 'fr-conn';
/** On refusals of the tunnel itself, which are between E and C and never reach the phone. */
export const tunnelErrorHeader = 'fr-error';

/**
 * `connection_unknown` (421): C has no assertion of this connection, or it has grown old; send one and ask again. Nothing was passed on.
 * `assertion_refused` (403): forged, replayed, too old.
 */
export type TunnelError = 'connection_unknown' | 'assertion_refused' | 'bad_tunnel_request';

export const tunnelErrorStatus: Readonly<Record<TunnelError, number>> = {
  connection_unknown: 421,
  assertion_refused: 403,
  bad_tunnel_request: 400,
};

/** Octets of a phone's request, the largest of each. */
export const largestRequest: Readonly<Record<PhoneRoute, number>> = {
  start: 16 * 1024,
  prove: 16 * 1024,
  confirm: 16 * 1024,
  config: 12 * 1024,
  edgeConfig: 4 * 1024,
  token: 8 * 1024,
};

/** Octets of an answer to a phone. */
export const largestAnswer = 2 * 1024 * 1024;

export interface FileDemand {
  /** `Bearer …` */
  readonly authorization: string;
  readonly name: string;
}

export function writeFileDemand({ authorization, name }: FileDemand): string {
  return JSON.stringify({ authorization, name });
}

/** Throws MalformedError. */
export function readFileDemand(text: string): FileDemand {
  const message = parseObject(text);
  onlyMembers(message, ['authorization', 'name']);
  return {
    authorization: textField(message, 'authorization', /^[\x20-\x7e]{0,8192}$/),
    name: textField(message, 'name', /^[A-Za-z0-9._-]{1,128}$/),
  };
}

export interface EdgeConfigDemand {
  readonly domain: string;
  readonly serviceNames: readonly string[];
}

export function writeEdgeConfigDemand({ domain, serviceNames }: EdgeConfigDemand): string {
  return JSON.stringify({ domain, service_name: serviceNames });
}

/** Throws MalformedError. */
export function readEdgeConfigDemand(text: string): EdgeConfigDemand {
  const message = parseObject(text);
  onlyMembers(message, ['domain', 'service_name']);
  return {
    domain: textField(message, 'domain', /^[a-z0-9.-]{1,253}$/),
    serviceNames: listField(
      message,
      'service_name',
      (item) => {
        if (typeof item !== 'string' || !/^_[a-z0-9-]{1,63}$/.test(item)) throw new MalformedError('service_name form');
        return item;
      },
      8,
    ),
  };
}
