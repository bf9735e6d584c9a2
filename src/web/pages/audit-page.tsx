import { Alert, Button, Drawer, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { AuditEvent, AuditVerification } from '../../contract/audit-events.ts';
import { download, request } from '../api/client.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Icon } from '../components/icon.tsx';
import { Page } from '../components/page.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { ScrollRegion } from '../components/scroll-region.tsx';
import { SearchField } from '../components/search-field.tsx';
import { useUrlState } from '../components/use-url-state.ts';
import { useText } from '../i18n/use-text.ts';

type Event = Static<typeof AuditEvent>;
type Verification = Static<typeof AuditVerification>;

const families = [
  'activation-code',
  'activation',
  'phone',
  'device-default',
  'user',
  'session',
  'sign-in',
  'certificate',
  'service',
  'service-parameter',
  'enterprise-parameter',
] as const;

/** `device-pool.changed` in words: a text of its own, or the kind of object and what was done to it. */
function useActionText(): (action: string) => string {
  const { t, lookup } = useText();
  return (action) => {
    const dot = action.lastIndexOf('.');
    const what = lookup('kind', action.slice(0, dot));
    const verb = action.slice(dot + 1);
    const composed = isVerb(verb) ? t(`auditVerb.${verb}`, { what }) : action;
    return lookup('auditAction', action, composed);
  };
}

const isVerb = (text: string): text is 'created' | 'changed' | 'deleted' =>
  text === 'created' || text === 'changed' || text === 'deleted';

/** Who did what: search, verify, export. */
export function AuditPage() {
  const { t, lookup, formatExact, formatNumber } = useText();
  const actionText = useActionText();
  const [read, write] = useUrlState();
  const [shown, setShown] = useState<Event>();
  const [exportError, setExportError] = useState<unknown>();
  const verify = useMutation({
    mutationFn: async () => (await request('GET /audit-events/verification')).body,
  });
  const day = (name: string, plusDays = 0) => {
    const text = read(name);
    if (text === undefined) return undefined;
    const date = new Date(`${text}T00:00:00`);
    if (Number.isNaN(date.getTime())) return undefined;
    date.setDate(date.getDate() + plusDays);
    return date.toISOString();
  };
  const columns: readonly Column<Event>[] = [
    {
      id: 'at',
      header: t('audit.at'),
      width: 'minmax(180px, 1fr)',
      sort: 'at',
      render: (event) => <time dateTime={event.at}>{formatExact(event.at)}</time>,
    },
    { id: 'actor', header: t('audit.actor'), width: 'minmax(140px, .8fr)', render: (event) => event.actor },
    {
      id: 'action',
      header: t('audit.action'),
      width: 'minmax(220px, 1.3fr)',
      render: (event) => (
        <button type="button" className="fr-link fr-row-link" onClick={() => setShown(event)}>
          {actionText(event.action)}
        </button>
      ),
    },
    {
      id: 'object',
      header: t('audit.object'),
      width: 'minmax(190px, 1.2fr)',
      render: (event) => event.objectName || event.objectId || '–',
    },
    {
      id: 'from',
      header: t('audit.from'),
      width: 'minmax(130px, .8fr)',
      render: (event) => event.sourceAddress || '–',
    },
    {
      id: 'seq',
      header: t('audit.seq'),
      width: 'minmax(90px, .5fr)',
      render: (event) => (event.seq === null ? '…' : formatNumber(event.seq)),
    },
  ];
  return (
    <Page
      title={t('nav.auditLog')}
      lead={t('audit.lead')}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<Icon name="shield" size={16} />}
            loading={verify.isPending}
            onClick={() => verify.mutate()}
          >
            {t('audit.verify')}
          </Button>
          <Button
            variant="default"
            leftSection={<Icon name="download" size={16} />}
            onClick={() => {
              setExportError(undefined);
              download('audit-events.jsonl', 'GET /audit-events/export').catch(setExportError);
            }}
          >
            {t('audit.export')}
          </Button>
        </>
      }
    >
      <Stack gap="sm">
        <ProblemNote error={verify.error ?? exportError} />
        {verify.data !== undefined && <VerificationNote result={verify.data} />}
        <Group gap="xs" role="search" align="flex-end">
          <SearchField
            label={t('audit.search')}
            value={read('search') ?? ''}
            onSearch={(search) => write({ search })}
          />
          <Select
            className="fr-filter"
            aria-label={t('audit.action')}
            placeholder={t('audit.allActions')}
            data={families.map((each) => ({ value: each, label: lookup('auditFamily', each) }))}
            value={read('action') ?? null}
            onChange={(action) => write({ action: action ?? undefined })}
            clearable
            searchable
          />
          <TextInput
            className="fr-filter"
            aria-label={t('audit.actor')}
            placeholder={t('audit.actor')}
            defaultValue={read('actor') ?? ''}
            onBlur={(event) => write({ actor: event.currentTarget.value.trim() })}
            onKeyDown={(event) => event.key === 'Enter' && write({ actor: event.currentTarget.value.trim() })}
          />
          <TextInput
            className="fr-filter"
            type="date"
            label={t('audit.fromDate')}
            value={read('from') ?? ''}
            onChange={(event) => write({ from: event.currentTarget.value })}
          />
          <TextInput
            className="fr-filter"
            type="date"
            label={t('audit.toDate')}
            value={read('to') ?? ''}
            onChange={(event) => write({ to: event.currentTarget.value })}
          />
        </Group>
        <DataTable<Event>
          label={t('nav.auditLog')}
          path="/audit-events"
          query={{
            search: read('search'),
            action: read('action'),
            actor: read('actor'),
            from: day('from'),
            to: day('to', 1),
          }}
          columns={columns}
          keyOf={(event) => event.id}
          sort={read('sort') ?? '-at'}
          onSort={(sort) => write({ sort })}
          empty={<Text c="dimmed">{t('list.noneFound')}</Text>}
        />
      </Stack>
      <Drawer
        opened={shown !== undefined}
        onClose={() => setShown(undefined)}
        position="right"
        title={t('audit.event')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {shown !== undefined && <EventDetail event={shown} />}
      </Drawer>
    </Page>
  );
}

function VerificationNote({ result }: { result: Verification }) {
  const { t, formatNumber } = useText();
  const good = result.intact && result.sealing.goesOn;
  return (
    <Alert
      color={good ? 'green' : 'red'}
      variant="light"
      icon={<Icon name={good ? 'check' : 'alert'} />}
      role={good ? 'status' : 'alert'}
      title={good ? t('audit.intact') : t('audit.broken')}
    >
      <Text size="sm">
        {t('audit.checked', { events: formatNumber(result.events), checkpoints: formatNumber(result.checkpoints) })}
      </Text>
      {result.head !== null && (
        <Text size="sm">
          {t('audit.head')} <code className="fr-hash">{result.head}</code>
        </Text>
      )}
      {!result.sealing.goesOn && (
        <Text size="sm" fw={600}>
          {t('audit.sealingStopped', { reason: result.sealing.reason ?? '' })}
        </Text>
      )}
      {result.notes.map((note) => (
        <Text size="sm" key={note}>
          {note}
        </Text>
      ))}
      {result.findings.length > 0 && (
        <ul className="fr-list">
          {result.findings.slice(0, 50).map((each) => (
            <li key={`${each.seq}${each.problem}${each.message}`}>{each.message}</li>
          ))}
        </ul>
      )}
    </Alert>
  );
}

function EventDetail({ event }: { event: Event }) {
  const { t, lookup, formatExact } = useText();
  const actionText = useActionText();
  const facts: readonly (readonly [string, string])[] = [
    [t('audit.action'), `${actionText(event.action)} (${event.action})`],
    [t('audit.at'), formatExact(event.at)],
    [t('audit.actor'), event.actor],
    [t('audit.from'), event.sourceAddress || '–'],
    [t('registration.node'), event.node || '–'],
    [t('audit.object'), `${lookup('kind', event.objectKind)} ${event.objectName}`],
    [t('audit.seq'), event.seq === null ? t('audit.notSealed') : String(event.seq)],
  ];
  return (
    <Stack gap="md">
      <dl className="fr-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div>
        <Text size="sm" fw={600}>
          {t('audit.detail')}
        </Text>
        <ScrollRegion className="fr-json" label={t('audit.detail')}>
          <pre>{JSON.stringify(event.detail, null, 2)}</pre>
        </ScrollRegion>
      </div>
      {event.hash !== null && (
        <div>
          <Text size="sm" fw={600}>
            {t('audit.hash')}
          </Text>
          <code className="fr-hash">{event.hash}</code>
        </div>
      )}
    </Stack>
  );
}
