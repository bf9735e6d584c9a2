import type { PhoneView } from '../../../contract/phones.ts';
import { Status } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';

export function RegistrationStatus({ phone }: { phone: PhoneView }) {
  const { t } = useText();
  if (!phone.enabled) return <Status tone="quiet">{t('phone.disabled')}</Status>;
  if (phone.registration !== null) return <Status tone="good">{t('phone.registered')}</Status>;
  if (phone.requiresActivationCode)
    return (
      <Status tone={phone.firstActivatedAt === null ? 'busy' : 'warn'} icon="lock">
        {phone.firstActivatedAt === null ? t('phone.waits') : t('phone.locked')}
      </Status>
    );
  return <Status tone="quiet">{t('phone.unregistered')}</Status>;
}

export function CodeStatus({ phone }: { phone: PhoneView }) {
  const { t, lookup, formatRelative } = useText();
  const code = phone.activationCode;
  if (!phone.requiresActivationCode && code?.state !== 'active')
    return <span className="fr-dim">{code === null ? '–' : lookup('codeState', code.state)}</span>;
  if (code === null) return <Status tone="bad">{t('codeState.missing')}</Status>;
  if (code.state === 'active')
    return (
      <Status tone="busy" icon="clock">
        {t('codeState.activeUntil', { when: formatRelative(code.expiresAt) })}
      </Status>
    );
  return (
    <Status tone={code.state === 'expired' || code.state === 'locked' ? 'bad' : 'warn'}>
      {lookup('codeState', code.state)}
    </Status>
  );
}

export function LastStep({ phone }: { phone: PhoneView }) {
  const { lookup, formatDateTime } = useText();
  const last = phone.lastStep;
  if (last === null) return <span className="fr-dim">–</span>;
  const text = lookup('step', last.step);
  return (
    <span title={`${text} · ${formatDateTime(last.at)}`}>
      {last.result === 'failed' ? <Status tone="bad">{text}</Status> : text}
    </span>
  );
}
