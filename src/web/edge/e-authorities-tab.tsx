import { Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useReader } from './language.tsx';
import { Loaded, Rows } from './parts.tsx';
import { requestE as request } from './rest.ts';

export function EAuthoritiesTab() {
  const { t, dateTime } = useReader();
  const query = useQuery({
    queryKey: ['authorities'],
    queryFn: async ({ signal }) => (await request('GET /trusted-authorities', { signal })).body,
    refetchInterval: 10_000,
  });
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('authoritiesHelp')}
      </Text>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Text>{t('noAuthorities')}</Text>
          ) : (
            <Rows label={t('authorities')} heads={[t('subject'), t('issuer'), t('validUntil'), t('fingerprint')]}>
              {items.map((each) => (
                <Table.Tr key={each.sha256}>
                  <Table.Td>{each.subject}</Table.Td>
                  <Table.Td>{each.issuer}</Table.Td>
                  <Table.Td>{dateTime(each.notAfter)}</Table.Td>
                  <Table.Td className="fe-mono">{each.sha256.slice(0, 16)}…</Table.Td>
                </Table.Tr>
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Stack>
  );
}
