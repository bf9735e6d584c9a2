import { Button, Group, Stack, Table, Text, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Confirm } from './confirm.tsx';
import { useReader } from './language.tsx';
import { Loaded, Problem, Rows, State } from './parts.tsx';
import { requestC as request } from './rest.ts';
import { useStatusOfC } from './status-parts.tsx';

export function CEdgesTab() {
  const { t, number } = useReader();
  const queries = useQueryClient();
  const [leaving, setLeaving] = useState<string>();
  const query = useStatusOfC();
  const changed = () => queries.invalidateQueries({ queryKey: ['status'] });
  return (
    <Stack>
      <Loaded query={query}>
        {({ edges }) =>
          edges.length === 0 ? (
            <Text c="dimmed">{t('noEdges')}</Text>
          ) : (
            <Rows
              label={t('edges')}
              heads={[
                t('name'),
                t('state'),
                t('inForce'),
                t('phonesReach'),
                t('connections'),
                t('sipFlows'),
                t('remove'),
              ]}
            >
              {edges.map((edge) => (
                <Table.Tr key={edge.name}>
                  <Table.Td>
                    {edge.name}
                    <Text size="xs" c="dimmed">
                      {edge.address}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <State tone={edge.problem === null ? 'good' : 'bad'}>
                      {edge.problem === null ? t('ready') : t('notReady')}
                    </State>
                    {edge.problem !== null && <Text size="xs">{edge.problem}</Text>}
                    {edge.warnings.map((warning) => (
                      <Text size="xs" key={warning}>
                        {warning}
                      </Text>
                    ))}
                  </Table.Td>
                  <Table.Td>{edge.inForce ? t('yes') : t('no')}</Table.Td>
                  <Table.Td>
                    {edge.host === null ? t('never') : `${edge.host}:${edge.httpsPort}, SIP ${edge.sipPort}`}
                  </Table.Td>
                  <Table.Td>{number(edge.phoneConnections ?? 0)}</Table.Td>
                  <Table.Td>{number(edge.sipFlows ?? 0)}</Table.Td>
                  <Table.Td>
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={`${t('remove')}: ${edge.name}`}
                      onClick={() => setLeaving(edge.name)}
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
      <Pair onDone={() => void changed()} />
      {leaving !== undefined && (
        <Confirm
          text={t('forgetEdge', { name: leaving })}
          onClose={() => setLeaving(undefined)}
          onYes={async () => {
            await request('DELETE /edges/{name}', { path: { name: leaving } });
            await changed();
          }}
        />
      )}
    </Stack>
  );
}

function Pair({ onDone }: { onDone: () => void }) {
  const { t } = useReader();
  const [pairingText, setText] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const pair = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    setBusy(true);
    try {
      await request('POST /edges', { body: { pairingText } });
      setText('');
      onDone();
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };
  return (
    <form className="fr-panel" onSubmit={(event) => void pair(event)}>
      <Stack>
        <Textarea
          label={t('pairingText')}
          value={pairingText}
          onChange={(event) => setText(event.currentTarget.value)}
          rows={4}
          required
          spellCheck={false}
          autoComplete="off"
        />
        <Problem error={error} />
        <Group>
          <Button type="submit" loading={busy}>
            {t('pair')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
