import { useLocation } from 'react-router';
import type { InputOf, UnifiedCm } from '../../../contract/client/client.ts';

/** Filters of the list of phones that a query of a job takes too. */
export const queryFields = ['search', 'model', 'devicePool', 'ownerUserId', 'codeState', 'registered'] as const;
export type PhoneQuery = Pick<
  NonNullable<InputOf<UnifiedCm['GET /phones']>['query']>,
  Exclude<(typeof queryFields)[number], 'registered'>
> & { readonly registered?: 'true' | 'false' };

/** Which phones a job is about, while it is being chosen. */
export interface SelectionDraft {
  readonly by: 'query' | 'names' | 'file';
  readonly query: PhoneQuery;
  /** Device names, apart by space, comma or line. */
  readonly names: string;
  readonly file: string | null;
}

const nothing: SelectionDraft = { by: 'query', query: {}, names: '', file: null };

/** What the list of phones handed over, else nothing yet. */
export function useHandedSelection(): SelectionDraft {
  const { state } = useLocation();
  return { ...nothing, ...((state as { selection?: Partial<SelectionDraft> } | null)?.selection ?? {}) };
}

export function namesOf(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}

export function queryBody(query: PhoneQuery): Record<string, unknown> {
  const { registered, ...rest } = Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== ''),
  );
  const body = { ...rest, ...(registered === undefined ? {} : { registered: registered === 'true' }) };
  return Object.keys(body).length === 0 ? { all: true } : body;
}

export function selectionBody(draft: SelectionDraft): Record<string, unknown> {
  if (draft.by === 'names') return { names: namesOf(draft.names) };
  if (draft.by === 'file') return { file: draft.file };
  return { query: queryBody(draft.query) };
}

export function isComplete(draft: SelectionDraft): boolean {
  if (draft.by === 'names') return namesOf(draft.names).length > 0;
  return draft.by === 'query' || draft.file !== null;
}
