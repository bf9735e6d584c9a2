import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import { download } from '../../api/client.ts';
import { Icon } from '../../components/icon.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';

/** The field's "Related Links". */
export function RelatedLinks() {
  const { t } = useText();
  const can = usePermission();
  const [error, setError] = useState<unknown>();
  if (!can('codes.reveal')) return null;
  const save = () => {
    setError(undefined);
    download('activation-codes.csv', 'GET /activation-codes.csv').catch(setError);
  };
  return (
    <div>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="subtle"
            leftSection={<Icon name="link" />}
            rightSection={<Icon name="chevronDown" size={14} />}
          >
            {t('phones.relatedLinks')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="download" size={16} />} onClick={save}>
            {t('phones.exportCodes')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ProblemNote error={error} />
    </div>
  );
}
