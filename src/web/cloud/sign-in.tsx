import { Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useReader } from './language.tsx';
import { Problem } from './parts.tsx';
import { request } from './rest.ts';

export interface Operator {
  readonly userId: string;
  readonly csrfToken: string;
}

export function SignIn({ onDone }: { onDone: (operator: Operator) => void }) {
  const { t } = useReader();
  const [userId, setUserId] = useState('operator');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      onDone((await request('POST /session', { body: { userId, password } })).body);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <main className="fc-frame">
      <form className="fc-sign-in fr-panel" onSubmit={(event) => void submit(event)}>
        <Stack>
          <Title order={1} size="h3">
            {t('title')}
          </Title>
          <TextInput
            label={t('userId')}
            value={userId}
            onChange={(event) => setUserId(event.currentTarget.value)}
            autoComplete="username"
            required
          />
          <PasswordInput
            label={t('password')}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            required
          />
          <Problem error={error} />
          <Button type="submit" loading={busy}>
            {t('signIn')}
          </Button>
          <Text size="xs" c="dimmed">
            {t('firstPassword')}
          </Text>
        </Stack>
      </form>
    </main>
  );
}
