import type { Lookup } from '../../i18n/use-text.ts';

/** What a field of one kind of object is called; many kinds share a word. */
export function fieldLabel(lookup: Lookup, id: string, field: string): string {
  return lookup(`field.${id}`, field, lookup('field.common', field));
}

export function fieldHelp(lookup: Lookup, id: string, field: string): string | undefined {
  return lookup(`help.${id}`, field, lookup('help.common', field, '')) || undefined;
}
