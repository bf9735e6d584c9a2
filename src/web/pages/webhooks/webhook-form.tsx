import { Button, Checkbox, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { WebhookSecret, WebhookView } from '../../../contract/webhooks.ts';
import { request } from '../../api/client.ts';
import { useFieldErrors } from '../../components/form-parts.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';

export type Webhook = Static<typeof WebhookView>;
export const webhookEvents: readonly Webhook['events'][number][] = [
  'code.made',
  'code.revealed',
  'code.used',
  'code.expired',
  'code.refused',
  'phone.registered',
  'phone.lost',
];

/** Adds a webhook, or changes one. `onSaved` gets the secret of a new one. */
export function WebhookForm({
  webhook,
  onSaved,
}: {
  webhook: Webhook | undefined;
  onSaved: (name: string, secret: string | undefined) => void;
}) {
  const { t, lookup } = useText();
  const [name, setName] = useState(webhook?.name ?? '');
  const [url, setUrl] = useState(webhook?.url ?? 'https://');
  const [events, setEvents] = useState<readonly string[]>(webhook?.events ?? ['code.used', 'code.refused']);
  const [certificateAuthority, setAuthority] = useState(webhook?.certificateAuthority ?? '');
  const [enabled, setEnabled] = useState(webhook?.enabled ?? true);
  const save = useMutation({
    mutationFn: async () => {
      const body = { name: name.trim(), url: url.trim(), events, certificateAuthority, enabled };
      if (webhook === undefined)
        return (await request<Static<typeof WebhookSecret>>('POST', '/webhooks', { body })).body.secret;
      await request('PATCH', `/webhooks/${webhook.id}`, { body, version: webhook.version });
      return undefined;
    },
    onSuccess: (secret) => onSaved(name.trim(), secret),
  });
  const errors = useFieldErrors(save.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        <TextInput
          label={t('webhook.name')}
          required
          data-autofocus
          maxLength={64}
          value={name}
          error={errors['name']}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('webhook.url')}
          description={t('webhook.urlHelp')}
          required
          maxLength={2000}
          inputMode="url"
          spellCheck={false}
          value={url}
          error={errors['url']}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <Checkbox.Group
          label={t('webhook.events')}
          value={[...events]}
          error={errors['events']}
          onChange={(chosen) => setEvents(chosen)}
        >
          <Stack gap={6} mt={6}>
            {webhookEvents.map((each) => (
              <Checkbox key={each} value={each} label={lookup('webhookEvent', each)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Textarea
          label={t('webhook.ca')}
          description={t('webhook.caHelp')}
          autosize
          maxRows={6}
          spellCheck={false}
          value={certificateAuthority}
          error={errors['certificateAuthority']}
          onChange={(event) => setAuthority(event.currentTarget.value)}
        />
        <Switch
          label={t('webhook.enabled')}
          description={t('webhook.enabledHelp')}
          checked={enabled}
          onChange={(event) => setEnabled(event.currentTarget.checked)}
        />
        <ProblemNote error={save.error} />
        <Button type="submit" loading={save.isPending} disabled={name.trim() === '' || events.length === 0}>
          {t('action.save')}
        </Button>
      </Stack>
    </form>
  );
}
