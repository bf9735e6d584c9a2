import '../../styles/bulk.css';
import { Button, Group, Radio, Stack, Switch, TextInput } from '@mantine/core';
import { Icon } from '../../components/icon.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import type { RunDraft } from './transactions.ts';
import type { JobSubmission } from './use-submit-job.ts';

/** "Job Information": description, when to run, and the two ways to go: look first, or do it. */
export function RunPanel({
  draft,
  onChange,
  submission,
  ready,
  dangerous = false,
}: {
  draft: RunDraft;
  onChange: (draft: RunDraft) => void;
  submission: JobSubmission;
  ready: boolean;
  dangerous?: boolean;
}) {
  const { t } = useText();
  const set = (part: Partial<RunDraft>) => onChange({ ...draft, ...part });
  return (
    <>
      <Panel title={t('bulk.jobInformation')}>
        <Stack gap="md">
          <TextInput
            label={t('bulk.jobDescription')}
            maxLength={128}
            value={draft.description}
            onChange={(event) => set({ description: event.currentTarget.value })}
          />
          <Radio.Group
            label={t('bulk.when')}
            value={draft.run}
            onChange={(run) => set({ run: run as RunDraft['run'] })}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="immediately" label={t('bulk.runImmediately')} description={t('bulk.runImmediatelyHelp')} />
              <Radio value="later" label={t('bulk.runLater')} description={t('bulk.runLaterHelp')} />
            </Stack>
          </Radio.Group>
          {draft.run === 'later' && (
            <TextInput
              type="datetime-local"
              label={t('bulk.runAt')}
              description={t('bulk.runAtHelp')}
              className="fr-field-short"
              value={draft.runAt}
              error={submission.errors['runAt']}
              onChange={(event) => set({ runAt: event.currentTarget.value })}
            />
          )}
          <Switch
            label={t('bulk.refuseOnErrors')}
            description={t('bulk.refuseOnErrorsHelp')}
            checked={draft.refuseOnErrors}
            onChange={(event) => set({ refuseOnErrors: event.currentTarget.checked })}
          />
        </Stack>
      </Panel>
      <ProblemNote error={submission.error} />
      <Group gap="xs" justify="flex-end" className="fr-save-bar">
        <Button
          variant="default"
          leftSection={<Icon name="eye" size={16} />}
          disabled={!ready}
          loading={submission.pending === 'dry'}
          onClick={() => submission.submit(true)}
        >
          {t('bulk.dryRun')}
        </Button>
        <Button
          {...(dangerous ? { color: 'red.8' } : {})}
          disabled={!ready}
          loading={submission.pending === 'real'}
          onClick={() => submission.submit(false)}
        >
          {t('bulk.submit')}
        </Button>
      </Group>
    </>
  );
}
