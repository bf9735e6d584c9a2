import { Alert, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { phoneModels } from '../../../identifiers/phone-model.ts';
import { request } from '../../api/client.ts';
import { ReferenceField, UserField } from '../../components/fields.tsx';
import { Icon } from '../../components/icon.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { FileField } from './file-field.tsx';
import { namesOf, type PhoneQuery, type SelectionDraft } from './selection.ts';
import type { Transaction } from './transactions.ts';

/** Which phones: by query, by name, or by an uploaded file; of a query it says how many it means now. */
export function SelectionPanel({
  draft,
  onChange,
  transaction,
  error,
}: {
  draft: SelectionDraft;
  onChange: (draft: SelectionDraft) => void;
  /** Of the files to choose from. */
  transaction: Transaction;
  error?: string | undefined;
}) {
  const { t } = useText();
  const set = (part: Partial<SelectionDraft>) => onChange({ ...draft, ...part });
  return (
    <Panel title={t('bulk.which')}>
      <Stack gap="md">
        <SegmentedControl
          aria-label={t('bulk.which')}
          className="fr-field-short"
          value={draft.by}
          onChange={(by) => set({ by: by as SelectionDraft['by'] })}
          data={[
            { value: 'query', label: t('bulk.byQuery') },
            { value: 'names', label: t('bulk.byNames') },
            { value: 'file', label: t('bulk.byFile') },
          ]}
        />
        {draft.by === 'query' && <QueryFields query={draft.query} onChange={(query) => set({ query })} />}
        {draft.by === 'names' && (
          <Textarea
            label={t('bulk.names')}
            description={t('bulk.namesHelp')}
            autosize
            minRows={4}
            maxRows={12}
            spellCheck={false}
            classNames={{ input: 'fr-mono' }}
            value={draft.names}
            error={error}
            onChange={(event) => set({ names: event.currentTarget.value })}
          />
        )}
        {draft.by === 'names' && (
          <Text size="sm" c="dimmed" role="status">
            {t('bulk.namesCount', { count: namesOf(draft.names).length })}
          </Text>
        )}
        {draft.by === 'file' && (
          <FileField transaction={transaction} value={draft.file} error={error} onChange={(file) => set({ file })} />
        )}
      </Stack>
    </Panel>
  );
}

/** `harmless`: that a query means every phone needs no warning. */
export function QueryFields({
  query,
  onChange,
  harmless = false,
}: {
  query: PhoneQuery;
  onChange: (query: PhoneQuery) => void;
  harmless?: boolean;
}) {
  const { t } = useText();
  const set = (field: keyof PhoneQuery, value: string | null) => {
    const { [field]: _former, ...rest } = query;
    onChange(value === null || value === '' ? rest : { ...rest, [field]: value });
  };
  return (
    <>
      <div className="fr-fields">
        <TextInput
          label={t('bulk.search')}
          description={t('bulk.searchHelp')}
          value={query.search ?? ''}
          onChange={(event) => set('search', event.currentTarget.value)}
        />
        <Select
          label={t('phone.model')}
          placeholder={t('phones.allModels')}
          data={phoneModels.map((each) => String(each.name))}
          searchable
          clearable
          value={query.model ?? null}
          onChange={(value) => set('model', value)}
        />
        <ReferenceField
          label={t('phone.devicePool')}
          path="/device-pools"
          none={t('phones.allPools')}
          value={query.devicePool ?? null}
          onChange={(value) => set('devicePool', value)}
        />
        <UserField
          label={t('phone.owner')}
          value={query.ownerUserId ?? null}
          onChange={(value) => set('ownerUserId', value)}
        />
        <Select
          label={t('phone.code')}
          placeholder={t('phones.allCodes')}
          data={(['active', 'expired', 'locked', 'none'] as const).map((each) => ({
            value: each,
            label: t(`codeState.${each}`),
          }))}
          clearable
          value={query.codeState ?? null}
          onChange={(value) => set('codeState', value)}
        />
        <Select
          label={t('phone.registration')}
          placeholder={t('phones.allRegistrations')}
          data={[
            { value: 'true', label: t('phone.registered') },
            { value: 'false', label: t('phone.unregistered') },
          ]}
          clearable
          value={query.registered ?? null}
          onChange={(value) => set('registered', value)}
        />
      </div>
      <Meant query={query} harmless={harmless} />
    </>
  );
}

/** How many phones that is, and a few of them. */
function Meant({ query, harmless }: { query: PhoneQuery; harmless: boolean }) {
  const { t, formatNumber } = useText();
  const [asked] = useDebouncedValue(query, 250);
  const phones = useQuery({
    queryKey: ['meant', asked],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await request('GET /phones', { query: { ...asked, limit: 5 }, signal })).body,
  });
  if (phones.isError) return <ProblemNote error={phones.error} />;
  const count = phones.data?.total ?? 0;
  const every = !harmless && Object.keys(query).length === 0;
  const text = t('bulk.meant', { count, shown: formatNumber(count) });
  const names = (phones.data?.items ?? []).map((each) => each.name).join(', ');
  if (every && count > 0)
    return (
      <Alert color="yellow" variant="light" icon={<Icon name="alert" />} role="status" title={t('bulk.meantEvery')}>
        {text}
      </Alert>
    );
  return (
    <Text size="sm" c="dimmed" role="status">
      {phones.data === undefined ? '' : `${text} ${names}${count > 5 ? ' …' : ''}`}
    </Text>
  );
}
