import { Button, Modal, PasswordInput, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { request } from '../api/client.ts';
import { ProblemNote } from '../components/problem-note.tsx';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session.ts';
import { NewPasswordStrength } from './new-password-strength.tsx';

/** A change of one's own password. */
export function PasswordDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useText();
  const { person } = useSession();
  const [currentPassword, setCurrent] = useState('');
  const [newPassword, setNew] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const leave = () => {
    setCurrent('');
    setNew('');
    setError(undefined);
    onClose();
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await request('PUT /me/password', { body: { currentPassword, newPassword } });
      leave();
      notifications.show({ message: t('account.passwordChanged') });
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  const toggle = { 'aria-label': t('signIn.showPassword'), tabIndex: 0, 'aria-hidden': false };
  return (
    <Modal
      opened={opened}
      onClose={leave}
      title={t('account.changePassword')}
      centered
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form onSubmit={(event) => void save(event)}>
        <Stack>
          <PasswordInput
            label={t('account.currentPassword')}
            required
            data-autofocus
            autoComplete="current-password"
            value={currentPassword}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            visibilityToggleButtonProps={toggle}
          />
          <PasswordInput
            label={t('account.newPassword')}
            required
            autoComplete="new-password"
            value={newPassword}
            onChange={(event) => setNew(event.currentTarget.value)}
            visibilityToggleButtonProps={toggle}
          />
          <NewPasswordStrength
            password={newPassword}
            roles={person?.roles ?? []}
            about={[person?.userId ?? '', person?.firstName ?? '', person?.lastName ?? '']}
          />
          <ProblemNote error={error} />
          <Button type="submit" loading={busy}>
            {t('action.save')}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
