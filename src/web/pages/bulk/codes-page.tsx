import { Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { ask } from '../../components/ask.tsx';
import { Page, Panel } from '../../components/page.tsx';
import { useUrlState } from '../../components/use-url-state.ts';
import { useText } from '../../i18n/use-text.ts';
import { RunPanel } from './run-panel.tsx';
import { isComplete, selectionBody, useHandedSelection } from './selection.ts';
import { SelectionPanel } from './selection-panel.tsx';
import { newRun, runBody } from './transactions.ts';
import { useSubmitJob } from './use-submit-job.ts';

const actions = ['generate', 'release', 'e-mail'] as const;
type Action = (typeof actions)[number];

/** Bulk Administration > Phones > Activation Codes: make, release or e-mail the codes of many phones. */
export function BulkCodesPage() {
  const { t, lookup } = useText();
  const [read] = useUrlState();
  const [selection, setSelection] = useState(useHandedSelection());
  const [action, setAction] = useState<Action>(actions.find((each) => each === read('action')) ?? 'generate');
  const [run, setRun] = useState(newRun);
  const submission = useSubmitJob(
    'codes',
    (dryRun) => ({ action, selection: selectionBody(selection), ...runBody(run, dryRun) }),
    async () =>
      action === 'e-mail' ||
      (await ask({
        title: action === 'generate' ? t('bulk.lockTitle') : t('bulk.releaseTitle'),
        text: action === 'generate' ? t('bulk.lockText') : t('bulk.releaseText'),
        confirm: t('action.goOn'),
        cancel: t('action.cancel'),
        dangerous: true,
      })),
  );
  return (
    <Page title={t('nav.bulkCodes')} lead={t('bulk.codesLead')}>
      <Stack gap="lg" className="fr-narrow">
        <Panel>
          <Radio.Group label={t('bulk.codeAction')} value={action} onChange={(next) => setAction(next as Action)}>
            <Stack gap="xs" mt="xs">
              {actions.map((each) => (
                <Radio
                  key={each}
                  value={each}
                  label={lookup('bulkCodeAction', each)}
                  description={lookup('bulkCodeActionHelp', each)}
                />
              ))}
            </Stack>
          </Radio.Group>
        </Panel>
        <SelectionPanel
          draft={selection}
          onChange={setSelection}
          transaction="phones"
          error={submission.errors['selection']}
        />
        <RunPanel draft={run} onChange={setRun} submission={submission} ready={isComplete(selection)} />
      </Stack>
    </Page>
  );
}
