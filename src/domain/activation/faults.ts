import { Fault } from '../../kernel/errors.ts';

export type ActivationCodeFaultCode = 'code_already_active' | 'no_live_code' | 'code_collision';

/** Refusals about a device's code. */
export class ActivationCodeFault extends Fault<ActivationCodeFaultCode> {}

export function codeAlreadyActive(deviceName: string): ActivationCodeFault {
  return new ActivationCodeFault('policy', 'code_already_active', `${deviceName} has an activation code already.`, {
    remedy: 'Release the activation code first, then generate a new one.',
  });
}

export function noLiveCode(): ActivationCodeFault {
  return new ActivationCodeFault('policy', 'no_live_code', 'The phone has no activation code that can be used.', {
    remedy: 'Generate a new activation code.',
  });
}

/** Two codes were about to share a locator or all digits: practically never. */
export function codeCollision(): ActivationCodeFault {
  return new ActivationCodeFault('ours', 'code_collision', 'The prepared code was taken meanwhile.', {
    remedy: 'Try again.',
  });
}
