import { type Fields, isObject } from './fields.ts';
import type { Wanted } from './state-file.ts';

export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

export type Step =
  | { readonly do: 'add'; readonly wanted: Wanted }
  | { readonly do: 'change'; readonly wanted: Wanted; readonly found: Fields; readonly changes: readonly FieldChange[] }
  | { readonly do: 'remove'; readonly wanted: Wanted; readonly found: Fields }
  | { readonly do: 'nothing'; readonly wanted: Wanted }
  /** It cannot be brought about: why. */
  | { readonly do: 'refuse'; readonly wanted: Wanted; readonly why: string };

/** What takes one entry from what is to what shall be. `found` undefined: there is none. */
export function planStep(wanted: Wanted, found: Fields | undefined): Step {
  if (wanted.absent) return found === undefined ? { do: 'nothing', wanted } : { do: 'remove', wanted, found };
  if (found === undefined)
    return wanted.kind.addPath === undefined
      ? { do: 'refuse', wanted, why: `there is no ${wanted.kind.title} of that name` }
      : { do: 'add', wanted };
  const model = wanted.fields['model'];
  if (wanted.kind.section === 'phones' && typeof model === 'string' && found['model'] !== model)
    return { do: 'refuse', wanted, why: `it is a ${String(found['model'])}; the model of a phone does not change` };
  const changes = changedFields(wanted, found);
  return changes.length === 0 ? { do: 'nothing', wanted } : { do: 'change', wanted, found, changes };
}

function changedFields({ kind, fields }: Wanted, found: Fields): readonly FieldChange[] {
  const passed = new Set([...kind.keyFields, ...(kind.onlyWhenAdded ?? [])]);
  return Object.entries(fields)
    .filter(([field, to]) => !passed.has(field) && !agrees(to, found[field]))
    .map(([field, to]) => ({ field, from: found[field], to }));
}

/** Whether what is there is what the file says. Members the file does not name may be anything; lists have their order. */
export function agrees(wanted: unknown, found: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(found) &&
      found.length === wanted.length &&
      wanted.every((each, i) => agrees(each, (found as unknown[])[i]))
    );
  if (isObject(wanted))
    return isObject(found) && Object.entries(wanted).every(([key, value]) => agrees(value, found[key]));
  // YAML reads 1001 as a number where REST has text.
  if (typeof wanted === 'number' && typeof found === 'string') return String(wanted) === found;
  if ((wanted === null || wanted === '') && (found === null || found === '' || found === undefined)) return true;
  return wanted === found;
}

/** Removals after everything else, in the opposite order: what depends goes before what it depends on. */
export function inOrder(steps: readonly Step[]): readonly Step[] {
  const removals = steps.filter((step) => step.do === 'remove');
  return [...steps.filter((step) => step.do !== 'remove'), ...removals.reverse()];
}

export function describeStep(step: Step): string {
  const { title } = step.wanted.kind;
  const about = `${title} ${step.wanted.key}`;
  switch (step.do) {
    case 'add':
      return `+ ${about}`;
    case 'remove':
      return `- ${about}`;
    case 'change':
      return `~ ${about}\n${step.changes.map(({ field, from, to }) => `    ${field}: ${show(from)} → ${show(to)}`).join('\n')}`;
    case 'refuse':
      return `! ${about} (${step.wanted.place}): ${step.why}`;
    case 'nothing':
      return `  ${about}`;
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

/** `3 to add, 1 to change, 0 to remove, 12 as they should be`. */
export function summary(steps: readonly Step[]): string {
  const count = (what: Step['do']) => steps.filter((step) => step.do === what).length;
  const refused = count('refuse');
  return (
    `${count('add')} to add, ${count('change')} to change, ${count('remove')} to remove, ${count('nothing')} as they should be` +
    (refused === 0 ? '' : `, ${refused} that cannot be`)
  );
}
