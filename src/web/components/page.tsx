import { Group, Loader, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useText } from '../i18n/use-text.ts';

export interface PageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One page: a heading that takes the focus when the page comes, what it is for, what can be done, and the rest. */
export function Page({ title, lead, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Firstring`;
  }, [title]);
  return (
    <Stack gap="lg" className="fr-page">
      <Group justify="space-between" align="flex-start" gap="md" className="fr-page-head">
        <div className="fr-page-title">
          <Title order={1} size="h2" id="page-title" tabIndex={-1}>
            {title}
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" size="sm" mt={4} maw={760} component="div">
              {lead}
            </Text>
          )}
        </div>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

export function Loading() {
  const { t } = useText();
  return (
    <div className="fr-loading" role="status">
      <Loader size="sm" />
      <Text size="sm" c="dimmed">
        {t('page.loading')}
      </Text>
    </div>
  );
}

/** A box with a heading of its own. */
export function Panel({ title, aside, children }: { title?: ReactNode; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="fr-panel">
      {(title !== undefined || aside !== undefined) && (
        <div className="fr-panel-head">
          {title !== undefined && (
            <Title order={2} size="h4">
              {title}
            </Title>
          )}
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}
