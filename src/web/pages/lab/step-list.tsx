import { Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { LabStepView } from '../../../contract/lab.ts';
import { Icon, type IconName } from '../../components/icon.tsx';
import type { Tone } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';
import { useFaultText } from './fault-text.ts';
import { phoneWords } from './phone-words.ts';

const signs: Readonly<Record<LabStepView['outcome'], { icon: IconName; tone: Tone }>> = {
  begun: { icon: 'activity', tone: 'busy' },
  done: { icon: 'check', tone: 'good' },
  skipped: { icon: 'info', tone: 'quiet' },
  failed: { icon: 'close', tone: 'bad' },
};

/** Everything the phone did since it was plugged in, as it happens; earlier times are folded. */
export function StepList({ steps }: { steps: readonly LabStepView[] }) {
  const { t } = useText();
  const boots = bootsOf(steps);
  const now = boots.at(-1);
  if (now === undefined)
    return (
      <Text size="sm" c="dimmed">
        {t('lab.noSteps')}
      </Text>
    );
  return (
    <>
      {boots.length > 1 && (
        <details className="lab-earlier">
          <summary>{t('lab.earlier', { count: boots.length - 1 })}</summary>
          {boots.slice(0, -1).map((boot) => (
            <Steps key={boot[0]!.seq} steps={boot} />
          ))}
        </details>
      )}
      <Live steps={now} />
    </>
  );
}

function bootsOf(steps: readonly LabStepView[]): readonly (readonly LabStepView[])[] {
  const boots: LabStepView[][] = [];
  for (const step of steps) {
    if ((step.step === 'boot' && step.outcome === 'begun') || boots.length === 0) boots.push([]);
    boots.at(-1)!.push(step);
  }
  return boots;
}

/** Follows the newest step, unless the reader scrolled up. */
function Live({ steps }: { steps: readonly LabStepView[] }) {
  const { t } = useText();
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const lastTop = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows the steps
  useEffect(() => {
    if (following.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [steps.length]);
  return (
    <section
      ref={box}
      className="lab-live"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
      tabIndex={0}
      aria-label={t('lab.steps')}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        // Growing text is no scrolling: only a way up ends the following.
        if (scrollTop < lastTop.current) following.current = false;
        if (scrollHeight - scrollTop - clientHeight < 40) following.current = true;
        lastTop.current = scrollTop;
      }}
    >
      <Steps steps={steps} />
    </section>
  );
}

function Steps({ steps }: { steps: readonly LabStepView[] }) {
  const { t, lookup, language, formatNumber } = useText();
  const textOf = useFaultText();
  return (
    <ol className="fr-steps">
      {steps.map((step) => {
        const sign = signs[step.outcome];
        const words = phoneWords(language, step.text);
        const told = step.fault === null ? undefined : textOf(step.fault, '', step.remedy ?? '');
        return (
          <li key={step.seq} className="fr-step">
            <span className={`fr-step-sign fr-${sign.tone}`}>
              <Icon name={sign.icon} size={13} />
            </span>
            <div className="fr-step-text">
              <span className="fr-step-title">
                {lookup('labStep', step.step)}
                <span className="fr-visually-hidden">{` (${lookup('labOutcome', step.outcome)})`}</span>
                <span className="lab-at">{t('lab.ms', { ms: formatNumber(step.atMs) })}</span>
              </span>
              {words === undefined ? (
                <span lang="en" className="fr-dim">
                  {step.text}
                </span>
              ) : (
                <span>{words}</span>
              )}
              {told !== undefined && (
                <span className="fr-step-cause">
                  {told.message} {told.remedy}
                </span>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
