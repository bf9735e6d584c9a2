import { Fault } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';

/** What a cluster can be refused for; the names go over the wire (spec/mra.md "Cluster ↔ cloud"). */
export type TenantFaultCode =
  | 'voucher_not_accepted'
  | 'self_service_off'
  | 'csr_not_accepted'
  | 'client_certificate_not_accepted'
  | 'cluster_suspended'
  | 'settings_not_accepted'
  | 'trust_not_accepted'
  | 'trust_version_stale'
  | 'idempotency_conflict'
  | 'quota_exceeded'
  | 'locators_exhausted'
  | 'allocation_unknown'
  | 'rate_limited';

/** What the operator can be refused for. */
export type OperatorFaultCode =
  | 'unknown_cluster'
  | 'unknown_voucher'
  | 'voucher_already_used'
  | 'unknown_manufacturer_root'
  | 'manufacturer_root_already_there'
  | 'certificate_unreadable'
  | 'certificate_not_a_ca'
  | 'version_conflict'
  | 'limits_not_accepted'
  | 'wrong_password'
  | 'weak_password';

export class CloudFault extends Fault<TenantFaultCode | OperatorFaultCode> {}

/** One answer for unknown, used, revoked and expired: who guesses learns nothing. */
export const voucherNotAccepted = () => new CloudFault('policy', say('voucher_not_accepted'));

export const csrNotAccepted = (why: string) => new CloudFault('caller', say('csr_not_accepted', { why }));

export const clusterSuspended = () => new CloudFault('policy', say('cluster_suspended'));

export const versionConflict = (current: number) =>
  new CloudFault('policy', say('version_conflict.it'), { detail: { currentVersion: current } });

export const unknownCluster = () => new CloudFault('caller', say('unknown_cluster'));
