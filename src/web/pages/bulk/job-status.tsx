import { Progress, Text } from '@mantine/core';
import type { BulkJobView } from '../../../contract/bulk-jobs.ts';
import { Status, type Tone } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';

const results: Readonly<Record<NonNullable<BulkJobView['result']>, Tone>> = {
  success: 'good',
  'with-errors': 'warn',
  refused: 'bad',
  failed: 'bad',
};

/** State and, once it has ended, the result of a job. */
export function JobStatus({ job }: { job: BulkJobView }) {
  const { t, lookup } = useText();
  if (job.state === 'completed' && job.result !== null) {
    if (job.result === 'success' && job.notes.length > 0) return <Status tone="warn">{t('bulk.successNotes')}</Status>;
    // Rows that undo leaves are no errors.
    if (job.result === 'with-errors' && job.progress.failed === 0)
      return <Status tone="good">{t(job.dryRun ? 'bulk.dryRunResult' : 'bulk.keptResult')}</Status>;
    return <Status tone={results[job.result]}>{lookup('bulkResult', job.result)}</Status>;
  }
  if (job.stopping) return <Status tone="warn">{t('bulk.stopping')}</Status>;
  if (job.state === 'processing') return <Status tone="busy">{lookup('bulkPhase', job.phase)}</Status>;
  return (
    <Status tone={job.state === 'hold' ? 'warn' : 'quiet'} icon={job.state === 'hold' ? 'lock' : 'clock'}>
      {lookup('bulkState', job.state)}
    </Status>
  );
}

/** How far a job is, how fast it goes, and about how long it will take. */
export function JobProgress({ job }: { job: BulkJobView }) {
  const { t, formatNumber, formatDuration } = useText();
  const { progress } = job;
  const checking = job.state === 'processing' && job.phase !== 'working';
  const done = checking ? progress.checked : progress.done;
  const facts = [
    t('bulk.progressRows', { done: formatNumber(done), total: formatNumber(progress.total) }),
    progress.rowsPerSecond === null
      ? ''
      : t('bulk.progressRate', {
          count: Math.round(progress.rowsPerSecond),
          shown: formatNumber(Math.round(progress.rowsPerSecond)),
        }),
    progress.secondsLeft === null ? '' : t('bulk.progressLeft', { time: formatDuration(progress.secondsLeft) }),
  ].filter(Boolean);
  return (
    <div>
      <Progress
        value={progress.percent}
        size="lg"
        aria-label={t('bulk.progress')}
        animated={job.state === 'processing'}
        color={job.result === 'refused' || job.result === 'failed' ? 'red' : 'firstring'}
      />
      <Text size="sm" c="dimmed" mt={6} role="status">
        {facts.join(' · ')}
      </Text>
    </div>
  );
}
