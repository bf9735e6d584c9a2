import { Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Static } from 'typebox';
import type { CloudLimits } from '../../contract/cloud-overview.ts';
import { request } from '../api/client.ts';
import { useReader } from './language.tsx';
import { Loaded, Problem } from './parts.tsx';

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
    queryFn: async ({ signal }) => (await request<Limits>('GET', '/limits', { signal })).body,
    refetchOnWindowFocus: false,
  });
  return <Loaded query={query}>{(limits) => <LimitsForm key={limits.version} limits={limits} />}</Loaded>;
}

function LimitsForm({ limits }: { limits: Limits }) {
  const { t } = useReader();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(limits);
  const [error, setError] = useState<unknown>();
  const [saved, setSaved] = useState(false);
  const set = (name: keyof Limits, value: number | string) => {
    setSaved(false);
    setDraft((before) => ({ ...before, [name]: value }));
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    const { version, ...body } = draft;
    try {
      await request('PATCH', '/limits', { body, version });
      setSaved(true);
      await queries.invalidateQueries({ queryKey: ['limits'] });
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <form className="fr-narrow" onSubmit={(event) => void save(event)}>
      <Stack>
        <div className="fr-fields">
          {numbers.map(([name, min, max]) => (
            <NumberInput
              key={name}
              label={t(name)}
              value={draft[name]}
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
              value={draft[name]}
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
        <Problem error={error} />
        <Group>
          <Button type="submit">{t('save')}</Button>
          <span role="status">{saved ? t('saved') : ''}</span>
        </Group>
      </Stack>
    </form>
  );
}
