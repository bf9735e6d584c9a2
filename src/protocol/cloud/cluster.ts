import { toBase64url, toHex } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import {
  asObject,
  booleanField,
  integerField,
  listField,
  oneOf,
  onlyMembers,
  parseObject,
  textField,
} from '../json/fields.ts';
import { domainForm, instantField, nameForm, nullable, octetsItem, sha256Field, uuidForm } from './fields.ts';
import { type CloudKey, readCloudKey } from './key.ts';
import { largestTrustCertificate, largestTrustSet, mostTrustCertificates } from './limits.ts';

/** What an enrolled cluster says to the cloud over mutual TLS, and hears back. Readers throw MalformedError. */

/** `GET`: how the cloud sees this cluster; `DELETE`: leave it for good (204). */
export const clusterPath = '/v1/cluster';
/** `PUT`; answers with the cluster's status. */
export const settingsPath = '/v1/cluster/settings';
/** `PUT`; answers with the cluster's status. */
export const phoneEdgeTrustPath = '/v1/cluster/phone-edge-trust';

export interface ClusterSettings {
  /** The one MRA activation domain; undefined: none yet, and phones' codes are answered as unknown. */
  readonly activationDomain: string | undefined;
  /** Activation code onboarding with the cloud: off → phones' codes are answered as unknown. */
  readonly enabled: boolean;
  /** SHA-256 of the cluster's das_id, told to phones; the das_id itself stays inside. */
  readonly clusterHint: Uint8Array;
}

export function readSettings(text: string): ClusterSettings {
  const message = parseObject(text);
  onlyMembers(message, ['activation_domain', 'enabled', 'cluster_hint']);
  return {
    activationDomain: nullable(message, 'activation_domain', (object, name) => textField(object, name, domainForm)),
    enabled: booleanField(message, 'enabled'),
    clusterHint: sha256Field(message, 'cluster_hint'),
  };
}

export function writeSettings(settings: ClusterSettings): string {
  return JSON.stringify({
    activation_domain: settings.activationDomain ?? null,
    enabled: settings.enabled,
    cluster_hint: toBase64url(settings.clusterHint),
  });
}

/** The whole set, every time. */
export interface PhoneEdgeTrust {
  /** Counts up at the cluster; the cloud refuses one that is lower than what it has, and an equal one with another content. */
  readonly version: number;
  /** DER. */
  readonly certificates: readonly Uint8Array[];
}

export function readPhoneEdgeTrust(text: string): PhoneEdgeTrust {
  const message = parseObject(text);
  onlyMembers(message, ['version', 'certificates']);
  const certificates = listField(
    message,
    'certificates',
    (item) => octetsItem(item, 'certificates', 1, largestTrustCertificate),
    mostTrustCertificates,
  );
  if (certificates.reduce((sum, { length }) => sum + length, 0) > largestTrustSet) {
    throw new MalformedError('certificates are more than 64 KiB together');
  }
  return { version: integerField(message, 'version', 0, Number.MAX_SAFE_INTEGER), certificates };
}

export function writePhoneEdgeTrust(trust: PhoneEdgeTrust): string {
  return JSON.stringify({ version: trust.version, certificates: trust.certificates.map(toBase64url) });
}

export const clusterStates = ['active', 'suspended'] as const;
export type ClusterState = (typeof clusterStates)[number];

export interface ClusterStatus {
  readonly clusterId: string;
  readonly name: string;
  /** Suspended by the cloud's operator: phones' codes are answered as unknown, changes are refused. */
  readonly state: ClusterState;
  readonly activationDomain: string | undefined;
  readonly enabled: boolean;
  /** Version 0: never uploaded. `sha256`: lower-case hex over each certificate's DER, in the order of the upload. */
  readonly phoneEdgeTrust: { readonly version: number; readonly sha256: readonly string[] };
  readonly locators: { readonly allocated: number; readonly quarantined: number; readonly quota: number };
  /** Of the client certificate that asked; milliseconds since the epoch. */
  readonly certificateNotAfter: number;
  readonly cloudKey: CloudKey;
  /** The cloud's clock; milliseconds since the epoch. */
  readonly time: number;
}

const statusMembers = [
  'cluster_id',
  'name',
  'state',
  'activation_domain',
  'enabled',
  'phone_edge_trust',
  'locators',
  'certificate_not_after',
  'cloud_key',
  'time',
];

export function readClusterStatus(text: string): ClusterStatus {
  const message = parseObject(text);
  onlyMembers(message, statusMembers);
  const trust = asObject(message['phone_edge_trust'], 'phone_edge_trust');
  onlyMembers(trust, ['version', 'sha256']);
  const locators = asObject(message['locators'], 'locators');
  onlyMembers(locators, ['allocated', 'quarantined', 'quota']);
  const count = (name: string) => integerField(locators, name, 0, 10_000_000);
  return {
    clusterId: textField(message, 'cluster_id', uuidForm),
    name: textField(message, 'name', nameForm),
    state: oneOf(message, 'state', clusterStates),
    activationDomain: nullable(message, 'activation_domain', (object, name) => textField(object, name, domainForm)),
    enabled: booleanField(message, 'enabled'),
    phoneEdgeTrust: {
      version: integerField(trust, 'version', 0, Number.MAX_SAFE_INTEGER),
      sha256: listField(trust, 'sha256', (item) => toHex(octetsItem(item, 'sha256', 32, 32)), mostTrustCertificates),
    },
    locators: { allocated: count('allocated'), quarantined: count('quarantined'), quota: count('quota') },
    certificateNotAfter: instantField(message, 'certificate_not_after'),
    cloudKey: readCloudKey(message['cloud_key']),
    time: instantField(message, 'time'),
  };
}

export function writeClusterStatus(status: ClusterStatus): string {
  const { version, sha256 } = status.phoneEdgeTrust;
  return JSON.stringify({
    cluster_id: status.clusterId,
    name: status.name,
    state: status.state,
    activation_domain: status.activationDomain ?? null,
    enabled: status.enabled,
    phone_edge_trust: { version, sha256: sha256.map(base64urlOfHex) },
    locators: status.locators,
    certificate_not_after: new Date(status.certificateNotAfter).toISOString(),
    cloud_key: status.cloudKey.jwk,
    time: new Date(status.time).toISOString(),
  });
}

const base64urlOfHex = (hex: string) =>
  toBase64url(Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
