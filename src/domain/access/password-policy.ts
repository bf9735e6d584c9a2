import {
  administratorPassword,
  type PasswordRule,
  userPassword,
  weaknessOf,
} from '../../identifiers/password-strength.ts';
import type { Sentence } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';
import type { PasswordHasher } from './access-ports.ts';
import { isAdministrative, type Role } from './permissions.ts';

/** The rule for somebody who holds these roles. */
export const passwordRuleFor = (roles: readonly Role[]): PasswordRule =>
  roles.some(isAdministrative) ? administratorPassword : userPassword;

/** Undefined: good enough. `about`: what a guesser knows of the person. Throws AccessFault `busy`. */
export async function weakPassword(
  hasher: Pick<PasswordHasher, 'strength'>,
  rule: PasswordRule,
  password: string,
  about: readonly string[],
): Promise<Sentence<'weak_password'> | undefined> {
  // The gauge works in another thread, and only on what is long enough.
  const length = weaknessOf({ ...rule, strength: 0 }, () => 0, password, about);
  const strength = length === undefined ? await hasher.strength(password, about) : 0;
  switch (weaknessOf(rule, () => strength, password, about)) {
    case undefined:
      return undefined;
    case 'too_short':
      return say('weak_password.too_short', { shortest: rule.shortest });
    case 'too_easy':
      return say('weak_password', { shortest: rule.shortest });
  }
}
