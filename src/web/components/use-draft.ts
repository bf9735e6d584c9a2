import { useCallback, useMemo, useState } from 'react';
import { isProblem } from '../api/problem.ts';

export interface Draft<T extends object> {
  readonly values: T;
  readonly dirty: boolean;
  /** Only what differs from what was read. */
  readonly changes: Partial<T>;
  readonly set: <K extends keyof T>(field: K, value: T[K]) => void;
  /** Forgets what was typed. */
  readonly reset: () => void;
}

/** What is typed on top of what was read. New data from the server shows through wherever nothing was typed. */
export function useDraft<T extends object>(base: T): Draft<T> {
  const [typed, setTyped] = useState<Partial<T>>({});
  const changes = useMemo(() => {
    const real: Partial<T> = {};
    for (const field of Object.keys(typed) as (keyof T)[])
      if (!sameValue(typed[field], base[field])) real[field] = typed[field] as T[keyof T];
    return real;
  }, [typed, base]);
  const set = useCallback(
    <K extends keyof T>(field: K, value: T[K]) => setTyped((before) => ({ ...before, [field]: value })),
    [],
  );
  const reset = useCallback(() => setTyped({}), []);
  return { values: { ...base, ...changes }, dirty: Object.keys(changes).length > 0, changes, set, reset };
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** The field a problem is about, as a top-level name: `lines[0].directoryNumber` → `lines`. */
export function fieldOf(error: unknown): string | undefined {
  return isProblem(error) && error.field !== undefined ? error.field.split(/[.[/]/, 1)[0] : undefined;
}
