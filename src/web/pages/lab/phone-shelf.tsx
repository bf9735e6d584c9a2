import { Link } from 'react-router';
import type { LabPhoneView } from '../../../contract/lab.ts';
import { Status, type Tone } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';

export const toneOf: Readonly<Record<LabPhoneView['screen']['kind'], Tone>> = {
  off: 'quiet',
  starting: 'busy',
  code: 'warn',
  activating: 'busy',
  'setting-up': 'busy',
  registering: 'busy',
  registered: 'good',
  ringing: 'good',
  calling: 'good',
  'in-call': 'good',
  failed: 'bad',
};

/** All phones of the lab, small. */
export function PhoneShelf({ phones, chosen }: { phones: readonly LabPhoneView[]; chosen: string | undefined }) {
  const { t, lookup } = useText();
  return (
    <nav aria-label={t('lab.shelf')}>
      <ul className="lab-shelf">
        {phones.map((phone) => (
          <li key={phone.id}>
            <Link
              to={`?phone=${phone.id}`}
              replace
              preventScrollReset
              className="lab-tile"
              aria-current={phone.id === chosen ? 'true' : undefined}
            >
              <strong>{phone.directoryNumbers[0] ?? phone.model}</strong>
              <code>{phone.deviceName}</code>
              {phone.atHome && <span>{t('lab.isAtHome')}</span>}
              <Status tone={toneOf[phone.screen.kind]}>{lookup('labScreen', phone.screen.kind)}</Status>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
