import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import type { PhoneView } from '../../../contract/phones.ts';
import type { Column } from '../../components/data-table.tsx';
import { useText } from '../../i18n/use-text.ts';
import { CodeStatus, LastStep, RegistrationStatus } from './phone-status.tsx';

/** What the list of phones shows of each. */
export function usePhoneColumns(): readonly Column<PhoneView>[] {
  const { t } = useText();
  return [
    {
      id: 'name',
      header: t('phone.name'),
      width: 'minmax(158px, 1.1fr)',
      sort: 'name',
      render: (phone) => (
        <Anchor component={Link} to={`/device/phones/${phone.name}`} className="fr-row-link" ff="monospace" size="sm">
          {phone.name}
        </Anchor>
      ),
    },
    {
      id: 'status',
      header: t('phone.status'),
      width: 'minmax(186px, 1fr)',
      render: (phone) => <RegistrationStatus phone={phone} />,
    },
    {
      id: 'code',
      header: t('phone.code'),
      width: 'minmax(156px, 1fr)',
      render: (phone) => <CodeStatus phone={phone} />,
    },
    {
      id: 'model',
      header: t('phone.model'),
      width: 'minmax(104px, .6fr)',
      sort: 'model',
      render: (phone) => phone.model,
    },
    {
      id: 'description',
      header: t('phone.description'),
      width: 'minmax(120px, 1.2fr)',
      sort: 'description',
      render: (phone) => phone.description || <span className="fr-dim">–</span>,
    },
    {
      id: 'lines',
      header: t('phone.lines'),
      width: 'minmax(68px, .5fr)',
      render: (phone) =>
        phone.lines.map((line) => line.directoryNumber).join(', ') || <span className="fr-dim">–</span>,
    },
    {
      id: 'owner',
      header: t('phone.ownerShort'),
      width: 'minmax(84px, .6fr)',
      sort: 'owner',
      render: (phone) => phone.ownerUserId ?? <span className="fr-dim">–</span>,
    },
    {
      id: 'last',
      header: t('phone.lastStep'),
      width: 'minmax(150px, 1fr)',
      render: (phone) => <LastStep phone={phone} />,
    },
    {
      id: 'pool',
      header: t('phone.devicePool'),
      width: 'minmax(100px, .6fr)',
      sort: 'devicePool',
      render: (phone) => phone.devicePool,
    },
  ];
}
