import { Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Static } from 'typebox';
import type { CloudLimits } from '../../contract/cloud-overview.ts';
import { isProblem } from '../api/problem.ts';
import { OthersChanges } from '../components/others-changes.tsx';
import { useDraft } from '../components/use-draft.ts';
import { useReader } from './language.tsx';
import { Loaded, Problem } from './parts.tsx';
import { request } from './rest.ts';

type Limits = Static<typeof CloudLimits>;
const numbers = [
  ['resolvesPerHour', 1, 1000],
  ['resolvesPerDay', 1, 1000],
  ['quarantineDays', 0, 3650],
  ['voucherHours', 1, 168],
  ['defaultQuota', 0, 10_000_000],
] as const;
const locators = ['firstLocator', 'lastLocator'] as const;

export function LimitsTab() {
  const query = useQuery({
    queryKey: ['limits'],
    queryFn: async ({ signal }) => (await request('GET /limits', { signal })).body,
    refetchOnWindowFocus: false,
  });
  return <Loaded query={query}>{(limits) => <LimitsForm limits={limits} />}</Loaded>;
}

function LimitsForm({ limits: { version, ...limits } }: { limits: Limits }) {
  const { t, language } = useReader();
  const queries = useQueryClient();
  const draft = useDraft(limits, version);
  const [error, setError] = useState<unknown>();
  const [saved, setSaved] = useState(false);
  const set: typeof draft.set = (name, value) => {
    setSaved(false);
    draft.set(name, value);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    try {
      if (draft.dirty) await request('PATCH /limits', { body: draft.changes, version: draft.version });
      setSaved(true);
    } catch (failure) {
      setError(failure);
      if (!isProblem(failure, 'version_conflict')) return;
    }
    await queries.invalidateQueries({ queryKey: ['limits'] });
  };
  return (
    <form className="fr-narrow" onSubmit={(event) => void save(event)}>
      <Stack>
        <div className="fr-fields">
          {numbers.map(([name, min, max]) => (
            <NumberInput
              key={name}
              label={t(name)}
              value={draft.values[name]}
              onChange={(value) => set(name, value === '' ? min : Number(value))}
              min={min}
              max={max}
              allowDecimal={false}
            />
          ))}
          {locators.map((name) => (
            <TextInput
              key={name}
              label={t(name)}
              value={draft.values[name]}
              onChange={(event) => set(name, event.currentTarget.value)}
              pattern="[0-9]{7}"
              maxLength={7}
              inputMode="numeric"
              required
            />
          ))}
        </div>
        <Text size="sm" c="dimmed">
          {t('range')}
        </Text>
        <OthersChanges draft={draft} language={language} label={t} />
        <Problem error={error} />
        <Group>
          <Button type="submit" disabled={draft.clashing}>
            {t('save')}
          </Button>
          <span role="status">{saved ? t('saved') : ''}</span>
        </Group>
      </Stack>
    </form>
  );
}
