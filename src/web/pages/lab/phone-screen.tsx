import type { FormEvent, ReactNode } from 'react';
import type { LabPhoneView, LabStepView } from '../../../contract/lab.ts';
import { Icon, type IconName } from '../../components/icon.tsx';
import { useText } from '../../i18n/use-text.ts';
import { useFaultText } from './fault-text.ts';
import type { Hands } from './use-hands.ts';

interface ScreenProps {
  readonly phone: LabPhoneView;
  readonly steps: readonly LabStepView[];
  readonly typed: string;
  readonly onTyped: (typed: string) => void;
  readonly onSubmit: () => void;
  readonly onScan: () => void;
  readonly hands: Hands;
}

/** What the phone shows: built from what the real phone reports, nothing is made up here. */
export function PhoneScreen(props: ScreenProps) {
  const { phone } = props;
  const { kind } = phone.screen;
  return (
    <div className="lab-screen" data-kind={kind}>
      {kind !== 'off' && <StatusBar phone={phone} />}
      <Contents {...props} />
    </div>
  );
}

function Contents(props: ScreenProps) {
  const { t } = useText();
  const { phone, hands } = props;
  const { kind, problem } = phone.screen;
  switch (kind) {
    case 'off':
      return <Middle title={t('lab.screenOff')} />;
    case 'code':
      return <CodeEntry {...props} />;
    case 'registered':
      return <Idle {...props} />;
    case 'ringing':
      return <Middle icon="phone" title={t('lab.screenRinging', { who: phone.screen.with ?? '' })} busy />;
    case 'calling':
    case 'in-call':
      return (
        <>
          <Middle
            icon="phone"
            title={t(kind === 'calling' ? 'lab.screenCalling' : 'lab.screenInCall', { who: phone.screen.with ?? '' })}
            busy={kind === 'calling'}
          />
          <SoftKeys>
            <SoftKey text={t('lab.hangUp')} onClick={() => hands.act.mutate('hang-up')} />
          </SoftKeys>
        </>
      );
    case 'failed':
      return (
        <>
          <Middle icon="alert" title={t('lab.screenFailed')} problem={problem} />
          <SoftKeys>
            <SoftKey text={t('lab.restart')} onClick={() => hands.act.mutate('restart')} />
          </SoftKeys>
        </>
      );
    default:
      return <Working {...props} />;
  }
}

const working = {
  starting: 'lab.screenStarting',
  activating: 'lab.screenActivating',
  'setting-up': 'lab.screenSettingUp',
  registering: 'lab.screenRegistering',
} as const;

function Working({ phone, steps }: ScreenProps) {
  const { t, lookup } = useText();
  const kind = phone.screen.kind as keyof typeof working;
  const stages = Object.keys(working);
  const last = steps.at(-1);
  return (
    <Middle title={t(working[kind])} busy problem={phone.screen.problem}>
      <span className="lab-dots" aria-hidden="true">
        {stages.map((each) => (
          <span key={each} data-done={stages.indexOf(each) <= stages.indexOf(kind) || undefined} />
        ))}
      </span>
      {last !== undefined && <span className="lab-small">{lookup('labStep', last.step)}</span>}
    </Middle>
  );
}

function CodeEntry({ phone, typed, onTyped, onSubmit, onScan, hands }: ScreenProps) {
  const { t } = useText();
  const { problem } = phone.screen;
  return (
    <form className="lab-form" onSubmit={submitting(onSubmit)}>
      <Middle
        title={problem === null ? t('lab.screenWelcome') : t('lab.screenAgain')}
        problem={problem}
        text={problem === null ? t('lab.screenEnterCode') : undefined}
      >
        <input
          className="lab-entry"
          inputMode="numeric"
          autoComplete="off"
          spellCheck={false}
          aria-label={t('lab.codeField')}
          placeholder="0000-0000-0000-0000"
          value={typed.replace(/(\d{4})(?=\d)/g, '$1-')}
          onChange={(event) => onTyped(digitsOf(event.target.value))}
        />
      </Middle>
      <SoftKeys>
        <SoftKey text={t('lab.erase')} onClick={() => onTyped(typed.slice(0, -1))} disabled={typed === ''} />
        {phone.camera && <SoftKey text={t('lab.scanKey')} onClick={onScan} />}
        <SoftKey text={t('lab.goOn')} strong disabled={typed === '' || hands.enter.isPending} />
      </SoftKeys>
    </form>
  );
}

/** Digits as typed or pasted, also full-width ones and the payload of a QR code. */
function digitsOf(text: string): string {
  return text
    .replace(/^\s*OAC1:/i, '')
    .replace(/[０-９]/g, (wide) => String(wide.charCodeAt(0) - 0xff10))
    .replace(/\D/g, '')
    .slice(0, 16);
}

function Idle({ phone, typed, onTyped, onSubmit }: ScreenProps) {
  const { t } = useText();
  const [first, ...others] = phone.directoryNumbers;
  return (
    <form className="lab-form" onSubmit={submitting(onSubmit)}>
      <Middle
        icon="check"
        title={first ?? phone.deviceName}
        text={t('lab.screenRegistered')}
        problem={phone.screen.problem}
        large={first !== undefined}
      >
        {others.length > 0 && <span className="lab-small">{others.join(' · ')}</span>}
        <input
          className="lab-entry"
          inputMode="tel"
          autoComplete="off"
          aria-label={t('lab.dialField')}
          placeholder={t('lab.dialHint')}
          value={typed}
          onChange={(event) => onTyped(event.target.value.replace(/[^0-9*#+]/g, '').slice(0, 32))}
        />
      </Middle>
      <SoftKeys>
        <SoftKey text={t('lab.erase')} onClick={() => onTyped(typed.slice(0, -1))} disabled={typed === ''} />
        <SoftKey text={t('lab.call')} strong disabled={typed === ''} />
      </SoftKeys>
    </form>
  );
}

const submitting = (onSubmit: () => void) => (event: FormEvent) => {
  event.preventDefault();
  onSubmit();
};

function StatusBar({ phone }: { phone: LabPhoneView }) {
  return (
    <div className="lab-bar">
      <span>{phone.directoryNumbers[0] ?? phone.model}</span>
      <span>{phone.mac}</span>
    </div>
  );
}

function Middle({
  icon,
  title,
  text,
  problem = null,
  busy = false,
  large = false,
  children,
}: {
  icon?: IconName;
  title: string;
  text?: string | undefined;
  problem?: LabPhoneView['screen']['problem'];
  busy?: boolean;
  large?: boolean;
  children?: ReactNode;
}) {
  const textOf = useFaultText();
  const told = problem === null ? undefined : textOf(problem.fault, problem.message, problem.remedy);
  return (
    <div className="lab-middle">
      <div className="lab-words" role="status">
        {icon !== undefined && (
          <span className="lab-sign" data-bad={icon === 'alert' || undefined}>
            <Icon name={icon} size={22} />
          </span>
        )}
        <strong className={large ? 'lab-title lab-large' : 'lab-title'}>{title}</strong>
        {busy && <span className="lab-pulse" aria-hidden="true" />}
        {text !== undefined && <span>{text}</span>}
        {told !== undefined && (
          <span className="lab-problem">
            <b>{told.message}</b> {told.remedy}
          </span>
        )}
      </div>
      {children}
    </div>
  );
}

function SoftKeys({ children }: { children: ReactNode }) {
  return <div className="lab-softkeys">{children}</div>;
}

/** Without `onClick` it submits what was typed. */
function SoftKey({
  text,
  onClick,
  strong = false,
  disabled = false,
}: {
  text: string;
  onClick?: () => void;
  strong?: boolean;
  disabled?: boolean;
}) {
  return (
    <button
      type={onClick === undefined ? 'submit' : 'button'}
      className="lab-softkey"
      data-strong={strong || undefined}
      disabled={disabled}
      {...(onClick === undefined ? {} : { onClick })}
    >
      {text}
    </button>
  );
}
