import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../api/client.ts';
import { Panel } from '../components/page.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { Status } from '../components/status.tsx';
import { useText } from '../i18n/use-text.ts';
import { usePermission } from '../session/session.ts';

/** How e-mail goes, the password for the mail server, and a message to try it. */
export function MailPanel() {
  const { t, formatNumber, language } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const mail = useQuery({
    queryKey: ['mail', language],
    refetchInterval: 5_000,
    queryFn: async ({ signal }) => (await request('GET /mail', { query: { language }, signal })).body,
  });
  const setSecret = useMutation({
    mutationFn: (secret: string | null) => request('PUT /mail/password', { body: { password: secret } }),
    onSuccess: async () => {
      setPassword('');
      notifications.show({ message: t('mail.passwordSaved') });
      await queries.invalidateQueries({ queryKey: ['mail'] });
    },
  });
  const test = useMutation({
    mutationFn: async () => (await request('POST /mail/test')).body,
    onSuccess: ({ to }) => notifications.show({ message: t('mail.testSent', { to }) }),
  });
  if (mail.data === undefined) return <ProblemNote error={mail.error} />;
  const { data } = mail;
  return (
    <Panel
      title={t('mail.title')}
      aside={
        data.setUp ? <Status tone="good">{t('mail.setUp')}</Status> : <Status tone="quiet">{t('mail.notSetUp')}</Status>
      }
    >
      <Stack gap="md">
        <dl className="fr-facts">
          <div>
            <dt>{t('mail.queued')}</dt>
            <dd>{formatNumber(data.queued)}</dd>
          </div>
          <div>
            <dt>{t('mail.sentLastDay')}</dt>
            <dd>{formatNumber(data.sentLastDay)}</dd>
          </div>
          <div>
            <dt>{t('mail.failedLastDay')}</dt>
            <dd>{formatNumber(data.failedLastDay)}</dd>
          </div>
        </dl>
        {data.failures.length > 0 && (
          <ul className="fr-list">
            {data.failures.map((each) => (
              <li key={`${each.name}${each.endedAt}`}>
                {each.name}: {each.cause} {each.remedy}
              </li>
            ))}
          </ul>
        )}
        {can('system.write') && (
          <>
            <Group gap="xs" align="flex-end">
              <PasswordInput
                className="fr-grow"
                label={t('mail.password')}
                description={
                  data.passwordFrom === 'environment'
                    ? t('mail.passwordFromEnvironment')
                    : data.passwordSet
                      ? t('mail.passwordSet')
                      : t('mail.passwordNone')
                }
                autoComplete="off"
                disabled={data.passwordFrom === 'environment'}
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
                visibilityToggleButtonProps={{
                  'aria-label': t('signIn.showPassword'),
                  tabIndex: 0,
                  'aria-hidden': false,
                }}
              />
              <Button
                variant="default"
                disabled={password === ''}
                loading={setSecret.isPending}
                onClick={() => setSecret.mutate(password)}
              >
                {t('mail.savePassword')}
              </Button>
              {data.passwordFrom === 'database' && (
                <Button variant="default" onClick={() => setSecret.mutate(null)}>
                  {t('mail.removePassword')}
                </Button>
              )}
            </Group>
            <Group gap="xs">
              <Button variant="default" disabled={!data.setUp} loading={test.isPending} onClick={() => test.mutate()}>
                {t('mail.test')}
              </Button>
              <Text size="sm" c="dimmed">
                {t('mail.testHelp')}
              </Text>
            </Group>
          </>
        )}
        <ProblemNote error={setSecret.error ?? test.error} />
      </Stack>
    </Panel>
  );
}
