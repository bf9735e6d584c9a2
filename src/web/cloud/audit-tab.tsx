import { Button, Stack, Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useReader } from './language.tsx';
import { Problem, Rows } from './parts.tsx';
import { request } from './rest.ts';

export function AuditTab() {
  const { t, dateTime } = useReader();
  const query = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: async ({ signal, pageParam }) =>
      (await request('GET /audit-events', { query: { before: pageParam }, signal })).body,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextBefore ?? undefined,
  });
  return (
    <Stack>
      <Problem error={query.error} onRetry={() => void query.refetch()} />
      <Rows label={t('audit')} heads={[t('when'), t('who'), t('from'), t('what'), t('which'), t('details')]}>
        {query.data?.pages
          .flatMap((page) => page.items)
          .map((event) => (
            <Table.Tr key={event.ordinal}>
              <Table.Td>{dateTime(event.at)}</Table.Td>
              <Table.Td>{event.actor}</Table.Td>
              <Table.Td>{event.sourceAddress}</Table.Td>
              <Table.Td className="fc-mono">{event.action}</Table.Td>
              <Table.Td>{event.objectName || event.objectId}</Table.Td>
              <Table.Td className="fc-mono">
                {Object.keys(event.detail).length === 0 ? '' : JSON.stringify(event.detail)}
              </Table.Td>
            </Table.Tr>
          ))}
      </Rows>
      {query.hasNextPage && (
        <Button variant="default" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
          {t('more')}
        </Button>
      )}
    </Stack>
  );
}
