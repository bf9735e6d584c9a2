import '@mantine/spotlight/styles.css';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { request } from '../api/client.ts';
import { Icon } from '../components/icon.tsx';
import { useText } from '../i18n/use-text.ts';
import { usePermission } from '../session/session.ts';
import { useMenus } from './use-menus.ts';

/** Ctrl K: every page, a few commands, and phones by name, description or owner. */
export function Palette({ opened }: { opened: number }) {
  const { t } = useText();
  const menus = useMenus();
  const can = usePermission();
  const go = useNavigate();
  const [query, setQuery] = useState('');
  const [search] = useDebouncedValue(query.trim(), 150);
  const phones = useQuery({
    queryKey: ['palette', search],
    enabled: search.length >= 2 && can('phones.read'),
    queryFn: async ({ signal }) => (await request('GET /phones', { query: { search, limit: 6 }, signal })).body.items,
  });
  // Each time it is asked for, also the first, when it has only just been loaded.
  // biome-ignore lint/correctness/useExhaustiveDependencies: opened counts the times
  useEffect(() => spotlight.open(), [opened]);
  const matches = (text: string) => text.toLowerCase().includes(query.trim().toLowerCase());
  const pages: SpotlightActionData[] = menus.flatMap((group) =>
    group.items.map((item) => ({
      id: item.to,
      label: t(item.text),
      description: t(group.text),
      leftSection: <Icon name={group.icon} />,
      onClick: () => void go(item.to),
    })),
  );
  const commands: SpotlightActionData[] = can('phones.write')
    ? [
        {
          id: 'add-template',
          label: t('phones.addFromTemplate'),
          leftSection: <Icon name="plus" />,
          onClick: () => void go('/device/phones/new-from-template'),
        },
        {
          id: 'add',
          label: t('phones.addNew'),
          leftSection: <Icon name="plus" />,
          onClick: () => void go('/device/phones/new'),
        },
      ]
    : [];
  const groups: SpotlightActionGroupData[] = [
    {
      group: t('palette.phones'),
      actions: (search.length >= 2 ? (phones.data ?? []) : []).map((phone) => ({
        id: phone.id,
        label: phone.name,
        description: [phone.model, phone.description, phone.ownerUserId].filter((each) => each).join(' · '),
        leftSection: <Icon name="phone" />,
        onClick: () => void go(`/device/phones/${phone.name}`),
      })),
    },
    { group: t('palette.commands'), actions: commands.filter((each) => matches(each.label ?? '')) },
    { group: t('palette.pages'), actions: pages.filter((each) => matches(`${each.label} ${each.description}`)) },
  ].filter((group) => group.actions.length > 0);
  return (
    <Spotlight
      actions={groups}
      query={query}
      onQueryChange={setQuery}
      filter={(_query, actions) => actions}
      shortcut={null}
      nothingFound={t('palette.nothing')}
      searchProps={{
        leftSection: <Icon name="search" />,
        placeholder: t('palette.placeholder'),
        'aria-label': t('palette.placeholder'),
      }}
      scrollable
      maxHeight={420}
      highlightQuery={false}
    />
  );
}
