import { Button, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Static } from 'typebox';
import type { FailedProofs } from '../../../contract/failed-proofs.ts';
import { request } from '../../api/client.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Status } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';

type Failed = Static<typeof FailedProofs>;
const path = '/failed-proofs';

/** Phones that failed to prove a code within a day, and which of them have to wait. */
export function FailedProofsPanel() {
  const { t, formatDateTime } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const forget = useMutation({
    mutationFn: ({ micSha256 }: Failed) => request('DELETE /failed-proofs/{micSha256}', { path: { micSha256 } }),
    onSuccess: (_, { mac }) => notifications.show({ message: t('failedProofs.forgotten', { mac }) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['list', path] }),
  });
  const columns: readonly Column<Failed>[] = [
    {
      id: 'mac',
      header: t('failedProofs.mac'),
      width: 'minmax(150px, 1fr)',
      render: (each) => <span className="fr-mono">{each.mac}</span>,
    },
    { id: 'failed', header: t('failedProofs.failed'), width: 'minmax(110px, .6fr)', render: (each) => each.failed },
    {
      id: 'newest',
      header: t('failedProofs.newest'),
      width: 'minmax(170px, 1fr)',
      render: (each) => formatDateTime(each.newest),
    },
    {
      id: 'state',
      header: t('failedProofs.state'),
      width: 'minmax(220px, 1.4fr)',
      render: (each) =>
        each.refusedUntil === null ? (
          t('failedProofs.mayTry')
        ) : (
          <Status tone="bad">{t('failedProofs.refusedUntil', { when: formatDateTime(each.refusedUntil) })}</Status>
        ),
    },
    ...(can('system.write')
      ? [
          {
            id: 'forget',
            header: t('failedProofs.forget'),
            width: 'minmax(130px, .6fr)',
            render: (each: Failed) => (
              <Button
                size="xs"
                variant="default"
                aria-label={t('failedProofs.forgetOne', { mac: each.mac })}
                onClick={() => forget.mutate(each)}
              >
                {t('failedProofs.forget')}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <Panel title={t('failedProofs.title')}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('failedProofs.lead')}
        </Text>
        <ProblemNote error={forget.error} />
        <DataTable<Failed>
          label={t('failedProofs.title')}
          path={path}
          query={{}}
          columns={columns}
          keyOf={(each) => each.micSha256}
          empty={<Text c="dimmed">{t('failedProofs.none')}</Text>}
        />
      </Stack>
    </Panel>
  );
}
