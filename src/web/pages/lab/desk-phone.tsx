import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { LabPhoneView, LabStepView } from '../../../contract/lab.ts';
import { useText } from '../../i18n/use-text.ts';
import { Handset } from './handset.tsx';
import { PhoneScreen } from './phone-screen.tsx';
import { ScanDialog } from './scan-dialog.tsx';
import type { Hands } from './use-hands.ts';

const keys = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
] as const;

const codeLength = 16;
const numberLength = 32;

/** What a key press makes of what was typed. */
function pressed(typed: string, key: string, kind: LabPhoneView['screen']['kind']): string {
  if (kind === 'code') return /\d/.test(key) && typed.length < codeLength ? typed + key : typed;
  return kind === 'registered' && typed.length < numberLength ? typed + key : typed;
}

/** A desk phone: its screen, its keys, and the same keys on the keyboard. */
export function DeskPhone({
  phone,
  steps,
  hands,
}: {
  phone: LabPhoneView;
  steps: readonly LabStepView[];
  hands: Hands;
}) {
  const { t, lookup } = useText();
  const [typed, setTyped] = useState('');
  const [scanning, setScanning] = useState(false);
  const { kind, problem } = phone.screen;
  const body = useRef<HTMLElement>(null);
  const here = useRef(false);
  // Another screen begins with nothing typed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what it depends on
  useEffect(() => setTyped(''), [kind]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are what it depends on
  useEffect(() => {
    // What had the focus went with the screen before; the keyboard stays with the phone.
    if (here.current && document.activeElement === document.body) body.current?.focus({ preventScroll: true });
  }, [kind, problem]);
  const taken = { onSuccess: () => setTyped('') };
  const submit = () => {
    if (kind === 'code' && typed.length > 0) hands.enter.mutate(typed, taken);
    if (kind === 'registered' && typed.length > 0) hands.call.mutate(typed, taken);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[0-9*#]$/.test(event.key)) setTyped(pressed(typed, event.key, kind));
    else if (event.key === 'Backspace') setTyped(typed.slice(0, -1));
    else if (event.key === 'Enter' && event.target === event.currentTarget) submit();
    else return;
    event.preventDefault();
  };
  return (
    <section
      ref={body}
      tabIndex={-1}
      className="lab-phone"
      aria-label={t('lab.phoneLabel', { name: phone.deviceName })}
      data-screen={kind}
      onKeyDown={onKey}
      onFocus={() => {
        here.current = true;
      }}
      onBlur={({ relatedTarget, currentTarget }) => {
        if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) here.current = false;
      }}
    >
      <Handset ringing={kind === 'ringing'} lifted={kind === 'in-call' || kind === 'calling'} />
      <div className="lab-face">
        <div className="lab-lamp" aria-hidden="true" />
        <PhoneScreen
          phone={phone}
          steps={steps}
          typed={typed}
          onTyped={setTyped}
          onSubmit={submit}
          onScan={() => setScanning(true)}
          hands={hands}
        />
        <fieldset className="lab-keys">
          <legend className="fr-visually-hidden">{t('lab.keypad')}</legend>
          {keys.map(([key, letters]) => (
            <button
              key={key}
              type="button"
              className="lab-key"
              disabled={kind === 'off'}
              onClick={() => setTyped(pressed(typed, key, kind))}
            >
              <span>{key}</span> <small>{letters}</small>
              {letters === '' && <span className="fr-visually-hidden">{lookup('labKey', key, '')}</span>}
            </button>
          ))}
        </fieldset>
        <p className="lab-name" aria-hidden="true">
          {phone.model.replace(/^\S+ /, '')}
        </p>
      </div>
      <ScanDialog opened={scanning} onClose={() => setScanning(false)} onRead={(text) => hands.enter.mutate(text)} />
    </section>
  );
}
