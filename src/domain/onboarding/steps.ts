/** Every step a phone's story can have, in the order a phone goes through them; what administrators do comes last. */
export const onboardingSteps = [
  'trust',
  'config',
  'discover',
  'firmware',
  'tvs',
  'start',
  'prove',
  'activated',
  'confirm',
  'register',
  'keep-alive',
  'connection-lost',
  'unregister',
  'phone-added',
  'phone-changed',
  'phone-renamed',
  'phone-deleted',
  'phone-locked',
  'phone-unlocked',
  'code-made',
  'code-revealed',
  'code-released',
  'code-expired',
  'code-locked',
  'code-e-mail-queued',
  'code-e-mailed',
  'code-e-mail-delayed',
  'code-e-mail-failed',
  'code-e-mail-cancelled',
  'reset',
  'restart',
] as const;
export type OnboardingStep = (typeof onboardingSteps)[number];

/** Steps that people or the clock make, not the phone. They belong to no attempt of a phone. */
const administrative: ReadonlySet<string> = new Set<OnboardingStep>([
  'phone-added',
  'phone-changed',
  'phone-renamed',
  'phone-deleted',
  'phone-locked',
  'phone-unlocked',
  'code-made',
  'code-revealed',
  'code-released',
  'code-expired',
  'code-locked',
  'code-e-mail-queued',
  'code-e-mailed',
  'code-e-mail-delayed',
  'code-e-mail-failed',
  'code-e-mail-cancelled',
  'reset',
  'restart',
]);

export function isAdministrative(step: string): boolean {
  return administrative.has(step);
}

/** Steps a phone begins with after power on. */
const first: ReadonlySet<string> = new Set<OnboardingStep>(['trust', 'config', 'discover', 'start']);

export function beginsAnAttempt(step: string): boolean {
  return first.has(step);
}

/** Everything that stops a phone, by the stable code its events carry. */
export const onboardingReasons = [
  // Before proof: spec/activation.md §6.
  'bad_request',
  'unsupported_suite',
  'mic_required',
  'mic_untrusted',
  'mic_expired',
  'mic_not_yet_valid',
  'mic_revoked',
  'mic_subject_invalid',
  'mic_purpose',
  'mic_weak',
  'mic_proof_invalid',
  'code_not_accepted',
  'session_expired',
  'session_channel_mismatch',
  'rate_limited',
  'busy',
  'internal',
  // After proof.
  'code_expired',
  'code_already_used',
  'code_released',
  'model_mismatch',
  'mac_mismatch',
  'mode_not_allowed',
  'device_name_conflict',
  'device_disabled',
  // On the phone.
  'code_length',
  'code_check_digit',
  'server_proof_failed',
  'trust_mismatch',
  'cloud_unreachable',
  'edge_unreachable',
  // The cluster's own view of a code nobody may be told about before proof.
  'code_unknown',
  'code_wrong',
  'code_locked',
  'service_off',
  // Files.
  'file_not_found',
  'phone_locked',
  'not_provisioned',
  'transfer_timeout',
  'certificate_unknown',
  // Registrar.
  'unknown_device',
  'digest_failed',
  'certificate_required',
  'certificate_refused',
  'certificate_mismatch',
  'aor_not_of_device',
  'transport_not_allowed',
  'registered_elsewhere',
  'too_many_contacts',
  'out_of_order',
  'interval_too_brief',
  'expired',
  'connection_lost',
  'moved_to_other_node',
  'ended_by_system',
  // E-mail.
  'mail_not_set_up',
  'mail_server_unreachable',
  'mail_tls_failed',
  'mail_login_refused',
  'mail_sender_refused',
  'mail_server_busy',
  'mail_recipient_refused',
  'mail_message_refused',
  'mail_address_missing',
  'mail_address_invalid',
  'mail_code_used',
  'mail_code_ended',
  'mail_code_expired',
  'mail_owner_changed',
  'mail_hand_over_closed',
] as const;
export type OnboardingReason = (typeof onboardingReasons)[number];
