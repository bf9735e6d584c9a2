import { Button, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CloudOnboardingView } from '../../../contract/cloud-onboarding.ts';
import { request } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import { ask } from '../../components/ask.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { cloudOnboardingKey } from './cloud-onboarding-key.ts';

/** Generate Voucher: one click where the cloud gives vouchers by itself, else the operator's is pasted. */
export function CloudEnrolmentPanel({ onboarding }: { onboarding: CloudOnboardingView }) {
  const can = usePermission();
  if (!can('system.write')) return null;
  return onboarding.enrolment === null ? <Enrol address={onboarding.address} /> : <Leave />;
}

function Enrol({ address }: { address: string }) {
  const { t } = useText();
  const queries = useQueryClient();
  const [voucher, setVoucher] = useState('');
  const enrol = useMutation({
    mutationFn: (text: string) =>
      request('POST /cloud-onboarding/enrolment', {
        body: text === '' ? {} : { voucher: text },
      }),
    onSuccess: (answer) => {
      queries.setQueryData(cloudOnboardingKey, answer);
      notifications.show({ message: t('cloud.enrolled') });
    },
  });
  const asked = voucher.trim() !== '' || isProblem(enrol.error);
  return (
    <Panel title={t('cloud.enrolment')}>
      <Stack gap="md" align="flex-start">
        <Text size="sm" c="dimmed">
          {t('cloud.enrolmentText')} {t('cloud.order')}
        </Text>
        {address === '' ? (
          <Text size="sm">{t('cloud.saveFirst')}</Text>
        ) : (
          <>
            <Button loading={enrol.isPending && voucher === ''} onClick={() => enrol.mutate('')}>
              {t('cloud.generate')}
            </Button>
            <Textarea
              w="100%"
              label={t('cloud.haveVoucher')}
              description={t('cloud.voucherHelp')}
              autosize
              minRows={2}
              maxLength={400}
              autoComplete="off"
              spellCheck={false}
              value={voucher}
              onChange={(event) => setVoucher(event.currentTarget.value)}
            />
            {asked && (
              <Button
                variant="default"
                disabled={voucher.trim() === ''}
                loading={enrol.isPending && voucher !== ''}
                onClick={() => enrol.mutate(voucher.trim())}
              >
                {t('cloud.useVoucher')}
              </Button>
            )}
          </>
        )}
        <ProblemNote error={enrol.error} />
      </Stack>
    </Panel>
  );
}

function Leave() {
  const { t } = useText();
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: () => request('DELETE /cloud-onboarding/enrolment'),
    onSuccess: ({ body, version }) => {
      queries.setQueryData(cloudOnboardingKey, { body: body.onboarding, version });
      notifications.show({ message: t(body.toldCloud ? 'cloud.disconnected' : 'cloud.disconnectedAlone') });
    },
  });
  const onLeave = async () => {
    const yes = await ask({
      title: t('cloud.disconnectTitle'),
      text: t('cloud.disconnectText'),
      confirm: t('cloud.disconnect'),
      cancel: t('action.cancel'),
      dangerous: true,
    });
    if (yes) leave.mutate();
  };
  return (
    <Panel title={t('cloud.enrolment')}>
      <Stack gap="md" align="flex-start">
        <Text size="sm">{t('cloud.enrolled')}</Text>
        <ProblemNote error={leave.error} />
        <Button variant="default" loading={leave.isPending} onClick={() => void onLeave()}>
          {t('cloud.disconnect')}
        </Button>
      </Stack>
    </Panel>
  );
}
