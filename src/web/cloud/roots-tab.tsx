import { Button, Checkbox, Group, Modal, Stack, Table, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Static } from 'typebox';
import type { ManufacturerRoot } from '../../contract/cloud-roots.ts';
import { useReader } from './language.tsx';
import { Loaded, Problem, Rows, State } from './parts.tsx';
import { request } from './rest.ts';

type Root = Static<typeof ManufacturerRoot>;

export function RootsTab() {
  const { t, dateTime } = useReader();
  const queries = useQueryClient();
  const [removing, setRemoving] = useState<Root>();
  const [error, setError] = useState<unknown>();
  const query = useQuery({
    queryKey: ['roots'],
    queryFn: async ({ signal }) => (await request('GET /manufacturer-roots', { signal })).body,
  });
  const changed = () => queries.invalidateQueries({ queryKey: ['roots'] });
  const remove = async (root: Root) => {
    setError(undefined);
    try {
      await request('DELETE /manufacturer-roots/{sha256}', { path: { sha256: root.sha256 } });
      await changed();
    } catch (failure) {
      setError(failure);
    }
    setRemoving(undefined);
  };
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('rootsHelp')}
      </Text>
      <Problem error={error} />
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Text>{t('noRoots')}</Text>
          ) : (
            <Rows
              label={t('roots')}
              heads={[t('subject'), t('description'), t('kind'), t('ends'), t('fingerprint'), t('remove')]}
            >
              {items.map((root) => (
                <Table.Tr key={root.sha256}>
                  <Table.Td>{root.subject}</Table.Td>
                  <Table.Td>{root.description}</Table.Td>
                  <Table.Td>{root.selfSigned ? t('root') : t('between')}</Table.Td>
                  <Table.Td>
                    {dateTime(root.notAfter)} {root.expired && <State tone="bad">{t('ended')}</State>}
                  </Table.Td>
                  <Table.Td className="fc-mono">{root.sha256.slice(0, 16)}…</Table.Td>
                  <Table.Td>
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={`${t('remove')}: ${root.subject}`}
                      onClick={() => setRemoving(root)}
                    >
                      {t('remove')}
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Rows>
          )
        }
      </Loaded>
      <AddRoot onAdded={() => void changed()} />
      {removing !== undefined && (
        <Modal
          opened
          onClose={() => setRemoving(undefined)}
          title={t('remove')}
          closeButtonProps={{ 'aria-label': t('close') }}
        >
          <Text mb="md">{t('removeRootHelp', { name: removing.subject })}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setRemoving(undefined)}>
              {t('cancel')}
            </Button>
            <Button color="red" onClick={() => void remove(removing)}>
              {t('remove')}
            </Button>
          </Group>
        </Modal>
      )}
    </Stack>
  );
}

function AddRoot({ onAdded }: { onAdded: () => void }) {
  const { t } = useReader();
  const [certificate, setCertificate] = useState('');
  const [description, setDescription] = useState('');
  const [legacySha1, setLegacySha1] = useState(false);
  const [error, setError] = useState<unknown>();
  const add = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    try {
      await request('POST /manufacturer-roots', { body: { certificate, description, legacySha1 } });
      setCertificate('');
      setDescription('');
      setLegacySha1(false);
      onAdded();
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <form className="fr-panel fr-narrow" onSubmit={(event) => void add(event)}>
      <Stack>
        <Textarea
          label={t('certificate')}
          value={certificate}
          onChange={(event) => setCertificate(event.currentTarget.value)}
          rows={6}
          required
          spellCheck={false}
        />
        <TextInput
          label={t('description')}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          maxLength={128}
        />
        <Checkbox
          label={t('legacySha1')}
          checked={legacySha1}
          onChange={(event) => setLegacySha1(event.currentTarget.checked)}
        />
        <Problem error={error} />
        <Group>
          <Button type="submit">{t('addRoot')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
