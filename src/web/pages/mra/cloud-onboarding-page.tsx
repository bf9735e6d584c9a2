import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { request } from '../../api/client.ts';
import { Loading, Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { CloudConnectionPanel } from './cloud-connection-panel.tsx';
import { CloudEnrolmentPanel } from './cloud-enrolment-panel.tsx';
import { cloudOnboardingKey } from './cloud-onboarding-key.ts';
import { CloudSettingsPanel } from './cloud-settings-panel.tsx';

/** Advanced Features > Cloud Onboarding. */
export function CloudOnboardingPage() {
  const { t } = useText();
  const onboarding = useQuery({
    queryKey: cloudOnboardingKey,
    // How it is with the cloud changes by itself.
    refetchInterval: 5_000,
    queryFn: ({ signal }) => request('GET /cloud-onboarding', { signal }),
  });
  const { data } = onboarding;
  return (
    <Page title={t('nav.cloudOnboarding')} lead={t('cloud.lead')}>
      {onboarding.isPending && <Loading />}
      <ProblemNote error={onboarding.error} onRetry={() => void onboarding.refetch()} />
      {data !== undefined && (
        <Stack gap="lg" className="fr-narrow">
          <CloudConnectionPanel onboarding={data.body} />
          <CloudEnrolmentPanel onboarding={data.body} />
          <CloudSettingsPanel onboarding={data.body} version={data.version} />
        </Stack>
      )}
    </Page>
  );
}
