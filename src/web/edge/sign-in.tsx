import { Button, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useReader } from './language.tsx';
import { Problem } from './parts.tsx';
import { request } from './rest.ts';

export interface Administrator {
  readonly userId: string;
  readonly csrfToken: string;
}

export interface Role {
  readonly role: 'expressway-c' | 'expressway-e';
  readonly name: string;
}

export function SignIn({ here, onDone }: { here: Role; onDone: (who: Administrator) => void }) {
  const { t } = useReader();
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      onDone((await request('POST /session', { body: { userId: 'admin', password } })).body);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <main className="fe-frame">
      <form className="fe-sign-in fr-panel" onSubmit={(event) => void submit(event)}>
        <Stack>
          <Title order={1} size="h3">
            {t(here.role)} {here.name}
          </Title>
          {/* One administrator; the name helps password managers. */}
          <input type="hidden" name="username" autoComplete="username" value="admin" readOnly />
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
