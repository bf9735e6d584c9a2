import { Anchor, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { RegistrationView } from '../../../contract/registrations.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Page } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { useUrlState } from '../../components/use-url-state.ts';
import { useText } from '../../i18n/use-text.ts';

/** Who is registered now, where, and since when. */
export function RegistrationsPage() {
  const { t, formatDateTime } = useText();
  const [read, write] = useUrlState();
  const columns: readonly Column<RegistrationView>[] = [
    {
      id: 'name',
      header: t('phone.name'),
      width: 'minmax(180px, 1.2fr)',
      sort: 'deviceName',
      render: (each) => (
        <Anchor
          component={Link}
          to={`/device/phones/${each.deviceName}`}
          className="fr-row-link"
          ff="monospace"
          size="sm"
        >
          {each.deviceName}
        </Anchor>
      ),
    },
    {
      id: 'description',
      header: t('phone.description'),
      width: 'minmax(150px, 1.3fr)',
      render: (each) => each.description || '–',
    },
    { id: 'model', header: t('phone.model'), width: 'minmax(110px, .7fr)', render: (each) => each.model },
    {
      id: 'lines',
      header: t('phone.lines'),
      width: 'minmax(100px, .8fr)',
      render: (each) => each.directoryNumbers.join(', ') || '–',
    },
    { id: 'node', header: t('registration.node'), width: 'minmax(120px, .8fr)', render: (each) => each.node },
    {
      id: 'address',
      header: t('registration.address'),
      width: 'minmax(170px, 1fr)',
      render: (each) =>
        `${each.sourceAddress}:${each.sourcePort} ${each.transport.toUpperCase()}${each.edge === null ? '' : ` · ${each.edge}`}`,
    },
    {
      id: 'since',
      header: t('registration.since'),
      width: 'minmax(170px, 1fr)',
      sort: 'registeredAt',
      render: (each) => formatDateTime(each.registeredAt),
    },
  ];
  return (
    <Page title={t('nav.registrations')} lead={t('registrations.lead')}>
      <Stack gap="sm">
        <Group>
          <SearchField
            label={t('registrations.search')}
            value={read('search') ?? ''}
            onSearch={(search) => write({ search })}
          />
        </Group>
        <DataTable<RegistrationView>
          label={t('nav.registrations')}
          path="/registrations"
          query={{ search: read('search') }}
          columns={columns}
          keyOf={(each) => `${each.deviceName}${each.contact}`}
          sort={read('sort') ?? 'deviceName'}
          onSort={(sort) => write({ sort })}
          refresh={3_000}
          empty={<Text c="dimmed">{t('registrations.none')}</Text>}
        />
      </Stack>
    </Page>
  );
}
