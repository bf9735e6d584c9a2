export const roles = ['all-in-one', 'unified-cm', 'cloud', 'expressway-c', 'expressway-e'] as const;
export type Role = (typeof roles)[number];
