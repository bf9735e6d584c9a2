import { ActionIcon, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { MicDenial } from '../../../contract/mic-deny-list.ts';
import { request } from '../../api/client.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { useFieldErrors } from '../../components/form-parts.tsx';
import { Icon } from '../../components/icon.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { showUndo } from '../../components/undo-note.tsx';
import { useUrlState } from '../../components/use-url-state.ts';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { FailedProofsPanel } from './failed-proofs-panel.tsx';
import { RevocationListsPanel } from './revocation-lists-panel.tsx';

type Denial = Static<typeof MicDenial>;
const kinds = ['mac', 'serial', 'key'] as const;

/** Certificates > Denied certificates: phones that are never let in, however good their certificate looks. */
export function DeniedMicsPage() {
  const { t, lookup, formatDateTime } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const [read, write] = useUrlState();
  const [adding, setAdding] = useState(false);
  const refresh = () => queries.invalidateQueries({ queryKey: ['list', '/mic-deny-list'] });
  const allow = useMutation({
    mutationFn: (denial: Denial) =>
      request('DELETE /mic-deny-list/{kind}/{value}', { path: { kind: denial.kind, value: denial.value } }),
    onSuccess: async (_, { kind, value, reason }) => {
      showUndo(
        {
          done: t('denied.allowed', { value }),
          undo: t('action.undo'),
          failed: t('resource.notRestored', { name: value }),
        },
        async () => {
          await request('POST /mic-deny-list', { body: { kind, value, reason } });
          await refresh();
        },
      );
      await refresh();
    },
  });
  const columns: readonly Column<Denial>[] = [
    {
      id: 'value',
      header: t('denied.value'),
      width: 'minmax(240px, 2fr)',
      sort: 'value',
      render: (each) => <span className="fr-mono">{each.value}</span>,
    },
    {
      id: 'kind',
      header: t('denied.kind'),
      width: 'minmax(170px, 1fr)',
      sort: 'kind',
      render: (each) => lookup('deniedKind', each.kind),
    },
    { id: 'reason', header: t('denied.reason'), width: 'minmax(180px, 2fr)', render: (each) => each.reason || '–' },
    {
      id: 'since',
      header: t('registration.since'),
      width: 'minmax(170px, 1fr)',
      render: (each) => formatDateTime(each.createdAt),
    },
    ...(can('system.write')
      ? [
          {
            id: 'allow',
            header: t('denied.allow'),
            width: 'minmax(110px, .4fr)',
            render: (each: Denial) => (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('denied.allowOne', { value: each.value })}
                title={t('denied.allow')}
                onClick={() => allow.mutate(each)}
              >
                <Icon name="trash" size={16} />
              </ActionIcon>
            ),
          },
        ]
      : []),
  ];
  return (
    <Page
      title={t('nav.deniedMics')}
      lead={t('denied.lead')}
      actions={
        can('system.write') ? (
          <Button leftSection={<Icon name="plus" />} onClick={() => setAdding(true)}>
            {t('denied.add')}
          </Button>
        ) : undefined
      }
    >
      <Stack gap="sm">
        <ProblemNote error={allow.error} />
        <Group gap="xs" role="search">
          <SearchField
            label={t('denied.search')}
            value={read('search') ?? ''}
            onSearch={(search) => write({ search })}
          />
          <Select
            className="fr-filter"
            aria-label={t('denied.kind')}
            placeholder={t('denied.allKinds')}
            data={kinds.map((each) => ({ value: each, label: lookup('deniedKind', each) }))}
            value={read('kind') ?? null}
            onChange={(kind) => write({ kind: kind ?? undefined })}
            clearable
          />
        </Group>
        <DataTable<Denial>
          label={t('nav.deniedMics')}
          path="/mic-deny-list"
          query={{ search: read('search'), kind: read('kind') }}
          columns={columns}
          keyOf={(each) => `${each.kind}${each.value}`}
          sort={read('sort') ?? 'value'}
          onSort={(sort) => write({ sort })}
          empty={<Text c="dimmed">{t('denied.none')}</Text>}
        />
        <RevocationListsPanel />
        <FailedProofsPanel />
      </Stack>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={t('denied.add')}
        centered
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <DenyForm
          onDone={async (value) => {
            setAdding(false);
            notifications.show({ message: t('denied.added', { value }) });
            await refresh();
          }}
        />
      </Modal>
    </Page>
  );
}

function DenyForm({ onDone }: { onDone: (value: string) => Promise<void> }) {
  const { t, lookup } = useText();
  const [kind, setKind] = useState<Denial['kind']>('mac');
  const [value, setValue] = useState('');
  const [reason, setReason] = useState('');
  const add = useMutation({
    mutationFn: async () =>
      (await request('POST /mic-deny-list', { body: { kind, value: value.trim(), reason: reason.trim() } })).body,
    onSuccess: (added) => onDone(added.value),
  });
  const errors = useFieldErrors(add.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Stack>
        <Select
          label={t('denied.kind')}
          allowDeselect={false}
          data={kinds.map((each) => ({ value: each, label: lookup('deniedKind', each) }))}
          value={kind}
          onChange={(next) => next !== null && setKind(next as Denial['kind'])}
        />
        <TextInput
          label={lookup('deniedKind', kind)}
          description={lookup('deniedKindHelp', kind)}
          required
          data-autofocus
          maxLength={128}
          autoComplete="off"
          spellCheck={false}
          value={value}
          error={errors['value']}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <TextInput
          label={t('denied.reason')}
          description={t('denied.reasonHelp')}
          maxLength={256}
          value={reason}
          error={errors['reason']}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ProblemNote error={add.error} />
        <Button type="submit" color="red.8" loading={add.isPending} disabled={value.trim() === ''}>
          {t('denied.deny')}
        </Button>
      </Stack>
    </form>
  );
}
