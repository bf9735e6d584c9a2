import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { request } from '../../api/client.ts';
import { Facts } from '../../components/form-parts.tsx';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { NodePanel } from './node-panel.tsx';
import { SetupProblems } from './setup-problems.tsx';

/** System > Cisco Unified CM > Auto-registration: per node the range, the templates and the box; the group that serves. */
export function AutoRegistrationPage() {
  const { t } = useText();
  const auto = useQuery({
    queryKey: ['auto-registration'],
    refetchInterval: 5_000,
    queryFn: async ({ signal }) => (await request('GET /auto-registration', { signal })).body,
  });
  if (auto.data === undefined)
    return auto.isError ? <ProblemNote error={auto.error} onRetry={() => void auto.refetch()} /> : <Loading />;
  const { data } = auto;
  return (
    <Page title={t('nav.autoRegistration')} lead={t('autoReg.lead')}>
      <Stack gap="lg" className="fr-narrow">
        <SetupProblems problems={data.problems} good={t('autoReg.works')} />
        <Panel title={t('autoReg.cluster')}>
          <Stack gap="sm">
            <Facts
              facts={[
                [
                  t('autoReg.group'),
                  data.group === null ? (
                    t('autoReg.noGroup')
                  ) : (
                    <Anchor
                      key="group"
                      component={Link}
                      to={`/system/call-manager-groups/${encodeURIComponent(data.group)}`}
                      size="sm"
                    >
                      {data.group}
                    </Anchor>
                  ),
                ],
                [t('autoReg.members'), data.members.join(', ') || '–'],
                [t('autoReg.models'), data.models.join(', ') || t('autoReg.noModels')],
                [t('autoReg.certificate'), data.certificateRequired ? t('value.yes') : t('value.no')],
              ]}
            />
            <Group gap="md">
              <Anchor component={Link} to="/system/call-manager-groups" size="sm">
                {t('autoReg.toGroups')}
              </Anchor>
              <Anchor component={Link} to="/device/defaults" size="sm">
                {t('autoReg.toDefaults')}
              </Anchor>
              <Anchor component={Link} to="/system/service-parameters" size="sm">
                {t('nav.serviceParameters')}
              </Anchor>
            </Group>
          </Stack>
        </Panel>
        {data.nodes.map((each) => (
          <NodePanel key={each.node} node={each} />
        ))}
        <Text size="sm" c="dimmed">
          {t('autoReg.note')}
        </Text>
      </Stack>
    </Page>
  );
}
