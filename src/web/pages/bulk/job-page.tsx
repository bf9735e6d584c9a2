import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { BulkJobView } from '../../../contract/bulk-jobs.ts';
import { download, request } from '../../api/client.ts';
import { type Fact, Facts } from '../../components/form-parts.tsx';
import { Icon } from '../../components/icon.tsx';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { BulkNotes } from './bulk-notes.tsx';
import { useFieldText } from './field-text.ts';
import { JobActions } from './job-actions.tsx';
import { JobRows } from './job-rows.tsx';
import { JobProgress, JobStatus } from './job-status.tsx';

/** One job: how far it is, what it did or would do row by row, its log, and the way back. */
export function JobPage() {
  const { t, lookup, language } = useText();
  const { id = '' } = useParams();
  const job = useQuery<BulkJobView>({
    queryKey: ['bulk-job', id, language],
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.state === 'processing'
        ? 1_000
        : state.data.state === 'completed'
          ? 10_000
          : 3_000,
    queryFn: async ({ signal }) =>
      (await request('GET /bulk/jobs/{id}', { path: { id }, query: { language }, signal })).body,
  });
  useFreshRows(job.data);
  if (job.data === undefined)
    return job.isError ? <ProblemNote error={job.error} onRetry={() => void job.refetch()} /> : <Loading />;
  const { data } = job;
  const kind = lookup('bulkKind', data.kind);
  return (
    <Page
      title={t('bulk.jobTitle', { id: data.id, job: data.dryRun ? t('bulk.dryRunOf', { job: kind }) : kind })}
      lead={
        <Group gap="xs" component="span">
          <JobStatus job={data} />
          <span>{data.description}</span>
        </Group>
      }
      actions={<JobActions job={data} />}
    >
      <Stack gap="lg">
        {data.refusal !== null && (
          <Alert color="red" variant="light" icon={<Icon name="alert" />} role="alert" title={data.refusal.detail}>
            {data.refusal.remedy}
          </Alert>
        )}
        {data.dryRun && data.state === 'completed' && data.result !== 'refused' && data.result !== 'failed' && (
          <Alert color="blue" variant="light" icon={<Icon name="info" />} role="status" title={t('bulk.dryRunDone')}>
            {data.kind === 'undo' ? (
              <>
                {t('bulk.dryRunUndoText')}{' '}
                {data.undoOf !== null && (
                  <Anchor component={Link} to={`/bulk/jobs/${data.undoOf}`} size="sm">
                    {t('bulk.job', { id: data.undoOf })}
                  </Anchor>
                )}
              </>
            ) : (
              t(data.may.run ? 'bulk.dryRunDoneText' : 'bulk.dryRunNothing')
            )}
          </Alert>
        )}
        <BulkNotes notes={data.notes} />
        <Panel title={t('bulk.progress')}>
          <Stack gap="md">
            <JobProgress job={data} />
            <Outcome job={data} />
          </Stack>
        </Panel>
        <JobRows job={data} />
        <Panel title={t('bulk.jobInformation')}>
          <JobFacts job={data} />
        </Panel>
      </Stack>
    </Page>
  );
}

/** The rows are asked for again whenever the job got further. */
function useFreshRows(job: BulkJobView | undefined): void {
  const queries = useQueryClient();
  const rows = job === undefined ? undefined : `/bulk/jobs/${job.id}/rows`;
  const where = job === undefined ? '' : [job.state, job.phase, job.progress.checked, job.progress.done].join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: where is how far the job is
  useEffect(() => {
    if (rows !== undefined) void queries.invalidateQueries({ queryKey: ['list', rows] });
  }, [queries, rows, where]);
}

/** The numbers in the end, the log, and the result as a file. */
function Outcome({ job }: { job: BulkJobView }) {
  const { t, formatNumber, language } = useText();
  const can = usePermission();
  const [failed, setFailed] = useState<unknown>();
  const { succeeded, failed: refused, kept } = job.progress;
  const path = { id: job.id };
  const save = (saving: Promise<void>) => {
    setFailed(undefined);
    saving.catch(setFailed);
  };
  const numbers = [
    job.dryRun
      ? t('bulk.wouldSucceed', { count: succeeded, shown: formatNumber(succeeded) })
      : t('bulk.succeeded', { count: succeeded, shown: formatNumber(succeeded) }),
    t('bulk.failed', { count: refused, shown: formatNumber(refused) }),
    ...(job.kind === 'undo' ? [t('bulk.kept', { count: kept, shown: formatNumber(kept) })] : []),
  ];
  return (
    <>
      <Text size="sm">{numbers.join(' · ')}</Text>
      {job.kind === 'undo' && kept > 0 && <Text size="sm">{t('bulk.keptText')}</Text>}
      <Group gap="xs">
        {job.logFileName !== null && (
          <Button
            variant="default"
            size="xs"
            leftSection={<Icon name="download" size={14} />}
            onClick={() => save(download(job.logFileName!, 'GET /bulk/jobs/{id}/log', { path, query: { language } }))}
          >
            {t('bulk.log', { name: job.logFileName })}
          </Button>
        )}
        {job.state === 'completed' && !job.dryRun && (can('bulk.run') || can('codes.reveal')) && (
          <Button
            variant="default"
            size="xs"
            leftSection={<Icon name="download" size={14} />}
            onClick={() => save(download(`job-${job.id}.csv`, 'GET /bulk/jobs/{id}/result.csv', { path }))}
          >
            {can('codes.reveal') ? t('bulk.resultWithCodes') : t('bulk.result')}
          </Button>
        )}
      </Group>
      <ProblemNote error={failed} />
    </>
  );
}

function JobFacts({ job }: { job: BulkJobView }) {
  const { t, formatExact } = useText();
  const fieldText = useFieldText();
  const yesNo = (value: boolean) => (value ? t('value.yes') : t('value.no'));
  const at = (label: string, instant: string | null): Fact | undefined =>
    instant === null ? undefined : [label, formatExact(instant)];
  const toJob = (id: number) => (
    <Anchor component={Link} to={`/bulk/jobs/${id}`} size="sm">
      {t('bulk.job', { id })}
    </Anchor>
  );
  return (
    <Facts
      facts={[
        job.file === null ? undefined : [t('bulk.file'), job.file],
        job.template === null ? undefined : [t('bulk.template'), job.template],
        job.kind === 'insert-phones' ? [t('bulk.dummyMac'), yesNo(job.createDummyMacAddress)] : undefined,
        job.kind === 'insert-phones' ? [t('bulk.override'), yesNo(job.override)] : undefined,
        job.refuseOnErrors ? [t('bulk.refuseOnErrors'), yesNo(true)] : undefined,
        job.selection === null ? undefined : [t('bulk.which'), <SelectionText key="which" selection={job.selection} />],
        job.change === null
          ? undefined
          : [
              t('bulk.change'),
              Object.entries(job.change)
                .map(
                  ([field, value]) =>
                    `${fieldText(field)}: ${typeof value === 'boolean' ? yesNo(value) : (value ?? t('field.none'))}`,
                )
                .join('; '),
            ],
        [t('audit.actor'), job.submittedBy],
        at(t('bulk.submittedAt'), job.submittedAt),
        at(t('bulk.runAt'), job.runAt),
        at(t('bulk.startedAt'), job.startedAt),
        at(t('bulk.endedAt'), job.endedAt),
        job.node === null ? undefined : [t('registration.node'), job.node],
        job.undoOf === null ? undefined : [t('bulk.undoOf'), toJob(job.undoOf)],
        job.undoneBy === null ? undefined : [t('bulk.undoneBy'), toJob(job.undoneBy)],
      ]}
    />
  );
}

function SelectionText({ selection }: { selection: NonNullable<BulkJobView['selection']> }) {
  const { t } = useText();
  const fieldText = useFieldText();
  if (selection.names !== undefined) return <>{t('bulk.namesCount', { count: selection.names.length })}</>;
  if (selection.file !== undefined) return <>{selection.file}</>;
  const parts = Object.entries(selection.query ?? {}).filter(([field]) => field !== 'all');
  if (parts.length === 0) return <>{t('bulk.meantEvery')}</>;
  return <>{parts.map(([field, value]) => `${fieldText(field)}: ${String(value)}`).join('; ')}</>;
}
