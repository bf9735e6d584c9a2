import { Anchor, Button, Group, Select, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { roleNames } from '../../../contract/users.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Icon } from '../../components/icon.tsx';
import { Page } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Status } from '../../components/status.tsx';
import { useUrlState } from '../../components/use-url-state.ts';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import type { UserItem } from './user-form.ts';

/** User Management > Users. */
export function UserListPage() {
  const { t, lookup } = useText();
  const can = usePermission();
  const [read, write] = useUrlState();
  const dash = <span className="fr-dim">–</span>;
  const columns: readonly Column<UserItem>[] = [
    {
      id: 'userId',
      header: t('user.userId'),
      width: 'minmax(160px, 1.2fr)',
      sort: 'userId',
      render: (user) => (
        <Anchor component={Link} to={`/users/${encodeURIComponent(user.userId)}`} className="fr-row-link" size="sm">
          {user.userId}
        </Anchor>
      ),
    },
    {
      id: 'first',
      header: t('user.firstName'),
      width: 'minmax(120px, 1fr)',
      sort: 'firstName',
      render: (user) => user.firstName || dash,
    },
    {
      id: 'last',
      header: t('user.lastName'),
      width: 'minmax(120px, 1fr)',
      sort: 'lastName',
      render: (user) => user.lastName || dash,
    },
    {
      id: 'mail',
      header: t('user.mail'),
      width: 'minmax(180px, 1.3fr)',
      sort: 'mail',
      render: (user) => user.mail || dash,
    },
    {
      id: 'roles',
      header: t('user.roles'),
      width: 'minmax(180px, 1.3fr)',
      render: (user) => user.roles.map((each) => lookup('role', each)).join(', ') || dash,
    },
    {
      id: 'enabled',
      header: t('user.signIn'),
      width: 'minmax(140px, .8fr)',
      render: (user) =>
        user.enabled && user.hasPassword ? (
          <Status tone="good">{t('user.canSignIn')}</Status>
        ) : (
          <Status tone="quiet">{user.enabled ? t('user.noPassword') : t('user.disabled')}</Status>
        ),
    },
  ];
  return (
    <Page
      title={t('nav.users')}
      lead={t('users.lead')}
      actions={
        can('users.write') ? (
          <Button component={Link} to="/users/new" leftSection={<Icon name="plus" />}>
            {t('users.add')}
          </Button>
        ) : undefined
      }
    >
      <Stack gap="sm">
        <Group gap="xs" role="search">
          <SearchField
            label={t('users.search')}
            value={read('search') ?? ''}
            onSearch={(search) => write({ search })}
          />
          <Select
            className="fr-filter"
            aria-label={t('user.roles')}
            placeholder={t('users.allRoles')}
            data={roleNames.map((each) => ({ value: each, label: lookup('role', each) }))}
            value={read('role') ?? null}
            onChange={(role) => write({ role: role ?? undefined })}
            clearable
          />
        </Group>
        <DataTable<UserItem>
          label={t('nav.users')}
          path="/users"
          query={{ search: read('search'), role: read('role') }}
          columns={columns}
          keyOf={(user) => user.userId}
          sort={read('sort') ?? 'userId'}
          onSort={(sort) => write({ sort })}
          empty={<Text c="dimmed">{t('list.noneFound')}</Text>}
        />
      </Stack>
    </Page>
  );
}
