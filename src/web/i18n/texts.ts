import type { en } from './en.ts';

export type Key = keyof typeof en;
/** Every language says the same things. */
export type Texts = Readonly<Record<Key, string>>;
