import { equalBytes } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import { CloudFault, clusterSuspended, unknownCluster, versionConflict } from './cloud-fault.ts';
import { judgeEdgeTrust } from './edge-trust.ts';
import type { SignedInTenant, Tenant, TenantChange, TenantQuery, TenantSettings, TenantStore } from './tenant.ts';

export interface TenantPorts {
  readonly tenants: TenantStore;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** What clusters say of themselves, and what the operator decides about them. */
export class Tenants {
  readonly #ports: TenantPorts;

  constructor(ports: TenantPorts) {
    this.#ports = ports;
  }

  /** Throws CloudFault `client_certificate_not_accepted`. */
  async signIn(certificateSha256: Uint8Array): Promise<SignedInTenant> {
    const found = await this.#ports.tenants.signIn(certificateSha256);
    if (found === undefined || found.tenant.state === 'removed') {
      throw new CloudFault('policy', say('client_certificate_not_accepted'));
    }
    return found;
  }

  async changeSettings(tenant: Tenant, settings: TenantSettings, source: string): Promise<void> {
    if (tenant.state !== 'active') throw clusterSuspended();
    if (settings.enabled && settings.activationDomain === undefined) {
      throw new CloudFault('caller', say('settings_not_accepted'), { field: 'activation_domain' });
    }
    const same =
      tenant.enabled === settings.enabled &&
      tenant.activationDomain === settings.activationDomain &&
      tenant.clusterHint !== undefined &&
      equalBytes(tenant.clusterHint, settings.clusterHint);
    if (same) return;
    await this.#ports.transactions.run(async (tx) => {
      await this.#ports.tenants.changeSettings(tx, tenant.id, settings);
      await this.#note(tx, tenant, source, 'cluster.settings-changed', {
        activationDomain: settings.activationDomain ?? null,
        enabled: settings.enabled,
      });
    });
  }

  /** The whole set. An older version is refused, the same one again changes nothing. Throws CloudFault `trust_not_accepted`, `trust_version_stale`. */
  async replaceTrust(
    tenant: Tenant,
    upload: { readonly version: number; readonly certificates: readonly Uint8Array[] },
    source: string,
  ): Promise<void> {
    if (tenant.state !== 'active') throw clusterSuspended();
    const { tenants, transactions, clock } = this.#ports;
    judgeEdgeTrust(upload.certificates, clock.now());
    await transactions.run(async (tx) => {
      if (await tenants.replaceTrust(tx, tenant.id, upload.version, upload.certificates)) {
        await this.#note(tx, tenant, source, 'cluster.phone-edge-trust-replaced', {
          version: upload.version,
          certificates: upload.certificates.length,
        });
        return;
      }
      const { version, certificates } = await tenants.trust(tenant.id, tx);
      const same =
        version === upload.version &&
        certificates.length === upload.certificates.length &&
        certificates.every((der, place) => equalBytes(der, upload.certificates[place]!));
      if (same) return;
      throw new CloudFault('policy', say('trust_version_stale', { version }), { detail: { version } });
    });
  }

  /** The cluster leaves for good: its certificates end, its locators go into quarantine. */
  async leave(tenant: Tenant, source: string): Promise<void> {
    await this.#ports.transactions.run(async (tx) => {
      await this.#ports.tenants.remove(tx, tenant.id);
      await this.#note(tx, tenant, source, 'cluster.left', {});
    });
  }

  trust(tenant: Tenant) {
    return this.#ports.tenants.trust(tenant.id);
  }

  quarantined(tenant: Tenant): Promise<number> {
    return this.#ports.tenants.quarantined(tenant.id);
  }

  page(query: TenantQuery) {
    return this.#ports.tenants.page(query);
  }

  async get(id: string): Promise<Tenant> {
    const found = await this.#ports.tenants.find(id);
    if (found === undefined || found.state === 'removed') throw unknownCluster();
    return found;
  }

  certificatesOf(id: string) {
    return this.#ports.tenants.certificatesOf(id);
  }

  async change(actor: Actor, id: string, change: TenantChange, ifVersion: number | undefined): Promise<Tenant> {
    const { tenants, transactions, audit } = this.#ports;
    return transactions.run(async (tx) => {
      const before = await tenants.findForChange(tx, id);
      if (before === undefined || before.state === 'removed') throw unknownCluster();
      if (ifVersion !== undefined && ifVersion !== before.version) throw versionConflict(before.version);
      const after = await tenants.change(tx, id, change);
      const action =
        before.state === after.state
          ? 'cluster.changed'
          : after.state === 'suspended'
            ? 'cluster.suspended'
            : 'cluster.resumed';
      await audit.append(tx, {
        actor,
        action,
        objectKind: 'cluster',
        objectId: id,
        objectName: after.name,
        detail: { name: after.name, quota: after.quota, state: after.state },
      });
      return after;
    });
  }

  async remove(actor: Actor, id: string, ifVersion: number | undefined): Promise<void> {
    const { tenants, transactions, audit } = this.#ports;
    await transactions.run(async (tx) => {
      const before = await tenants.findForChange(tx, id);
      if (before === undefined || before.state === 'removed') throw unknownCluster();
      if (ifVersion !== undefined && ifVersion !== before.version) throw versionConflict(before.version);
      await tenants.remove(tx, id);
      await audit.append(tx, {
        actor,
        action: 'cluster.removed',
        objectKind: 'cluster',
        objectId: id,
        objectName: before.name,
        detail: { liveLocators: before.allocated },
      });
    });
  }

  async #note(
    tx: Parameters<AuditLog['append']>[0],
    tenant: Tenant,
    source: string,
    action: string,
    detail: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await this.#ports.audit.append(tx, {
      actor: { name: `cluster:${tenant.id}`, sourceAddress: source },
      action,
      objectKind: 'cluster',
      objectId: tenant.id,
      objectName: tenant.name,
      detail,
    });
  }
}
