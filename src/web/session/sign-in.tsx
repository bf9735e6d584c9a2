import { Button, Modal, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { ProblemNote } from '../components/problem-note.tsx';
import { useText } from '../i18n/use-text.ts';
import { BrandMark } from '../shell/brand.tsx';
import { ConnectionBanner } from '../shell/connection-banner.tsx';
import { HeaderMenus } from '../shell/shell.tsx';
import { signIn, useSession } from './session.ts';

function SignInForm({ userId: known, submit }: { userId?: string | undefined; submit: string }) {
  const { t } = useText();
  const [userId, setUserId] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await signIn(userId, password);
    } catch (cause) {
      setError(cause);
      setPassword('');
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void send(event)}>
      <Stack>
        <TextInput
          label={t('signIn.userId')}
          autoComplete="username"
          required
          data-autofocus={known === undefined || undefined}
          value={userId}
          onChange={(event) => setUserId(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('signIn.password')}
          autoComplete="current-password"
          required
          data-autofocus={known !== undefined || undefined}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword'), tabIndex: 0, 'aria-hidden': false }}
        />
        <ProblemNote error={error} />
        <Button type="submit" loading={busy} fullWidth>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}

export function SignInPage({ title, lead }: { title: string; lead: string }) {
  const { t } = useText();
  useEffect(() => {
    document.title = `${t('signIn.submit')} · Firstring`;
  }, [t]);
  return (
    <div className="fr-sign-in">
      <div className="fr-sign-in-top">
        <HeaderMenus />
      </div>
      <main className="fr-sign-in-box">
        <ConnectionBanner />
        <Paper className="fr-panel" p="xl">
          <Stack>
            <div className="fr-sign-in-head">
              <BrandMark size={40} />
              <div>
                <Title order={1} size="h3">
                  {title}
                </Title>
                <Text size="sm" c="dimmed">
                  {lead}
                </Text>
              </div>
            </div>
            <SignInForm submit={t('signIn.submit')} />
          </Stack>
        </Paper>
      </main>
    </div>
  );
}

/** Over the page when the session ended: what was typed stays where it is. */
export function SessionExpired() {
  const { t } = useText();
  const { kind, person } = useSession();
  return (
    <Modal
      opened={kind === 'expired'}
      onClose={() => {}}
      title={t('signIn.expired')}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
      centered
    >
      <Text size="sm" mb="md">
        {t('signIn.expiredText')}
      </Text>
      {kind === 'expired' && <SignInForm userId={person?.userId} submit={t('signIn.again')} />}
    </Modal>
  );
}
