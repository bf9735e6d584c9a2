import { MalformedError } from '../../kernel/errors.ts';
import {
  asObject,
  booleanField,
  integerField,
  listField,
  onlyMembers,
  parseObject,
  textField,
} from '../json/fields.ts';
import type { JsonObject, JsonValue } from '../json/strict-json.ts';
import { derOf, derText } from './der-text.ts';

/** `GET /edge/v1/cluster`: what Expressway-C knows of a cluster. The answer's ETag is `etag`; If-None-Match gets 304. */
export interface ClusterView {
  readonly clusterId: string;
  /** Version of the software. */
  readonly version: string;
  readonly nodes: readonly ClusterViewNode[];
  /** Undefined until one was set on Cloud Onboarding. */
  readonly activationDomain: string | undefined;
  readonly serviceDomains: readonly string[];
  /** Enable MRA Activation and OAuth with Refresh Login Flow are both on. */
  readonly mraActivationEnabled: boolean;
  /** CallManager-trust: what a MIC may chain to, and over what. */
  readonly micTrust: readonly MicTrustEntry[];
  readonly micDenied: MicDenied;
  readonly jwks: JsonWebKeys;
  /** `iss` of this cluster's access tokens. */
  readonly issuer: string;
  /** Changes whenever anything above does. */
  readonly etag: string;
}

export interface MicTrustEntry {
  readonly der: Uint8Array;
  /** A root of MICs; otherwise only a link on the way to one. */
  readonly micRoot: boolean;
  /** SHA-1 counts below this root. */
  readonly legacySha1: boolean;
  /** Expired MICs below this root are taken until then. Seconds since the epoch. */
  readonly expiredMicsUntil?: number;
}

/**
 * MICs that are never taken: serial numbers and SHA-256 of keys in lower-case hex, MAC addresses as 12 hex digits, and what manufacturers revoked:
 * of each list, sorted, the first 16 octets of SHA-256 over serial number in hex, a zero octet and the issuer's name in DER.
 */
export interface MicDenied {
  readonly serials: readonly string[];
  readonly keys: readonly string[];
  readonly macs: readonly string[];
  readonly revoked: readonly Uint8Array[];
}

export interface ClusterViewNode {
  readonly name: string;
  readonly host: string;
  /** REST and UDS. */
  readonly https: number;
  readonly edgeAccess: number;
  readonly sipOauthMra: number;
  /** Activated services: `Device Activation Service`, … */
  readonly services: readonly string[];
}

/** RFC 7517 §5: public EC P-256 keys, `alg: ES256`. */
export interface JsonWebKeys {
  readonly keys: readonly JsonWebKeyEc[];
}

export interface JsonWebKeyEc {
  readonly kid: string;
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

const domainForm = /^[A-Za-z0-9.-]{1,253}$/;
const coordinateForm = /^[A-Za-z0-9_-]{43}$/;

export function writeClusterView(view: ClusterView): string {
  return JSON.stringify({
    cluster_id: view.clusterId,
    version: view.version,
    nodes: view.nodes.map(({ name, host, https, edgeAccess, sipOauthMra, services }) => ({
      name,
      host,
      https,
      edge_access: edgeAccess,
      sip_oauth_mra: sipOauthMra,
      services,
    })),
    ...(view.activationDomain !== undefined && { activation_domain: view.activationDomain }),
    service_domains: view.serviceDomains,
    mra_activation_enabled: view.mraActivationEnabled,
    mic_trust: view.micTrust.map(({ der, micRoot, legacySha1, expiredMicsUntil }) => ({
      der: derText(der),
      mic_root: micRoot,
      legacy_sha1: legacySha1,
      ...(expiredMicsUntil !== undefined && { expired_mics_until: expiredMicsUntil }),
    })),
    mic_denied: deniedObject(view.micDenied),
    jwks: view.jwks,
    issuer: view.issuer,
    etag: view.etag,
  });
}

const textItem = (name: string, form: RegExp) => (item: JsonValue) => {
  if (typeof item !== 'string' || !form.test(item)) throw new MalformedError(`${name} item has not the required form`);
  return item;
};

function readNode(item: JsonValue): ClusterViewNode {
  const node = asObject(item, 'nodes item');
  return {
    name: textField(node, 'name'),
    host: textField(node, 'host', /^[A-Za-z0-9._:[\]-]{1,253}$/),
    https: integerField(node, 'https', 1, 65535),
    edgeAccess: integerField(node, 'edge_access', 1, 65535),
    sipOauthMra: integerField(node, 'sip_oauth_mra', 1, 65535),
    services: listField(node, 'services', textItem('services', /^.{1,100}$/u)),
  };
}

/** Throws MalformedError. */
export function readJwks(object: JsonObject): JsonWebKeys {
  onlyMembers(object, ['keys']);
  return {
    keys: listField(object, 'keys', (item) => {
      const key = asObject(item, 'keys item');
      textField(key, 'kty', /^EC$/);
      textField(key, 'crv', /^P-256$/);
      return {
        kid: textField(key, 'kid', /^[A-Za-z0-9_-]{1,128}$/),
        kty: 'EC',
        crv: 'P-256',
        x: textField(key, 'x', coordinateForm),
        y: textField(key, 'y', coordinateForm),
        alg: 'ES256',
        use: 'sig',
      };
    }),
  };
}

/** Throws MalformedError. */
export function readTrust(item: JsonValue): MicTrustEntry {
  const entry = asObject(item, 'mic_trust item');
  return {
    der: derOf(textField(entry, 'der'), 'der'),
    micRoot: booleanField(entry, 'mic_root'),
    legacySha1: booleanField(entry, 'legacy_sha1'),
    ...(entry['expired_mics_until'] !== undefined && {
      expiredMicsUntil: integerField(entry, 'expired_mics_until', 0, 2 ** 40),
    }),
  };
}

const mostDenied = 100_000;
const mostRevocationLists = 64;
const revokedLength = 16;

export function deniedObject({ revoked, ...denied }: MicDenied): JsonObject {
  return { ...denied, revoked: revoked.map(derText) };
}

function readRevoked(item: JsonValue): Uint8Array {
  if (typeof item !== 'string') throw new MalformedError('revoked item is not a text');
  const packed = derOf(item, 'revoked item');
  if (packed.length % revokedLength !== 0 || packed.length > mostDenied * revokedLength)
    throw new MalformedError('revoked item has not the required length');
  return packed;
}

/** Throws MalformedError. */
export function readDenied(object: JsonObject): MicDenied {
  const names = (name: string) => listField(object, name, textItem(name, /^[0-9A-Fa-f]{1,128}$/), mostDenied);
  // A cluster of an older version knows no revocation lists.
  const revoked = object['revoked'] === undefined ? [] : listField(object, 'revoked', readRevoked, mostRevocationLists);
  return { serials: names('serials'), keys: names('keys'), macs: names('macs'), revoked };
}

/** Throws MalformedError. Members it does not know are left out: a newer cluster may say more. */
export function readClusterView(text: string): ClusterView {
  const message = parseObject(text);
  return {
    clusterId: textField(message, 'cluster_id'),
    version: textField(message, 'version'),
    nodes: listField(message, 'nodes', readNode),
    activationDomain:
      message['activation_domain'] === undefined ? undefined : textField(message, 'activation_domain', domainForm),
    serviceDomains: listField(message, 'service_domains', textItem('service_domains', domainForm), 1000),
    mraActivationEnabled: booleanField(message, 'mra_activation_enabled'),
    micTrust: listField(message, 'mic_trust', readTrust, 1000),
    micDenied: readDenied(asObject(message['mic_denied'], 'mic_denied')),
    jwks: readJwks(asObject(message['jwks'], 'jwks')),
    issuer: textField(message, 'issuer'),
    etag: textField(message, 'etag'),
  };
}
