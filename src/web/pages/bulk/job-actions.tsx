import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { BulkJobView } from '../../../contract/bulk-jobs.ts';
import { request, requestAt } from '../../api/client.ts';
import { ask } from '../../components/ask.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { useAskAgain } from './ask-again.ts';

/** Hold, activate, stop, do what the dry run showed, take back, delete: whatever can be done with the job now. */
export function JobActions({ job }: { job: BulkJobView }) {
  const { t } = useText();
  const can = usePermission();
  const go = useNavigate();
  const queries = useQueryClient();
  const askAgain = useAskAgain();
  const [activating, setActivating] = useState(false);
  const act = useMutation({
    mutationFn: ({ what, body = {} }: { what: string; body?: object }) =>
      askAgain(
        async (again) =>
          (
            await requestAt<BulkJobView>('POST', `/bulk/jobs/${job.id}/${what}`, {
              body,
              ...(again ? { query: { again: 'true' } } : {}),
            })
          ).body,
      ),
    onSuccess: async (answer) => {
      if (answer.id !== job.id) await go(`/bulk/jobs/${answer.id}`);
      await queries.invalidateQueries({ queryKey: ['bulk-job'] });
    },
  });
  const remove = useMutation({
    mutationFn: () => request('DELETE /bulk/jobs/{id}', { path: { id: job.id } }),
    onSuccess: async () => {
      notifications.show({ message: t('bulk.jobDeleted', { id: job.id }) });
      await go('/bulk/jobs');
      await queries.invalidateQueries({ queryKey: ['list', '/bulk/jobs'] });
    },
  });
  if (!can('bulk.run')) return null;
  const sure = async (title: string, text: string, confirm: string) =>
    ask({ title, text, confirm, cancel: t('action.cancel'), dangerous: true });
  const onUndo = async () => {
    if (await sure(t('bulk.undoTitle', { id: job.id }), t('bulk.undoText'), t('bulk.undo')))
      act.mutate({ what: 'undo' });
  };
  const onStop = async () => {
    if (await sure(t('bulk.stopTitle', { id: job.id }), t('bulk.stopText'), t('bulk.stop')))
      act.mutate({ what: 'stop' });
  };
  const onRemove = async () => {
    if (await sure(t('bulk.deleteJobTitle', { id: job.id }), t('bulk.deleteJobText'), t('action.delete')))
      remove.mutate();
  };
  const { may } = job;
  const busy = act.isPending;
  return (
    <div>
      <Group gap="xs" justify="flex-end">
        {may.run && (
          <Button loading={busy} onClick={() => act.mutate({ what: 'run' })}>
            {t('bulk.runDryRun')}
          </Button>
        )}
        {may.activate && (
          <Button loading={busy} onClick={() => setActivating(true)}>
            {t('bulk.activate')}
          </Button>
        )}
        {may.hold && (
          <Button variant="default" loading={busy} onClick={() => act.mutate({ what: 'hold' })}>
            {t('bulk.hold')}
          </Button>
        )}
        {may.stop && (
          <Button variant="default" loading={busy} onClick={() => void onStop()}>
            {t('bulk.stop')}
          </Button>
        )}
        {may.undo && (
          <>
            <Button
              variant="default"
              loading={busy}
              onClick={() => act.mutate({ what: 'undo', body: { dryRun: true } })}
            >
              {t('bulk.undoDryRun')}
            </Button>
            <Button variant="default" loading={busy} onClick={() => void onUndo()}>
              {t('bulk.undo')}
            </Button>
          </>
        )}
        {may.delete && (
          <Button variant="default" loading={remove.isPending} onClick={() => void onRemove()}>
            {t('action.delete')}
          </Button>
        )}
      </Group>
      <ProblemNote error={act.error ?? remove.error} />
      <Modal
        opened={activating}
        onClose={() => setActivating(false)}
        title={t('bulk.activate')}
        centered
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <ActivateForm
          onActivate={(runAt) => {
            setActivating(false);
            act.mutate({ what: 'activate', body: runAt === '' ? {} : { runAt: new Date(runAt).toISOString() } });
          }}
        />
      </Modal>
    </div>
  );
}

function ActivateForm({ onActivate }: { onActivate: (runAt: string) => void }) {
  const { t } = useText();
  const [runAt, setRunAt] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onActivate(runAt);
      }}
    >
      <Stack>
        <Text size="sm">{t('bulk.activateText')}</Text>
        <TextInput
          type="datetime-local"
          label={t('bulk.runAt')}
          value={runAt}
          onChange={(event) => setRunAt(event.currentTarget.value)}
        />
        <Button type="submit">{t('bulk.activate')}</Button>
      </Stack>
    </form>
  );
}
