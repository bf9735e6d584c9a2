import type { PhoneView } from '../../../contract/phones.ts';
import { Facts } from '../../components/form-parts.tsx';
import { Panel } from '../../components/page.tsx';
import { useText } from '../../i18n/use-text.ts';
import { RegistrationStatus } from './phone-status.tsx';

/** Where the phone is registered, since when, and what it runs. */
export function RegistrationPanel({ phone }: { phone: PhoneView }) {
  const { t, formatDateTime } = useText();
  const { registration } = phone;
  return (
    <Panel title={t('phone.registration')} aside={<RegistrationStatus phone={phone} />}>
      <Facts
        facts={[
          ...(registration === null
            ? []
            : ([
                [t('registration.node'), registration.node],
                [t('registration.address'), `${registration.sourceAddress} (${registration.transport.toUpperCase()})`],
                [t('registration.since'), formatDateTime(registration.registeredAt)],
              ] as const)),
          [
            t('phone.firstActivated'),
            phone.firstActivatedAt === null ? t('phone.never') : formatDateTime(phone.firstActivatedAt),
          ],
          phone.activeLoad === '' ? undefined : [t('phone.activeLoad'), phone.activeLoad],
          phone.inactiveLoad === '' ? undefined : [t('phone.inactiveLoad'), phone.inactiveLoad],
          [t('phone.added'), formatDateTime(phone.createdAt)],
          [t('phone.changed'), formatDateTime(phone.updatedAt)],
        ]}
      />
    </Panel>
  );
}
