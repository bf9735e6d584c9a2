import { Anchor, Button, Group, Menu, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { PhoneView } from '../../../contract/phones.ts';
import { phoneModels } from '../../../identifiers/phone-model.ts';
import { download } from '../../api/client.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { useNames } from '../../components/fields.tsx';
import { Icon } from '../../components/icon.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { useUrlState } from '../../components/use-url-state.ts';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { CodeStatus, LastStep, RegistrationStatus } from './phone-status.tsx';

/** Device > Phone: find and list. */
export function PhoneListPage() {
  const { t } = useText();
  const can = usePermission();
  const [read, write] = useUrlState();
  const pools = useNames('/device-pools');
  const filters = ['model', 'devicePool', 'ownerUserId', 'codeState', 'registered'] as const;
  const query = Object.fromEntries([...filters, 'search' as const].map((each) => [each, read(each)]));
  const filtered = Object.values(query).some((each) => each !== undefined);
  const columns: readonly Column<PhoneView>[] = [
    {
      id: 'name',
      header: t('phone.name'),
      width: 'minmax(158px, 1.1fr)',
      sort: 'name',
      render: (phone) => (
        <Anchor component={Link} to={`/device/phones/${phone.name}`} className="fr-row-link" ff="monospace" size="sm">
          {phone.name}
        </Anchor>
      ),
    },
    {
      id: 'status',
      header: t('phone.status'),
      width: 'minmax(186px, 1fr)',
      render: (phone) => <RegistrationStatus phone={phone} />,
    },
    {
      id: 'code',
      header: t('phone.code'),
      width: 'minmax(156px, 1fr)',
      render: (phone) => <CodeStatus phone={phone} />,
    },
    {
      id: 'model',
      header: t('phone.model'),
      width: 'minmax(104px, .6fr)',
      sort: 'model',
      render: (phone) => phone.model,
    },
    {
      id: 'description',
      header: t('phone.description'),
      width: 'minmax(120px, 1.2fr)',
      sort: 'description',
      render: (phone) => phone.description || <span className="fr-dim">–</span>,
    },
    {
      id: 'lines',
      header: t('phone.lines'),
      width: 'minmax(68px, .5fr)',
      render: (phone) =>
        phone.lines.map((line) => line.directoryNumber).join(', ') || <span className="fr-dim">–</span>,
    },
    {
      id: 'owner',
      header: t('phone.ownerShort'),
      width: 'minmax(84px, .6fr)',
      sort: 'owner',
      render: (phone) => phone.ownerUserId ?? <span className="fr-dim">–</span>,
    },
    {
      id: 'last',
      header: t('phone.lastStep'),
      width: 'minmax(150px, 1fr)',
      render: (phone) => <LastStep phone={phone} />,
    },
    {
      id: 'pool',
      header: t('phone.devicePool'),
      width: 'minmax(100px, .6fr)',
      sort: 'devicePool',
      render: (phone) => phone.devicePool,
    },
  ];
  return (
    <Page
      title={t('phones.title')}
      lead={t('phones.lead')}
      actions={
        <>
          <RelatedLinks />
          {can('phones.write') && (
            <>
              <Button component={Link} to="/device/phones/new" variant="default">
                {t('phones.addNew')}
              </Button>
              <Button component={Link} to="/device/phones/new-from-template" leftSection={<Icon name="plus" />}>
                {t('phones.addFromTemplate')}
              </Button>
            </>
          )}
        </>
      }
    >
      <Stack gap="sm">
        <Group gap="xs" role="search">
          <SearchField
            label={t('phones.search')}
            value={read('search') ?? ''}
            onSearch={(search) => write({ search })}
          />
          <Select
            className="fr-filter"
            aria-label={t('phone.model')}
            placeholder={t('phones.allModels')}
            data={phoneModels.map((each) => String(each.name))}
            value={read('model') ?? null}
            onChange={(model) => write({ model: model ?? undefined })}
            searchable
            clearable
          />
          <Select
            className="fr-filter"
            aria-label={t('phone.devicePool')}
            placeholder={t('phones.allPools')}
            data={(pools.data ?? []).map((each) => each.name)}
            value={read('devicePool') ?? null}
            onChange={(devicePool) => write({ devicePool: devicePool ?? undefined })}
            searchable
            clearable
          />
          <Select
            className="fr-filter"
            aria-label={t('phone.code')}
            placeholder={t('phones.allCodes')}
            data={[
              { value: 'active', label: t('codeState.active') },
              { value: 'expired', label: t('codeState.expired') },
              { value: 'locked', label: t('codeState.locked') },
              { value: 'none', label: t('codeState.none') },
            ]}
            value={read('codeState') ?? null}
            onChange={(codeState) => write({ codeState: codeState ?? undefined })}
            clearable
          />
          <Select
            className="fr-filter"
            aria-label={t('phone.registration')}
            placeholder={t('phones.allRegistrations')}
            data={[
              { value: 'true', label: t('phone.registered') },
              { value: 'false', label: t('phone.unregistered') },
            ]}
            value={read('registered') ?? null}
            onChange={(registered) => write({ registered: registered ?? undefined })}
            clearable
          />
        </Group>
        <DataTable<PhoneView>
          label={t('phones.title')}
          path="/phones"
          query={query}
          columns={columns}
          keyOf={(phone) => phone.id}
          sort={read('sort') ?? 'name'}
          onSort={(sort) => write({ sort })}
          refresh={5_000}
          empty={
            filtered ? (
              <Text c="dimmed">{t('phones.noneFound')}</Text>
            ) : (
              <Stack align="center" gap="xs">
                <Text fw={600}>{t('phones.noneYet')}</Text>
                <Text c="dimmed" size="sm">
                  {t('phones.noneYetText')}
                </Text>
                {can('phones.write') && (
                  <Button component={Link} to="/device/phones/new-from-template" mt="xs">
                    {t('phones.addFromTemplate')}
                  </Button>
                )}
              </Stack>
            )
          }
        />
      </Stack>
    </Page>
  );
}

/** The field's "Related Links". */
function RelatedLinks() {
  const { t } = useText();
  const can = usePermission();
  const [error, setError] = useState<unknown>();
  if (!can('codes.reveal')) return null;
  const save = () => {
    setError(undefined);
    download('/activation-codes.csv', { fileName: 'activation-codes.csv' }).catch(setError);
  };
  return (
    <div>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="subtle"
            leftSection={<Icon name="link" />}
            rightSection={<Icon name="chevronDown" size={14} />}
          >
            {t('phones.relatedLinks')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="download" size={16} />} onClick={save}>
            {t('phones.exportCodes')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ProblemNote error={error} />
    </div>
  );
}
