import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { PhoneView } from '../../../contract/phones.ts';
import { requestAt } from '../../api/client.ts';
import { useFieldErrors } from '../../components/form-parts.tsx';
import { useText } from '../../i18n/use-text.ts';

/** Adds a phone and goes to its page. `done`: forgets what was typed, so that nothing asks about it. */
export function useAddPhone(path: string, body: () => Record<string, unknown>, done: () => void) {
  const { t } = useText();
  const go = useNavigate();
  const queries = useQueryClient();
  const add = useMutation({
    mutationFn: async () => (await requestAt<PhoneView>('POST', path, { body: body() })).body,
    onSuccess: async (phone) => {
      done();
      notifications.show({ message: t('phones.added', { name: phone.name }) });
      await queries.invalidateQueries({ queryKey: ['list'] });
      await go(`/device/phones/${phone.name}`);
    },
  });
  return { add, errors: useFieldErrors(add.error), under: add.isPending || add.isSuccess };
}
