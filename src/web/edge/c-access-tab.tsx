import { Button, Checkbox, Group, Stack, Text, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Static } from 'typebox';
import type { AccessControl } from '../../contract/edge-c.ts';
import { request } from '../api/client.ts';
import { useReader } from './language.tsx';
import { Loaded, Problem } from './parts.tsx';

type Settings = Static<typeof AccessControl>;

export function CAccessTab() {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['access-control'],
    queryFn: async ({ signal }) => (await request<Settings>('GET', '/access-control', { signal })).body,
  });
  return (
    <Loaded query={query}>
      {(settings) => <Form settings={settings} onSaved={(next) => queries.setQueryData(['access-control'], next)} />}
    </Loaded>
  );
}

function Form({ settings, onSaved }: { settings: Settings; onSaved: (next: Settings) => void }) {
  const { t } = useReader();
  const [oauth, setOauth] = useState(settings.authorizeByOauthTokenWithRefresh);
  const [activation, setActivation] = useState(settings.allowActivationCodeOnboarding);
  const [domains, setDomains] = useState(settings.domains.join('\n'));
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
      const next = (await request<Settings>('PUT', '/access-control', { body })).body;
      setDomains(next.domains.join('\n'));
      onSaved(next);
      setSaved(true);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <form className="fr-panel" onSubmit={(event) => void save(event)}>
      <Stack>
        <Checkbox
          label={t('oauth')}
          description={t('oauthHelp')}
          checked={oauth}
          onChange={(event) => setOauth(event.currentTarget.checked)}
        />
        <Checkbox
          label={t('activation')}
          description={t('activationHelp')}
          checked={activation}
          onChange={(event) => setActivation(event.currentTarget.checked)}
        />
        <Textarea
          label={t('domains')}
          description={t('domainsHelp')}
          value={domains}
          onChange={(event) => setDomains(event.currentTarget.value)}
          rows={4}
          spellCheck={false}
        />
        <Problem error={error} />
        <Group>
          <Button type="submit">{t('save')}</Button>
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
