import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Static } from 'typebox';
import type { CloudOverview } from '../../contract/cloud-overview.ts';
import { saveBlob } from '../api/client.ts';
import { useReader } from './language.tsx';
import { Copy, Facts, Loaded } from './parts.tsx';
import { request } from './rest.ts';

type Overview = Static<typeof CloudOverview>;

export function OverviewTab() {
  const query = useQuery({
    queryKey: ['cloud'],
    queryFn: async ({ signal }) => (await request('GET /cloud', { signal })).body,
    refetchInterval: 10_000,
  });
  return <Loaded query={query}>{(cloud) => <Overview cloud={cloud} />}</Loaded>;
}

function Overview({ cloud }: { cloud: Overview }) {
  const { t, number } = useReader();
  const { clusters, locators, resolves } = cloud;
  const figures: readonly (readonly [string, number, number?])[] = [
    [t('activeClusters'), clusters.active],
    [t('suspendedClusters'), clusters.suspended],
    [t('liveLocators'), locators.live],
    [t('quarantinedLocators'), locators.quarantined],
    [t('freeLocators'), locators.free],
    [t('openVouchers'), cloud.openVouchers],
    [t('found'), resolves.found.day, resolves.found.total],
    [t('unknown'), resolves.unknown.day, resolves.unknown.total],
    [t('limited'), resolves.limited.day, resolves.limited.total],
    [t('micRefused'), resolves.micRefused.day, resolves.micRefused.total],
  ];
  const jwk = JSON.stringify(cloud.cloudKey);
  return (
    <Stack gap="lg">
      {cloud.selfService && (
        <Alert color="yellow" variant="light">
          {t('selfServiceOn')}
        </Alert>
      )}
      <dl className="fc-figures">
        {figures.map(([name, value, total]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {number(value)}
              {total !== undefined && (
                <Text size="xs" c="dimmed">
                  {t('inAll', { n: number(total) })}
                </Text>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <section className="fr-panel">
        <Title order={2} size="h4" mb="md">
          {t('keys')}
        </Title>
        <Facts
          facts={[
            [t('issuer'), cloud.issuer],
            [t('version'), cloud.version],
            [
              t('cloudKey'),
              <Group key="key" gap="xs">
                <span className="fc-mono">{jwk}</span>
                <Copy value={jwk} />
              </Group>,
            ],
            [
              t('authority'),
              <Stack key="authority" gap={6} align="flex-start">
                <span className="fc-mono">{cloud.authority.sha256}</span>
                <Text size="xs" c="dimmed">
                  {t('authorityHelp')}
                </Text>
                <Button
                  size="xs"
                  variant="default"
                  onClick={() =>
                    saveBlob('cloud-ca.pem', new Blob([cloud.authority.pem], { type: 'application/x-pem-file' }))
                  }
                >
                  {t('download')}
                </Button>
              </Stack>,
            ],
          ]}
        />
      </section>
    </Stack>
  );
}
