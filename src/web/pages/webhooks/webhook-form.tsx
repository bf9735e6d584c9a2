import { Button, Checkbox, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Static } from 'typebox';
import type { WebhookView } from '../../../contract/webhooks.ts';
import { request } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import { SaveProblem, useFieldErrors } from '../../components/form-parts.tsx';
import { OthersChanges } from '../../components/others-changes.tsx';
import { useDraft } from '../../components/use-draft.ts';
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
  'audit.sealed',
  'audit.alarm',
];

interface WebhookDraft {
  readonly name: string;
  readonly url: string;
  readonly events: Webhook['events'];
  readonly certificateAuthority: string;
  readonly enabled: boolean;
}

const newWebhook: WebhookDraft = {
  name: '',
  url: 'https://',
  events: ['code.used', 'code.refused'],
  certificateAuthority: '',
  enabled: true,
};

const draftOf = ({ name, url, events, certificateAuthority, enabled }: Webhook): WebhookDraft => ({
  name,
  url,
  events,
  certificateAuthority: certificateAuthority ?? '',
  enabled,
});

const labels = {
  name: 'webhook.name',
  url: 'webhook.url',
  events: 'webhook.events',
  certificateAuthority: 'webhook.ca',
  enabled: 'webhook.enabled',
} as const;

/** Adds a webhook, or changes one. `onSaved` gets the secret of a new one. */
export function WebhookForm({
  webhook,
  onSaved,
}: {
  webhook: Webhook | undefined;
  onSaved: (name: string, secret: string | undefined) => void;
}) {
  const { t, lookup, language } = useText();
  const queries = useQueryClient();
  const draft = useDraft(webhook === undefined ? newWebhook : draftOf(webhook), webhook?.version);
  const { values, set } = draft;
  const save = useMutation({
    mutationFn: async () => {
      const trimmed = { ...values, name: values.name.trim(), url: values.url.trim() };
      if (webhook === undefined) return (await request('POST /webhooks', { body: trimmed })).body.secret;
      const body = Object.fromEntries(
        (Object.keys(draft.changes) as (keyof WebhookDraft)[]).map((field) => [field, trimmed[field]]),
      );
      if (draft.dirty)
        await request('PATCH /webhooks/{id}', { path: { id: webhook.id }, body, version: draft.version });
      return undefined;
    },
    onSuccess: (secret) => onSaved(values.name.trim(), secret),
    onError: async (error) => {
      if (isProblem(error, 'version_conflict')) await queries.invalidateQueries({ queryKey: ['webhooks'] });
    },
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
          value={values.name}
          error={errors['name']}
          onChange={(event) => set('name', event.currentTarget.value)}
        />
        <TextInput
          label={t('webhook.url')}
          description={t('webhook.urlHelp')}
          required
          maxLength={2000}
          inputMode="url"
          spellCheck={false}
          value={values.url}
          error={errors['url']}
          onChange={(event) => set('url', event.currentTarget.value)}
        />
        <Checkbox.Group
          label={t('webhook.events')}
          value={[...values.events]}
          error={errors['events']}
          onChange={(chosen) => set('events', chosen as Webhook['events'])}
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
          value={values.certificateAuthority}
          error={errors['certificateAuthority']}
          onChange={(event) => set('certificateAuthority', event.currentTarget.value)}
        />
        <Switch
          label={t('webhook.enabled')}
          description={t('webhook.enabledHelp')}
          checked={values.enabled}
          onChange={(event) => set('enabled', event.currentTarget.checked)}
        />
        <OthersChanges
          draft={draft}
          language={language}
          label={(field) => t(labels[field])}
          show={(field, value) =>
            field === 'events'
              ? (value as readonly string[]).map((each) => lookup('webhookEvent', each)).join(', ')
              : undefined
          }
        />
        <SaveProblem error={save.error} />
        <Button
          type="submit"
          loading={save.isPending}
          disabled={draft.clashing || values.name.trim() === '' || values.events.length === 0}
        >
          {t('action.save')}
        </Button>
      </Stack>
    </form>
  );
}
