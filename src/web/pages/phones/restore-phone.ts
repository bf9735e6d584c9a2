import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { PhoneView } from '../../../contract/phones.ts';
import { request } from '../../api/client.ts';
import { showUndo } from '../../components/undo-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { bodyOf, draftOf } from './phone-form.ts';

/** Offers to bring a phone back that was just deleted, and says what could not be brought back. */
export function useUndoOfDeletion(phone: PhoneView): () => void {
  const { t } = useText();
  const go = useNavigate();
  const queries = useQueryClient();
  const restore = async () => {
    const { body } = await request('POST /phones', {
      body: { model: phone.model, ...bodyOf(draftOf(phone)) },
    });
    const lost = [
      body.name === phone.name ? '' : t('phone.restoredName', { name: body.name }),
      phone.activationCode === null ? '' : body.requiresActivationCode ? t('phone.restoredCode') : '',
      phone.firstActivatedAt === null ? '' : t('phone.restoredActivation'),
    ].filter(Boolean);
    notifications.show({
      autoClose: lost.length > 0 ? 20_000 : 4_000,
      message: [t('phone.restored', { name: phone.name }), ...lost].join(' '),
    });
    await queries.invalidateQueries();
    await go(`/device/phones/${body.name}`);
  };
  return () =>
    showUndo(
      {
        done: t('phone.deleted', { name: phone.name }),
        undo: t('action.undo'),
        failed: t('resource.notRestored', { name: phone.name }),
      },
      restore,
    );
}
