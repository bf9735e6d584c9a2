import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Icon } from '../../components/icon.tsx';
import { Page } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { useUrlState } from '../../components/use-url-state.ts';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import type { ResourceDefinition } from './definitions.ts';
import { fieldLabel } from './field-text.ts';

type Item = Readonly<Record<string, unknown>>;

/** The list of one kind of object. */
export function ResourceListPage({ definition }: { definition: ResourceDefinition }) {
  const { t, lookup } = useText();
  const can = usePermission();
  const [read, write] = useUrlState();
  const { id, page, nameOf, sorts } = definition;
  const sortable = (field: string) => (sorts.includes(field) ? { sort: field } : {});
  const first = sorts[0] ?? 'name';
  const columns: readonly Column<Item>[] = [
    {
      id: 'name',
      header: fieldLabel(lookup, id, first),
      width: 'minmax(200px, 1.6fr)',
      sort: first,
      render: (item) => (
        <Anchor component={Link} to={`${page}/${encodeURIComponent(nameOf(item))}`} className="fr-row-link" size="sm">
          {id === 'lines' ? String(item['directoryNumber']) : nameOf(item)}
        </Anchor>
      ),
    },
    ...definition.columns.map((field) => ({
      id: field,
      header: fieldLabel(lookup, id, field),
      width: 'minmax(150px, 1fr)',
      ...sortable(field),
      render: (item: Item) => <Value field={field} value={item[field]} />,
    })),
  ];
  return (
    <Page
      title={t(definition.title)}
      lead={t(definition.lead)}
      actions={
        can(definition.write) ? (
          <Button component={Link} to={`${page}/new`} leftSection={<Icon name="plus" />}>
            {t(definition.add)}
          </Button>
        ) : undefined
      }
    >
      <Stack gap="sm">
        <Group>
          <SearchField label={t('list.search')} value={read('search') ?? ''} onSearch={(search) => write({ search })} />
        </Group>
        <DataTable<Item>
          label={t(definition.title)}
          path={`/${id}`}
          query={{ search: read('search') }}
          columns={columns}
          keyOf={nameOf}
          sort={read('sort') ?? first}
          onSort={(sort) => write({ sort })}
          empty={<Text c="dimmed">{read('search') === undefined ? t('list.empty') : t('list.noneFound')}</Text>}
        />
      </Stack>
    </Page>
  );
}

function Value({ field, value }: { field: string; value: unknown }) {
  const { t, lookup } = useText();
  if (typeof value === 'boolean') return value ? t('value.yes') : t('value.no');
  if (field === 'partition' && value === '') return <span className="fr-dim">{t('field.none')}</span>;
  if (field === 'model' && value === null) return <span className="fr-dim">{t('field.anyModel')}</span>;
  if (field === 'members')
    return (value as readonly { node: string; priority: number }[]).length === 0 ? (
      <span className="fr-dim">–</span>
    ) : (
      [...(value as readonly { node: string; priority: number }[])]
        .sort((a, b) => a.priority - b.priority)
        .map((each) => each.node)
        .join(', ')
    );
  if (field === 'buttons') return t('buttons.count', { count: (value as readonly string[]).length });
  if (value === null || value === '' || value === undefined) return <span className="fr-dim">–</span>;
  return lookup('choice', String(value));
}
