import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Static } from 'typebox';
import type { Expressway } from '../../../contract/expressways.ts';
import { request } from '../../api/client.ts';
import { ask } from '../../components/ask.tsx';
import { Facts } from '../../components/form-parts.tsx';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { TokenKeysPanel } from './token-keys-panel.tsx';

const queryKey = 'expressways';

/** Advanced Features > Expressway-C: who may speak for phones outside, and what their tokens are signed with. */
export function ExpresswaysPage() {
  const { t } = useText();
  const list = useQuery({
    queryKey: [queryKey],
    queryFn: async ({ signal }) => (await request('GET /expressways', { signal })).body.items,
  });
  return (
    <Page title={t('nav.expressways')} lead={t('expressway.lead')}>
      <Stack gap="md">
        {list.isPending && <Loading />}
        <ProblemNote error={list.error} onRetry={() => void list.refetch()} />
        {list.data?.length === 0 && (
          <Panel title={t('expressway.none')}>
            <Text size="sm">{t('expressway.noneText')}</Text>
          </Panel>
        )}
        {list.data?.map((each) => (
          <ExpresswayPanel key={each.id} expressway={each} />
        ))}
        <TokenKeysPanel />
      </Stack>
    </Page>
  );
}

function ExpresswayPanel({ expressway }: { expressway: Static<typeof Expressway> }) {
  const { t, formatDate, formatDateTime } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => request('DELETE /expressways/{id}', { path: { id: expressway.id } }),
    onSuccess: () => notifications.show({ message: t('expressway.removed') }),
    onSettled: () => queries.invalidateQueries({ queryKey: [queryKey] }),
  });
  const onRemove = async () => {
    const yes = await ask({
      title: t('expressway.removeTitle', { name: expressway.name }),
      text: t('expressway.removeText'),
      confirm: t('expressway.remove'),
      cancel: t('action.cancel'),
      dangerous: true,
    });
    if (yes) remove.mutate();
  };
  return (
    <Panel title={expressway.name}>
      <Stack gap="md">
        <Facts
          facts={[
            [
              t('expressway.added'),
              t('expressway.addedBy', { when: formatDateTime(expressway.createdAt), who: expressway.createdBy }),
            ],
            [t('expressway.subject'), expressway.subject],
            [t('expressway.notAfter'), formatDate(expressway.notAfter)],
            [
              t('expressway.certificate'),
              <span key="sha256" className="fr-mono">
                {expressway.sha256}
              </span>,
            ],
          ]}
        />
        <ProblemNote error={remove.error} />
        {can('system.write') && (
          <Group>
            <Button variant="default" color="red.8" loading={remove.isPending} onClick={() => void onRemove()}>
              {t('expressway.remove')}
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}
