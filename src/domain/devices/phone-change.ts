import type { DeviceName } from '../../identifiers/device-name.ts';
import { say } from '../../texts/say.ts';
import { disallow } from './faults.ts';
import { type NameChange, nameChange, requireModel } from './naming.ts';
import { canReleaseCode, type Phone } from './phone.ts';

/** The members of a change that decide about name, code and lock. Absent: as it was. */
export interface IdentityChange {
  readonly model?: string;
  /** null or blank: not known any more. */
  readonly mac?: string | null;
  /** With a blank MAC: the BAT name it shall have. Absent: it keeps its BAT name, or gets a random one. */
  readonly batName?: DeviceName | undefined;
  readonly requiresActivationCode?: boolean;
  readonly allowActivationCodeViaMra?: boolean;
  readonly enabled?: boolean;
}

export interface ChangePlan {
  readonly name: NameChange;
  readonly requiresActivationCode: boolean;
  readonly allowActivationCodeViaMra: boolean;
  readonly enabled: boolean;
  /** The code there is, dies. */
  readonly releasesCode: boolean;
  /** A new code is made. */
  readonly issuesCode: boolean;
  /** The phone must enter a code from now on. */
  readonly locks: boolean;
  readonly unlocks: boolean;
  /** What the phone holds is worth nothing any more: registration, tokens, digest password. */
  readonly endsAccess: boolean;
}

/**
 * The Phone Configuration rules.
 * - Ticking "Requires Activation Code" makes a code and locks the phone; unticking releases the code and unlocks it.
 * - A code fits what its device was when it was made: any phone of the model for BAT, one MAC for SEP (A5). So a rename while a code is
 *   required never stretches or narrows a code that people already hold: the old one dies, a new one is made.
 * - A renamed device is another phone (A10): what the former phone holds stops working.
 * @throws DeviceFault `model_not_supported`, `model_fixed`, `mac_invalid`, `mra_needs_activation_code`
 */
export function planChange(phone: Phone, change: IdentityChange): ChangePlan {
  if (change.model !== undefined && requireModel(change.model).name !== phone.model) {
    throw disallow(say('model_fixed', { name: phone.name, model: phone.model }), { field: 'model' });
  }
  const name = nameChange(phone.name, change.mac, change.batName);
  const renames = name.kind !== 'keep';
  const requires = change.requiresActivationCode ?? phone.requiresActivationCode;
  const viaMra = change.allowActivationCodeViaMra ?? phone.allowActivationCodeViaMra;
  requireMraRule(requires, viaMra && !phone.allowActivationCodeViaMra);
  const enabled = change.enabled ?? phone.enabled;
  const locks = requires && !phone.requiresActivationCode;
  const unlocks = !requires && phone.requiresActivationCode;
  // A code for inside only has another locator than one for everywhere.
  const opens = requires && viaMra && !phone.allowActivationCodeViaMra;
  const issuesCode = locks || (requires && renames) || opens;
  return {
    name,
    requiresActivationCode: requires,
    allowActivationCodeViaMra: viaMra,
    enabled,
    releasesCode: (issuesCode || unlocks) && canReleaseCode(phone),
    issuesCode,
    locks,
    unlocks,
    endsAccess: renames || locks || (phone.enabled && !enabled),
  };
}

/** A6: the MRA box means something only where a code is asked for. @throws DeviceFault `mra_needs_activation_code` */
export function requireMraRule(requiresActivationCode: boolean, newlyTicked: boolean): void {
  if (newlyTicked && !requiresActivationCode) {
    throw disallow(say('mra_needs_activation_code'), { field: 'allowActivationCodeViaMra' });
  }
}
