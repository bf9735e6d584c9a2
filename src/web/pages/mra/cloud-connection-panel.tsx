import { Alert, Button, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CloudOnboardingView } from '../../../contract/cloud-onboarding.ts';
import { request } from '../../api/client.ts';
import { type Fact, Facts } from '../../components/form-parts.tsx';
import { Icon } from '../../components/icon.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Status, type Tone } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { cloudOnboardingKey } from './cloud-onboarding-key.ts';

const tones: Readonly<Record<CloudOnboardingView['connection']['state'], Tone>> = {
  'not-set-up': 'quiet',
  'not-enrolled': 'quiet',
  connecting: 'busy',
  connected: 'good',
  suspended: 'bad',
  failing: 'bad',
};

/** How it is with the cloud, what is wrong and what to do, and whether codes for phones outside are made. */
export function CloudConnectionPanel({ onboarding }: { onboarding: CloudOnboardingView }) {
  const { t, lookup, language, formatExact, formatDate, formatNumber } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const check = useMutation({
    mutationFn: () => request('POST /cloud-onboarding/check'),
    onSuccess: (answer) => queries.setQueryData(cloudOnboardingKey, answer),
  });
  const { connection, enrolment, locators, readiness } = onboarding;
  const errorText = (code: string, said: string) => (language === 'en' ? said : lookup('cloudError', code, said));
  const facts: readonly (Fact | undefined)[] = [
    [
      t('cloud.readiness'),
      <Status key="ready" tone={readiness === 'ready' ? 'good' : 'quiet'}>
        {t(`cloud.readyOf.${readiness}`)}
      </Status>,
    ],
    connection.lastSuccessAt === null ? undefined : [t('cloud.lastSuccess'), formatExact(connection.lastSuccessAt)],
    connection.lastError === null || connection.lastErrorAt === null
      ? undefined
      : [
          t('cloud.lastError'),
          t('cloud.errorAt', {
            when: formatExact(connection.lastErrorAt),
            error: errorText(connection.lastErrorCode ?? '', connection.lastError),
          }),
        ],
    ...(enrolment === null
      ? []
      : ([
          [t('cloud.clusterId'), <code key="id">{enrolment.clusterId}</code>],
          [t('cloud.issuer'), enrolment.issuer],
          [
            t('cloud.certificateEnds'),
            t('cloud.certificateRenewed', { date: formatDate(enrolment.certificateNotAfter) }),
          ],
          [t('cloud.settingsSent'), t(connection.settingsSent ? 'cloud.sent' : 'cloud.onItsWay')],
          [t('cloud.trustSent'), t(connection.phoneEdgeTrustSent ? 'cloud.sent' : 'cloud.onItsWay')],
          [
            t('cloud.locators'),
            <>
              {t('cloud.locatorsText', {
                stock: formatNumber(locators.stock),
                inUse: formatNumber(locators.inUse),
                releasing: formatNumber(locators.releasing),
              })}
              {locators.allocated !== null && locators.quota !== null && (
                <Text size="sm" c="dimmed">
                  {t('cloud.quota', {
                    allocated: formatNumber(locators.allocated),
                    quota: formatNumber(locators.quota),
                  })}
                </Text>
              )}
            </>,
          ],
        ] as readonly Fact[])),
  ];
  return (
    <Panel
      title={t('cloud.state')}
      aside={<Status tone={tones[connection.state]}>{t(`cloud.stateOf.${connection.state}`)}</Status>}
    >
      <Stack gap="md">
        {connection.failingSince !== null && (
          <Alert color="red" variant="light" icon={<Icon name="alert" />} role="alert">
            <Stack gap={6}>
              <Text size="sm" fw={600}>
                {errorText(connection.lastErrorCode ?? '', connection.lastError ?? '')}
              </Text>
              {connection.remedy !== null && (
                <Text size="sm">
                  {language === 'en'
                    ? connection.remedy
                    : lookup('cloudRemedy', connection.lastErrorCode ?? '', connection.remedy)}
                </Text>
              )}
              <Text size="sm">
                {t('cloud.failingSince')}: {formatExact(connection.failingSince)}
              </Text>
            </Stack>
          </Alert>
        )}
        {readiness === 'ready' && !onboarding.oauthRefreshLoginFlow && (
          <Alert color="yellow" variant="light" icon={<Icon name="alert" />}>
            <Text size="sm">{t('cloud.oauthOff')}</Text>
          </Alert>
        )}
        {locators.drafts > 0 && (
          <Alert color="yellow" variant="light" icon={<Icon name="clock" />}>
            <Text size="sm">{t('cloud.drafts', { count: locators.drafts })}</Text>
          </Alert>
        )}
        <Facts facts={facts} />
        <ProblemNote error={check.error} />
        {enrolment !== null && can('system.write') && (
          <div>
            <Button
              variant="default"
              leftSection={<Icon name="refresh" size={16} />}
              loading={check.isPending}
              onClick={() => check.mutate()}
            >
              {t('cloud.check')}
            </Button>
          </div>
        )}
      </Stack>
    </Panel>
  );
}
