import { Alert, Stack, Text } from '@mantine/core';
import { Icon } from '../../components/icon.tsx';
import { useText } from '../../i18n/use-text.ts';

export interface SetupProblem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** What keeps a feature from working, each with its remedy; else that it works. */
export function SetupProblems({ problems, good }: { problems: readonly SetupProblem[]; good: string }) {
  const { t, lookup } = useText();
  if (problems.length === 0)
    return (
      <Alert color="green" variant="light" icon={<Icon name="check" />} role="status">
        {good}
      </Alert>
    );
  return (
    <Alert color="yellow" variant="light" icon={<Icon name="info" />} role="status" title={t('setup.missing')}>
      <Stack gap="xs">
        {problems.map((each) => (
          <Text key={each.code} size="sm">
            <strong>{lookup('setupProblem', each.code, each.message)}</strong>{' '}
            {lookup('setupRemedy', each.code, each.remedy)}
          </Text>
        ))}
      </Stack>
    </Alert>
  );
}
