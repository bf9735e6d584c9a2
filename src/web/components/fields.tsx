import { Autocomplete, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { request, requestAt } from '../api/client.ts';
import { useText } from '../i18n/use-text.ts';
import type { ListPage } from './data-table.tsx';

interface FieldProps {
  readonly label: string;
  readonly description?: string | undefined;
  readonly error?: string | undefined;
  readonly required?: boolean;
  readonly disabled?: boolean;
}

export type Named = { readonly name: string } & Readonly<Record<string, unknown>>;

/** Names of one kind of object. What pages choose from is small; lines and users, which are not, have fields of their own. */
export function useNames(path: string) {
  return useQuery({
    queryKey: ['names', path],
    staleTime: 30_000,
    queryFn: async ({ signal }) =>
      (await requestAt<ListPage<Named>>('GET', path, { query: { limit: 500 }, signal })).body.items,
  });
}

/** Chooses one object by name. `none`: what choosing nothing means. */
export function ReferenceField({
  path,
  value,
  onChange,
  none,
  keep = () => true,
  ...field
}: FieldProps & {
  path: string;
  value: string | null;
  onChange: (value: string | null) => void;
  none?: string;
  keep?: (item: Named) => boolean;
}) {
  const { t } = useText();
  const names = useNames(path);
  const options = (names.data ?? []).filter(keep).map((each) => each.name);
  // What is chosen stays choosable while the list is on its way, or when it is longer than what was read.
  const known = value === null || value === '' || options.includes(value) ? options : [value, ...options];
  return (
    <Select
      {...field}
      data={known.filter((each) => each !== '')}
      value={value === '' ? null : value}
      onChange={onChange}
      searchable
      clearable={none !== undefined}
      placeholder={none}
      nothingFoundMessage={t('field.nothingFound')}
      clearButtonProps={{ 'aria-label': t('field.clear') }}
    />
  );
}

/** A user id, found by id or name while typing. */
export function UserField({
  value,
  onChange,
  ...field
}: FieldProps & { value: string | null; onChange: (value: string | null) => void }) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 200);
  const users = useQuery({
    queryKey: ['users', 'suggest', search],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await request('GET /users', { query: { search, limit: 20 }, signal })).body.items,
  });
  const items = users.data ?? [];
  return (
    <Autocomplete
      {...field}
      data={items.map((each) => each.userId)}
      value={value ?? ''}
      filter={({ options }) => options}
      onChange={(next) => {
        setTyped(next);
        onChange(next === '' ? null : next);
      }}
      renderOption={({ option }) => {
        const user = items.find((each) => each.userId === option.value);
        return (
          <span>
            {option.value} <span className="fr-dim">{`${user?.firstName ?? ''} ${user?.lastName ?? ''}`.trim()}</span>
          </span>
        );
      }}
    />
  );
}
