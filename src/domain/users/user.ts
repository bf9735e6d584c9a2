import type { Role } from '../access/permissions.ts';

export interface User {
  readonly userId: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Empty: none. */
  readonly mail: string;
  readonly locale: string;
  readonly roles: readonly Role[];
  readonly enabled: boolean;
}

/** A user as shown: whether there is a password and a PIN, never what they are. */
export interface UserRecord extends User {
  readonly hasPassword: boolean;
  readonly hasPin: boolean;
}

/** Secrets are set, never read: null takes them away, undefined leaves them. */
export interface UserSecrets {
  readonly password?: string | null | undefined;
  readonly pin?: string | null | undefined;
}

export type UserChange = { readonly [K in keyof User]?: User[K] | undefined } & UserSecrets;
