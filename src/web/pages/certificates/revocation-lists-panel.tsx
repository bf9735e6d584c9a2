import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { Static } from 'typebox';
import type { RevocationList } from '../../../contract/certificate-revocation-lists.ts';
import { request } from '../../api/client.ts';
import { upload } from '../../api/upload.ts';
import { ask } from '../../components/ask.tsx';
import { Facts } from '../../components/form-parts.tsx';
import { Icon } from '../../components/icon.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Status } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { commonName } from './certificate-parts.tsx';

type List = Static<typeof RevocationList>;
const queryKey = ['certificate-revocation-lists'];

/** What manufacturers revoked: one list of each authority, the newest. */
export function RevocationListsPanel() {
  const { t } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const resetFile = useRef<() => void>(null);
  const lists = useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await request('GET /certificate-revocation-lists', { signal })).body.items,
  });
  const add = useMutation({
    mutationFn: (file: File) =>
      upload('POST /certificate-revocation-lists', { octets: { type: 'application/pkix-crl', bytes: file } }),
    onSuccess: ({ issuer, entries }) =>
      notifications.show({ message: t('crl.added', { name: commonName(issuer), count: entries }) }),
    onSettled: () => {
      // So that the same file can be chosen again.
      resetFile.current?.();
      return queries.invalidateQueries({ queryKey });
    },
  });
  return (
    <Panel
      title={t('crl.title')}
      aside={
        can('system.write') && (
          <FileButton
            resetRef={resetFile}
            accept=".crl,.pem,.der,application/pkix-crl"
            onChange={(file) => file !== null && add.mutate(file)}
          >
            {(props) => (
              <Button
                {...props}
                variant="default"
                loading={add.isPending}
                leftSection={<Icon name="upload" size={16} />}
              >
                {t('crl.upload')}
              </Button>
            )}
          </FileButton>
        )
      }
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('crl.lead')}
        </Text>
        <ProblemNote error={add.error ?? lists.error} />
        {lists.data?.length === 0 && <Text c="dimmed">{t('crl.none')}</Text>}
        {lists.data?.map((each) => (
          <ListFacts key={each.id} list={each} />
        ))}
      </Stack>
    </Panel>
  );
}

function ListFacts({ list }: { list: List }) {
  const { t, formatDateTime } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const name = commonName(list.issuer);
  const remove = useMutation({
    mutationFn: () => request('DELETE /certificate-revocation-lists/{id}', { path: { id: list.id } }),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const onRemove = async () => {
    const yes = await ask({
      title: t('crl.removeTitle', { name }),
      text: t('crl.removeText', { count: list.entries }),
      confirm: t('action.delete'),
      cancel: t('action.cancel'),
      dangerous: true,
    });
    if (yes) remove.mutate();
  };
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text fw={600}>{name}</Text>
        <Group gap="xs">
          {list.overdue ? (
            <Status tone="warn">{t('crl.overdue')}</Status>
          ) : (
            <Status tone="good">{t('crl.inForce')}</Status>
          )}
          {can('system.write') && (
            <Button
              size="xs"
              variant="default"
              loading={remove.isPending}
              aria-label={t('crl.removeOne', { name })}
              onClick={() => void onRemove()}
            >
              {t('action.delete')}
            </Button>
          )}
        </Group>
      </Group>
      <Facts
        facts={[
          [t('crl.entries'), String(list.entries)],
          list.number === null ? undefined : [t('crl.number'), list.number],
          [t('crl.thisUpdate'), formatDateTime(list.thisUpdate)],
          list.nextUpdate === null ? undefined : [t('crl.nextUpdate'), formatDateTime(list.nextUpdate)],
          list.partial ? [t('crl.scope'), t('crl.partial')] : undefined,
        ]}
      />
      {list.overdue && <Text size="sm">{t('crl.overdueText')}</Text>}
      <ProblemNote error={remove.error} />
    </Stack>
  );
}
