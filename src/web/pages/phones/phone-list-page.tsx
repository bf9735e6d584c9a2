import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { PhoneView } from '../../../contract/phones.ts';
import { phoneModels } from '../../../identifiers/phone-model.ts';
import { DataTable } from '../../components/data-table.tsx';
import { useNames } from '../../components/fields.tsx';
import { Icon } from '../../components/icon.tsx';
import { Page } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { useUrlState } from '../../components/use-url-state.ts';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { usePhoneColumns } from './phone-columns.tsx';
import { RelatedLinks } from './related-links.tsx';
import { SelectionBar } from './selection-bar.tsx';

/** Device > Phone: find and list. */
export function PhoneListPage() {
  const { t } = useText();
  const can = usePermission();
  const [read, write] = useUrlState();
  const pools = useNames('/device-pools');
  const filters = ['model', 'devicePool', 'ownerUserId', 'codeState', 'registered'] as const;
  const query = Object.fromEntries([...filters, 'search' as const].map((each) => [each, read(each)]));
  const filtered = Object.values(query).some((each) => each !== undefined);
  const columns = usePhoneColumns();
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
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
        {can('bulk.run') && (
          <SelectionBar chosen={[...chosen.values()]} query={query} onClear={() => setChosen(new Map())} />
        )}
        <DataTable<PhoneView>
          label={t('phones.title')}
          path="/phones"
          query={query}
          columns={columns}
          keyOf={(phone) => phone.id}
          sort={read('sort') ?? 'name'}
          onSort={(sort) => write({ sort })}
          refresh={5_000}
          {...(can('bulk.run')
            ? {
                choice: {
                  header: t('phones.choose'),
                  chosen: new Set(chosen.keys()),
                  label: (phone: PhoneView) => t('defaults.choose', { model: phone.name }),
                  onToggle: (phone: PhoneView, on: boolean) =>
                    setChosen((before) => {
                      const after = new Map(before);
                      if (on) after.set(phone.id, phone.name);
                      else after.delete(phone.id);
                      return after;
                    }),
                },
              }
            : {})}
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
