import type { SentenceTexts } from '../sentence.ts';

/** Sentences about the cloud activation service. */
export const cloudEn = {
  allocation_unknown: ['The cluster has no such locator, or has released it.', ''],
  'certificate_not_a_ca.root': [
    'Only the certificate of a certificate authority can vouch for phones.',
    "Upload the manufacturer's root, not the certificate of a phone.",
  ],
  'certificate_unreadable.one': [
    'That is not exactly one X.509 certificate.',
    'Upload one certificate as PEM text, or as base64 of its DER.',
  ],
  client_certificate_not_accepted: [
    'The client certificate is not one of a cluster here, or has ended.',
    'Enrol the cluster again with a new voucher.',
  ],
  cluster_suspended: ["The cloud's operator has suspended this cluster.", "Ask the cloud's operator."],
  csr_not_accepted: [
    'The certificate request cannot be accepted: {why}.',
    'Send a PKCS #10 request signed by its own key: ECDSA P-256 or P-384, or RSA of 2048 to 4096 bits.',
  ],
  idempotency_conflict: ['This idempotency key was used for another count.', 'Use a key of its own for each wish.'],
  'invalid_value.cursor': [
    'The cursor is not one of this list.',
    'Send `nextCursor` of the page before, or leave it out.',
  ],
  limits_not_accepted: ['The range of locators is empty: {first} to {last}.', 'Correct the two together.'],
  'limits_not_accepted.hour_above_day': [
    'A phone cannot have more questions an hour than a day: {hour} and {day}.',
    'Correct the two together.',
  ],
  locators_exhausted: [
    'The cloud has no free locator now.',
    "Try again later; the cloud's operator can shorten the quarantine or widen the range.",
  ],
  manufacturer_root_already_there: ['This certificate is there already.', ''],
  quota_exceeded: [
    'The cluster may have {quota} live locators.',
    "Release codes that are not needed, or ask the cloud's operator for a higher quota.",
  ],
  settings_not_accepted: [
    'Onboarding with the cloud needs an activation domain.',
    'Choose the MRA activation domain first.',
  ],
  trust_not_accepted: [
    'Certificate {place} of the PhoneEdge-trust set is neither that of a certificate authority nor self-signed.',
    'Correct PhoneEdge-trust on the cluster: it holds the certificates of the authorities that signed those of Expressway-E, or its self-signed one.',
  ],
  'trust_not_accepted.critical': [
    'Certificate {place} of the PhoneEdge-trust set has a critical extension that phones do not know.',
    'Correct PhoneEdge-trust on the cluster: it holds the certificates of the authorities that signed those of Expressway-E, or its self-signed one.',
  ],
  'trust_not_accepted.ended': [
    'Certificate {place} of the PhoneEdge-trust set has ended.',
    'Correct PhoneEdge-trust on the cluster: it holds the certificates of the authorities that signed those of Expressway-E, or its self-signed one.',
  ],
  'trust_not_accepted.twice': [
    'Certificate {place} of the PhoneEdge-trust set is there twice.',
    'Correct PhoneEdge-trust on the cluster: it holds the certificates of the authorities that signed those of Expressway-E, or its self-signed one.',
  ],
  'trust_not_accepted.unreadable': [
    'Certificate {place} of the PhoneEdge-trust set is not an X.509 certificate.',
    'Correct PhoneEdge-trust on the cluster: it holds the certificates of the authorities that signed those of Expressway-E, or its self-signed one.',
  ],
  'trust_not_accepted.weak_hash': [
    'Certificate {place} of the PhoneEdge-trust set is signed with a hash that is too weak.',
    'Correct PhoneEdge-trust on the cluster: it holds the certificates of the authorities that signed those of Expressway-E, or its self-signed one.',
  ],
  'trust_not_accepted.weak_key': [
    'Certificate {place} of the PhoneEdge-trust set has a key that is too weak.',
    'Correct PhoneEdge-trust on the cluster: it holds the certificates of the authorities that signed those of Expressway-E, or its self-signed one.',
  ],
  trust_version_stale: [
    'The cloud has version {version} of PhoneEdge-trust already.',
    'Send a version that is higher.',
  ],
  unknown_cluster: ['There is no such cluster here.', 'The list of clusters shows those that are enrolled.'],
  unknown_manufacturer_root: [
    'There is no such manufacturer root here.',
    'The list of manufacturer roots shows those there are.',
  ],
  unknown_voucher: ['There is no such voucher.', ''],
  'version_conflict.it': ['Somebody else changed it in the meantime.', 'Read it again and repeat the change.'],
  voucher_already_used: [
    'The voucher was used already, or its time is over.',
    'To take back what it gave, remove or suspend the cluster.',
  ],
  voucher_not_accepted: [
    'The voucher is not good: unknown, used, revoked or too old.',
    "Ask the cloud's operator for a fresh voucher and use it within its time.",
  ],
  'wrong_password.bare': ['The current password is wrong.', ''],
} as const satisfies SentenceTexts;
