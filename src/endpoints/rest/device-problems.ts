import type { ActivationCodeFaultCode } from '../../domain/activation/faults.ts';
import type { DeviceFaultCode } from '../../domain/devices/faults.ts';
import type { ProblemTable } from './problem.ts';

/** Beside the faults of the rules themselves, what the lists and the codes below them can say. */
type Code = DeviceFaultCode | ActivationCodeFaultCode | 'invalid_cursor';

export const deviceProblems = {
  model_not_supported: { status: 422, title: 'The model cannot be onboarded' },
  model_fixed: { status: 409, title: 'The model of a phone does not change' },
  mac_invalid: { status: 422, title: 'That is not the MAC address of a phone' },
  device_exists: { status: 409, title: 'There is a phone with that MAC address' },
  phone_not_found: { status: 404, title: 'There is no such phone' },
  user_not_found: { status: 422, title: 'There is no such user' },
  device_pool_not_found: { status: 422, title: 'There is no such device pool' },
  mra_service_domain_not_found: { status: 422, title: 'There is no such MRA service domain' },
  phone_button_template_not_found: { status: 422, title: 'There is no such phone button template' },
  button_template_mismatch: { status: 422, title: 'The phone button template is for another model' },
  phone_security_profile_not_found: { status: 422, title: 'There is no such phone security profile' },
  sip_profile_not_found: { status: 422, title: 'There is no such SIP profile' },
  common_phone_profile_not_found: { status: 422, title: 'There is no such common phone profile' },
  device_template_not_found: { status: 422, title: 'There is no such Universal Device Template' },
  line_template_not_found: { status: 422, title: 'There is no such Universal Line Template' },
  partition_not_found: { status: 422, title: 'There is no such partition' },
  directory_number_invalid: { status: 422, title: 'That is not a directory number' },
  line_duplicate: { status: 422, title: 'A phone has a line once' },
  too_many_lines: { status: 422, title: 'The phone has fewer line buttons' },
  busy_trigger_too_high: { status: 422, title: 'The busy trigger is above the number of calls' },
  mra_needs_activation_code: { status: 422, title: 'MRA onboarding needs an activation code' },
  code_already_active: { status: 409, title: 'The phone has an activation code already' },
  no_active_code: { status: 404, title: 'The phone has no activation code' },
  no_live_code: { status: 404, title: 'The phone has no activation code' },
  code_collision: { status: 503, title: 'No free code was found' },
  self_care_closed: { status: 403, title: 'Activation is not open to users' },
  code_withheld: { status: 403, title: 'The code waits until its owner is confirmed' },
  no_owner_to_confirm: { status: 409, title: 'The phone has no owner' },
  renewal_not_due: { status: 409, title: 'The code does not need to be renewed' },
  too_many_renewals: { status: 429, title: 'Too many new codes' },
  version_conflict: { status: 412, title: 'It has changed since it was read' },
  reference_gone: { status: 409, title: 'Something the phone refers to was deleted meanwhile' },
  load_name_invalid: { status: 422, title: 'That is not a firmware load' },
  load_family_mismatch: { status: 422, title: 'The firmware load is for other models' },
  device_name_exhausted: { status: 503, title: 'No free device name was found' },
  invalid_cursor: { status: 400, title: 'The cursor is not one of this list' },
} satisfies ProblemTable<Code>;
