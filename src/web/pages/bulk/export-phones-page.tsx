import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { download } from '../../api/client.ts';
import { Icon } from '../../components/icon.tsx';
import { Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { useHandedSelection } from './selection.ts';
import { QueryFields } from './selection-panel.tsx';

/** Bulk Administration > Phones > Export Phones: a file that "Insert Phones - All Details" takes back as it is. */
export function ExportPhonesPage() {
  const { t } = useText();
  const can = usePermission();
  const [query, setQuery] = useState(useHandedSelection().query);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState<string>();
  const save = async (fileName: 'phones.csv' | 'activation-codes.csv') => {
    setError(undefined);
    setBusy(fileName);
    try {
      await download(fileName, `GET /bulk/${fileName}`, { query });
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <Page title={t('nav.exportPhones')} lead={t('bulk.exportLead')}>
      <Stack gap="lg" className="fr-narrow">
        <Panel title={t('bulk.which')}>
          <Stack gap="md">
            <QueryFields query={query} onChange={setQuery} harmless />
          </Stack>
        </Panel>
        <ProblemNote error={error} />
        <Group gap="xs">
          <Button
            leftSection={<Icon name="download" size={16} />}
            loading={busy === 'phones.csv'}
            onClick={() => void save('phones.csv')}
          >
            {t('bulk.exportPhones')}
          </Button>
          {can('codes.reveal') && (
            <Button
              variant="default"
              leftSection={<Icon name="download" size={16} />}
              loading={busy === 'activation-codes.csv'}
              onClick={() => void save('activation-codes.csv')}
            >
              {t('phones.exportCodes')}
            </Button>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {can('codes.reveal') ? t('bulk.exportCodesHelp') : t('code.mayNotSee')}
        </Text>
      </Stack>
    </Page>
  );
}
