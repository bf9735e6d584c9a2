import { Fault, type FaultOptions, type Sentence } from '../../kernel/errors.ts';

/** Everything that can be wrong with a request about a phone or its defaults. Doors map the list completely. */
export type DeviceFaultCode =
  | 'model_not_supported'
  | 'model_fixed'
  | 'mac_invalid'
  | 'device_exists'
  | 'phone_not_found'
  | 'user_not_found'
  | 'device_pool_not_found'
  | 'mra_service_domain_not_found'
  | 'phone_button_template_not_found'
  | 'button_template_mismatch'
  | 'phone_security_profile_not_found'
  | 'sip_profile_not_found'
  | 'common_phone_profile_not_found'
  | 'device_template_not_found'
  | 'line_template_not_found'
  | 'partition_not_found'
  | 'directory_number_invalid'
  | 'line_duplicate'
  | 'too_many_lines'
  | 'busy_trigger_too_high'
  | 'mra_needs_activation_code'
  | 'code_already_active'
  | 'no_active_code'
  | 'self_care_closed'
  | 'code_withheld'
  | 'no_owner_to_confirm'
  | 'renewal_not_due'
  | 'too_many_renewals'
  | 'version_conflict'
  | 'reference_gone'
  | 'load_name_invalid'
  | 'load_family_mismatch'
  | 'device_name_exhausted';

export class DeviceFault extends Fault<DeviceFaultCode> {}

/** The caller named or wrote something that cannot be. */
export function refuse<Code extends DeviceFaultCode>(field: string, sentence: Sentence<Code>): DeviceFault {
  return new DeviceFault('caller', sentence, { field });
}

/** Understood, but not in the present state of things. */
export function disallow<Code extends DeviceFaultCode>(
  sentence: Sentence<Code>,
  options: FaultOptions = {},
): DeviceFault {
  return new DeviceFault('policy', sentence, options);
}
