import type { Actor } from '../ports.ts';

/** Every right there is. A door names the rights that open it; what it does not name stays shut. */
export const permissions = [
  'phones.read',
  'phones.write',
  /** Only phones the person owns. */
  'own-phones.read',
  /** Generate, release and re-issue codes, without seeing them. */
  'codes.manage',
  'codes.reveal',
  /** See the code of a phone the person owns. */
  'own-codes.reveal',
  'bulk.run',
  'registrations.read',
  'users.read',
  'users.write',
  /** Pools, groups, templates, profiles, partitions, lines. */
  'settings.read',
  'settings.write',
  /** Nodes, services, parameters, trust stores, firmware. */
  'system.read',
  'system.write',
  'audit.read',
] as const;
export type Permission = (typeof permissions)[number];

export const roles = ['super', 'device-admin', 'bulk-admin', 'code-reveal', 'auditor', 'end-user'] as const;
export type Role = (typeof roles)[number];

const granted: Readonly<Record<Role, readonly Permission[]>> = {
  super: permissions,
  'device-admin': [
    'phones.read',
    'phones.write',
    'codes.manage',
    'registrations.read',
    'users.read',
    'users.write',
    'settings.read',
    'settings.write',
    'system.read',
  ],
  'bulk-admin': [
    'phones.read',
    'phones.write',
    'codes.manage',
    'bulk.run',
    'registrations.read',
    'users.read',
    'settings.read',
  ],
  'code-reveal': ['phones.read', 'codes.reveal'],
  auditor: ['phones.read', 'registrations.read', 'users.read', 'settings.read', 'system.read', 'audit.read'],
  'end-user': ['own-phones.read', 'own-codes.reveal'],
};

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}

/** Roles that reach beyond the person's own phones. */
export function isAdministrative(role: Role): boolean {
  return role !== 'end-user';
}

/** What a set of roles may do. Unknown roles grant nothing. */
export function permissionsOf(held: readonly string[]): ReadonlySet<Permission> {
  const all = new Set<Permission>();
  for (const role of held) if (isRole(role)) for (const permission of granted[role]) all.add(permission);
  return all;
}

/** Who is asking, for one request. */
export interface Caller {
  /** For the audit log. */
  readonly actor: Actor;
  readonly userId: string;
  readonly userUuid: string;
  readonly roles: readonly string[];
  can(permission: Permission): boolean;
}

export function caller(user: { id: string; userId: string; roles: readonly string[] }, sourceAddress: string): Caller {
  const may = permissionsOf(user.roles);
  return {
    actor: { name: user.userId, sourceAddress, ...(may.has('codes.reveal') ? {} : { seesCodes: false }) },
    userId: user.userId,
    userUuid: user.id,
    roles: user.roles,
    can: (permission) => may.has(permission),
  };
}
