import { hash, X509Certificate } from 'node:crypto';
import {
  CloudClusterChange,
  CloudClusterDetail,
  CloudClusterPath,
  CloudClusterQuery,
  CloudClusters,
  CloudVoucherPath,
  CloudVoucherQuery,
  CloudVouchers,
  MadeCloudVoucher,
  NewCloudVoucher,
} from '../../contract/cloud-clusters.ts';
import type { Enrolment, VoucherRecord } from '../../domain/cloud/enrolment.ts';
import type { CloudOverview } from '../../domain/cloud/overview.ts';
import type { Tenant } from '../../domain/cloud/tenant.ts';
import type { Tenants } from '../../domain/cloud/tenants.ts';
import { writeVoucher } from '../../protocol/cloud/voucher.ts';
import { say } from '../../texts/say.ts';
import { RequestFault } from '../rest/request-fault.ts';
import { created, noContent, ok, type RestModule, type RestRoute, route } from '../rest/route.ts';
import { defined, operatorProblems, resolveCounts } from './operator-modules.ts';

export interface TenantModuleParts {
  readonly tenants: Tenants;
  readonly enrolment: Enrolment;
  readonly overview: CloudOverview;
  /** SHA-256 of the cloud's own authority, for vouchers; undefined where the server shows a certificate of others. */
  readonly pin: Uint8Array | undefined;
}

/** Clusters and their vouchers. */
export function tenantModule(parts: TenantModuleParts): RestModule {
  return {
    tag: 'Clusters',
    description: 'The clusters of this cloud, and the vouchers they enrol with',
    problems: operatorProblems,
    routes: [...clusterRoutes(parts), ...voucherRoutes(parts)],
  };
}

function clusterRoutes({ tenants, overview }: TenantModuleParts): readonly RestRoute[] {
  const detail = async (tenant: Tenant) => {
    const [{ certificates: trust }, quarantined, certificates, figures] = await Promise.all([
      tenants.trust(tenant),
      tenants.quarantined(tenant),
      tenants.certificatesOf(tenant.id),
      overview.ofCluster(tenant.id),
    ]);
    return {
      ...shownTenant(tenant),
      quarantined,
      certificates: certificates.map((each) => ({
        createdAt: each.createdAt.toISOString(),
        notAfter: each.notAfter.toISOString(),
      })),
      phoneEdgeTrust: trust.map((der) => {
        const { subject, validToDate } = new X509Certificate(der);
        return { sha256: hash('sha256', der), subject: oneLine(subject), notAfter: validToDate.toISOString() };
      }),
      resolves: resolveCounts(figures.resolves),
    };
  };
  return [
    route({
      method: 'GET',
      path: '/clusters',
      needs: ['system.read'],
      summary: 'List: cluster',
      description: 'The clusters of this cloud by name.',
      query: CloudClusterQuery,
      answers: { 200: CloudClusters },
      async handle({ query: { search, state, cursor, limit = 50 } }) {
        const after = cursor === undefined ? undefined : readCursor(cursor);
        const { items, total } = await tenants.page({ search, state, after, limit: limit + 1 });
        const page = items.slice(0, limit);
        const last = page.at(-1);
        return ok({
          items: page.map(shownTenant),
          total,
          nextCursor: items.length > limit && last !== undefined ? writeCursor(last) : null,
        });
      },
    }),
    route({
      method: 'GET',
      path: '/clusters/{id}',
      needs: ['system.read'],
      summary: 'Show: cluster',
      description: 'All that the cloud knows of a cluster. The ETag is its version.',
      params: CloudClusterPath,
      answers: { 200: CloudClusterDetail },
      problems: ['unknown_cluster'],
      async handle({ params: { id } }) {
        const tenant = await tenants.get(id.toLowerCase());
        return ok(await detail(tenant), tenant);
      },
    }),
    route({
      method: 'PATCH',
      path: '/clusters/{id}',
      needs: ['system.write'],
      versioned: true,
      summary: 'Change: cluster',
      description:
        'Changes name or quota, suspends a cluster or lets it go on. Phones feel it with their next question.',
      params: CloudClusterPath,
      body: CloudClusterChange,
      answers: { 200: CloudClusterDetail },
      problems: ['unknown_cluster', 'version_conflict', 'invalid_if_match'],
      async handle({ params: { id }, body, caller, ifMatch }) {
        const tenant = await tenants.change(caller.actor, id.toLowerCase(), defined(body), ifMatch);
        return ok(await detail(tenant), tenant);
      },
    }),
    route({
      method: 'DELETE',
      path: '/clusters/{id}',
      needs: ['system.write'],
      versioned: true,
      summary: 'Remove: cluster',
      description:
        'For good: its certificates end, its locators go into quarantine. It can come back only with a voucher, as a new one.',
      params: CloudClusterPath,
      answers: { 204: null },
      problems: ['unknown_cluster', 'version_conflict', 'invalid_if_match'],
      async handle({ params: { id }, caller, ifMatch }) {
        await tenants.remove(caller.actor, id.toLowerCase(), ifMatch);
        return noContent();
      },
    }),
  ];
}

function voucherRoutes({ enrolment, pin }: TenantModuleParts): readonly RestRoute[] {
  return [
    route({
      method: 'GET',
      path: '/vouchers',
      needs: ['system.read'],
      summary: 'List: voucher',
      description: 'The newest vouchers and what became of them.',
      query: CloudVoucherQuery,
      answers: { 200: CloudVouchers },
      async handle({ query: { limit = 100 } }) {
        return ok({ items: (await enrolment.vouchers(limit)).map(shownVoucher) });
      },
    }),
    route({
      method: 'POST',
      path: '/vouchers',
      needs: ['system.write'],
      summary: 'Make: voucher',
      description: 'Good for one enrolment. The answer shows it this once: only a hash of it is kept.',
      body: NewCloudVoucher,
      answers: { 201: MadeCloudVoucher },
      problems: ['unknown_cluster'],
      async handle({ body, caller }) {
        const { id, secret, expiresAt } = await enrolment.makeVoucher(caller.actor, {
          note: body.note ?? '',
          forClusterId: body.clusterId?.toLowerCase(),
        });
        return created(`/vouchers/${id}`, {
          id,
          voucher: writeVoucher({ secret, pin }),
          expiresAt: expiresAt.toISOString(),
        });
      },
    }),
    route({
      method: 'DELETE',
      path: '/vouchers/{id}',
      needs: ['system.write'],
      summary: 'Revoke: voucher',
      description: 'An open voucher is good for nothing from now on. Revoking it again changes nothing.',
      params: CloudVoucherPath,
      answers: { 204: null },
      problems: ['unknown_voucher', 'voucher_already_used'],
      async handle({ params: { id }, caller }) {
        await enrolment.revokeVoucher(caller.actor, id.toLowerCase());
        return noContent();
      },
    }),
  ];
}

const oneLine = (name: string | undefined) => (name ?? '').split('\n').join(', ');

const shownTenant = (tenant: Tenant) => ({
  id: tenant.id,
  name: tenant.name,
  state: tenant.state,
  activationDomain: tenant.activationDomain ?? null,
  enabled: tenant.enabled,
  trustVersion: tenant.trustVersion,
  quota: tenant.quota,
  allocated: tenant.allocated,
  enrolledAt: tenant.enrolledAt.toISOString(),
  lastSeenAt: tenant.lastSeenAt?.toISOString() ?? null,
  version: tenant.version,
});

const shownVoucher = (voucher: VoucherRecord) => ({
  ...voucher,
  createdAt: voucher.createdAt.toISOString(),
  expiresAt: voucher.expiresAt.toISOString(),
  redeemedAt: voucher.redeemedAt?.toISOString() ?? null,
  cluster: voucher.cluster ?? null,
});

const writeCursor = ({ name, id }: Tenant) => Buffer.from(JSON.stringify([name, id])).toString('base64url');

function readCursor(text: string): { name: string; id: string } {
  try {
    const [name, id] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [unknown, unknown];
    if (typeof name === 'string' && typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id)) return { name, id };
  } catch {
    // Below.
  }
  throw new RequestFault('caller', say('invalid_value.cursor'), { field: 'cursor' });
}
