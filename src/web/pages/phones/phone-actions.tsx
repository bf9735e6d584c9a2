import { Button, Group, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { PhoneView } from '../../../contract/phones.ts';
import { request } from '../../api/client.ts';
import { leavingKey } from '../../api/leaving.ts';
import { ask } from '../../components/ask.tsx';
import { Icon } from '../../components/icon.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { useUndoOfDeletion } from './restore-phone.ts';

/** Restart, reset, replace, delete. */
export function PhoneActions({ phone }: { phone: PhoneView }) {
  const { t } = useText();
  const go = useNavigate();
  const queries = useQueryClient();
  const offerUndo = useUndoOfDeletion(phone);
  const control = useMutation({
    mutationFn: (action: 'reset' | 'restart') =>
      request(`POST /phones/{name}/${action}`, { path: { name: phone.name } }),
    onSuccess: () => notifications.show({ message: t('phone.asked') }),
  });
  const gone = (key: unknown) => [phone.id, phone.name].some((each) => JSON.stringify(key).includes(each));
  const remove = useMutation({
    mutationKey: leavingKey,
    mutationFn: async () => {
      await queries.cancelQueries({ predicate: ({ queryKey }) => gone(queryKey) });
      return request('DELETE /phones/{name}', { path: { name: phone.name }, version: phone.version });
    },
    onSuccess: async () => {
      offerUndo();
      await go('/device/phones');
      await queries.invalidateQueries({ predicate: ({ queryKey }) => !gone(queryKey) });
    },
  });
  const replace = useMutation({
    mutationFn: async () =>
      (await request('POST /phones/{name}/replace', { path: { name: phone.name }, version: phone.version })).body,
    onSuccess: async (renamed) => {
      await go(`/device/phones/${renamed.name}`);
      await queries.invalidateQueries();
    },
  });
  const sure = async (text: { title: string; text: string; confirm: string }, then: () => void) => {
    if (await ask({ ...text, cancel: t('action.cancel'), dangerous: true })) then();
  };
  const unreachable = phone.registration === null;
  return (
    <div>
      <Group gap="xs" justify="flex-end">
        <Button
          variant="default"
          disabled={unreachable}
          title={unreachable ? t('phone.notReachable') : undefined}
          loading={control.isPending}
          onClick={() => control.mutate('restart')}
        >
          {t('phone.restart')}
        </Button>
        <Button
          variant="default"
          disabled={unreachable}
          title={unreachable ? t('phone.notReachable') : undefined}
          onClick={() => control.mutate('reset')}
        >
          {t('phone.reset')}
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="default"
              rightSection={<Icon name="chevronDown" size={14} />}
              loading={remove.isPending || replace.isPending}
            >
              {t('action.more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<Icon name="refresh" size={16} />}
              onClick={() =>
                void sure(
                  {
                    title: t('phone.replaceTitle'),
                    text: t('phone.replaceText', { name: phone.name, model: phone.model }),
                    confirm: t('phone.replace'),
                  },
                  () => replace.mutate(),
                )
              }
            >
              {t('phone.replace')}
            </Menu.Item>
            <Menu.Item
              leftSection={<Icon name="trash" size={16} />}
              className="fr-bad-text"
              onClick={() =>
                void sure(
                  {
                    title: t('phone.deleteTitle'),
                    text: `${t('phone.deleteText', { name: phone.name })} ${t('phone.deleteUndo')}`,
                    confirm: t('action.delete'),
                  },
                  () => remove.mutate(),
                )
              }
            >
              {t('action.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      <ProblemNote error={control.error ?? remove.error ?? replace.error} />
    </div>
  );
}
