import type { Locator } from '../../identifiers/activation-code.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { CloudFaultCode } from './faults.ts';

/** What Mobile & Remote Access asks of the outside. */

/** Where the cloud is and how its server is known. */
export interface CloudAddress {
  /** `https://host:port`. */
  readonly address: string;
  /** PEM of certificates its chain must end in; empty: public authorities. */
  readonly authorityPem: string;
}

/** Who this cluster is at the cloud. */
export interface ClusterIdentity {
  readonly clusterId: string;
  /** DER, own certificate first. */
  readonly certificateChain: readonly Uint8Array[];
  /** PKCS #8, DER. */
  readonly key: Uint8Array;
}

export interface Enrolment {
  readonly clusterId: string;
  readonly certificateChain: readonly Uint8Array[];
  readonly notAfter: Date;
  /** Public JWK that phones pin. */
  readonly cloudKey: object;
  readonly issuer: string;
}

export interface CloudSettings {
  readonly activationDomain: string | undefined;
  readonly enabled: boolean;
  /** Lower-case hex of SHA-256 over the das_id. */
  readonly clusterHint: string;
}

/** How the cloud sees this cluster. */
export interface CloudView {
  readonly state: 'active' | 'suspended';
  readonly activationDomain: string | undefined;
  readonly enabled: boolean;
  readonly trustVersion: number;
  readonly locatorsAllocated: number;
  readonly locatorQuota: number;
}

export interface Allocation {
  readonly locator: string;
  readonly allocationId: string;
}

/** The cloud's REST. Everything rejects with MraFault of a CloudFaultCode and nothing else. */
export interface Cloud {
  /**
   * Exchanges a voucher for a certificate; without one the cloud is asked for it first (self-service). The answer holds the authority that was
   * learned from the voucher's fingerprint, or the one that was given.
   */
  enrol(
    to: CloudAddress,
    request: { readonly voucher: string | undefined; readonly csr: Uint8Array; readonly name: string },
  ): Promise<Enrolment & { readonly authorityPem: string }>;
  renew(to: CloudAddress, as: ClusterIdentity, csr: Uint8Array): Promise<Enrolment>;
  view(to: CloudAddress, as: ClusterIdentity): Promise<CloudView>;
  setSettings(to: CloudAddress, as: ClusterIdentity, settings: CloudSettings): Promise<CloudView>;
  setPhoneEdgeTrust(
    to: CloudAddress,
    as: ClusterIdentity,
    trust: { readonly version: number; readonly certificates: readonly Uint8Array[] },
  ): Promise<CloudView>;
  allocate(
    to: CloudAddress,
    as: ClusterIdentity,
    idempotencyKey: string,
    count: number,
  ): Promise<readonly Allocation[]>;
  release(to: CloudAddress, as: ClusterIdentity, allocation: Allocation): Promise<void>;
  leave(to: CloudAddress, as: ClusterIdentity): Promise<void>;
}

/** Makes a key of ours and the request for its certificate. */
export interface IdentityMaker {
  make(): Promise<{ /** PKCS #8, DER. */ readonly key: Uint8Array /** PKCS #10, DER. */; readonly csr: Uint8Array }>;
}

/** The one row of the connection, with what belongs to it. Sealed key: purpose `cloud-client-key`. */
export interface CloudConnection extends CloudAddress {
  readonly enabled: boolean;
  readonly enrolled:
    | {
        readonly clusterId: string;
        readonly certificateChain: readonly Uint8Array[];
        readonly keySealed: Uint8Array;
        readonly notAfter: Date;
        readonly cloudKey: object;
        readonly issuer: string;
        readonly enrolledAt: Date;
      }
    | undefined;
  readonly settingsSent: CloudSettings | undefined;
  readonly trustVersion: number;
  readonly trustSentVersion: number;
  readonly lastSuccessAt: Date | undefined;
  readonly failingSince: Date | undefined;
  readonly lastErrorAt: Date | undefined;
  readonly lastErrorCode: string;
  readonly lastError: string;
  readonly cloudState: string;
  readonly locatorsAllocated: number | undefined;
  readonly locatorQuota: number | undefined;
  readonly version: number;
  /** The database's time. */
  readonly now: Date;
}

/** What holds for MRA now, from wherever it is set. */
export interface MraFacts {
  /** Service parameter "Enable MRA Activation", as stored. */
  readonly allowMraOnboarding: boolean;
  /** Models whose Device Defaults use auto-registration: they get a code over MRA only, so that MRA onboarding is on. */
  readonly autoRegistrationModels: readonly string[];
  /** Service parameter "MRA Activation Domain". */
  readonly activationDomain: string | undefined;
  /** Enterprise parameter "OAuth with Refresh Login Flow": without it phones outside are refused. */
  readonly oauthRefreshLogin: boolean;
}

export interface LocatorCounts {
  readonly stock: number;
  readonly inUse: number;
  readonly releasing: number;
  /** Codes that wait for a locator. */
  readonly drafts: number;
}

export interface CloudConnectionStore {
  read(tx?: Transaction): Promise<CloudConnection>;
  /** Locked until the transaction ends. */
  lock(tx: Transaction): Promise<CloudConnection>;
  setAddress(tx: Transaction, address: CloudAddress): Promise<void>;
  setEnabled(tx: Transaction, enabled: boolean): Promise<void>;
  /** False: it is enrolled already. */
  setEnrolled(
    tx: Transaction,
    enrolment: Enrolment & { readonly authorityPem: string; readonly keySealed: Uint8Array },
  ): Promise<boolean>;
  /** A renewed certificate; nothing happens when it is another cluster meanwhile. */
  setRenewed(enrolment: Enrolment, keySealed: Uint8Array): Promise<void>;
  /** Forgets who we are there; locators that no code has are forgotten too. */
  forget(tx: Transaction): Promise<void>;
  facts(tx?: Transaction): Promise<MraFacts>;
  counts(): Promise<LocatorCounts>;
  noteSettingsSent(settings: CloudSettings): Promise<void>;
  /** `certificates` undefined: what the cloud has of that version is not known here. */
  noteTrustSent(version: number, certificates?: readonly Uint8Array[]): Promise<void>;
  /** Makes the version of PhoneEdge-trust at least this, so that the cloud takes the next upload. */
  raiseTrustVersion(atLeast: number): Promise<void>;
  noteSuccess(view: CloudView | undefined): Promise<void>;
  noteFailure(code: CloudFaultCode, text: string): Promise<void>;
  phoneEdgeTrust(): Promise<{ readonly version: number; readonly certificates: readonly Uint8Array[] }>;
  dasId(): Promise<string>;
  /** False: another node has it. Given back by `release`, or by itself after `seconds`. */
  lease(holder: string, seconds: number): Promise<boolean>;
  release(holder: string): Promise<void>;
  /** Where an activation domain is not in the list of service domains it is added; the first becomes the default. True: it was added. */
  copyToServiceDomains(tx: Transaction, domain: string): Promise<boolean>;
  setParameter(tx: Transaction, name: 'Enable MRA Activation' | 'MRA Activation Domain', value: string): Promise<void>;
}

export interface LocatorStore {
  /** Undefined: no code may be made for outside now. */
  readyCluster(): Promise<string | undefined>;
  /** A locator of the stock, kept for two minutes. `left`: what is in stock afterwards. */
  reserve(
    clusterId: string,
  ): Promise<{ readonly locator: Locator; readonly allocationId: string; readonly left: number } | undefined>;
  /** Takes a reservation back. */
  unreserve(allocationId: string): Promise<void>;
  stock(clusterId: string): Promise<number>;
  /** The oldest open order, or a new one for `count`. */
  openOrder(clusterId: string, count: number): Promise<{ readonly idempotencyKey: string; readonly count: number }>;
  hasOpenOrder(clusterId: string): Promise<boolean>;
  /** Puts what was given into the stock and closes the order; harmless when repeated. Returns how many are usable. */
  fill(clusterId: string, idempotencyKey: string, allocations: readonly Allocation[]): Promise<number>;
  /** The cloud will never answer it. */
  dropOrder(idempotencyKey: string): Promise<void>;
  /** To be given back now, oldest first. */
  releasing(limit: number): Promise<readonly (Allocation & { readonly clusterId: string })[]>;
  released(allocationId: string): Promise<void>;
  /** Not before `seconds` from now. */
  postpone(allocationId: string, seconds: number): Promise<void>;
  /** Stock that is too much, or whose cluster is no more: to be given back. */
  trim(clusterId: string, keep: number): Promise<void>;
  /** Forgets what was given back, and orders that were served, after `days`; returns how many locators. */
  forget(days: number): Promise<number>;
}
