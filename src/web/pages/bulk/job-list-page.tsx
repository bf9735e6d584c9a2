import { Anchor, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { type BulkJobView, bulkJobKinds } from '../../../contract/bulk-jobs.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Page } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { useUrlState } from '../../components/use-url-state.ts';
import { useText } from '../../i18n/use-text.ts';
import { JobStatus } from './job-status.tsx';

/** Bulk Administration > Job Scheduler. */
export function JobListPage() {
  const { t, lookup, language, formatDateTime, formatNumber } = useText();
  const [read, write] = useUrlState();
  const columns: readonly Column<BulkJobView>[] = [
    {
      id: 'id',
      header: t('bulk.jobId'),
      width: 'minmax(90px, .4fr)',
      sort: 'id',
      render: (job) => (
        <Anchor component={Link} to={`/bulk/jobs/${job.id}`} className="fr-row-link" size="sm">
          {job.id}
        </Anchor>
      ),
    },
    {
      id: 'kind',
      header: t('bulk.jobKind'),
      width: 'minmax(190px, 1fr)',
      render: (job) =>
        job.dryRun ? t('bulk.dryRunOf', { job: lookup('bulkKind', job.kind) }) : lookup('bulkKind', job.kind),
    },
    {
      id: 'description',
      header: t('bulk.jobDescription'),
      width: 'minmax(160px, 1.5fr)',
      render: (job) => job.description || <span className="fr-dim">–</span>,
    },
    {
      id: 'state',
      header: t('phone.status'),
      width: 'minmax(180px, 1fr)',
      render: (job) => <JobStatus job={job} />,
    },
    {
      id: 'progress',
      header: t('bulk.progress'),
      width: 'minmax(150px, .8fr)',
      render: (job) =>
        t('bulk.progressRows', { done: formatNumber(job.progress.done), total: formatNumber(job.progress.total) }),
    },
    {
      id: 'submitted',
      header: t('bulk.submittedAt'),
      width: 'minmax(170px, .9fr)',
      render: (job) => formatDateTime(job.submittedAt),
    },
    { id: 'by', header: t('audit.actor'), width: 'minmax(100px, .6fr)', render: (job) => job.submittedBy },
  ];
  const hidden = read('completed') === 'hide';
  return (
    <Page title={t('nav.jobScheduler')} lead={t('bulk.jobsLead')}>
      <Stack gap="sm">
        <Group gap="xs" role="search">
          <SearchField
            label={t('bulk.searchJobs')}
            value={read('search') ?? ''}
            onSearch={(search) => write({ search })}
          />
          <Select
            className="fr-filter"
            aria-label={t('bulk.jobKind')}
            placeholder={t('bulk.allKinds')}
            data={bulkJobKinds.map((each) => ({ value: each, label: lookup('bulkKind', each) }))}
            value={read('kind') ?? null}
            onChange={(kind) => write({ kind: kind ?? undefined })}
            clearable
          />
          <Checkbox
            label={t('bulk.showCompleted')}
            checked={!hidden}
            onChange={(event) => write({ completed: event.currentTarget.checked ? undefined : 'hide' })}
          />
        </Group>
        <DataTable<BulkJobView>
          label={t('nav.jobScheduler')}
          path="/bulk/jobs"
          query={{ search: read('search'), kind: read('kind'), showCompleted: !hidden, language }}
          columns={columns}
          keyOf={(job) => String(job.id)}
          sort={read('sort') ?? '-id'}
          onSort={(sort) => write({ sort })}
          refresh={2_000}
          empty={<Text c="dimmed">{t('bulk.noJobs')}</Text>}
        />
      </Stack>
    </Page>
  );
}
