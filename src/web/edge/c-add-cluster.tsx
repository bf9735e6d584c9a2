import { Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Static } from 'typebox';
import type { ClusterAuthority } from '../../contract/edge-c.ts';
import { useReader } from './language.tsx';
import { Facts, Problem } from './parts.tsx';
import { requestC as request } from './rest.ts';

type Authority = Static<typeof ClusterAuthority>;

/** In two steps: a person compares the fingerprint before a password is sent anywhere. */
export function AddCluster({ onAdded }: { onAdded: () => void }) {
  const { t } = useReader();
  const [url, setUrl] = useState('https://');
  const [authority, setAuthority] = useState<Authority>();
  const [user, setUser] = useState('admin');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const doing = async (work: () => Promise<void>) => {
    setError(undefined);
    setBusy(true);
    try {
      await work();
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void doing(async () => {
      if (authority === undefined) {
        setAuthority((await request('POST /clusters/look', { body: { url } })).body);
        return;
      }
      await request('POST /clusters', { body: { url, user, password, clusterCa: authority.pem } });
      setAuthority(undefined);
      setPassword('');
      setUrl('https://');
      onAdded();
    });
  };
  return (
    <form className="fr-panel" onSubmit={submit}>
      <Stack>
        <Title order={2} size="h4">
          {t('addCluster')}
        </Title>
        <TextInput
          label={t('nodeAddress')}
          placeholder="https://ucm-a.example.org:8443"
          value={url}
          onChange={(event) => {
            setUrl(event.currentTarget.value);
            setAuthority(undefined);
          }}
          required
        />
        {authority !== undefined && (
          <>
            <Text size="sm">{t('compare')}</Text>
            <Facts
              facts={[
                [t('subject'), authority.subject],
                [
                  t('fingerprint'),
                  <span key="print" className="fe-mono">
                    {authority.sha256}
                  </span>,
                ],
              ]}
            />
            <TextInput
              label={t('clusterUser')}
              value={user}
              onChange={(event) => setUser(event.currentTarget.value)}
              autoComplete="off"
              required
            />
            <PasswordInput
              label={t('clusterPassword')}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              autoComplete="off"
              required
            />
          </>
        )}
        <Problem error={error} />
        <Group>
          <Button type="submit" loading={busy}>
            {authority === undefined ? t('look') : `${t('isRight')}: ${t('add')}`}
          </Button>
          {authority !== undefined && (
            <Button variant="default" onClick={() => setAuthority(undefined)}>
              {t('cancel')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
