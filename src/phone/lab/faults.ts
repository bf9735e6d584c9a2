import { Fault } from '../../kernel/errors.ts';

export type LabFaultCode =
  | 'lab_phone_not_found'
  | 'lab_full'
  | 'lab_model_unknown'
  | 'lab_mac_invalid'
  | 'lab_mac_taken'
  | 'lab_no_code_asked'
  | 'lab_not_registered'
  | 'lab_no_outside';

/** What somebody wanted of the lab, and why it cannot be. */
export class LabFault extends Fault<LabFaultCode> {}
