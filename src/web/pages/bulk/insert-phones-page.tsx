import { Checkbox, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { ReferenceField } from '../../components/fields.tsx';
import { Page, Panel } from '../../components/page.tsx';
import { useUrlState } from '../../components/use-url-state.ts';
import { useText } from '../../i18n/use-text.ts';
import { FileField } from './file-field.tsx';
import { RunPanel } from './run-panel.tsx';
import { newRun, runBody } from './transactions.ts';
import { useSubmitJob } from './use-submit-job.ts';

const details = ['insert-phones-specific-details', 'insert-phones-all-details'] as const;

/** Bulk Administration > Phones > Insert Phones: file, template, and what to do about MAC addresses and phones there are. */
export function InsertPhonesPage() {
  const { t, lookup } = useText();
  const [read] = useUrlState();
  const [transaction, setTransaction] = useState<(typeof details)[number]>(
    details.find((each) => each === read('transaction')) ?? details[0],
  );
  const [file, setFile] = useState<string | null>(read('file') ?? null);
  const [template, setTemplate] = useState<string | null>(null);
  const [dummy, setDummy] = useState(false);
  const [override, setOverride] = useState(false);
  const [run, setRun] = useState(newRun);
  const specific = transaction === 'insert-phones-specific-details';
  const submission = useSubmitJob('insert-phones', (dryRun) => ({
    file,
    ...(specific ? { template } : {}),
    createDummyMacAddress: dummy,
    override,
    ...runBody(run, dryRun),
  }));
  return (
    <Page title={t('nav.insertPhones')} lead={t('bulk.insertLead')}>
      <Stack gap="lg" className="fr-narrow">
        <Panel>
          <Stack gap="md">
            <Radio.Group
              label={t('bulk.details')}
              value={transaction}
              onChange={(next) => {
                setTransaction(next as (typeof details)[number]);
                setFile(null);
              }}
            >
              <Stack gap="xs" mt="xs">
                {details.map((each) => (
                  <Radio
                    key={each}
                    value={each}
                    label={lookup('bulkTransaction', each)}
                    description={lookup('bulkTransactionHelp', each)}
                  />
                ))}
              </Stack>
            </Radio.Group>
            <FileField transaction={transaction} value={file} error={submission.errors['file']} onChange={setFile} />
            {specific && (
              <ReferenceField
                label={t('bulk.template')}
                description={t('bulk.templateHelp')}
                required
                path="/phone-templates"
                value={template}
                error={submission.errors['template']}
                onChange={setTemplate}
              />
            )}
            <Checkbox
              label={t('bulk.dummyMac')}
              description={t('bulk.dummyMacHelp')}
              checked={dummy}
              onChange={(event) => setDummy(event.currentTarget.checked)}
            />
            <Checkbox
              label={t('bulk.override')}
              description={t('bulk.overrideHelp')}
              checked={override}
              onChange={(event) => setOverride(event.currentTarget.checked)}
            />
          </Stack>
        </Panel>
        <RunPanel
          draft={run}
          onChange={setRun}
          submission={submission}
          ready={file !== null && (!specific || template !== null)}
        />
      </Stack>
    </Page>
  );
}
