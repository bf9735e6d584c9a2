import { Fault } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';

export type ActivationCodeFaultCode = 'code_already_active' | 'no_live_code' | 'code_collision';

/** Refusals about a device's code. */
export class ActivationCodeFault extends Fault<ActivationCodeFaultCode> {}

export function codeAlreadyActive(deviceName: string): ActivationCodeFault {
  return new ActivationCodeFault('policy', say('code_already_active', { name: deviceName }));
}

export function noLiveCode(): ActivationCodeFault {
  return new ActivationCodeFault('policy', say('no_live_code'));
}

/** Two codes were about to share a locator or all digits: practically never. */
export function codeCollision(): ActivationCodeFault {
  return new ActivationCodeFault('ours', say('code_collision'));
}
