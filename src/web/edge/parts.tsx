import { Alert, Button, CopyButton, Loader, Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useReader } from './language.tsx';

export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { problem, t } = useReader();
  if (error === null || error === undefined) return null;
  const { message, remedy } = problem(error);
  return (
    <Alert color="red" variant="light" role="alert">
      <Stack gap={6} align="flex-start">
        <Text size="sm" fw={600}>
          {message}
        </Text>
        {remedy !== undefined && <Text size="sm">{remedy}</Text>}
        {onRetry !== undefined && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t('tryAgain')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** What a query has: waiting, a problem, or something to show. */
export function Loaded<T>({
  query,
  children,
}: {
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  children: (data: T) => ReactNode;
}) {
  const { t } = useReader();
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null) return <Problem error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="fr-loading" role="status">
      <Loader size="sm" />
      <Text size="sm" c="dimmed">
        {t('loading')}
      </Text>
    </div>
  );
}

export function Rows({ label, heads, children }: { label: string; heads: readonly string[]; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1: what scrolls must be reachable without a mouse
    <section className="fe-table" aria-label={label} tabIndex={0}>
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head) => (
              <Table.Th key={head} scope="col">
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </section>
  );
}

export function Copy({ value }: { value: string }) {
  const { t } = useReader();
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button size="xs" variant="default" onClick={copy}>
          {copied ? t('copied') : t('copy')}
        </Button>
      )}
    </CopyButton>
  );
}

export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="fr-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A word with a colour that is not its only sign. */
export function State({ tone, children }: { tone: 'good' | 'warn' | 'bad' | 'busy' | 'quiet'; children: ReactNode }) {
  return (
    <span className="fe-state" data-tone={tone}>
      {children}
    </span>
  );
}
