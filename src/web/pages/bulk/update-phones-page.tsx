import { Checkbox, Select, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ask } from '../../components/ask.tsx';
import { ReferenceField, UserField } from '../../components/fields.tsx';
import { Page, Panel } from '../../components/page.tsx';
import { useText } from '../../i18n/use-text.ts';
import { RunPanel } from './run-panel.tsx';
import { isComplete, selectionBody, useHandedSelection } from './selection.ts';
import { SelectionPanel } from './selection-panel.tsx';
import { newRun, runBody } from './transactions.ts';
import { useSubmitJob } from './use-submit-job.ts';

type Change = Readonly<Record<string, string | boolean | null>>;

/** Bulk Administration > Phones > Update Phones: which, and what they all get; only what is ticked changes. */
export function UpdatePhonesPage() {
  const { t } = useText();
  const [selection, setSelection] = useState(useHandedSelection());
  const [change, setChange] = useState<Change>({});
  const [run, setRun] = useState(newRun);
  const submission = useSubmitJob(
    'update-phones',
    (dryRun) => ({
      selection: selectionBody(selection),
      ...(Object.keys(change).length === 0 ? {} : { change }),
      ...runBody(run, dryRun),
    }),
    async () =>
      change['requiresActivationCode'] !== true ||
      (await ask({
        title: t('bulk.lockTitle'),
        text: t('bulk.lockText'),
        confirm: t('action.goOn'),
        cancel: t('action.cancel'),
        dangerous: true,
      })),
  );
  // Only a description may be emptied.
  const filled = references.every(([field]) => change[field] !== '');
  return (
    <Page title={t('nav.updatePhones')} lead={t('bulk.updateLead')}>
      <Stack gap="lg" className="fr-narrow">
        <SelectionPanel
          draft={selection}
          onChange={setSelection}
          transaction="update-phones"
          error={submission.errors['selection']}
        />
        <Panel title={t('bulk.change')}>
          <Stack gap="md">
            <Text size="sm" c="dimmed">
              {selection.by === 'file' ? t('bulk.changeOfFile') : t('bulk.changeHelp')}
            </Text>
            <ChangeFields change={change} onChange={setChange} />
          </Stack>
        </Panel>
        <RunPanel
          draft={run}
          onChange={setRun}
          submission={submission}
          ready={isComplete(selection) && filled && (selection.by === 'file' || Object.keys(change).length > 0)}
        />
      </Stack>
    </Page>
  );
}

const references = [
  ['devicePool', 'phone.devicePool', '/device-pools'],
  ['phoneButtonTemplate', 'phone.phoneButtonTemplate', '/phone-button-templates'],
  ['phoneSecurityProfile', 'phone.phoneSecurityProfile', '/phone-security-profiles'],
  ['sipProfile', 'phone.sipProfile', '/sip-profiles'],
  ['commonPhoneProfile', 'phone.commonPhoneProfile', '/common-phone-profiles'],
  ['mraServiceDomain', 'phone.mraServiceDomain', '/mra-service-domains'],
] as const;
const switches = [
  ['requiresActivationCode', 'phone.requiresActivationCode'],
  ['allowActivationCodeViaMra', 'phone.allowActivationCodeViaMra'],
  ['enabled', 'phone.enabled'],
] as const;

function ChangeFields({ change, onChange }: { change: Change; onChange: (change: Change) => void }) {
  const { t } = useText();
  const set = (field: string, value: string | boolean | null) => onChange({ ...change, [field]: value });
  const row = (field: string, label: string, first: string | boolean | null, input: ReactNode) => (
    <div key={field} className="fr-change">
      <Checkbox
        label={label}
        checked={field in change}
        onChange={(event) => {
          const { [field]: _former, ...rest } = change;
          onChange(event.currentTarget.checked ? { ...rest, [field]: first } : rest);
        }}
      />
      {field in change && input}
    </div>
  );
  const text = (field: string) => String(change[field] ?? '');
  return (
    <>
      {row(
        'description',
        t('phone.description'),
        '',
        <TextInput
          aria-label={t('bulk.newValue', { field: t('phone.description') })}
          maxLength={128}
          value={text('description')}
          onChange={(event) => set('description', event.currentTarget.value)}
        />,
      )}
      {row(
        'ownerUserId',
        t('phone.owner'),
        null,
        <UserField
          label={t('bulk.newValue', { field: t('phone.owner') })}
          description={t('bulk.ownerNobody')}
          value={change['ownerUserId'] === null ? null : text('ownerUserId')}
          onChange={(value) => set('ownerUserId', value)}
        />,
      )}
      {references.map(([field, label, path]) =>
        row(
          field,
          t(label),
          '',
          <ReferenceField
            label={t('bulk.newValue', { field: t(label) })}
            path={path}
            value={text(field) || null}
            onChange={(value) => set(field, value ?? '')}
          />,
        ),
      )}
      {switches.map(([field, label]) =>
        row(
          field,
          t(label),
          true,
          <Select
            aria-label={t('bulk.newValue', { field: t(label) })}
            allowDeselect={false}
            data={[
              { value: 'true', label: t('value.yes') },
              { value: 'false', label: t('value.no') },
            ]}
            value={String(change[field])}
            onChange={(value) => set(field, value === 'true')}
          />,
        ),
      )}
    </>
  );
}
