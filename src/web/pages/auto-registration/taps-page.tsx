import { Anchor, Button, Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { TapsSessionView } from '../../../contract/taps.ts';
import { download, request } from '../../api/client.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Facts } from '../../components/form-parts.tsx';
import { Icon } from '../../components/icon.tsx';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Status, type Tone } from '../../components/status.tsx';
import { useUrlState } from '../../components/use-url-state.ts';
import { useText } from '../../i18n/use-text.ts';
import { SetupProblems } from './setup-problems.tsx';

const outcomes: Readonly<Record<TapsSessionView['outcome'], Tone>> = {
  open: 'busy',
  mapped: 'good',
  refused: 'bad',
  abandoned: 'quiet',
};

/** Bulk Administration > TAPS: whether it works, what it has to give away, and every call there was. */
export function TapsPage() {
  const { t, lookup, language, formatNumber, formatExact } = useText();
  const [read, write] = useUrlState();
  const [failed, setFailed] = useState<unknown>();
  const taps = useQuery({
    queryKey: ['taps'],
    refetchInterval: 5_000,
    queryFn: async ({ signal }) => (await request('GET /taps', { signal })).body,
  });
  if (taps.data === undefined)
    return taps.isError ? <ProblemNote error={taps.error} onRetry={() => void taps.refetch()} /> : <Loading />;
  const { data } = taps;
  const columns: readonly Column<TapsSessionView>[] = [
    {
      id: 'at',
      header: t('audit.at'),
      width: 'minmax(170px, .8fr)',
      sort: 'startedAt',
      render: (call) => <time dateTime={call.startedAt}>{formatExact(call.startedAt)}</time>,
    },
    {
      id: 'outcome',
      header: t('taps.outcome'),
      width: 'minmax(150px, .7fr)',
      render: (call) => <Status tone={outcomes[call.outcome]}>{lookup('tapsOutcome', call.outcome)}</Status>,
    },
    {
      id: 'from',
      header: t('taps.calledFrom'),
      width: 'minmax(200px, 1fr)',
      render: (call) => (
        <>
          <Anchor component={Link} to={`/device/phones/${call.deviceName}`} ff="monospace" size="sm">
            {call.deviceName}
          </Anchor>{' '}
          <span className="fr-dim">{[call.model, call.autoDirectoryNumber].filter(Boolean).join(' · ')}</span>
        </>
      ),
    },
    {
      id: 'entered',
      header: t('taps.entered'),
      width: 'minmax(150px, .8fr)',
      render: (call) => [call.directoryNumber, call.preparedName].filter(Boolean).join(' · ') || '–',
    },
    {
      id: 'why',
      header: t('taps.why'),
      width: 'minmax(240px, 1.8fr)',
      render: (call) => [call.cause, call.remedy].filter(Boolean).join(' ') || '–',
    },
  ];
  return (
    <Page
      title={t('nav.taps')}
      lead={t('taps.lead')}
      actions={
        <Button
          variant="default"
          leftSection={<Icon name="download" size={16} />}
          onClick={() => {
            setFailed(undefined);
            download('taps.log', 'GET /taps/log').catch(setFailed);
          }}
        >
          {t('taps.log')}
        </Button>
      }
    >
      <Stack gap="lg">
        <ProblemNote error={failed} />
        <div className="fr-narrow">
          <SetupProblems problems={data.problems} good={t('taps.works')} />
        </div>
        <Panel title={t('taps.how')}>
          <Stack gap="sm">
            <Facts
              facts={[
                [t('taps.number'), data.directoryNumber ?? t('taps.noNumber')],
                [t('taps.secured'), data.secured ? t('value.yes') : t('value.no')],
                [t('taps.locales'), data.locales.map((each) => lookup('tapsLocale', each)).join(', ')],
                [t('taps.prepared'), formatNumber(data.preparedPhones)],
                [t('taps.autoRegistered'), formatNumber(data.autoRegisteredPhones)],
                ...data.nodes.map(
                  (node) =>
                    [
                      node.node,
                      node.activated && node.up
                        ? t('taps.nodeOn', { count: node.openSessions, all: data.ports })
                        : node.activated
                          ? t('services.down')
                          : t('services.deactivated'),
                    ] as const,
                ),
              ]}
            />
            <Group gap="md">
              <Anchor component={Link} to="/system/service-parameters" size="sm">
                {t('nav.serviceParameters')}
              </Anchor>
              <Anchor component={Link} to="/serviceability/service-activation" size="sm">
                {t('nav.serviceActivation')}
              </Anchor>
              <Anchor component={Link} to="/system/auto-registration" size="sm">
                {t('nav.autoRegistration')}
              </Anchor>
            </Group>
          </Stack>
        </Panel>
        <Panel title={t('taps.calls')}>
          <Stack gap="sm">
            <Group gap="xs" role="search">
              <SearchField
                label={t('taps.search')}
                value={read('search') ?? ''}
                onSearch={(search) => write({ search })}
              />
              <Select
                className="fr-filter"
                aria-label={t('taps.outcome')}
                placeholder={t('taps.allOutcomes')}
                data={Object.keys(outcomes).map((each) => ({ value: each, label: lookup('tapsOutcome', each) }))}
                value={read('outcome') ?? null}
                onChange={(outcome) => write({ outcome: outcome ?? undefined })}
                clearable
              />
            </Group>
            <DataTable<TapsSessionView>
              label={t('taps.calls')}
              path="/taps/sessions"
              query={{ search: read('search'), outcome: read('outcome'), language }}
              columns={columns}
              keyOf={(call) => call.id}
              sort={read('sort') ?? '-startedAt'}
              onSort={(sort) => write({ sort })}
              refresh={3_000}
              wrap
              empty={<Text c="dimmed">{t('taps.noCalls')}</Text>}
            />
          </Stack>
        </Panel>
      </Stack>
    </Page>
  );
}
