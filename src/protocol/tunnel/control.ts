import { MalformedError, unreachable } from '../../kernel/errors.ts';
import {
  deniedObject,
  type JsonWebKeys,
  type MicDenied,
  type MicTrustEntry,
  readDenied,
  readJwks,
  readTrust,
} from '../edge-access/cluster-view.ts';
import { derText } from '../edge-access/der-text.ts';
import { mostTurnServers, readTurnServer } from '../edge-access/requests.ts';
import { asObject, booleanField, integerField, listField, parseObject, textField } from '../json/fields.ts';
import type { JsonObject, JsonValue } from '../json/strict-json.ts';
import type { RevocationEntry } from '../oauth/revocations.ts';

/**
 * One stream per tunnel, both ways: JSON objects, one a line. A line is at most this long, in octets: full revocation lists of several clusters
 * (2.2 MB each) fit in.
 */
export const largestControlLine = 16 * 1024 * 1024;

/** E → C. */
export type EdgeReport =
  | {
      readonly type: 'hello';
      readonly name: string;
      readonly version: string;
      /** Where phones reach this E. */
      readonly host: string;
      readonly httpsPort: number;
      readonly sipPort: number;
      /** TURN servers it offers, `host:port`. */
      readonly turnServers: readonly string[];
      /** What is wrong with its certificate, in plain words. */
      readonly warnings: readonly string[];
    }
  | {
      readonly type: 'status';
      readonly phoneConnections: number;
      readonly sipFlows: number;
      /** Since its start. */
      readonly requests: number;
      readonly refusals: number;
    }
  /** The state of this serial is in force. */
  | { readonly type: 'applied'; readonly serial: number };

export interface EdgeClusterState {
  readonly id: string;
  readonly issuer: string;
  readonly jwks: JsonWebKeys;
  readonly micTrust: readonly MicTrustEntry[];
  readonly micDenied: MicDenied;
  /** Service domains that this cluster has. */
  readonly domains: readonly string[];
  /** Enable MRA Activation and OAuth are on inside. */
  readonly activationEnabled: boolean;
}

/** C → E. */
export type EdgeOrder =
  | {
      /** Takes the place of all that was known from this C. */
      readonly type: 'state';
      /** Grows with each one. */
      readonly serial: number;
      readonly authorizeByOauthTokenWithRefresh: boolean;
      readonly allowActivationCodeOnboarding: boolean;
      /** Domains this edge answers for. */
      readonly domains: readonly string[];
      readonly clusters: readonly EdgeClusterState[];
    }
  /** A long list comes in pieces: the first starts afresh, the last puts it in force. */
  | {
      readonly type: 'revocations';
      readonly cluster: string;
      readonly first: boolean;
      readonly last: boolean;
      readonly entries: readonly RevocationEntry[];
    }
  | { readonly type: 'revoked'; readonly cluster: string; readonly entry: RevocationEntry }
  /** The device's connections end now. */
  | { readonly type: 'registration-ended'; readonly device: string }
  | { readonly type: 'beat' };

/** Revocations in one line. */
export const revocationsPerLine = 2000;

export function writeReport(report: EdgeReport): string {
  switch (report.type) {
    case 'hello':
      return line({
        type: 'hello',
        name: report.name,
        version: report.version,
        host: report.host,
        https_port: report.httpsPort,
        sip_port: report.sipPort,
        turn_servers: report.turnServers,
        warnings: report.warnings,
      });
    case 'status':
      return line({
        type: 'status',
        phone_connections: report.phoneConnections,
        sip_flows: report.sipFlows,
        requests: report.requests,
        refusals: report.refusals,
      });
    case 'applied':
      return line({ type: 'applied', serial: report.serial });
    default:
      return unreachable(report);
  }
}

/** Throws MalformedError. Undefined: a kind this version does not know. */
export function readReport(text: string): EdgeReport | undefined {
  const message = parseObject(text);
  const type = textField(message, 'type');
  if (type === 'hello') {
    return {
      type,
      name: textField(message, 'name', /^[A-Za-z0-9._-]{1,64}$/),
      version: textField(message, 'version', /^.{0,64}$/u),
      host: textField(message, 'host', /^[A-Za-z0-9.-]{1,253}$/),
      httpsPort: integerField(message, 'https_port', 1, 65_535),
      sipPort: integerField(message, 'sip_port', 1, 65_535),
      turnServers: listField(message, 'turn_servers', readTurnServer, mostTurnServers),
      warnings: listField(message, 'warnings', textItem(/^.{1,500}$/u), 20),
    };
  }
  if (type === 'status') {
    return {
      type,
      phoneConnections: integerField(message, 'phone_connections', 0, 2 ** 40),
      sipFlows: integerField(message, 'sip_flows', 0, 2 ** 40),
      requests: integerField(message, 'requests', 0, 2 ** 52),
      refusals: integerField(message, 'refusals', 0, 2 ** 52),
    };
  }
  if (type === 'applied') return { type, serial: integerField(message, 'serial', 0, 2 ** 52) };
  return undefined;
}

export function writeOrder(order: EdgeOrder): string {
  switch (order.type) {
    case 'state':
      return line({
        type: 'state',
        serial: order.serial,
        oauth: order.authorizeByOauthTokenWithRefresh,
        activation: order.allowActivationCodeOnboarding,
        domains: order.domains,
        clusters: order.clusters.map((cluster) => ({
          id: cluster.id,
          issuer: cluster.issuer,
          jwks: cluster.jwks as unknown as JsonValue,
          mic_trust: cluster.micTrust.map(({ der, micRoot, legacySha1, expiredMicsUntil }) => ({
            der: derText(der),
            mic_root: micRoot,
            legacy_sha1: legacySha1,
            ...(expiredMicsUntil !== undefined && { expired_mics_until: expiredMicsUntil }),
          })),
          mic_denied: deniedObject(cluster.micDenied),
          domains: cluster.domains,
          activation_enabled: cluster.activationEnabled,
        })),
      });
    case 'revocations':
      return line({
        type: order.type,
        cluster: order.cluster,
        first: order.first,
        last: order.last,
        entries: order.entries.map(revocationObject),
      });
    case 'revoked':
      return line({ type: order.type, cluster: order.cluster, entry: revocationObject(order.entry) });
    case 'registration-ended':
      return line({ type: order.type, device: order.device });
    case 'beat':
      return line({ type: 'beat' });
    default:
      return unreachable(order);
  }
}

/** Throws MalformedError. Undefined: a kind this version does not know. */
export function readOrder(text: string): EdgeOrder | undefined {
  const message = parseObject(text);
  const type = textField(message, 'type');
  switch (type) {
    case 'state':
      return {
        type,
        serial: integerField(message, 'serial', 0, 2 ** 52),
        authorizeByOauthTokenWithRefresh: booleanField(message, 'oauth'),
        allowActivationCodeOnboarding: booleanField(message, 'activation'),
        domains: listField(message, 'domains', textItem(domainForm), 1000),
        clusters: listField(message, 'clusters', readCluster, 64),
      };
    case 'revocations':
      return {
        type,
        cluster: textField(message, 'cluster', idForm),
        first: booleanField(message, 'first'),
        last: booleanField(message, 'last'),
        entries: listField(message, 'entries', readRevocation, revocationsPerLine),
      };
    case 'revoked':
      return { type, cluster: textField(message, 'cluster', idForm), entry: readRevocation(message['entry']!) };
    case 'registration-ended':
      return { type, device: textField(message, 'device', /^[A-Z0-9]{1,15}$/) };
    case 'beat':
      return { type };
    default:
      return undefined;
  }
}

const domainForm = /^[a-z0-9.-]{1,253}$/;
const idForm = /^.{1,200}$/u;
const latest = 2 ** 40;

function readCluster(item: JsonValue): EdgeClusterState {
  const cluster = asObject(item, 'clusters item');
  return {
    id: textField(cluster, 'id', idForm),
    issuer: textField(cluster, 'issuer'),
    jwks: readJwks(asObject(cluster['jwks'], 'jwks')),
    micTrust: listField(cluster, 'mic_trust', readTrust, 1000),
    micDenied: readDenied(asObject(cluster['mic_denied'], 'mic_denied')),
    domains: listField(cluster, 'domains', textItem(domainForm), 1000),
    activationEnabled: booleanField(cluster, 'activation_enabled'),
  };
}

function revocationObject({ family, until }: RevocationEntry): JsonObject {
  return { family, until };
}

function readRevocation(item: JsonValue): RevocationEntry {
  const object = asObject(item, 'revocation');
  return { family: textField(object, 'family', /^[0-9a-f-]{36}$/), until: integerField(object, 'until', 0, latest) };
}

const textItem = (form: RegExp) => (item: JsonValue) => {
  if (typeof item !== 'string' || !form.test(item)) throw new MalformedError('an item has not the required form');
  return item;
};

const line = (message: JsonObject) => `${JSON.stringify(message)}\n`;
