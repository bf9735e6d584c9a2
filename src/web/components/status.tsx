import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'quiet';

const icons: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  warn: 'clock',
  bad: 'alert',
  busy: 'activity',
  quiet: 'info',
};

/** A state in a word, with a colour and a sign of its own: colour alone never carries it. */
export function Status({ tone, icon, children }: { tone: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={`fr-status fr-${tone}`}>
      <Icon name={icon ?? icons[tone]} size={14} />
      {children}
    </span>
  );
}
