import { MalformedError } from '../../kernel/errors.ts';
import { asObject, integerField, listField, onlyMembers, parseObject, textField } from '../json/fields.ts';
import { type PhoneVouch, readVouch, vouchObject } from './phone-vouch.ts';

/**
 * Expressway-C → node, POST, application/json over HTTP/2 and mutual TLS 1.3. The phone's own message travels inside as a text, untouched.
 * Readers throw MalformedError.
 */
export const edgePaths = {
  start: '/edge/v1/das/start',
  prove: '/edge/v1/das/prove',
  confirm: '/edge/v1/das/confirm',
  config: '/edge/v1/config',
  token: '/edge/v1/oauth/token',
  edgeConfig: '/edge/v1/edge-config',
  sipNodes: '/edge/v1/sip-nodes',
  cluster: '/edge/v1/cluster',
  changes: '/edge/v1/changes',
} as const;

/** A vouch (≤ 6 certificates) and the largest message a phone may send. */
export const largestEdgeRequest = 64 * 1024;

/** `start`, `prove`, `confirm`: the phone's JSON. `token`: the phone's form (application/x-www-form-urlencoded). */
export interface VouchedRequest {
  readonly vouch: PhoneVouch;
  readonly request: string;
}

export function writeVouchedRequest({ vouch, request }: VouchedRequest): string {
  return JSON.stringify({ vouch: vouchObject(vouch), request });
}

export function readVouchedRequest(text: string): VouchedRequest {
  const message = parseObject(text);
  onlyMembers(message, ['vouch', 'request']);
  return { vouch: readVouch(message['vouch']), request: textField(message, 'request') };
}

export interface ConfigRequest {
  readonly vouch: PhoneVouch;
  /** The phone's Authorization header as it came: `Bearer …`. Empty when there was none. */
  readonly authorization: string;
  /** The file: `SEP001122334455.cnf.xml`. */
  readonly name: string;
}

export function writeConfigRequest({ vouch, authorization, name }: ConfigRequest): string {
  return JSON.stringify({ vouch: vouchObject(vouch), authorization, name });
}

export function readConfigRequest(text: string): ConfigRequest {
  const message = parseObject(text);
  onlyMembers(message, ['vouch', 'authorization', 'name']);
  return {
    vouch: readVouch(message['vouch']),
    authorization: textField(message, 'authorization', /^[\x20-\x7e]{0,8192}$/),
    name: textField(message, 'name', /^[A-Za-z0-9._-]{1,128}$/),
  };
}

/** Where phones reach an Expressway-E. */
export interface EdgePlace {
  readonly host: string;
  readonly httpsPort: number;
  readonly sipPort: number;
  /** TURN servers it offers, `host:port` over UDP; mostly none. */
  readonly turnServers: readonly string[];
}

/** `host:port` */
export const turnServerForm = /^[A-Za-z0-9.-]{1,253}:\d{1,5}$/;
export const mostTurnServers = 5;

export interface EdgeConfigRequest {
  readonly vouch: PhoneVouch;
  /** The service domain the phone asked for, decoded from the path. */
  readonly domain: string;
  /** `_cisco-uds`, `_cuplogin`, …: one per `service_name` of the query. */
  readonly serviceNames: readonly string[];
  /** What Expressway-E offers this phone: its own name and ports, for the answer's edge servers. */
  readonly edge: EdgePlace;
}

export function writeEdgeConfigRequest({ vouch, domain, serviceNames, edge }: EdgeConfigRequest): string {
  return JSON.stringify({
    vouch: vouchObject(vouch),
    domain,
    service_name: serviceNames,
    edge: edgePlaceObject(edge),
  });
}

/** As it crosses the wire. */
export function edgePlaceObject({ host, httpsPort, sipPort, turnServers }: EdgePlace) {
  return { host, https_port: httpsPort, sip_port: sipPort, turn_servers: turnServers };
}

export function readEdgeConfigRequest(text: string): EdgeConfigRequest {
  const message = parseObject(text);
  onlyMembers(message, ['vouch', 'domain', 'service_name', 'edge']);
  const edge = asObject(message['edge'], 'edge');
  onlyMembers(edge, ['host', 'https_port', 'sip_port', 'turn_servers']);
  return {
    vouch: readVouch(message['vouch']),
    domain: textField(message, 'domain', /^[A-Za-z0-9.-]{1,253}$/),
    serviceNames: listField(
      message,
      'service_name',
      (item) => {
        if (typeof item !== 'string' || !/^_[a-z0-9-]{1,63}$/.test(item)) {
          throw new MalformedError('service_name has not the required form');
        }
        return item;
      },
      8,
    ),
    edge: {
      host: textField(edge, 'host', /^[A-Za-z0-9.-]{1,253}$/),
      httpsPort: integerField(edge, 'https_port', 1, 65535),
      sipPort: integerField(edge, 'sip_port', 1, 65535),
      turnServers: listField(edge, 'turn_servers', readTurnServer, mostTurnServers),
    },
  };
}

/** Throws MalformedError. */
export function readTurnServer(item: unknown): string {
  if (typeof item === 'string' && turnServerForm.test(item)) return item;
  throw new MalformedError('turn_servers has not the required form');
}

/** `sip-nodes`: which nodes should have the phone's SIP flow. */
export function writeSipNodesRequest(vouch: PhoneVouch): string {
  return JSON.stringify({ vouch: vouchObject(vouch) });
}

export function readSipNodesRequest(text: string): { readonly vouch: PhoneVouch } {
  const message = parseObject(text);
  onlyMembers(message, ['vouch']);
  return { vouch: readVouch(message['vouch']) };
}

/** Names of nodes of the cluster view: the phone's Call Manager group, best first. */
export function writeSipNodes(nodes: readonly string[]): string {
  return JSON.stringify({ nodes });
}

export function readSipNodes(text: string): readonly string[] {
  return listField(parseObject(text), 'nodes', (item) => {
    if (typeof item !== 'string') throw new MalformedError('nodes item is not a text');
    return item;
  });
}
