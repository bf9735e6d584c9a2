import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { PhoneView } from '../../../contract/phones.ts';
import { request } from '../../api/client.ts';
import { Icon } from '../../components/icon.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';

/** Where the model auto-registers: that a record made by hand is in the way of that. */
export function AutoRegistrationNote({ phone }: { phone: PhoneView }) {
  const { t } = useText();
  const can = usePermission();
  const byHand = !phone.autoRegistered;
  const defaults = useQuery({
    queryKey: ['device-default', phone.model],
    enabled: byHand && can('settings.read'),
    staleTime: 30_000,
    queryFn: async ({ signal }) =>
      (await request('GET /device-defaults/{model}', { path: { model: phone.model }, signal })).body,
  });
  if (!byHand || defaults.data?.onPremiseOnboardingMethod !== 'AutoRegistration') return null;
  return (
    <Alert color="yellow" variant="light" icon={<Icon name="info" />}>
      {t('phone.keepsFromAutoRegistration')}
    </Alert>
  );
}
