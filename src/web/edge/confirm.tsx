import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useReader } from './language.tsx';
import { Problem } from './parts.tsx';

/** Asks before something ends; shows what went wrong where it was asked. */
export function Confirm({
  text,
  onClose,
  onYes,
}: {
  text: string;
  onClose: () => void;
  onYes: () => Promise<unknown>;
}) {
  const { t } = useReader();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      await onYes();
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('remove')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Text size="sm">{text}</Text>
        <Problem error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button color="red" loading={busy} onClick={() => void go()}>
            {t('remove')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
