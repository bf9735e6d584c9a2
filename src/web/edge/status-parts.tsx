import { Alert, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Static } from 'typebox';
import type { EdgeCStatus } from '../../contract/edge-c.ts';
import type { EdgeEStatus } from '../../contract/edge-e.ts';
import { useReader } from './language.tsx';
import { requestC, requestE } from './rest.ts';
import type { EdgeTexts } from './texts-en.ts';

export type StatusOfC = Static<typeof EdgeCStatus>;
export type StatusOfE = Static<typeof EdgeEStatus>;

/** The status of this host, looked at every few seconds. */
export function useStatusOfC() {
  return useQuery({
    queryKey: ['status'],
    queryFn: async ({ signal }) => (await requestC('GET /status', { signal })).body,
    refetchInterval: 3_000,
  });
}

export function useStatusOfE() {
  return useQuery({
    queryKey: ['status'],
    queryFn: async ({ signal }) => (await requestE('GET /status', { signal })).body,
    refetchInterval: 3_000,
  });
}

/** Whether phones are served, or why not. */
export function Serving({ problems }: { problems: StatusOfC['problems'] }) {
  const { t, language } = useReader();
  if (problems.length === 0) {
    return (
      <Alert color="teal" variant="light">
        {t('serves')}
      </Alert>
    );
  }
  return (
    <Alert color="red" variant="light" title={t('servesNot')} role="alert">
      {problems.map(({ code, subject, message }) => (
        <Text size="sm" key={code + subject}>
          {t(code as keyof EdgeTexts, { name: subject })}
          {/* What the system said is in English, and worth reading for whoever looks after the network. */}
          {language === 'en' && message.includes(':') ? ` (${message.slice(message.indexOf(':') + 2)})` : ''}
        </Text>
      ))}
    </Alert>
  );
}

export function Figures({ figures }: { figures: readonly (readonly [string, number])[] }) {
  const { number } = useReader();
  return (
    <dl className="fe-figures">
      {figures.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
