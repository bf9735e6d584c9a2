import type { Transaction } from '../../kernel/transaction.ts';

/** A cluster as the cloud knows it. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly state: TenantState;
  readonly activationDomain: string | undefined;
  readonly enabled: boolean;
  /** SHA-256 of its das_id. */
  readonly clusterHint: Uint8Array | undefined;
  /** 0: never uploaded. */
  readonly trustVersion: number;
  /** Live locators it may have, and has. */
  readonly quota: number;
  readonly allocated: number;
  /** Counts the operator's changes. */
  readonly version: number;
  readonly enrolledAt: Date;
  readonly lastSeenAt: Date | undefined;
}

export type TenantState = 'active' | 'suspended' | 'removed';

export interface TenantCertificate {
  readonly sha256: Uint8Array;
  readonly der: Uint8Array;
  readonly notAfter: Date;
}

/** What mutual TLS found. */
export interface SignedInTenant {
  readonly tenant: Tenant;
  readonly certificateNotAfter: Date;
}

export interface TenantSettings {
  readonly activationDomain: string | undefined;
  readonly enabled: boolean;
  readonly clusterHint: Uint8Array;
}

export interface TenantChange {
  readonly name?: string | undefined;
  readonly quota?: number | undefined;
  readonly state?: 'active' | 'suspended' | undefined;
}

export interface TenantQuery {
  readonly search?: string | undefined;
  readonly state?: TenantState | undefined;
  readonly limit?: number | undefined;
  /** Id and name of the last one of the page before. */
  readonly after?: { readonly name: string; readonly id: string } | undefined;
}

export interface TenantStore {
  insert(tx: Transaction, tenant: { name: string; quota: number }): Promise<Tenant>;
  find(id: string, tx?: Transaction): Promise<Tenant | undefined>;
  /** Held against other changes until the transaction ends. */
  findForChange(tx: Transaction, id: string): Promise<Tenant | undefined>;
  page(query: TenantQuery): Promise<{ readonly items: readonly Tenant[]; readonly total: number }>;
  /** By the certificate that mutual TLS showed; notes its use, by which older ones of the same cluster end. Undefined: not one of ours, ended, replaced, revoked. */
  signIn(sha256: Uint8Array): Promise<SignedInTenant | undefined>;
  addCertificate(tx: Transaction, id: string, certificate: TenantCertificate): Promise<void>;
  certificate(tx: Transaction, sha256: Uint8Array): Promise<TenantCertificate | undefined>;
  certificatesOf(id: string): Promise<readonly { readonly notAfter: Date; readonly createdAt: Date }[]>;
  changeSettings(tx: Transaction, id: string, settings: TenantSettings): Promise<void>;
  change(tx: Transaction, id: string, change: TenantChange): Promise<Tenant>;
  /** False: it has this version or a later one. */
  replaceTrust(tx: Transaction, id: string, version: number, certificates: readonly Uint8Array[]): Promise<boolean>;
  trust(
    id: string,
    tx?: Transaction,
  ): Promise<{ readonly version: number; readonly certificates: readonly Uint8Array[] }>;
  /** Revokes its certificates and vouchers, and puts its locators into quarantine. */
  remove(tx: Transaction, id: string): Promise<void>;
  quarantined(id: string): Promise<number>;
}
