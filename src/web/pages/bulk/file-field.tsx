import { Anchor, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { request } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import type { Transaction } from './transactions.ts';

export function useBulkFiles(transaction: Transaction) {
  return useQuery({
    queryKey: ['bulk-files', transaction],
    queryFn: async ({ signal }) =>
      (
        await request('GET /bulk/files', {
          query: { transaction, limit: 200, sort: '-uploadedAt' },
          signal,
        })
      ).body.items,
  });
}

/** "File Name": an uploaded file of one transaction type; files for another one do not show up. */
export function FileField({
  transaction,
  value,
  error,
  onChange,
}: {
  transaction: Transaction;
  value: string | null;
  error?: string | undefined;
  onChange: (name: string | null) => void;
}) {
  const { t, lookup, formatNumber } = useText();
  const files = useBulkFiles(transaction);
  return (
    <div>
      <Select
        label={t('bulk.file')}
        description={t('bulk.fileHelp', { transaction: lookup('bulkTransaction', transaction) })}
        required
        searchable
        data={(files.data ?? []).map((each) => ({
          value: each.name,
          label: t('bulk.fileRows', { name: each.name, count: each.rows, shown: formatNumber(each.rows) }),
        }))}
        value={value}
        error={error}
        onChange={onChange}
        placeholder={files.data?.length === 0 ? t('bulk.noFile') : undefined}
        nothingFoundMessage={t('field.nothingFound')}
      />
      <Anchor component={Link} to={`/bulk/files?upload=${transaction}`} size="sm">
        {t('bulk.toUpload')}
      </Anchor>
    </div>
  );
}
