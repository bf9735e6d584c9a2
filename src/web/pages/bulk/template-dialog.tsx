import { Button, Modal, NumberInput, Select, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { download } from '../../api/client.ts';
import { Icon } from '../../components/icon.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { type Transaction, transactions } from './transactions.ts';

/** The template spreadsheet: headings, choices and help for one transaction type, in the reader's language. */
export function TemplateDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t, lookup, language } = useText();
  const [transaction, setTransaction] = useState<Transaction>(transactions[0]!);
  const [lines, setLines] = useState<string | number>(2);
  const save = useMutation({
    mutationFn: () =>
      download(`${transaction}.xlsx`, 'GET /bulk/template.xlsx', { query: { transaction, lines, language } }),
    onSuccess: onClose,
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('bulk.downloadTemplate')}
      centered
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          <Text size="sm">{t('bulk.templateFileHelp')}</Text>
          <Select
            label={t('bulk.transaction')}
            allowDeselect={false}
            data={transactions.map((each) => ({ value: each, label: lookup('bulkTransaction', each) }))}
            value={transaction}
            onChange={(next) => next !== null && setTransaction(next as Transaction)}
          />
          <NumberInput label={t('bulk.templateLines')} min={1} max={20} value={lines} onChange={setLines} />
          <ProblemNote error={save.error} />
          <Button type="submit" leftSection={<Icon name="download" size={16} />} loading={save.isPending}>
            {t('trust.download')}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
