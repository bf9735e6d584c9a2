import type { SentenceTexts } from '../sentence.ts';

/** Sentences about Mobile and Remote Access. */
export const mraEn = {
  activation_domain_invalid: [
    '{text|json} is not a domain.',
    'Write it like mra.example.org: at least two labels of letters, digits and hyphens.',
  ],
  activation_domain_missing: [
    'Activation code onboarding with the cloud needs the MRA activation domain.',
    'Give the domain whose _collab-edge._tls SRV record leads phones to your Expressway-E.',
  ],
  'activation_domain_missing.in_use': [
    'Activation code onboarding with the cloud needs the MRA activation domain.',
    'Switch off "Enable Activation Code Onboarding with Cloud" first, or give another domain.',
  ],
  already_enrolled: ['This cluster is enrolled already.', 'Disconnect from the cloud first.'],
  'already_enrolled.address': [
    'This cluster is enrolled with the cloud at that address.',
    'Disconnect from the cloud first.',
  ],
  certificate_unfit: [
    'Phones could not use this certificate: it is neither that of a certificate authority nor self-signed.',
    'Upload the certificate of the authority that signed that of Expressway-E.',
  ],
  'certificate_unfit.critical': [
    'Phones could not use this certificate: it has a critical extension that phones do not know.',
    'Upload the certificate of the authority that signed that of Expressway-E.',
  ],
  'certificate_unfit.ended': [
    'Phones could not use this certificate: it has ended.',
    'Upload the certificate of the authority that signed that of Expressway-E.',
  ],
  'certificate_unfit.twice': [
    'Phones could not use this certificate: it is there twice.',
    'Upload the certificate of the authority that signed that of Expressway-E.',
  ],
  'certificate_unfit.unreadable': [
    'Phones could not use this certificate: it is not an X.509 certificate.',
    'Upload the certificate of the authority that signed that of Expressway-E.',
  ],
  'certificate_unfit.weak_hash': [
    'Phones could not use this certificate: it is signed with a hash that is too weak.',
    'Upload the certificate of the authority that signed that of Expressway-E.',
  ],
  'certificate_unfit.weak_key': [
    'Phones could not use this certificate: it has a key that is too weak.',
    'Upload the certificate of the authority that signed that of Expressway-E.',
  ],
  'certificate_unreadable.expressway': [
    'This is not one X.509 certificate.',
    'Send the client certificate of the Expressway-C as PEM.',
  ],
  cloud_address_invalid: ['{text|json} is not an address.', 'Write it like https://cloud.example.org:9447.'],
  cloud_address_missing: [
    'The address of the cloud is not set.',
    'Give it on the Cloud Onboarding page, like https://cloud.example.org:9447.',
  ],
  cloud_answer_unreadable: [
    'What answers at {address} is not the activation service.',
    'Check that the address is that of the activation service and that no proxy answers in its place.',
  ],
  'cloud_answer_unreadable.because': [
    'The answer of the cloud cannot be read: {message}.',
    'Check that the address is that of the activation service and that no proxy answers in its place.',
  ],
  'cloud_answer_unreadable.said': [
    'The cloud says: {message}',
    'Check that the address is that of the activation service and that no proxy answers in its place.',
  ],
  'cloud_answer_unreadable.status': [
    'The answer (status {status}) is not one of the activation service.',
    'Check that the address is that of the activation service and that no proxy answers in its place.',
  ],
  'cloud_answer_unreadable.too_long': [
    'The answer of the cloud is far too long.',
    'Check that the address is that of the activation service and that no proxy answers in its place.',
  ],
  cloud_authority_unreadable: [
    'That is not the PEM text of certificates.',
    'Paste the certificate authority of the cloud as PEM, with its BEGIN and END lines.',
  ],
  'cloud_busy.said': ['The cloud says: {message}', 'Nothing: this cluster tries again by itself.'],
  'cloud_failed.said': [
    'The cloud says: {message}',
    'Tell the operator of the cloud; this cluster tries again by itself.',
  ],
  cloud_identity_refused: [
    '{address} refuses the certificate of this cluster.',
    'Disconnect from the cloud, ask its operator for a new voucher, and enrol again.',
  ],
  'cloud_identity_refused.said': [
    'The cloud says: {message}',
    'Disconnect from the cloud, ask its operator for a new voucher, and enrol again.',
  ],
  'cloud_refused.said': ['The cloud says: {message}', 'Tell the operator of the cloud what it said.'],
  cloud_unreachable: [
    '{address} cannot be reached: {message}.',
    'Check the address of the cloud, name resolution, and that the firewall lets this node open connections to it. Work inside the network goes on.',
  ],
  'cloud_unreachable.proxy': [
    'A proxy before the cloud answers {status}.',
    'Check the address of the cloud, name resolution, and that the firewall lets this node open connections to it. Work inside the network goes on.',
  ],
  'cloud_unreachable.said': [
    'The cloud says: {message}',
    'Check the address of the cloud, name resolution, and that the firewall lets this node open connections to it. Work inside the network goes on.',
  ],
  cloud_untrusted: [
    'The certificate of {address} is not trusted: {message}.',
    'Give the certificate authority of the cloud on the Cloud Onboarding page, or use a voucher that carries its fingerprint.',
  ],
  'cloud_untrusted.pin': [
    'The server at the address of the cloud does not belong to the authority that the voucher names.',
    'Give the certificate authority of the cloud on the Cloud Onboarding page, or use a voucher that carries its fingerprint.',
  ],
  'cloud_untrusted.said': [
    'The cloud says: {message}',
    'Give the certificate authority of the cloud on the Cloud Onboarding page, or use a voucher that carries its fingerprint.',
  ],
  'cluster_suspended.said': [
    'The cloud says: {message}',
    'Ask the operator of the cloud why this cluster is suspended.',
  ],
  'edge_trust_not_accepted.said': [
    'The cloud says: {message}',
    'Check the certificates in PhoneEdge-trust: at most 20, together at most 64 KiB.',
  ],
  'edge_trust_version_stale.said': [
    'The cloud says: {message}',
    'Nothing: the certificates are sent again by themselves.',
  ],
  expressway_not_found: ['There is no such Expressway-C.', 'Look at the list of Expressway-Cs again.'],
  grant_not_found: [
    '{name} holds no such tokens.',
    'Look at the list of its tokens again; they may have ended meanwhile.',
  ],
  'invalid_value.domain': [
    '"{domain}" is not a domain.',
    'Write it like emea.example.org, or as its SRV record _collab-edge._tls.emea.example.org.',
  ],
  'locator_quota_exceeded.said': [
    'The cloud says: {message}',
    'Release codes that nobody needs, or ask the operator of the cloud for a larger quota.',
  ],
  mra_onboarding_forced: [
    '"Allow MRA Onboarding" stays on while Device Defaults use auto-registration ({autoRegistrationModels}): those phones can get an activation code over MRA only.',
    'Set "On-Premise Onboarding Method" of these models to Activation Code first, or switch off "Enable Activation Code Onboarding with Cloud".',
  ],
  'name_taken.expressway': [
    'There is an Expressway-C called {name} already.',
    'Remove the old entry first, or give the Expressway-C another name.',
  ],
  no_token_key: ['There is no key to sign access tokens with.', ''],
  not_enrolled: [
    'This cluster is not enrolled with a cloud.',
    'Click Generate Voucher on the Cloud Onboarding page, or paste the voucher of the operator.',
  ],
  trust_store_full: [
    'PhoneEdge-trust holds at most {most} certificates, together {size} KiB: phones have to keep them.',
    'Delete certificates that no Expressway uses any more.',
  ],
  'version_conflict.cloud': [
    'Cloud Onboarding was changed by somebody else meanwhile.',
    'Read it again and repeat the change.',
  ],
  'voucher_needed.said': [
    'The cloud says: {message}',
    'Ask the operator of the cloud for a voucher, and paste it here.',
  ],
  'voucher_not_accepted.said': [
    'The cloud says: {message}',
    'A voucher works once, within 24 hours. Ask the operator of the cloud for a new one.',
  ],
  voucher_unreadable: [
    'That is not a voucher of a cloud activation service.',
    'Copy the whole voucher; it begins with fsv1.',
  ],
  'voucher_unreadable.said': ['The cloud says: {message}', 'Copy the whole voucher; it begins with fsv1.'],
} as const satisfies SentenceTexts;
