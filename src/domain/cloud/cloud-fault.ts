import { Fault } from '../../kernel/errors.ts';

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
export const voucherNotAccepted = () =>
  new CloudFault('policy', 'voucher_not_accepted', 'The voucher is not good: unknown, used, revoked or too old.', {
    remedy: "Ask the cloud's operator for a fresh voucher and use it within its time.",
  });

export const csrNotAccepted = (why: string) =>
  new CloudFault('caller', 'csr_not_accepted', `The certificate request cannot be accepted: ${why}.`, {
    remedy: 'Send a PKCS #10 request signed by its own key: ECDSA P-256 or P-384, or RSA of 2048 to 4096 bits.',
  });

export const clusterSuspended = () =>
  new CloudFault('policy', 'cluster_suspended', "The cloud's operator has suspended this cluster.", {
    remedy: "Ask the cloud's operator.",
  });

export const versionConflict = (current: number) =>
  new CloudFault('policy', 'version_conflict', 'Somebody else changed it in the meantime.', {
    remedy: 'Read it again and repeat the change.',
    detail: { currentVersion: current },
  });

export const unknownCluster = () =>
  new CloudFault('caller', 'unknown_cluster', 'There is no such cluster here.', {
    remedy: 'The list of clusters shows those that are enrolled.',
  });
