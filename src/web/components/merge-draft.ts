/** Three-way merging of forms: what was read, what was typed on top of it, and what somebody else saved meanwhile. Pure. */

/** A field that somebody else changed while this form was being filled in. */
export interface OthersChange<T extends object> {
  readonly field: keyof T & string;
  readonly was: unknown;
  readonly theirs: unknown;
  /** Both changed it, to different values, and nobody but the reader can say which holds. */
  readonly clash: boolean;
}

export interface MergedDraft<T extends object> {
  /** What was typed, on top of what is there now. */
  readonly typed: Partial<T>;
  readonly others: readonly OthersChange<T>[];
}

/** Fields that only one side changed keep that side's value; lists and groups of settings are merged entry by entry. */
export function mergeDraft<T extends object>(was: T, typed: Partial<T>, theirs: T): MergedDraft<T> {
  const merged: Partial<T> = {};
  const others: OthersChange<T>[] = [];
  for (const field of new Set([...Object.keys(theirs), ...Object.keys(typed)]) as Set<keyof T & string>) {
    const mine = field in typed ? (typed[field] as unknown) : was[field];
    const outcome = mergeValue(was[field], mine, theirs[field]);
    if (!sameValue(was[field], theirs[field]))
      others.push({ field, was: was[field], theirs: theirs[field], clash: outcome === undefined });
    if (field in typed) merged[field] = (outcome === undefined ? mine : outcome.value) as T[keyof T & string];
  }
  return { typed: merged, others };
}

/** Equal as the form sees it: by content. */
export function sameValue(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** undefined: both changed it and the values do not go together. */
export function mergeValue(was: unknown, mine: unknown, theirs: unknown): { readonly value: unknown } | undefined {
  if (sameValue(was, theirs) || sameValue(mine, theirs)) return { value: mine };
  if (sameValue(was, mine)) return { value: theirs };
  if (Array.isArray(was) && Array.isArray(mine) && Array.isArray(theirs)) return mergeLists(was, mine, theirs);
  if (isGroup(was) && isGroup(mine) && isGroup(theirs)) return mergeGroups(was, mine, theirs);
  return undefined;
}

type Group = Readonly<Record<string, unknown>>;

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mergeGroups(was: Group, mine: Group, theirs: Group): { readonly value: Group } | undefined {
  const value: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine), ...Object.keys(was)])) {
    const merged = mergeValue(was[key], mine[key], theirs[key]);
    if (merged === undefined) return undefined;
    if (merged.value !== undefined) value[key] = merged.value;
  }
  return { value };
}

/** Entries are the same one when their key is: a line by number and partition, anything else by name or by itself. */
function mergeLists(
  was: readonly unknown[],
  mine: readonly unknown[],
  theirs: readonly unknown[],
): { readonly value: readonly unknown[] } | undefined {
  const [before, here, there] = [was, mine, theirs].map(byKey);
  // The same entry twice in one list: there is no telling which is which.
  if (before === undefined || here === undefined || there === undefined) return undefined;
  const order = mergedOrder([...before.keys()], [...here.keys()], [...there.keys()]);
  if (order === undefined) return undefined;
  const value: unknown[] = [];
  for (const key of order) {
    const merged = mergeValue(before.get(key), here.get(key), there.get(key));
    if (merged === undefined) return undefined;
    if (merged.value !== undefined) value.push(merged.value);
  }
  return { value };
}

/** Whoever moved entries decides their order, what the other one added comes behind it; undefined: both moved them. */
function mergedOrder(was: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] | undefined {
  const kept = (keys: readonly string[]) =>
    keys.filter((key) => was.includes(key) && mine.includes(key) && theirs.includes(key));
  const theyMoved = !sameValue(kept(was), kept(theirs));
  if (theyMoved && !sameValue(kept(was), kept(mine)) && !sameValue(kept(mine), kept(theirs))) return undefined;
  const [leading, following] = theyMoved ? [theirs, mine] : [mine, theirs];
  return [...leading, ...following.filter((key) => !leading.includes(key))];
}

function byKey(list: readonly unknown[]): ReadonlyMap<string, unknown> | undefined {
  const found = new Map(list.map((entry) => [keyOf(entry), entry]));
  return found.size === list.length ? found : undefined;
}

function keyOf(entry: unknown): string {
  if (!isGroup(entry)) return String(entry);
  if (typeof entry['directoryNumber'] === 'string')
    return `${entry['directoryNumber']}\u0000${entry['partition'] ?? ''}`;
  return typeof entry['name'] === 'string' ? entry['name'] : JSON.stringify(entry);
}
