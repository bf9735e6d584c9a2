import { Button, Stack, Table, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ClusterDialog } from './cluster-dialog.tsx';
import { useReader } from './language.tsx';
import { Problem, Rows, State } from './parts.tsx';
import { request } from './rest.ts';

export function ClustersTab() {
  const { t, dateTime, number } = useReader();
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<string>();
  const query = useInfiniteQuery({
    queryKey: ['clusters', search],
    queryFn: async ({ signal, pageParam }) =>
      (await request('GET /clusters', { query: { search, cursor: pageParam }, signal })).body,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: 15_000,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack>
      <TextInput
        label={t('search')}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        maw={360}
        type="search"
      />
      <Problem error={query.error} onRetry={() => void query.refetch()} />
      {query.data !== undefined && items.length === 0 && (
        <Text c="dimmed">{search === '' ? t('noClusters') : t('none')}</Text>
      )}
      {items.length > 0 && (
        <Rows
          label={t('clusters')}
          heads={[t('name'), t('state'), t('domain'), t('onboarding'), t('locators'), t('lastSeen'), t('enrolled')]}
        >
          {items.map((cluster) => (
            <Table.Tr key={cluster.id}>
              <Table.Td>
                <button type="button" className="fr-link" onClick={() => setOpen(cluster.id)}>
                  {cluster.name}
                </button>
              </Table.Td>
              <Table.Td>
                <State tone={cluster.state === 'active' ? 'good' : 'warn'}>{t(cluster.state)}</State>
              </Table.Td>
              <Table.Td>{cluster.activationDomain ?? t('none')}</Table.Td>
              <Table.Td>{cluster.enabled ? t('on') : t('off')}</Table.Td>
              <Table.Td>
                {number(cluster.allocated)} / {number(cluster.quota)}
              </Table.Td>
              <Table.Td>{cluster.lastSeenAt === null ? t('never') : dateTime(cluster.lastSeenAt)}</Table.Td>
              <Table.Td>{dateTime(cluster.enrolledAt)}</Table.Td>
            </Table.Tr>
          ))}
        </Rows>
      )}
      {query.hasNextPage && (
        <Button variant="default" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
          {t('more')}
        </Button>
      )}
      {open !== undefined && <ClusterDialog id={open} onClose={() => setOpen(undefined)} />}
    </Stack>
  );
}
