import { Select, Stack, Switch, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Static } from 'typebox';
import type { NodeService } from '../../contract/node-services.ts';
import { request } from '../api/client.ts';
import { ask } from '../components/ask.tsx';
import { Loading, Page, Panel } from '../components/page.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { Status } from '../components/status.tsx';
import { useUrlState } from '../components/use-url-state.ts';
import { useText } from '../i18n/use-text.ts';
import { usePermission } from '../session/session.ts';

type Service = Static<typeof NodeService>;

/** Serviceability > Tools > Service Activation: what runs on which node, and what depends on what. */
export function ServiceActivationPage() {
  const { t, formatRelative } = useText();
  const [read, write] = useUrlState();
  const nodes = useQuery({
    queryKey: ['nodes'],
    refetchInterval: 5_000,
    queryFn: async ({ signal }) => (await request('GET /nodes', { signal })).body.items,
  });
  if (nodes.data === undefined)
    return nodes.isError ? <ProblemNote error={nodes.error} onRetry={() => void nodes.refetch()} /> : <Loading />;
  const node =
    nodes.data.find((each) => each.name === read('server')) ??
    nodes.data.find((each) => each.publisher) ??
    nodes.data[0];
  return (
    <Page title={t('nav.serviceActivation')} lead={t('services.lead')}>
      <Stack gap="lg" className="fr-narrow">
        <Select
          label={t('services.server')}
          allowDeselect={false}
          data={nodes.data.map((each) => ({
            value: each.name,
            label: each.publisher ? t('services.publisher', { node: each.name }) : each.name,
          }))}
          value={node?.name ?? null}
          onChange={(server) => write({ server: server ?? undefined })}
        />
        {node !== undefined && (
          <>
            <dl className="fr-facts">
              <div>
                <dt>{t('services.state')}</dt>
                <dd>
                  {node.up ? (
                    <Status tone="good">{t('services.up')}</Status>
                  ) : (
                    <Status tone="bad">{t('services.down')}</Status>
                  )}
                </dd>
              </div>
              <div>
                <dt>{t('registration.address')}</dt>
                <dd>{node.address}</dd>
              </div>
              <div>
                <dt>{t('services.version')}</dt>
                <dd>{node.version || '–'}</dd>
              </div>
              <div>
                <dt>{t('services.lastSeen')}</dt>
                <dd>{node.lastSeenAt === null ? '–' : formatRelative(node.lastSeenAt)}</dd>
              </div>
            </dl>
            <Services node={node.name} />
          </>
        )}
      </Stack>
    </Page>
  );
}

function Services({ node }: { node: string }) {
  const { t, lookup } = useText();
  const services = useQuery({
    queryKey: ['services', node],
    queryFn: async ({ signal }) =>
      (await request('GET /nodes/{name}/services', { path: { name: node }, signal })).body.items,
  });
  if (services.data === undefined) return services.isError ? <ProblemNote error={services.error} /> : <Loading />;
  const groups = Map.groupBy(services.data, (each) => each.group);
  return (
    <>
      {[...groups].map(([group, members]) => (
        <Panel
          key={group}
          title={lookup('group', group)}
          aside={
            <Text size="sm" c="dimmed">
              {t('services.count', { on: members.filter((each) => each.activated).length, all: members.length })}
            </Text>
          }
        >
          <Stack gap="md">
            {members.map((each) => (
              <ServiceRow key={each.name} node={node} service={each} all={services.data} />
            ))}
          </Stack>
        </Panel>
      ))}
    </>
  );
}

function ServiceRow({ node, service, all }: { node: string; service: Service; all: readonly Service[] }) {
  const { t, lookup } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const toggle = useMutation({
    mutationFn: (activated: boolean) =>
      request('PUT /nodes/{name}/services/{service}', {
        path: { name: node, service: service.name },
        body: { activated },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['services'] }),
  });
  const named = (names: readonly string[]) => names.map((each) => lookup('service', each)).join(', ');
  const neededBy = all.filter((each) => each.needs.includes(service.name) && each.activated).map((each) => each.name);
  const onToggle = async (activated: boolean) => {
    if (!activated) {
      const text = [
        lookup('serviceOff', service.name, t('services.offText')),
        neededBy.length > 0 ? t('services.neededBy', { services: named(neededBy) }) : '',
      ]
        .filter(Boolean)
        .join(' ');
      const yes = await ask({
        title: t('services.offTitle', { service: lookup('service', service.name), node }),
        text,
        confirm: t('services.off'),
        cancel: t('action.cancel'),
        dangerous: true,
      });
      if (!yes) return;
    }
    toggle.mutate(activated);
  };
  return (
    <div className="fr-service">
      <Switch
        label={lookup('service', service.name)}
        description={lookup('serviceHelp', service.name, service.description)}
        checked={service.activated}
        disabled={!can('system.write') || toggle.isPending}
        onChange={(event) => void onToggle(event.currentTarget.checked)}
      />
      <div className="fr-service-facts">
        {service.activated ? (
          <Status tone="good">{t('services.activated')}</Status>
        ) : (
          <Status tone="quiet">{t('services.deactivated')}</Status>
        )}
        {service.needs.length > 0 && (
          <Text size="xs" c="dimmed">
            {t('services.needs', { services: named(service.needs) })}
          </Text>
        )}
        {service.activated && service.missingForMra.length > 0 && (
          <Status tone="warn">{t('services.missingForMra', { services: named(service.missingForMra) })}</Status>
        )}
      </div>
      <ProblemNote error={toggle.error} />
    </div>
  );
}
