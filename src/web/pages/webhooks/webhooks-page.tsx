import { Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { WebhookList } from '../../../contract/webhooks.ts';
import { request } from '../../api/client.ts';
import { ask } from '../../components/ask.tsx';
import { Icon } from '../../components/icon.tsx';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Status } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { WebhookDeliveryList } from './webhook-deliveries.tsx';
import { type Webhook, WebhookForm } from './webhook-form.tsx';

const queryKey = ['webhooks'];

/** Serviceability > Webhooks: who is told of what happens, and how that goes. */
export function WebhooksPage() {
  const { t } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  /** `new`, or the id of the one whose form is open. */
  const [editing, setEditing] = useState<string>();
  const [secret, setSecret] = useState<{ name: string; text: string }>();
  const webhooks = useQuery<Static<typeof WebhookList>>({
    queryKey,
    refetchInterval: 3_000,
    queryFn: async ({ signal }) => (await request('GET /webhooks', { signal })).body,
  });
  const edited = webhooks.data?.items.find((each) => each.id === editing);
  const refresh = () => queries.invalidateQueries({ queryKey });
  return (
    <Page
      title={t('nav.webhooks')}
      lead={t('webhook.lead')}
      actions={
        can('system.write') ? (
          <Button leftSection={<Icon name="plus" />} onClick={() => setEditing('new')}>
            {t('webhook.add')}
          </Button>
        ) : undefined
      }
    >
      <Stack gap="md">
        {webhooks.isPending && <Loading />}
        <ProblemNote error={webhooks.error} onRetry={() => void webhooks.refetch()} />
        {webhooks.data?.items.length === 0 && <Text c="dimmed">{t('webhook.none')}</Text>}
        {webhooks.data?.items.map((each) => (
          <WebhookPanel
            key={each.id}
            webhook={each}
            onEdit={() => setEditing(each.id)}
            onSecret={(text) => setSecret({ name: each.name, text })}
            onChanged={() => void refresh()}
          />
        ))}
      </Stack>
      <Modal
        opened={editing === 'new' || edited !== undefined}
        onClose={() => setEditing(undefined)}
        title={edited === undefined ? t('webhook.add') : t('webhook.edit', { name: edited.name })}
        centered
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {(editing === 'new' || edited !== undefined) && (
          <WebhookForm
            webhook={edited}
            onSaved={(name, text) => {
              setEditing(undefined);
              if (text !== undefined) setSecret({ name, text });
              else notifications.show({ message: t('webhook.saved', { name }) });
              void refresh();
            }}
          />
        )}
      </Modal>
      <Modal
        opened={secret !== undefined}
        onClose={() => setSecret(undefined)}
        title={t('webhook.secretTitle', { name: secret?.name ?? '' })}
        centered
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Stack>
          <Text size="sm">{t('webhook.secretText')}</Text>
          <Code block>{secret?.text}</Code>
          <CopyButton value={secret?.text ?? ''}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={<Icon name={copied ? 'check' : 'copy'} size={14} />}
                onClick={copy}
              >
                {copied ? t('webhook.copied') : t('webhook.copy')}
              </Button>
            )}
          </CopyButton>
        </Stack>
      </Modal>
    </Page>
  );
}

function WebhookPanel({
  webhook,
  onEdit,
  onSecret,
  onChanged,
}: {
  webhook: Webhook;
  onEdit: () => void;
  onSecret: (text: string) => void;
  onChanged: () => void;
}) {
  const { t, lookup } = useText();
  const can = usePermission();
  const { id, name } = webhook;
  const test = useMutation({
    mutationFn: async () => (await request('POST /webhooks/{id}/test', { path: { id } })).body,
    onSuccess: onChanged,
  });
  const renew = useMutation({
    mutationFn: async () => (await request('POST /webhooks/{id}/secret', { path: { id } })).body,
    onSuccess: ({ secret }) => onSecret(secret),
  });
  const remove = useMutation({
    mutationFn: () => request('DELETE /webhooks/{id}', { path: { id } }),
    onSuccess: () => {
      notifications.show({ message: t('webhook.removed', { name }) });
      onChanged();
    },
  });
  const sure = (title: string, text: string) =>
    ask({ title, text, confirm: title, cancel: t('action.cancel'), dangerous: true });
  return (
    <Panel title={name}>
      <Stack gap="sm">
        <Group gap="md">
          <WebhookState webhook={webhook} />
          <span className="fr-mono">{webhook.url}</span>
        </Group>
        <Text size="sm">{webhook.events.map((each) => lookup('webhookEvent', each)).join(' · ')}</Text>
        {can('system.write') && (
          <Group gap="xs">
            <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
              {t('webhook.test')}
            </Button>
            <Button variant="default" onClick={onEdit}>
              {t('webhook.change')}
            </Button>
            <Button
              variant="default"
              loading={renew.isPending}
              onClick={async () => {
                if (await sure(t('webhook.renew'), t('webhook.renewText'))) renew.mutate();
              }}
            >
              {t('webhook.renew')}
            </Button>
            <Button
              variant="default"
              loading={remove.isPending}
              onClick={async () => {
                if (await sure(t('action.delete'), t('webhook.removeText'))) remove.mutate();
              }}
            >
              {t('action.delete')}
            </Button>
          </Group>
        )}
        <div role="status">
          {test.data !== undefined &&
            (test.data.delivered ? (
              <Status tone="good">{t('webhook.testTaken', { status: test.data.status ?? 0 })}</Status>
            ) : (
              <Status tone="bad">
                {t('webhook.testFailed')} {test.data.error}
              </Status>
            ))}
        </div>
        <ProblemNote error={test.error ?? renew.error ?? remove.error} />
        <Text fw={600} size="sm">
          {t('webhook.deliveries')}
        </Text>
        <WebhookDeliveryList id={id} name={name} />
      </Stack>
    </Panel>
  );
}

function WebhookState({ webhook }: { webhook: Webhook }) {
  const { t, formatDateTime } = useText();
  if (!webhook.enabled) return <Status tone="quiet">{t('webhook.off')}</Status>;
  if (webhook.lastError !== '') return <Status tone="bad">{webhook.lastError}</Status>;
  if (webhook.waiting > 0) return <Status tone="busy">{t('webhook.waiting', { count: webhook.waiting })}</Status>;
  if (webhook.lastDeliveredAt === null) return <Status tone="quiet">{t('webhook.idle')}</Status>;
  return <Status tone="good">{t('webhook.fine', { at: formatDateTime(webhook.lastDeliveredAt) })}</Status>;
}
