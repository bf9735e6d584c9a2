import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { AddCluster } from './c-add-cluster.tsx';
import { Confirm } from './confirm.tsx';
import { useReader } from './language.tsx';
import { Facts, Loaded, Problem, Rows, State } from './parts.tsx';
import { requestC as request } from './rest.ts';
import { type StatusOfC, useStatusOfC } from './status-parts.tsx';

export function CClustersTab() {
  const { t } = useReader();
  const queries = useQueryClient();
  const query = useStatusOfC();
  const changed = () => queries.invalidateQueries({ queryKey: ['status'] });
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('clustersHelp')}
      </Text>
      <Loaded query={query}>
        {({ clusters }) =>
          clusters.length === 0 ? (
            <Text c="dimmed">{t('noClusters')}</Text>
          ) : (
            clusters.map((cluster) => <Cluster key={cluster.id} cluster={cluster} onChanged={changed} />)
          )
        }
      </Loaded>
      <AddCluster onAdded={() => void changed()} />
    </Stack>
  );
}

function Cluster({ cluster, onChanged }: { cluster: StatusOfC['clusters'][number]; onChanged: () => Promise<void> }) {
  const { t, dateTime } = useReader();
  const [leaving, setLeaving] = useState(false);
  const [answered, setAnswered] = useState<boolean>();
  const [error, setError] = useState<unknown>();
  const path = { id: cluster.id };
  const refresh = async () => {
    setError(undefined);
    setAnswered(undefined);
    try {
      setAnswered((await request('POST /clusters/{id}/refresh', { path })).body.answered);
      await onChanged();
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <section className="fr-panel" aria-label={cluster.address}>
      <Stack>
        <Group justify="space-between">
          <Group gap="xs">
            <Text fw={650}>{cluster.address}</Text>
            <State tone={cluster.problem === null ? 'good' : 'bad'}>
              {cluster.problem === null ? t('ready') : t('notReady')}
            </State>
          </Group>
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={() => void refresh()}>
              {t('refresh')}
            </Button>
            <Button size="xs" variant="default" onClick={() => setLeaving(true)}>
              {t('remove')}
            </Button>
          </Group>
        </Group>
        {cluster.problem !== null && <Text size="sm">{cluster.problem}</Text>}
        {answered !== undefined && (
          <Text size="sm" role="status">
            {answered ? t('refreshed') : t('notAnswered')}
          </Text>
        )}
        <Problem error={error} />
        <Facts
          facts={[
            [t('lastSeen'), cluster.lastSeen === null ? t('never') : dateTime(cluster.lastSeen)],
            [t('version'), cluster.version ?? t('none')],
            [t('activationDomain'), cluster.activationDomain ?? t('none')],
            [t('domains'), cluster.serviceDomains.join(', ') || t('none')],
            [t('mraActivation'), cluster.mraActivationEnabled ? t('on') : t('off')],
          ]}
        />
        <Rows label={t('clusters')} heads={[t('node'), t('address'), t('services')]}>
          {cluster.nodes.map((node) => (
            <Table.Tr key={node.name}>
              <Table.Td>{node.name}</Table.Td>
              <Table.Td>
                {node.host}:{node.edgeAccess}, SIP {node.sipOauthMra}
              </Table.Td>
              <Table.Td>{node.services.join(', ')}</Table.Td>
            </Table.Tr>
          ))}
        </Rows>
      </Stack>
      {leaving && (
        <Confirm
          text={t('forgetCluster')}
          onClose={() => setLeaving(false)}
          onYes={async () => {
            await request('DELETE /clusters/{id}', { path });
            await onChanged();
          }}
        />
      )}
    </section>
  );
}
