import type { Phone } from './phone.ts';

/** The first is the default. */
export const phoneSorts = ['name', 'description', 'model', 'devicePool', 'owner', 'createdAt', 'updatedAt'] as const;

/** none: no code was ever made, or the last one did its work or was released. */
export const codeStates = ['active', 'expired', 'locked', 'none'] as const;
export type CodeStateFilter = (typeof codeStates)[number];

/** A page by position: `cursor` is the `nextCursor` of the page before. */
export interface PageRequest {
  readonly search?: string | undefined;
  /** A field, `-` in front for descending. */
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface PageOf<Item> {
  readonly items: readonly Item[];
  /** Matches in all pages. */
  readonly total: number;
  readonly nextCursor?: string;
}

/** `search`: part of a device name, description or owner's user id, or a whole directory number. */
export interface PhoneQuery extends PageRequest {
  readonly model?: string | undefined;
  readonly devicePool?: string | undefined;
  readonly ownerUserId?: string | undefined;
  /** Only phones of this user (database id), whatever else is asked. */
  readonly onlyOwnerId?: string | undefined;
  readonly codeState?: CodeStateFilter | undefined;
  readonly registered?: boolean | undefined;
  readonly requiresActivationCode?: boolean | undefined;
}

export interface PhoneListStore {
  page(query: PhoneQuery): Promise<PageOf<Phone>>;
}

export const registrationSorts = ['deviceName', 'registeredAt', 'refreshedAt'] as const;

/** One registration there is now. */
export interface Registration {
  readonly deviceName: string;
  readonly description: string;
  readonly model: string;
  readonly ownerUserId: string | undefined;
  readonly node: string;
  readonly contact: string;
  readonly transport: string;
  readonly sourceAddress: string;
  readonly sourcePort: number;
  /** The Expressway-E it came over; empty inside the network. */
  readonly edge: string;
  readonly directoryNumbers: readonly string[];
  /** False: its connection broke; it counts as registered until it runs out. */
  readonly reachable: boolean;
  readonly userAgent: string;
  readonly activeLoad: string;
  readonly inactiveLoad: string;
  readonly registeredAt: Date;
  readonly refreshedAt: Date;
  readonly expiresAt: Date;
}

/** `search`: part of a device name or address, or a whole directory number. */
export interface RegistrationQuery extends PageRequest {
  readonly node?: string | undefined;
  readonly deviceName?: string | undefined;
}

export interface RegistrationListStore {
  page(query: RegistrationQuery): Promise<PageOf<Registration>>;
}

/** A code that still waits to be entered, without its digits. */
export interface OutstandingCode {
  readonly deviceName: string;
  readonly description: string;
  readonly model: string;
  readonly ownerUserId: string | undefined;
  readonly state: 'active' | 'expired';
  readonly boundMac: string | undefined;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date;
}

export const outstandingSorts = ['expiresAt', 'deviceName', 'createdAt'] as const;

export interface OutstandingCodeStore {
  page(query: PageRequest & { readonly state?: 'active' | 'expired' | undefined }): Promise<PageOf<OutstandingCode>>;
}
