import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { MailStatus } from '../../../contract/mail.ts';
import type { PhoneView } from '../../../contract/phones.ts';
import { request } from '../../api/client.ts';
import { useLeaving } from '../../api/leaving.ts';
import { Icon } from '../../components/icon.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Status, type Tone } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';

const tones: Readonly<Record<MailStatus['state'], Tone>> = {
  none: 'quiet',
  queued: 'busy',
  sent: 'good',
  failed: 'bad',
  cancelled: 'quiet',
};

/** Sends the owner the code, or the way to it, by e-mail, and tells what became of the message. */
export function EmailHandOver({ phone }: { phone: PhoneView }) {
  const { t, lookup, language, formatDateTime } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const leaving = useLeaving();
  const path = { name: phone.name };
  const status = useQuery({
    queryKey: ['e-mail', phone.id, language],
    refetchInterval: leaving ? false : 3_000,
    queryFn: async ({ signal }) =>
      (await request('GET /phones/{name}/activation-code/e-mail', { path, query: { language }, signal })).body,
  });
  const send = useMutation({
    mutationFn: () => request('POST /phones/{name}/activation-code/e-mail', { path }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['e-mail'] }),
  });
  const message = status.data;
  const shown = message !== undefined && message.state !== 'none';
  if (!can('codes.manage') && !shown) return null;
  return (
    <div className="fr-e-mail">
      <Group gap="xs">
        {can('codes.manage') && (
          <Button
            variant="default"
            leftSection={<Icon name="mail" size={16} />}
            disabled={phone.ownerUserId === null}
            loading={send.isPending}
            onClick={() => send.mutate()}
          >
            {message?.state === 'queued' ? t('mail.tryNow') : t('mail.send')}
          </Button>
        )}
        {shown && <Status tone={tones[message.state]}>{lookup('mailState', message.state)}</Status>}
      </Group>
      {phone.ownerUserId === null && (
        <Text size="sm" c="dimmed">
          {t('mail.noOwner')}
        </Text>
      )}
      {shown && message.to !== null && message.endedAt !== null && message.state === 'sent' && (
        <Text size="sm" c="dimmed">
          {t('mail.sentTo', { to: message.to, when: formatDateTime(message.endedAt) })}
        </Text>
      )}
      {shown && message.cause !== null && (
        <Text size="sm">
          {message.cause} {message.remedy}
        </Text>
      )}
      {shown && message.serverSaid !== null && message.serverSaid !== '' && message.state !== 'sent' && (
        <Text size="xs" c="dimmed">
          {t('mail.serverSaid', { text: message.serverSaid })}
        </Text>
      )}
      <ProblemNote error={send.error} />
    </div>
  );
}
