import { Button, Checkbox, Group, Stack, Text, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Static } from 'typebox';
import type { AccessControl } from '../../contract/edge-c.ts';
import { isProblem } from '../api/problem.ts';
import { OthersChanges } from '../components/others-changes.tsx';
import { useDraft } from '../components/use-draft.ts';
import { useReader } from './language.tsx';
import { Loaded, Problem } from './parts.tsx';
import { requestC as request } from './rest.ts';

type Settings = Static<typeof AccessControl>;

const labels = { oauth: 'oauth', activation: 'activation', domains: 'domains' } as const;

export function CAccessTab() {
  const query = useQuery({
    queryKey: ['access-control'],
    queryFn: ({ signal }) => request('GET /access-control', { signal }),
  });
  return <Loaded query={query}>{({ body, version }) => <Form settings={body} version={version} />}</Loaded>;
}

function Form({ settings, version }: { settings: Settings; version: number | undefined }) {
  const { t, language } = useReader();
  const queries = useQueryClient();
  const draft = useDraft(
    {
      oauth: settings.authorizeByOauthTokenWithRefresh,
      activation: settings.allowActivationCodeOnboarding,
      domains: settings.domains.join('\n'),
    },
    version,
  );
  const { oauth, activation, domains } = draft.values;
  const [error, setError] = useState<unknown>();
  const [saved, setSaved] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    setSaved(false);
    try {
      const body: Settings = {
        authorizeByOauthTokenWithRefresh: oauth,
        allowActivationCodeOnboarding: activation,
        domains: domains.split(/[\s,]+/).filter((domain) => domain !== ''),
      };
      const next = await request('PUT /access-control', { body, version: draft.version });
      draft.reset();
      queries.setQueryData(['access-control'], next);
      setSaved(true);
    } catch (failure) {
      setError(failure);
      if (isProblem(failure, 'version_conflict')) await queries.invalidateQueries({ queryKey: ['access-control'] });
    }
  };
  return (
    <form className="fr-panel" onSubmit={(event) => void save(event)}>
      <Stack>
        <Checkbox
          label={t('oauth')}
          description={t('oauthHelp')}
          checked={oauth}
          onChange={(event) => draft.set('oauth', event.currentTarget.checked)}
        />
        <Checkbox
          label={t('activation')}
          description={t('activationHelp')}
          checked={activation}
          onChange={(event) => draft.set('activation', event.currentTarget.checked)}
        />
        <Textarea
          label={t('domains')}
          description={t('domainsHelp')}
          value={domains}
          onChange={(event) => draft.set('domains', event.currentTarget.value)}
          rows={4}
          spellCheck={false}
        />
        <OthersChanges draft={draft} language={language} label={(field) => t(labels[field])} />
        <Problem error={error} />
        <Group>
          <Button type="submit" disabled={draft.clashing}>
            {t('save')}
          </Button>
          {saved && (
            <Text size="sm" role="status">
              {t('saved')}
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  );
}
