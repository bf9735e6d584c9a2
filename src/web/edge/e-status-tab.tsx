import { Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm } from './confirm.tsx';
import { useReader } from './language.tsx';
import { Copy, Facts, Loaded, Problem, Rows, State } from './parts.tsx';
import { requestE as request } from './rest.ts';
import { Figures, Serving, type StatusOfE, useStatusOfE } from './status-parts.tsx';

export function EStatusTab() {
  const { t } = useReader();
  const query = useStatusOfE();
  return (
    <Loaded query={query}>
      {(status) => (
        <Stack>
          <Serving problems={status.problems} />
          <Figures
            figures={[
              [t('connections'), status.phones.connections],
              [t('sipFlows'), status.phones.sipFlows],
              [t('requests'), status.phones.requests],
              [t('refusals'), status.phones.refusals],
            ]}
          />
          <Facts
            facts={[
              [t('hostName'), status.hostName],
              [t('phonesHttps'), status.endpoints.https],
              [t('phonesSip'), status.endpoints.sip],
              [t('tunnel'), status.endpoints.tunnel],
              [t('asks'), status.asksForCertificate ? t('yes') : t('no')],
              [t('domains'), status.domains.join(', ') || t('none')],
              [t('version'), status.version],
            ]}
          />
          <Controllers controllers={status.controllers} />
          <Pairing />
        </Stack>
      )}
    </Loaded>
  );
}

function Controllers({ controllers }: { controllers: StatusOfE['controllers'] }) {
  const { t, dateTime } = useReader();
  const queries = useQueryClient();
  const [leaving, setLeaving] = useState<string>();
  return (
    <>
      <Title order={2} size="h4">
        {t('controllers')}
      </Title>
      {controllers.length === 0 ? (
        <Text c="dimmed">{t('noControllers')}</Text>
      ) : (
        <Rows label={t('controllers')} heads={[t('name'), t('state'), t('tunnels'), t('since'), t('remove')]}>
          {controllers.map((each) => (
            <Table.Tr key={each.name}>
              <Table.Td>{each.name}</Table.Td>
              <Table.Td>
                <State tone={each.ready ? 'good' : 'bad'}>{each.ready ? t('ready') : t('notReady')}</State>
              </Table.Td>
              <Table.Td>{each.tunnels}</Table.Td>
              <Table.Td>{dateTime(each.since)}</Table.Td>
              <Table.Td>
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`${t('remove')}: ${each.name}`}
                  onClick={() => setLeaving(each.name)}
                >
                  {t('remove')}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Rows>
      )}
      {leaving !== undefined && (
        <Confirm
          text={t('forgetController', { name: leaving })}
          onClose={() => setLeaving(undefined)}
          onYes={async () => {
            await request('DELETE /controllers/{name}', { path: { name: leaving } });
            await queries.invalidateQueries({ queryKey: ['status'] });
          }}
        />
      )}
    </>
  );
}

function Pairing() {
  const { t, dateTime } = useReader();
  const [made, setMade] = useState<{ text: string; expiresAt: string }>();
  const [error, setError] = useState<unknown>();
  const make = async () => {
    setError(undefined);
    try {
      setMade((await request('POST /pairing-texts')).body);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Stack align="flex-start">
      <Button onClick={() => void make()}>{t('makePairing')}</Button>
      <Problem error={error} />
      {made !== undefined && (
        <Stack className="fr-panel" gap="xs" role="status">
          <Text size="sm">{t('pairingHelp', { time: dateTime(made.expiresAt) })}</Text>
          <p className="fe-mono">{made.text}</p>
          <Group>
            <Copy value={made.text} />
          </Group>
        </Stack>
      )}
    </Stack>
  );
}
