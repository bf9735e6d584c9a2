import { Fault, type Sentence } from '../../kernel/errors.ts';

/** What the cloud, or the way to it, says no to. */
export type CloudFaultCode =
  | 'cloud_unreachable'
  | 'cloud_untrusted'
  | 'cloud_answer_unreadable'
  | 'cloud_busy'
  | 'cloud_failed'
  | 'cloud_refused'
  | 'cloud_identity_refused'
  | 'cluster_suspended'
  | 'voucher_unreadable'
  | 'voucher_needed'
  | 'voucher_not_accepted'
  | 'edge_trust_not_accepted'
  | 'edge_trust_version_stale'
  | 'locator_quota_exceeded';

/** What is refused here. */
export type OnboardingFaultCode =
  | 'cloud_address_missing'
  | 'cloud_address_invalid'
  | 'cloud_authority_unreadable'
  | 'not_enrolled'
  | 'already_enrolled'
  | 'activation_domain_missing'
  | 'activation_domain_invalid'
  | 'mra_onboarding_forced'
  | 'version_conflict';

export type MraFaultCode = CloudFaultCode | OnboardingFaultCode;

export class MraFault extends Fault<MraFaultCode> {}

/** What to do about each, for the page and the REST answer. */
export const cloudRemedies: Readonly<Record<CloudFaultCode, string>> = {
  cloud_unreachable:
    'Check the address of the cloud, name resolution, and that the firewall lets this node open connections to it. Work inside the network goes on.',
  cloud_untrusted:
    'Give the certificate authority of the cloud on the Cloud Onboarding page, or use a voucher that carries its fingerprint.',
  cloud_answer_unreadable:
    'Check that the address is that of the activation service and that no proxy answers in its place.',
  cloud_busy: 'Nothing: this cluster tries again by itself.',
  cloud_failed: 'Tell the operator of the cloud; this cluster tries again by itself.',
  cloud_refused: 'Tell the operator of the cloud what it said.',
  cloud_identity_refused: 'Disconnect from the cloud, ask its operator for a new voucher, and enrol again.',
  cluster_suspended: 'Ask the operator of the cloud why this cluster is suspended.',
  voucher_unreadable: 'Copy the whole voucher; it begins with fsv1.',
  voucher_needed: 'Ask the operator of the cloud for a voucher, and paste it here.',
  voucher_not_accepted: 'A voucher works once, within 24 hours. Ask the operator of the cloud for a new one.',
  edge_trust_not_accepted: 'Check the certificates in PhoneEdge-trust: at most 20, together at most 64 KiB.',
  edge_trust_version_stale: 'Nothing: the certificates are sent again by themselves.',
  locator_quota_exceeded: 'Release codes that nobody needs, or ask the operator of the cloud for a larger quota.',
};

export const isCloudFault = (error: unknown): error is MraFault & { readonly code: CloudFaultCode } =>
  error instanceof MraFault && Object.hasOwn(cloudRemedies, error.code);

export function cloudFault(sentence: Sentence<CloudFaultCode>, cause?: unknown): MraFault {
  const { code } = sentence;
  const of = code === 'voucher_unreadable' ? 'caller' : code === 'voucher_needed' ? 'policy' : 'peer';
  return new MraFault(of, sentence, {
    ...(code.startsWith('voucher') ? { field: 'voucher' } : {}),
    ...(cause === undefined ? {} : { cause }),
  });
}

export function onboardingFault(sentence: Sentence<OnboardingFaultCode>, field?: string): MraFault {
  return new MraFault('policy', sentence, field === undefined ? {} : { field });
}
