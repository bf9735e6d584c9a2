import { Button, Drawer, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { BulkFileView } from '../../../contract/bulk-files.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Icon } from '../../components/icon.tsx';
import { Page } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { useUrlState } from '../../components/use-url-state.ts';
import { useText } from '../../i18n/use-text.ts';
import { BulkFileDetail } from './bulk-file-detail.tsx';
import { TemplateDialog } from './template-dialog.tsx';
import { transactions } from './transactions.ts';
import { UploadDialog } from './upload-dialog.tsx';

/** Bulk Administration > Upload/Download Files. */
export function BulkFilesPage() {
  const { t, lookup, language, formatDateTime, formatNumber } = useText();
  const [read, write] = useUrlState();
  const [templates, setTemplates] = useState(false);
  const [shown, setShown] = useState<BulkFileView>();
  const uploading = read('upload');
  const columns: readonly Column<BulkFileView>[] = [
    {
      id: 'name',
      header: t('bulk.file'),
      width: 'minmax(200px, 1.6fr)',
      sort: 'name',
      render: (file) => (
        <button type="button" className="fr-link fr-row-link" onClick={() => setShown(file)}>
          {file.name}
        </button>
      ),
    },
    {
      id: 'transaction',
      header: t('bulk.transaction'),
      width: 'minmax(240px, 1.6fr)',
      render: (file) => lookup('bulkTransaction', file.transaction),
    },
    {
      id: 'rows',
      header: t('bulk.rows'),
      width: 'minmax(80px, .5fr)',
      render: (file) => formatNumber(file.rows),
    },
    { id: 'by', header: t('audit.actor'), width: 'minmax(110px, .7fr)', render: (file) => file.uploadedBy },
    {
      id: 'at',
      header: t('bulk.uploadedAt'),
      width: 'minmax(170px, 1fr)',
      sort: 'uploadedAt',
      render: (file) => formatDateTime(file.uploadedAt),
    },
  ];
  return (
    <Page
      title={t('nav.bulkFiles')}
      lead={t('bulk.filesLead')}
      actions={
        <>
          <Button variant="default" leftSection={<Icon name="download" size={16} />} onClick={() => setTemplates(true)}>
            {t('bulk.downloadTemplate')}
          </Button>
          <Button leftSection={<Icon name="upload" size={16} />} onClick={() => write({ upload: 'yes' })}>
            {t('bulk.upload')}
          </Button>
        </>
      }
    >
      <Stack gap="sm">
        <Group gap="xs" role="search">
          <SearchField
            label={t('bulk.searchFiles')}
            value={read('search') ?? ''}
            onSearch={(search) => write({ search })}
          />
          <Select
            className="fr-filter"
            aria-label={t('bulk.transaction')}
            placeholder={t('bulk.allTransactions')}
            data={transactions.map((each) => ({ value: each, label: lookup('bulkTransaction', each) }))}
            value={read('transaction') ?? null}
            onChange={(transaction) => write({ transaction: transaction ?? undefined })}
            clearable
          />
        </Group>
        <DataTable<BulkFileView>
          label={t('nav.bulkFiles')}
          path="/bulk/files"
          query={{ search: read('search'), transaction: read('transaction'), language }}
          columns={columns}
          keyOf={(file) => file.name}
          sort={read('sort') ?? '-uploadedAt'}
          onSort={(sort) => write({ sort })}
          empty={<Text c="dimmed">{t('bulk.noFiles')}</Text>}
        />
      </Stack>
      <TemplateDialog opened={templates} onClose={() => setTemplates(false)} />
      {uploading !== undefined && (
        <UploadDialog
          first={transactions.find((each) => each === uploading) ?? transactions[0]!}
          onClose={() => write({ upload: undefined })}
          onUploaded={(file) => {
            write({ upload: undefined });
            setShown(file);
          }}
        />
      )}
      <Drawer
        opened={shown !== undefined}
        onClose={() => setShown(undefined)}
        position="right"
        size="lg"
        title={shown?.name}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {shown !== undefined && <BulkFileDetail file={shown} onDeleted={() => setShown(undefined)} />}
      </Drawer>
    </Page>
  );
}
