import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/client.ts';
import { type Fact, Facts } from '../../components/form-parts.tsx';
import { Loading, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';

const queryKey = 'oauth-keys';

/** What access tokens are signed with, and a new key when somebody wants one before its time. */
export function TokenKeysPanel() {
  const { t, formatDateTime } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const keys = useQuery({
    queryKey: [queryKey],
    queryFn: async ({ signal }) => (await request('GET /oauth-keys', { signal })).body.items,
  });
  const make = useMutation({
    mutationFn: () => request('POST /oauth-keys'),
    onSuccess: () => notifications.show({ message: t('oauthKey.made') }),
    onSettled: () => queries.invalidateQueries({ queryKey: [queryKey] }),
  });
  return (
    <Panel title={t('oauthKey.title')}>
      <Stack gap="md">
        <Text size="sm">{t('oauthKey.text')}</Text>
        {keys.isPending && <Loading />}
        <ProblemNote error={keys.error ?? make.error} />
        {keys.data !== undefined && (
          <Facts
            facts={keys.data.map(({ kid, signsFrom, acceptedUntil }, at): Fact => {
              const begun = new Date(signsFrom).getTime() <= Date.now();
              const since = t(begun ? 'oauthKey.signsFrom' : 'oauthKey.signsSoon', { when: formatDateTime(signsFrom) });
              const until =
                acceptedUntil === null ? '' : t('oauthKey.acceptedUntil', { when: formatDateTime(acceptedUntil) });
              return [
                t('oauthKey.key', { number: at + 1 }),
                <Stack key={kid} gap={0}>
                  <span className="fr-mono">{kid}</span>
                  <span>{until === '' ? since : `${since} · ${until}`}</span>
                </Stack>,
              ];
            })}
          />
        )}
        {can('system.write') && (
          <Group>
            <Button variant="default" loading={make.isPending} onClick={() => make.mutate()}>
              {t('oauthKey.make')}
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}
