import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { requestAt } from '../api/client.ts';
import { useText } from '../i18n/use-text.ts';
import { ask } from './ask.tsx';
import { Icon } from './icon.tsx';
import { ProblemNote } from './problem-note.tsx';
import { showUndo } from './undo-note.tsx';

/** Deletes one object after asking, leads back to its list, and offers to restore it where that can be done. */
export function DeleteButton({
  name,
  question,
  path,
  version,
  back,
  restore,
}: {
  name: string;
  /** What deleting means. */
  question: string;
  path: string;
  version: number | undefined;
  /** Where the list is in the console. */
  back: string;
  restore?: () => Promise<unknown>;
}) {
  const { t } = useText();
  const go = useNavigate();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => requestAt('DELETE', path, { version }),
    onSuccess: async () => {
      const done = t('resource.deleted', { name });
      if (restore === undefined) notifications.show({ message: done });
      else
        showUndo({ done, undo: t('action.undo'), failed: t('resource.notRestored', { name }) }, async () => {
          await restore();
          await queries.invalidateQueries();
        });
      await go(back);
      await queries.invalidateQueries();
    },
  });
  const onDelete = async () => {
    const yes = await ask({
      title: t('resource.deleteTitle', { name }),
      text: question,
      confirm: t('action.delete'),
      cancel: t('action.cancel'),
      dangerous: true,
    });
    if (yes) remove.mutate();
  };
  return (
    <div className="fr-delete">
      <Button
        variant="default"
        leftSection={<Icon name="trash" size={16} />}
        loading={remove.isPending}
        onClick={() => void onDelete()}
      >
        {t('action.delete')}
      </Button>
      <ProblemNote error={remove.error} />
    </div>
  );
}
