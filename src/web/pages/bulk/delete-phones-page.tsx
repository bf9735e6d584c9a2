import { Checkbox, Stack } from '@mantine/core';
import { useState } from 'react';
import { ask } from '../../components/ask.tsx';
import { Page, Panel } from '../../components/page.tsx';
import { useText } from '../../i18n/use-text.ts';
import { RunPanel } from './run-panel.tsx';
import { isComplete, selectionBody, useHandedSelection } from './selection.ts';
import { SelectionPanel } from './selection-panel.tsx';
import { newRun, runBody } from './transactions.ts';
import { useSubmitJob } from './use-submit-job.ts';

/** Bulk Administration > Phones > Delete Phones. */
export function DeletePhonesPage() {
  const { t } = useText();
  const [selection, setSelection] = useState(useHandedSelection());
  const [unusedLines, setUnusedLines] = useState(false);
  const [run, setRun] = useState(newRun);
  const submission = useSubmitJob(
    'delete-phones',
    (dryRun) => ({
      selection: selectionBody(selection),
      removeUnusedLines: unusedLines,
      ...runBody(run, dryRun),
    }),
    () =>
      ask({
        title: t('bulk.deleteTitle'),
        text: t('bulk.deleteText'),
        confirm: t('action.delete'),
        cancel: t('action.cancel'),
        dangerous: true,
      }),
  );
  return (
    <Page title={t('nav.deletePhones')} lead={t('bulk.deleteLead')}>
      <Stack gap="lg" className="fr-narrow">
        <SelectionPanel
          draft={selection}
          onChange={setSelection}
          transaction="phones"
          error={submission.errors['selection']}
        />
        <Panel>
          <Checkbox
            label={t('bulk.removeUnusedLines')}
            description={t('bulk.removeUnusedLinesHelp')}
            checked={unusedLines}
            onChange={(event) => setUnusedLines(event.currentTarget.checked)}
          />
        </Panel>
        <RunPanel draft={run} onChange={setRun} submission={submission} ready={isComplete(selection)} dangerous />
      </Stack>
    </Page>
  );
}
