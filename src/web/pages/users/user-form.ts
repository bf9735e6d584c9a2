import type { Static } from 'typebox';
import type { User } from '../../../contract/users.ts';

export type UserItem = Static<typeof User>;

export interface UserDraft {
  readonly userId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly mail: string;
  readonly locale: string;
  readonly roles: readonly string[];
  readonly enabled: boolean;
  /** Empty: as it is. */
  readonly password: string;
  readonly pin: string;
}

export const newUser: UserDraft = {
  userId: '',
  firstName: '',
  lastName: '',
  mail: '',
  locale: 'en',
  roles: ['end-user'],
  enabled: true,
  password: '',
  pin: '',
};

export function draftOf({ hasPassword: _password, hasPin: _pin, version: _version, ...user }: UserItem): UserDraft {
  return { ...user, password: '', pin: '' };
}

/** Secrets that were not typed are left out. */
export function bodyOf(draft: Partial<UserDraft>): Record<string, unknown> {
  const { password, pin, ...rest } = draft;
  return { ...rest, ...(password ? { password } : {}), ...(pin ? { pin } : {}) };
}
