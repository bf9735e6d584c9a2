import { useCallback, useMemo, useState } from 'react';
import { isProblem } from '../api/problem.ts';
import { mergeDraft, type OthersChange, sameValue } from './merge-draft.ts';

export interface Draft<T extends object> {
  readonly values: T;
  readonly dirty: boolean;
  /** Only what differs from what was read. */
  readonly changes: Partial<T>;
  readonly set: <K extends keyof T>(field: K, value: T[K]) => void;
  /** Forgets what was typed. */
  readonly reset: () => void;
  /** To be sent as If-Match: what the reader has seen. Older than what is there now while a clash waits for a decision, so nobody's change is saved over. */
  readonly version: number | undefined;
  /** What somebody else saved since typing began. */
  readonly others: readonly OthersChange<T>[];
  /** A clash waits for a decision; nothing should be saved before. */
  readonly clashing: boolean;
  /** Decides a clash: the typed value stays. */
  readonly keepMine: (field: keyof T) => void;
  /** Decides a clash: the typed value goes. */
  readonly takeTheirs: (field: keyof T) => void;
  /** One field was saved by itself and is this now; the others stay typed. */
  readonly saved: <K extends keyof T>(field: K, value: T[K]) => void;
}

interface Typed<T extends object> {
  readonly typed: Partial<T>;
  /** What was shown when typing began, with fields that were decided since as they are now. */
  readonly began: { readonly base: T; readonly version: number | undefined };
}

/**
 * What is typed on top of what was read. New data from the server shows through wherever nothing was typed; where something was,
 * the two are merged field by field, and a field that both changed waits for the reader's decision.
 */
export function useDraft<T extends object>(base: T, version?: number): Draft<T> {
  const [state, setState] = useState<Typed<T>>();
  const merged = useMemo(
    () => (state === undefined ? undefined : mergeDraft(state.began.base, state.typed, base)),
    [state, base],
  );
  const changes = useMemo(() => differing(merged?.typed ?? {}, base), [merged, base]);
  const dirty = Object.keys(changes).length > 0;
  const others = dirty ? (merged?.others ?? []) : [];
  const clashing = others.some((each) => each.clash);
  const decide = (field: keyof T, value: T[keyof T], before: Typed<T>): Typed<T> => ({
    typed: { ...before.typed, [field]: value },
    began: { ...before.began, base: { ...before.began.base, [field]: base[field] } },
  });
  const set = <K extends keyof T>(field: K, value: T[K]) =>
    setState((before) => {
      const now = before && mergeDraft(before.began.base, before.typed, base);
      if (before === undefined || now === undefined || Object.keys(differing(now.typed, base)).length === 0)
        return { typed: { [field]: value } as unknown as Partial<T>, began: { base, version } };
      // What is typed now was typed with the merged value in sight.
      const clash = now.others.some((each) => each.field === field && each.clash);
      return clash ? { ...before, typed: { ...before.typed, [field]: value } } : decide(field, value, before);
    });
  const reset = useCallback(() => setState(undefined), []);
  return {
    values: { ...base, ...changes },
    dirty,
    changes,
    set,
    reset,
    version: clashing ? state?.began.version : version,
    others,
    clashing,
    keepMine: (field) => setState((before) => before && decide(field, { ...base, ...changes }[field], before)),
    takeTheirs: (field) => setState((before) => before && decide(field, base[field], before)),
    saved: (field, value) =>
      setState((before) => {
        if (before === undefined) return undefined;
        const { [field]: _done, ...typed } = before.typed;
        return {
          typed: typed as Partial<T>,
          began: { ...before.began, base: { ...before.began.base, [field]: value } },
        };
      }),
  };
}

function differing<T extends object>(typed: Partial<T>, base: T): Partial<T> {
  const real: Partial<T> = {};
  for (const field of Object.keys(typed) as (keyof T)[])
    if (!sameValue(typed[field], base[field])) real[field] = typed[field] as T[keyof T];
  return real;
}

/** The field a problem is about, as a top-level name: `lines[0].directoryNumber` → `lines`. */
export function fieldOf(error: unknown): string | undefined {
  return isProblem(error) && error.field !== undefined ? error.field.split(/[.[/]/, 1)[0] : undefined;
}
