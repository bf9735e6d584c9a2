import { Button, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { PhoneView } from '../../../contract/phones.ts';
import { request } from '../../api/client.ts';
import { ask } from '../../components/ask.tsx';
import { Facts } from '../../components/form-parts.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Status } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';

/** How a phone stands outside: where it came in, where it registers, what the cloud knows, and what lets it in again. */
export function PhoneMraPanel({ phone }: { phone: PhoneView }) {
  const { t } = useText();
  const { mra, activationCode } = phone;
  if (!phone.allowActivationCodeViaMra && mra.activatedVia !== 'mra') return null;
  return (
    <Panel title={t('phoneMra.title')}>
      <Stack gap="md">
        <Facts
          facts={[
            [t('phoneMra.activatedVia'), t(`phoneMra.via.${mra.activatedVia ?? 'never'}`)],
            [
              t('phone.mraServiceDomain'),
              mra.serviceDomain === null
                ? t('phoneMra.noDomain')
                : t('phoneMra.domainFrom', {
                    domain: mra.serviceDomain,
                    from: t(`phoneMra.from.${mra.serviceDomainFrom ?? 'default'}`),
                  }),
            ],
            activationCode === null
              ? undefined
              : [t('phoneMra.cloud'), t(`phoneMra.cloudKnows.${activationCode.cloud}`)],
          ]}
        />
        <GrantList phone={phone} />
      </Stack>
    </Panel>
  );
}

function GrantList({ phone }: { phone: PhoneView }) {
  const { t, formatDateTime, formatRelative } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const path = { name: phone.name };
  const grants = useQuery({
    queryKey: ['grants', phone.id, phone.registration?.registeredAt],
    queryFn: async ({ signal }) => (await request('GET /phones/{name}/grants', { path, signal })).body.items,
  });
  const revoke = useMutation({
    mutationFn: () => request('DELETE /phones/{name}/grants', { path }),
    onSuccess: () => notifications.show({ message: t('phoneMra.revoked') }),
    onSettled: () => queries.invalidateQueries(),
  });
  const live = grants.data?.find(({ state }) => state === 'live');
  const onRevoke = async () => {
    const yes = await ask({
      title: t('phoneMra.revokeTitle'),
      text: t('phoneMra.revokeText', { name: phone.name }),
      confirm: t('phoneMra.revoke'),
      cancel: t('action.cancel'),
      dangerous: true,
    });
    if (yes) revoke.mutate();
  };
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm" fw={600}>
        {t('phoneMra.grant')}
      </Text>
      {live === undefined ? (
        <Text size="sm" c="dimmed">
          {t('phoneMra.noGrant')}
        </Text>
      ) : (
        <>
          <Status tone="good">{t('phoneMra.goodFor', { when: formatRelative(live.expiresAt) })}</Status>
          <Text size="sm" c="dimmed">
            {live.refreshedAt === null
              ? t('phoneMra.given', { when: formatDateTime(live.createdAt) })
              : t('phoneMra.refreshed', { when: formatDateTime(live.refreshedAt) })}
          </Text>
          {can('phones.write') && (
            <Button variant="default" size="xs" loading={revoke.isPending} onClick={() => void onRevoke()}>
              {t('phoneMra.revoke')}
            </Button>
          )}
        </>
      )}
      <ProblemNote error={grants.error ?? revoke.error} />
    </Stack>
  );
}
