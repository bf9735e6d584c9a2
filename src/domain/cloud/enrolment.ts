import type { Random } from '../../kernel/random.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import { CloudFault, clusterSuspended, unknownCluster, voucherNotAccepted } from './cloud-fault.ts';
import type { LimitsStore } from './limits.ts';
import type { Tenant, TenantCertificate, TenantStore } from './tenant.ts';

/** A certificate request that was read, proved to be signed by its own key, and found strong enough. */
export interface GoodRequest {
  /** SHA-256 over its SubjectPublicKeyInfo. */
  readonly keySha256: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

/** The cloud's certificate authority. */
export interface TenantAuthority {
  /** Throws CloudFault `csr_not_accepted`. */
  read(csr: Uint8Array): Promise<GoodRequest>;
  issue(clusterId: string, request: GoodRequest): Promise<TenantCertificate>;
}

export interface VoucherRecord {
  readonly id: string;
  readonly note: string;
  readonly state: 'open' | 'used' | 'revoked' | 'expired';
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly redeemedAt: Date | undefined;
  /** The cluster it made, or is meant for. */
  readonly cluster: { readonly id: string; readonly name: string } | undefined;
}

export interface Redeemable {
  readonly id: string;
  readonly note: string;
  /** Undefined: it makes a new cluster. */
  readonly forClusterId: string | undefined;
}

export interface VoucherStore {
  insert(
    tx: Transaction,
    voucher: { hash: Uint8Array; note: string; forClusterId: string | undefined; createdBy: string; hours: number },
  ): Promise<{ readonly id: string; readonly expiresAt: Date }>;
  /** The one conditional update that uses a voucher up. Undefined: not open. */
  redeem(tx: Transaction, hash: Uint8Array, keySha256: Uint8Array, source: string): Promise<Redeemable | undefined>;
  noteResult(tx: Transaction, id: string, clusterId: string, certificateSha256: Uint8Array): Promise<void>;
  /** What a voucher gave, for a repeat by the same key before the voucher's own end. */
  given(
    tx: Transaction,
    hash: Uint8Array,
    keySha256: Uint8Array,
  ): Promise<{ readonly clusterId: string; readonly certificateSha256: Uint8Array } | undefined>;
  revoke(tx: Transaction, id: string): Promise<boolean>;
  find(id: string): Promise<VoucherRecord | undefined>;
  list(limit: number): Promise<readonly VoucherRecord[]>;
}

export interface EnrolmentPorts {
  readonly vouchers: VoucherStore;
  readonly tenants: TenantStore;
  readonly authority: TenantAuthority;
  readonly limits: LimitsStore;
  readonly random: Random;
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
}

/** What enrolment and renewal give. */
export interface Credentials {
  readonly clusterId: string;
  readonly certificate: TenantCertificate;
}

/** Vouchers, and what clusters get for them. */
export class Enrolment {
  readonly #ports: EnrolmentPorts;

  constructor(ports: EnrolmentPorts) {
    this.#ports = ports;
  }

  /** `secret`: 32 octets, shown once; only its hash is kept. */
  async makeVoucher(
    actor: Actor,
    { note, forClusterId }: { readonly note: string; readonly forClusterId?: string | undefined },
  ): Promise<{ readonly id: string; readonly secret: Uint8Array; readonly expiresAt: Date }> {
    const { vouchers, tenants, limits, random, sha256, transactions, audit } = this.#ports;
    const secret = random.bytes(32);
    return transactions.run(async (tx) => {
      const cluster = forClusterId === undefined ? undefined : await tenants.find(forClusterId, tx);
      if (forClusterId !== undefined && (cluster === undefined || cluster.state === 'removed')) throw unknownCluster();
      const { voucherHours } = await limits.read(tx);
      const made = await vouchers.insert(tx, {
        hash: sha256(secret),
        note,
        forClusterId,
        createdBy: actor.name,
        hours: voucherHours,
      });
      await audit.append(tx, {
        actor,
        action: 'voucher.created',
        objectKind: 'voucher',
        objectId: made.id,
        objectName: note,
        detail: cluster === undefined ? {} : { cluster: cluster.name },
      });
      return { ...made, secret };
    });
  }

  async revokeVoucher(actor: Actor, id: string): Promise<void> {
    const { vouchers, transactions, audit } = this.#ports;
    await transactions.run(async (tx) => {
      if (!(await vouchers.revoke(tx, id))) {
        const known = await vouchers.find(id);
        if (known?.state === 'revoked') return;
        if (known === undefined) throw new CloudFault('caller', say('unknown_voucher'));
        throw new CloudFault('policy', say('voucher_already_used'));
      }
      await audit.append(tx, { actor, action: 'voucher.revoked', objectKind: 'voucher', objectId: id });
    });
  }

  /**
   * A voucher for a certificate: once. The same voucher with the same key gets the same answer again, so that an answer lost on the way costs nothing.
   * Throws CloudFault `voucher_not_accepted`, `csr_not_accepted`, `cluster_suspended`.
   */
  async enrol(request: {
    readonly secret: Uint8Array | undefined;
    readonly csr: Uint8Array;
    readonly name: string;
    readonly source: string;
  }): Promise<Credentials> {
    const { vouchers, tenants, authority, limits, sha256, transactions, audit } = this.#ports;
    const good = await authority.read(request.csr);
    if (request.secret === undefined) throw voucherNotAccepted();
    const hash = sha256(request.secret);
    return transactions.run(async (tx) => {
      const voucher = await vouchers.redeem(tx, hash, good.keySha256, request.source);
      if (voucher === undefined) return this.#repeat(tx, hash, good.keySha256);
      const tenant =
        voucher.forClusterId === undefined
          ? await tenants.insert(tx, {
              name: request.name || voucher.note.slice(0, 128) || 'cluster',
              quota: (await limits.read(tx)).defaultQuota,
            })
          : await tenants.findForChange(tx, voucher.forClusterId);
      if (tenant === undefined || tenant.state === 'removed') throw voucherNotAccepted();
      if (tenant.state === 'suspended') throw clusterSuspended();
      const certificate = await authority.issue(tenant.id, good);
      await tenants.addCertificate(tx, tenant.id, certificate);
      await vouchers.noteResult(tx, voucher.id, tenant.id, certificate.sha256);
      await audit.append(tx, {
        actor: { name: `cluster:${tenant.id}`, sourceAddress: request.source },
        action: voucher.forClusterId === undefined ? 'cluster.enrolled' : 'cluster.enrolled-again',
        objectKind: 'cluster',
        objectId: tenant.id,
        objectName: tenant.name,
        detail: { voucher: voucher.id, until: certificate.notAfter.toISOString() },
      });
      return { clusterId: tenant.id, certificate };
    });
  }

  async #repeat(tx: Transaction, hash: Uint8Array, keySha256: Uint8Array): Promise<Credentials> {
    const { vouchers, tenants } = this.#ports;
    const given = await vouchers.given(tx, hash, keySha256);
    const certificate = given && (await tenants.certificate(tx, given.certificateSha256));
    if (given === undefined || certificate === undefined) throw voucherNotAccepted();
    return { clusterId: given.clusterId, certificate };
  }

  /** A fresh certificate for a cluster that showed a good one. The old one ends soon after the new one is first used. */
  async renew(tenant: Tenant, csr: Uint8Array, source: string): Promise<Credentials> {
    if (tenant.state !== 'active') throw clusterSuspended();
    const { tenants, authority, transactions, audit } = this.#ports;
    const certificate = await authority.issue(tenant.id, await authority.read(csr));
    await transactions.run(async (tx) => {
      await tenants.addCertificate(tx, tenant.id, certificate);
      await audit.append(tx, {
        actor: { name: `cluster:${tenant.id}`, sourceAddress: source },
        action: 'cluster.certificate-renewed',
        objectKind: 'cluster',
        objectId: tenant.id,
        objectName: tenant.name,
        detail: { until: certificate.notAfter.toISOString() },
      });
    });
    return { clusterId: tenant.id, certificate };
  }

  async vouchers(limit: number): Promise<readonly VoucherRecord[]> {
    return this.#ports.vouchers.list(limit);
  }
}
