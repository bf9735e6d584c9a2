import type { Enrolment } from '../../domain/cloud/enrolment.ts';
import type { AllocationFacts, Locators, LocatorUse } from '../../domain/cloud/locators.ts';
import type { SignedInTenant } from '../../domain/cloud/tenant.ts';
import type { Tenants } from '../../domain/cloud/tenants.ts';
import { readPhoneEdgeTrust, readSettings, writeClusterStatus } from '../../protocol/cloud/cluster.ts';
import { readEnrol, readRenew, writeEnrolled } from '../../protocol/cloud/enrol.ts';
import type { CloudKey } from '../../protocol/cloud/key.ts';
import {
  type AllocationStatus,
  readAllocate,
  writeAllocationPage,
  writeAllocationStatus,
  writeAllocations,
} from '../../protocol/cloud/locators.ts';
import { parseVoucher, writeVoucher, writeVoucherReply } from '../../protocol/cloud/voucher.ts';
import { type CloudAnswer, CloudRefusal } from './cloud-answer.ts';

export interface ClusterDoorParts {
  readonly enrolment: Enrolment;
  readonly tenants: Tenants;
  readonly locators: Locators;
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  readonly cloudKey: CloudKey;
  readonly issuer: string;
  /** DER of the cloud's own authority. */
  readonly authority: Uint8Array;
  /** Put into vouchers: SHA-256 of the authority; undefined where the server shows a certificate of others. */
  readonly pin: Uint8Array | undefined;
  /** A laboratory: anybody gets a voucher. */
  readonly selfService: boolean;
  readonly now: () => number;
}

export interface ClusterPeer {
  /** DER; undefined: none was shown. */
  readonly certificate: Uint8Array | undefined;
  readonly source: string;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const digits = (locator: number) => String(locator).padStart(7, '0');

/** What clusters may ask, once the listener knows the route. */
export class ClusterDoor {
  readonly #parts: ClusterDoorParts;

  constructor(parts: ClusterDoorParts) {
    this.#parts = parts;
  }

  async voucher(peer: ClusterPeer): Promise<CloudAnswer> {
    const { enrolment, selfService, pin } = this.#parts;
    if (!selfService) throw new CloudRefusal('self_service_off');
    const made = await enrolment.makeVoucher(
      { name: 'self-service', sourceAddress: peer.source },
      { note: `asked for by ${peer.source}` },
    );
    const voucher = writeVoucher({ secret: made.secret, pin });
    return { status: 201, body: writeVoucherReply({ voucher, expiresAt: made.expiresAt.getTime() }) };
  }

  async enrol(peer: ClusterPeer, body: string): Promise<CloudAnswer> {
    const { voucher, csr, name } = readEnrol(body);
    const { source } = peer;
    return this.#enrolled(
      await this.#parts.enrolment.enrol({ secret: parseVoucher(voucher)?.secret, csr, name, source }),
    );
  }

  async renew(peer: ClusterPeer, body: string): Promise<CloudAnswer> {
    const { csr } = readRenew(body);
    const { tenant } = await this.signIn(peer);
    return this.#enrolled(await this.#parts.enrolment.renew(tenant, csr, peer.source));
  }

  #enrolled({ clusterId, certificate }: Awaited<ReturnType<Enrolment['enrol']>>): CloudAnswer {
    const { authority, cloudKey, issuer } = this.#parts;
    const body = writeEnrolled({
      clusterId,
      certificateChain: [certificate.der, authority],
      notAfter: certificate.notAfter.getTime(),
      cloudKey,
      issuer,
    });
    return { status: 200, body };
  }

  /** Whose client certificate this is. */
  async signIn(peer: ClusterPeer): Promise<SignedInTenant> {
    if (peer.certificate === undefined) throw new CloudRefusal('client_certificate_required');
    return this.#parts.tenants.signIn(this.#parts.sha256(peer.certificate));
  }

  async status(peer: ClusterPeer): Promise<CloudAnswer> {
    const { tenants, sha256, cloudKey, now } = this.#parts;
    const { tenant, certificateNotAfter } = await this.signIn(peer);
    const [{ version, certificates }, quarantined] = await Promise.all([
      tenants.trust(tenant),
      tenants.quarantined(tenant),
    ]);
    const body = writeClusterStatus({
      clusterId: tenant.id,
      name: tenant.name,
      state: tenant.state === 'suspended' ? 'suspended' : 'active',
      activationDomain: tenant.activationDomain,
      enabled: tenant.enabled,
      phoneEdgeTrust: { version, sha256: certificates.map((der) => hex(sha256(der))) },
      locators: { allocated: tenant.allocated, quarantined, quota: tenant.quota },
      certificateNotAfter: certificateNotAfter.getTime(),
      cloudKey,
      time: now(),
    });
    return { status: 200, body };
  }

  async changeSettings(peer: ClusterPeer, body: string): Promise<CloudAnswer> {
    const settings = readSettings(body);
    await this.#parts.tenants.changeSettings((await this.signIn(peer)).tenant, settings, peer.source);
    return this.status(peer);
  }

  async replaceTrust(peer: ClusterPeer, body: string): Promise<CloudAnswer> {
    const upload = readPhoneEdgeTrust(body);
    await this.#parts.tenants.replaceTrust((await this.signIn(peer)).tenant, upload, peer.source);
    return this.status(peer);
  }

  async leave(peer: ClusterPeer): Promise<CloudAnswer> {
    await this.#parts.tenants.leave((await this.signIn(peer)).tenant, peer.source);
    return { status: 204, body: '' };
  }

  async allocate(peer: ClusterPeer, body: string): Promise<CloudAnswer> {
    const { idempotencyKey, count } = readAllocate(body);
    const { tenant } = await this.signIn(peer);
    const given = await this.#parts.locators.allocate(tenant, { key: idempotencyKey, count });
    const allocations = given.map(({ locator, allocationId }) => ({ locator: digits(locator), allocationId }));
    return { status: 200, body: writeAllocations(allocations) };
  }

  /** The answer is the same whatever became of it: a late or wrong release learns nothing and changes nothing. */
  async release(peer: ClusterPeer, use: LocatorUse): Promise<CloudAnswer> {
    await this.#parts.locators.release((await this.signIn(peer)).tenant, use);
    return { status: 204, body: '' };
  }

  async allocation(peer: ClusterPeer, use: LocatorUse): Promise<CloudAnswer> {
    const facts = await this.#parts.locators.facts((await this.signIn(peer)).tenant, use);
    return { status: 200, body: writeAllocationStatus(shown(facts)) };
  }

  /** `after`: the last locator of the page before, -1 for the first page. */
  async allocations(peer: ClusterPeer, after: number): Promise<CloudAnswer> {
    const found = await this.#parts.locators.list((await this.signIn(peer)).tenant, after, pageSize + 1);
    const items = found.slice(0, pageSize).map(shown);
    const next = found.length > pageSize ? items.at(-1)!.locator : undefined;
    return { status: 200, body: writeAllocationPage({ items, next }) };
  }
}

const pageSize = 500;

function shown({ locator, allocationId, allocatedAt, resolves, lastResolve }: AllocationFacts): AllocationStatus {
  return {
    locator: digits(locator),
    allocationId,
    allocatedAt: allocatedAt.getTime(),
    resolves,
    lastResolve: lastResolve && { ...lastResolve, at: lastResolve.at.getTime() },
  };
}
