import '../../styles/bulk.css';
import { Anchor, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { BulkJobView, BulkRowView } from '../../../contract/bulk-jobs.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/page.tsx';
import { Status, type Tone } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';
import { NoteList } from './bulk-notes.tsx';
import { useFieldText } from './field-text.ts';

const tones: Readonly<Record<BulkRowView['state'], Tone>> = {
  waiting: 'quiet',
  ready: 'busy',
  done: 'good',
  failed: 'bad',
  kept: 'warn',
};
const states = Object.keys(tones);

/** Row by row what is made, changed or refused, with what differs before and after. */
export function JobRows({ job }: { job: BulkJobView }) {
  const { t, lookup, language, formatNumber } = useText();
  const [state, setState] = useState<string | null>(null);
  const [noted, setNoted] = useState(false);
  const columns: readonly Column<BulkRowView>[] = [
    {
      id: 'line',
      header: t('bulk.row'),
      width: 'minmax(70px, .3fr)',
      sort: 'line',
      render: (row) => formatNumber(row.line),
    },
    {
      id: 'state',
      header: t('phone.status'),
      width: 'minmax(170px, .7fr)',
      render: (row) => (
        <Status tone={tones[row.state]}>
          {row.state === 'done' && job.dryRun ? t('bulk.wouldDo') : lookup('bulkRowState', row.state)}
        </Status>
      ),
    },
    {
      id: 'phone',
      header: t('kind.phone'),
      width: 'minmax(190px, .9fr)',
      render: (row) => (
        <>
          <span>{row.action === null ? '' : lookup('bulkAction', row.action)}</span>{' '}
          {row.name === null ? (
            <span className="fr-dim">{row.mac ?? ''}</span>
          ) : (
            <Anchor component={Link} to={`/device/phones/${row.name}`} ff="monospace" size="sm">
              {row.name}
            </Anchor>
          )}
        </>
      ),
    },
    {
      id: 'what',
      header: t('bulk.what'),
      width: 'minmax(320px, 3fr)',
      render: (row) => (
        <>
          <What row={row} />
          {row.notes.length > 0 && <NoteList notes={row.notes} />}
        </>
      ),
    },
  ];
  return (
    <Panel title={t('bulk.rows')}>
      <Stack gap="sm">
        <Group gap="xs">
          <Select
            className="fr-filter"
            aria-label={t('phone.status')}
            placeholder={t('bulk.allRows')}
            data={states.map((each) => ({ value: each, label: lookup('bulkRowState', each) }))}
            value={state}
            onChange={setState}
            clearable
          />
          {job.progress.noted > 0 && (
            <Checkbox
              label={t('bulk.onlyNoted')}
              checked={noted}
              onChange={(event) => setNoted(event.currentTarget.checked)}
            />
          )}
        </Group>
        <DataTable<BulkRowView>
          label={t('bulk.rows')}
          path={`/bulk/jobs/${job.id}/rows`}
          query={{ state: state ?? undefined, noted: noted ? 'true' : undefined, language }}
          columns={columns}
          keyOf={(row) => String(row.line)}
          sort="line"
          refresh={job.state === 'processing' ? 2_000 : 10_000}
          wrap
          empty={<Text c="dimmed">{t('bulk.noRows')}</Text>}
        />
      </Stack>
    </Panel>
  );
}

/** The errors of a row, else the diff. */
function What({ row }: { row: BulkRowView }) {
  const { t } = useText();
  const fieldText = useFieldText();
  if (row.errors.length > 0)
    return (
      <ul className="fr-list">
        {row.errors.map((each, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell may have two faults
          <li key={index}>
            {each.column !== null && <strong>{each.column}: </strong>}
            {each.detail} {each.remedy}
          </li>
        ))}
      </ul>
    );
  if (row.changes.length === 0) return <span className="fr-dim">–</span>;
  return (
    <dl className="fr-diff">
      {row.changes.map((each) => (
        <div key={each.field}>
          <dt>{fieldText(each.field)}</dt>
          <dd>
            {each.from !== null && (
              <del>
                <span className="fr-visually-hidden">{t('bulk.before')} </span>
                {each.from}
              </del>
            )}{' '}
            {each.to !== null && (
              <ins>
                <span className="fr-visually-hidden">{t('bulk.after')} </span>
                {each.to}
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
