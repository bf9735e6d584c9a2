import { Button, Checkbox, Group, Modal, Progress, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { BulkError, BulkFileView } from '../../../contract/bulk-files.ts';
import { isProblem } from '../../api/problem.ts';
import { upload } from '../../api/upload.ts';
import { useFieldErrors } from '../../components/form-parts.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { BulkErrors } from './bulk-errors.tsx';
import { type Transaction, transactions } from './transactions.ts';

const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** "File Upload": file, target, transaction type; while it travels how far it is; then all that is wrong with it. */
export function UploadDialog({
  first,
  onClose,
  onUploaded,
}: {
  first: Transaction;
  onClose: () => void;
  onUploaded: (file: BulkFileView) => void;
}) {
  const { t, lookup, language } = useText();
  const queries = useQueryClient();
  const [file, setFile] = useState<File>();
  const [name, setName] = useState('');
  const [transaction, setTransaction] = useState<Transaction>(first);
  const [replace, setReplace] = useState(false);
  const [share, setShare] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController>(undefined);
  const send = useMutation({
    mutationFn: () => {
      setShare(0);
      stop.current = new AbortController();
      return upload(
        'POST /bulk/files',
        {
          query: { name: name.trim(), transaction, replace: replace || undefined, language },
          octets: { type: /\.xlsx$/i.test(file!.name) ? spreadsheet : 'text/csv', bytes: file! },
          signal: stop.current.signal,
        },
        setShare,
      );
    },
    onSuccess: async (uploaded) => {
      await queries.invalidateQueries({ queryKey: ['list', '/bulk/files'] });
      await queries.invalidateQueries({ queryKey: ['bulk-files'] });
      onUploaded(uploaded);
    },
  });
  const errors = useFieldErrors(send.error);
  const refused = isProblem(send.error, 'bulk_file_refused') ? send.error.members : undefined;
  const cells = refused?.['errors'] as readonly BulkError[] | undefined;
  const stopped = stop.current?.signal.aborted === true && send.isError;
  const leave = () => {
    stop.current?.abort();
    onClose();
  };
  return (
    <Modal
      opened
      onClose={leave}
      title={t('bulk.upload')}
      size="xl"
      centered
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <Stack>
          <input
            ref={input}
            type="file"
            hidden
            accept={`.csv,.txt,.xlsx,text/csv,${spreadsheet}`}
            onChange={(event) => {
              const chosen = event.currentTarget.files?.[0];
              if (chosen === undefined) return;
              setFile(chosen);
              setName(chosen.name.replaceAll(',', '-'));
              send.reset();
            }}
          />
          <Group gap="sm">
            <Button variant="default" onClick={() => input.current?.click()} data-autofocus>
              {t('bulk.chooseFile')}
            </Button>
            <Text size="sm" c="dimmed">
              {file?.name ?? t('bulk.chooseFileHelp')}
            </Text>
          </Group>
          <div className="fr-fields">
            <Select
              label={t('bulk.target')}
              data={[{ value: 'phones', label: t('phones.title') }]}
              value="phones"
              readOnly
            />
            <Select
              label={t('bulk.transaction')}
              allowDeselect={false}
              data={transactions.map((each) => ({ value: each, label: lookup('bulkTransaction', each) }))}
              value={transaction}
              onChange={(next) => next !== null && setTransaction(next as Transaction)}
            />
          </div>
          <Text size="sm" c="dimmed">
            {lookup('bulkTransactionHelp', transaction)}
          </Text>
          <TextInput
            label={t('bulk.fileName')}
            description={t('bulk.fileNameHelp')}
            required
            maxLength={100}
            value={name}
            error={errors['name']}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox
            label={t('bulk.replace')}
            checked={replace}
            onChange={(event) => setReplace(event.currentTarget.checked)}
          />
          {send.isPending && (
            <div role="status">
              <Text size="sm" mb={4}>
                {share < 1 ? t('bulk.uploading') : t('bulk.checking')}
              </Text>
              <Progress value={100 * share} animated={share === 1} aria-label={t('bulk.uploading')} />
            </div>
          )}
          {cells !== undefined ? (
            <BulkErrors errors={cells} count={Number(refused?.['errorCount'] ?? cells.length)} />
          ) : (
            !stopped && <ProblemNote error={send.error} />
          )}
          <Group gap="xs" justify="flex-end">
            <Button variant="default" onClick={leave}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={file === undefined || name.trim() === ''} loading={send.isPending}>
              {t('bulk.uploadNow')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
