import { Alert } from '@mantine/core';
import type { BulkNote } from '../../../contract/bulk-files.ts';
import { Icon } from '../../components/icon.tsx';
import { useText } from '../../i18n/use-text.ts';

/** What success alone would not tell: of a file or a job. */
export function BulkNotes({ notes }: { notes: readonly BulkNote[] }) {
  const { t } = useText();
  if (notes.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" icon={<Icon name="info" />} role="status" title={t('bulk.notes')}>
      <NoteList notes={notes} />
    </Alert>
  );
}

export function NoteList({ notes }: { notes: readonly BulkNote[] }) {
  return (
    <ul className="fr-list">
      {notes.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one column may have two notes
        <li key={index}>
          {each.column !== null && !each.detail.includes(each.column) && <strong>{each.column}: </strong>}
          {each.detail} {each.remedy}
        </li>
      ))}
    </ul>
  );
}
