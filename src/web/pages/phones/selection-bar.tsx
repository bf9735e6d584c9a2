import { Button, Group, Menu, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { download } from '../../api/client.ts';
import { Icon } from '../../components/icon.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';

/** What can be done with many phones at once: with those that are ticked, else with all that the filters leave. */
export function SelectionBar({
  chosen,
  query,
  onClear,
}: {
  /** Device names. */
  chosen: readonly string[];
  query: Readonly<Record<string, string | undefined>>;
  onClear: () => void;
}) {
  const { t, lookup } = useText();
  const can = usePermission();
  const [failed, setFailed] = useState<unknown>();
  const filters = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  const filtered = Object.keys(filters).length > 0;
  const selection = chosen.length > 0 ? { by: 'names', names: chosen.join('\n') } : { by: 'query', query: filters };
  const save = (fileName: 'phones.csv' | 'activation-codes.csv') => {
    setFailed(undefined);
    download(fileName, `GET /bulk/${fileName}`, { query: filters }).catch(setFailed);
  };
  return (
    <div>
      <Group gap="xs">
        <Menu position="bottom-start">
          <Menu.Target>
            <Button variant="default" size="xs" rightSection={<Icon name="chevronDown" size={14} />}>
              {chosen.length > 0
                ? t('phones.withChosen', { count: chosen.length })
                : filtered
                  ? t('phones.withFound')
                  : t('phones.withAll')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t('phone.code')}</Menu.Label>
            {(['generate', 'release', 'e-mail'] as const).map((each) => (
              <Menu.Item key={each} component={Link} to={`/bulk/activation-codes?action=${each}`} state={{ selection }}>
                {lookup('phones.codes', each)}
              </Menu.Item>
            ))}
            {can('codes.reveal') && chosen.length === 0 && (
              <Menu.Item onClick={() => save('activation-codes.csv')}>{t('phones.exportCodes')}</Menu.Item>
            )}
            <Menu.Divider />
            <Menu.Label>{t('phones.title')}</Menu.Label>
            <Menu.Item component={Link} to="/bulk/update-phones" state={{ selection }}>
              {t('phones.update')}
            </Menu.Item>
            {chosen.length === 0 && <Menu.Item onClick={() => save('phones.csv')}>{t('phones.export')}</Menu.Item>}
            <Menu.Item component={Link} to="/bulk/delete-phones" state={{ selection }} className="fr-bad-text">
              {t('phones.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        {chosen.length > 0 && (
          <>
            <Text size="sm" c="dimmed" role="status">
              {t('phones.chosen', { count: chosen.length })}
            </Text>
            <Button variant="subtle" size="compact-xs" onClick={onClear}>
              {t('phones.clearChoice')}
            </Button>
          </>
        )}
      </Group>
      <ProblemNote error={failed} />
    </div>
  );
}
