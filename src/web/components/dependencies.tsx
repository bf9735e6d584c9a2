import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { requestAt } from '../api/client.ts';
import { useText } from '../i18n/use-text.ts';
import { Panel } from './page.tsx';
import { DependencyList, ProblemNote } from './problem-note.tsx';

/** The field's "Dependency Records": what uses an object, so that it cannot be deleted. */
export function Dependencies({ path }: { path: string }) {
  const { t } = useText();
  const records = useQuery({
    queryKey: ['dependencies', path],
    queryFn: async ({ signal }) =>
      (await requestAt<{ items: readonly unknown[] }>('GET', `${path}/dependencies`, { signal })).body.items,
  });
  return (
    <Panel title={t('resource.dependencies')}>
      {records.data?.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('resource.noDependencies')}
        </Text>
      ) : (
        <DependencyList value={records.data} />
      )}
      <ProblemNote error={records.error} />
    </Panel>
  );
}
