import { Button, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Static } from 'typebox';
import type { WebhookDeliveries } from '../../../contract/webhooks.ts';
import { request } from '../../api/client.ts';
import { Loading } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { Status, type Tone } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';

type Deliveries = Static<typeof WebhookDeliveries>;
const tones: Readonly<Record<Deliveries['items'][number]['state'], Tone>> = {
  waiting: 'warn',
  delivered: 'good',
  'given-up': 'bad',
};

/** The newest fifty things a webhook was told, or will be. */
export function WebhookDeliveryList({ id, name }: { id: string; name: string }) {
  const { t, lookup, formatDateTime } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const queryKey = ['webhook-deliveries', id];
  const deliveries = useQuery<Deliveries>({
    queryKey,
    refetchInterval: 3_000,
    queryFn: async ({ signal }) => (await request('GET /webhooks/{id}/deliveries', { path: { id }, signal })).body,
  });
  const repeat = useMutation({
    mutationFn: (delivery: string) =>
      request('POST /webhooks/{id}/deliveries/{deliveryId}/repeat', { path: { id, deliveryId: delivery } }),
    onSuccess: () => queries.invalidateQueries({ queryKey }),
  });
  if (deliveries.isPending) return <Loading />;
  if (deliveries.data === undefined)
    return <ProblemNote error={deliveries.error} onRetry={() => void deliveries.refetch()} />;
  if (deliveries.data.items.length === 0) return <Text c="dimmed">{t('webhook.noDeliveries')}</Text>;
  return (
    <>
      <ProblemNote error={repeat.error} />
      <ScrollRegion label={`${t('webhook.deliveries')}: ${name}`} className="fr-short-table">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('webhook.at')}</Table.Th>
              <Table.Th>{t('webhook.event')}</Table.Th>
              <Table.Th>{t('webhook.about')}</Table.Th>
              <Table.Th>{t('webhook.outcome')}</Table.Th>
              <Table.Th>{t('webhook.attempts')}</Table.Th>
              {can('system.write') && <Table.Th>{t('webhook.repeat')}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {deliveries.data.items.map((each) => (
              <Table.Tr key={each.id}>
                <Table.Td>{formatDateTime(each.createdAt)}</Table.Td>
                <Table.Td>{lookup('webhookEvent', each.event)}</Table.Td>
                <Table.Td className="fr-mono">{aboutWhat(each.payload)}</Table.Td>
                <Table.Td>
                  <Status tone={tones[each.state]}>{lookup('webhookOutcome', each.state)}</Status>
                  {each.lastError !== '' && (
                    <Text size="xs" c="dimmed">
                      {each.lastError}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{each.attempts}</Table.Td>
                {can('system.write') && (
                  <Table.Td>
                    {each.state !== 'waiting' && (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        loading={repeat.isPending && repeat.variables === each.id}
                        onClick={() => repeat.mutate(each.id)}
                      >
                        {t('webhook.repeat')}
                      </Button>
                    )}
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollRegion>
    </>
  );
}

/** Which phone it is about, as the payload names it. */
function aboutWhat(payload: object): string {
  const { deviceName, mac } = payload as { readonly deviceName?: string; readonly mac?: string };
  return deviceName ?? mac ?? '–';
}
