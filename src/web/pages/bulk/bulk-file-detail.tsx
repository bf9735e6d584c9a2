import '../../styles/bulk.css';
import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { BulkFileView } from '../../../contract/bulk-files.ts';
import { download, request } from '../../api/client.ts';
import { ask } from '../../components/ask.tsx';
import { Facts } from '../../components/form-parts.tsx';
import { Icon } from '../../components/icon.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { BulkNotes } from './bulk-notes.tsx';
import { useFieldText } from './field-text.ts';
import type { Transaction } from './transactions.ts';

const pages: Readonly<
  Record<
    Transaction,
    readonly (readonly [string, 'bulk.useInsert' | 'bulk.useUpdate' | 'bulk.useDelete' | 'bulk.useCodes'])[]
  >
> = {
  'insert-phones-specific-details': [['/bulk/insert-phones', 'bulk.useInsert']],
  'insert-phones-all-details': [['/bulk/insert-phones', 'bulk.useInsert']],
  'update-phones': [['/bulk/update-phones', 'bulk.useUpdate']],
  phones: [
    ['/bulk/delete-phones', 'bulk.useDelete'],
    ['/bulk/activation-codes', 'bulk.useCodes'],
  ],
};

/** What the system made of an uploaded file: rows, columns and what each stands for. */
export function BulkFileDetail({ file, onDeleted }: { file: BulkFileView; onDeleted: () => void }) {
  const { t, lookup, formatNumber, formatDateTime } = useText();
  const fieldText = useFieldText();
  const queries = useQueryClient();
  const [failed, setFailed] = useState<unknown>();
  const remove = useMutation({
    mutationFn: () => request('DELETE /bulk/files/{name}', { path: { name: file.name } }),
    onSuccess: async () => {
      notifications.show({ message: t('resource.deleted', { name: file.name }) });
      onDeleted();
      await queries.invalidateQueries({ queryKey: ['list', '/bulk/files'] });
    },
  });
  const onRemove = async () => {
    const yes = await ask({
      title: t('resource.deleteTitle', { name: file.name }),
      text: t('bulk.deleteFileText'),
      confirm: t('action.delete'),
      cancel: t('action.cancel'),
      dangerous: true,
    });
    if (yes) remove.mutate();
  };
  return (
    <Stack gap="md">
      <Facts
        facts={[
          [t('bulk.transaction'), lookup('bulkTransaction', file.transaction)],
          [t('bulk.rows'), formatNumber(file.rows)],
          [t('itl.size'), t('itl.octets', { count: file.size, shown: formatNumber(file.size) })],
          [t('bulk.uploadedAt'), formatDateTime(file.uploadedAt)],
          [t('audit.actor'), file.uploadedBy],
        ]}
      />
      <BulkNotes notes={file.notes} />
      <Group gap="xs">
        {pages[file.transaction].map(([to, text], index) => (
          <Button
            key={to}
            component={Link}
            to={`${to}?file=${encodeURIComponent(file.name)}&transaction=${file.transaction}`}
            state={{ selection: { by: 'file', file: file.name } }}
            variant={index === 0 ? 'filled' : 'default'}
          >
            {t(text)}
          </Button>
        ))}
        <Button
          variant="default"
          leftSection={<Icon name="download" size={16} />}
          onClick={() => {
            setFailed(undefined);
            download(file.name, 'GET /bulk/files/{name}/content', { path: { name: file.name } }).catch(setFailed);
          }}
        >
          {t('trust.download')}
        </Button>
        <Button
          variant="default"
          leftSection={<Icon name="trash" size={16} />}
          loading={remove.isPending}
          onClick={() => void onRemove()}
        >
          {t('action.delete')}
        </Button>
      </Group>
      <ProblemNote error={remove.error ?? failed} />
      <div>
        <Text size="sm" fw={600} mb={6}>
          {t('bulk.columns')}
        </Text>
        <ul className="fr-bulk-columns">
          {file.columns.map((each, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one heading, and their order is the file's
            <li key={`${index} ${each.heading}`}>
              <span className="fr-mono">{each.heading}</span>
              <span className={each.field === null ? 'fr-dim' : undefined}>
                {each.field === null ? t('bulk.columnUnused') : fieldText(each.field)}
              </span>
              <span className="fr-dim">
                {t('bulk.filled', { count: each.filled, shown: formatNumber(each.filled) })}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </Stack>
  );
}
