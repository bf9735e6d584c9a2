import { Alert, Button, Stack, Text } from '@mantine/core';
import { inWords } from '../../texts/tell.ts';
import { ApiProblem, ConnectionLost } from '../api/problem.ts';
import { useText } from '../i18n/use-text.ts';
import { Icon } from './icon.tsx';

export interface ProblemText {
  readonly message: string;
  readonly remedy: string | undefined;
}

/** What went wrong and what to do, in the reader's language; the server's own words where it says more than we know. */
export function useProblemText(): (error: unknown) => ProblemText {
  const { t, lookup, language } = useText();
  return (error) => {
    if (error instanceof ConnectionLost)
      return { message: t('problem.connectionLost'), remedy: t('remedy.connectionLost') };
    if (!(error instanceof ApiProblem)) return { message: t('problem.unexpected'), remedy: undefined };
    if (language === 'en') return { message: error.message || t('problem.unexpected'), remedy: error.remedy };
    const said = (family: 'problem' | 'remedy', english: string) => {
      const text = lookup(family, error.text ?? error.code, lookup(family, error.code, english));
      return inWords(text, error.values, (word) => lookup('word', word));
    };
    return {
      message: said('problem', error.message || t('problem.unexpected')),
      remedy: said('remedy', error.remedy ?? '') || undefined,
    };
  };
}

export function ProblemNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useText();
  const textOf = useProblemText();
  if (error === null || error === undefined) return null;
  const { message, remedy } = textOf(error);
  return (
    <Alert color="red" variant="light" className="fr-problem" icon={<Icon name="alert" />} role="alert">
      <Stack gap={6} align="flex-start">
        <Text size="sm" fw={600}>
          {message}
        </Text>
        {remedy !== undefined && <Text size="sm">{remedy}</Text>}
        {error instanceof ApiProblem && <DependencyList value={error.members['dependencies']} />}
        {onRetry !== undefined && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t('action.tryAgain')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

interface DependencyRecord {
  readonly kind: string;
  readonly count: number;
  readonly names: readonly string[];
}

/** What still uses an object that cannot be deleted. */
export function DependencyList({ value }: { value: unknown }) {
  const { lookup, formatNumber } = useText();
  if (!Array.isArray(value) || value.length === 0) return null;
  return (
    <ul className="fr-list">
      {(value as readonly DependencyRecord[]).map((each) => (
        <li key={each.kind}>
          {lookup('kind', each.kind)} ({formatNumber(each.count)}): {each.names.join(', ')}
          {each.count > each.names.length ? ' …' : ''}
        </li>
      ))}
    </ul>
  );
}
