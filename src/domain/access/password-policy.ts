import {
  administratorPassword,
  type PasswordRule,
  userPassword,
  weaknessOf,
} from '../../identifiers/password-strength.ts';
import type { PasswordHasher } from './access-ports.ts';
import { isAdministrative, type Role } from './permissions.ts';

/** What is wrong with a password, for the fault of whichever door asked. */
export interface WeakPassword {
  readonly message: string;
  readonly remedy: string;
}

/** The rule for somebody who holds these roles. */
export const passwordRuleFor = (roles: readonly Role[]): PasswordRule =>
  roles.some(isAdministrative) ? administratorPassword : userPassword;

/** Undefined: good enough. `about`: what a guesser knows of the person. Throws AccessFault `busy`. */
export async function weakPassword(
  hasher: Pick<PasswordHasher, 'strength'>,
  rule: PasswordRule,
  password: string,
  about: readonly string[],
): Promise<WeakPassword | undefined> {
  // The gauge works in another thread, and only on what is long enough.
  const length = weaknessOf({ ...rule, strength: 0 }, () => 0, password, about);
  const strength = length === undefined ? await hasher.strength(password, about) : 0;
  switch (weaknessOf(rule, () => strength, password, about)) {
    case undefined:
      return undefined;
    case 'too_short':
      return {
        message: `This password is too easy to guess: it has fewer than ${rule.shortest} characters.`,
        remedy: `Use at least ${rule.shortest} characters.`,
      };
    case 'too_easy':
      return {
        message: 'This password is too easy to guess: it is made of words, names, dates or keys that are tried first.',
        remedy: `Use at least ${rule.shortest} characters: some words that have nothing to do with each other, or what a password manager makes.`,
      };
  }
}
