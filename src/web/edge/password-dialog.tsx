import { Button, Group, Modal, PasswordInput, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { administratorPassword } from '../../identifiers/password-strength.ts';
import { PasswordStrength } from '../components/password-strength.tsx';
import { useReader } from './language.tsx';
import { Problem } from './parts.tsx';
import { request } from './rest.ts';

export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useReader();
  const [currentPassword, setCurrent] = useState('');
  const [newPassword, setNew] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await request('PUT /password', { body: { current: currentPassword, password: newPassword } });
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('changePassword')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <PasswordInput
            label={t('currentPassword')}
            value={currentPassword}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            autoComplete="current-password"
            required
          />
          <PasswordInput
            label={t('newPassword')}
            value={newPassword}
            onChange={(event) => setNew(event.currentTarget.value)}
            autoComplete="new-password"
            minLength={administratorPassword.shortest}
            required
          />
          <PasswordStrength
            password={newPassword}
            rule={administratorPassword}
            about={['admin']}
            words={{ tooShort: t('passwordTooShort'), tooEasy: t('passwordTooEasy'), good: t('passwordGood') }}
          />
          <Problem error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
