import { Alert, Button, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PhoneView } from '../../../contract/phones.ts';
import { request } from '../../api/client.ts';
import { ask } from '../../components/ask.tsx';
import { Icon } from '../../components/icon.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';

/** Says that the owner is shown no code, and lets who may see codes end that. */
export function OwnerConfirmation({ phone }: { phone: PhoneView }) {
  const { t } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const confirm = useMutation({
    mutationFn: () =>
      request('POST /phones/{name}/owner-confirmation', { path: { name: phone.name }, version: phone.version }),
    onSuccess: async () => {
      notifications.show({ message: t('code.ownerConfirmed') });
      await queries.invalidateQueries();
    },
  });
  if (!phone.codeWithheld || phone.ownerUserId === null) return null;
  const user = phone.ownerUserId;
  const onConfirm = async () => {
    const title = t('code.confirmOwnerTitle', { user });
    if (
      await ask({
        title,
        text: t('code.confirmOwnerText', { user }),
        confirm: t('code.confirmOwner'),
        cancel: t('action.cancel'),
      })
    )
      confirm.mutate();
  };
  return (
    <Alert color="yellow" variant="light" icon={<Icon name="alert" />}>
      <Stack gap={6} align="flex-start">
        <Text size="sm">{t('code.withheld', { user })}</Text>
        {can('codes.reveal') && (
          <Button size="xs" variant="default" loading={confirm.isPending} onClick={() => void onConfirm()}>
            {t('code.confirmOwner')}
          </Button>
        )}
        <ProblemNote error={confirm.error} />
      </Stack>
    </Alert>
  );
}
